// What is latest, live: drawn anew when it reads differently; what was opened stays open, focus stays where it was.
import { latestList } from '../shared/latest.js';
import type { IncidentView } from '../shared/wire.js';
import type { Page } from './page.js';

let drawn = '';
/** What the server wrote, and how many lines there is room for: beside the lookup that is more than it could know. */
let first: string | undefined;
let room = 0;

addEventListener('resize', () => (room = 0));

export function drawLatest({ view, voice, now }: Page): void {
  const host = document.querySelector<HTMLElement>('#latest > div')!;
  const lines = Number(host.dataset.lines);
  const incidents = stampOf(view.incidents);
  first ??= incidents;
  room ||= Math.max(lines, Math.floor(host.clientHeight / lineHeight(host)));
  const list = latestList(view, now(), voice, incidents === first ? lines : room);
  if (list === drawn) return;
  drawn = list;
  const opened = [...host.querySelectorAll('details[open]')].map(itemOf);
  const focused = host.contains(document.activeElement) ? itemOf(document.activeElement!) : '';
  host.innerHTML = list;
  for (const id of opened) host.querySelector(`${id} > details`)?.setAttribute('open', '');
  if (focused) host.querySelector<HTMLElement>(`${focused} > details > summary`)?.focus();
}

const stampOf = (incidents: IncidentView[]): string =>
  incidents.map(({ id, endedAt }) => `${id} ${endedAt === null}`).join();

const lineHeight = (host: Element): number => Number.parseFloat(getComputedStyle(host).lineHeight);

/** The selector of the incident an element is in. */
const itemOf = (element: Element): string => `#${CSS.escape(element.closest('li')!.id)}`;
