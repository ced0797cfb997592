// The page for who prefers reading: the shards of each bot by state and cluster, instead of the grid.
import { escapeHtml } from '../shared/escape.js';
import { linesByState, type StateLines } from '../shared/lines.js';
import { escapedSay, type Voice } from '../shared/voice.js';
import type { BotView } from '../shared/wire.js';
import { fill } from './fill.js';
import type { Page } from './page.js';
import { sectionOf } from './read.js';

type View = 'grid' | 'list';

const drawn = new Map<string, string>();

const isList = (): boolean => document.documentElement.dataset.view === 'list';

/** Draws the lists whose bots changed, while they are in sight; once a second is as fast as anybody reads. */
export function drawLists(page: Page): void {
  if (!isList()) return;
  for (const bot of page.view.bots) drawList(bot, page);
}

/** Times in the list are of minutes, so it is drawn again when one has passed. */
function drawList(bot: BotView, { voice, now }: Page): void {
  const section = sectionOf(bot.key)?.querySelector('.grid')?.parentElement;
  if (!section) return;
  const known = section.querySelector<HTMLElement>('.list');
  const stamp = `${Math.floor(now() / 60_000)} ${bot.states} ${bot.planned} ${JSON.stringify(bot.clusters)}`;
  if (known && drawn.get(bot.key) === stamp) return;
  drawn.set(bot.key, stamp);
  const list = known ?? section.appendChild(document.createElement('div'));
  list.className = 'list';
  const states = linesByState(bot, voice, now());
  fill(list, states.map((state) => stateHtml(state, voice)).join(''));
}

function stateHtml({ state, n, lines, more }: StateLines, voice: Voice): string {
  const items = lines.map(
    ({ cluster, shards, since }) =>
      `<li><b>${escapeHtml(cluster)}</b> <span>${escapeHtml(shards)}</span> <span class=when>${escapeHtml(since)}</span>`,
  );
  const rest = more ? `<li>${escapeHtml(more)}` : '';
  return `<section class=${state}><h3><span class="swatch ${state}"></span> ${escapedSay(voice)(`state.${state}`)} <b>${voice.count(n)}</b></h3>
<ul>${items.join('')}${rest}</ul></section>`;
}

const radios = (): NodeListOf<HTMLInputElement> => document.querySelectorAll('#view-switch input');

/** The switch between grid and list. What was chosen holds on the next visit: theme.ts puts it on the page. */
export function showViewSwitch(changed: () => void): void {
  const field = document.querySelector<HTMLFieldSetElement>('#view-switch')!;
  field.addEventListener('change', ({ target }) => {
    chooseView((target as HTMLInputElement).value as View);
    changed();
  });
  chooseView(isList() ? 'list' : 'grid');
  field.hidden = false;
}

export function chooseView(view: View): void {
  document.documentElement.dataset.view = view;
  for (const radio of radios()) radio.checked = radio.value === view;
  try {
    localStorage.setItem('view', view);
  } catch {
    // Then it holds until the page is left.
  }
}
