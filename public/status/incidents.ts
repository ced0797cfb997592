// The list of incidents, live: drawn anew when it reads differently; what was opened stays open, focus stays where it was.
import { incidentsList } from '../shared/incidents.js';
import type { Page } from './page.js';

let drawn = '';

export function drawIncidents({ view, voice, now }: Page): void {
  const host = document.querySelector<HTMLElement>('#incidents > div')!;
  const list = incidentsList(view, now(), voice, Number(host.dataset.lines));
  if (list === drawn) return;
  drawn = list;
  const opened = [...host.querySelectorAll('details[open]')].map(itemOf);
  const focused = host.contains(document.activeElement) ? itemOf(document.activeElement!) : '';
  host.innerHTML = list;
  for (const id of opened) host.querySelector(`${id} > details`)?.setAttribute('open', '');
  if (focused) host.querySelector<HTMLElement>(`${focused} > details > summary`)?.focus();
}

/** The selector of the incident an element is in. */
const itemOf = (element: Element): string => `#${CSS.escape(element.closest('li')!.id)}`;
