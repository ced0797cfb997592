// The one tile of the grid, and the grid: drawn by the server, patched by the script.
import { escapeHtml } from './escape.js';
import { nameOf, ONLINE, type State } from './states.js';
import type { Voice } from './voice.js';
import type { BotView } from './wire.js';

/** Tiles per list. The grid has 8, 16 or 32 columns, so a full list is whole rows and its height is known to the style. */
export const BLOCK = 256;
const FEW = 16;
const FIVE_DIGITS = 10_000;

/** What stands in a tile: the shard's number and, unless it is Online, the state for who cannot see the colour. */
export const tileText = (id: number, state: State, word: string): string =>
  state === ONLINE ? `${id}` : `${id}<i> ${escapeHtml(word)}</i>`;

/** `</li>` is left out, as HTML allows: the page has thousands of these. */
export const tile = (id: number, state: State, word: string): string =>
  `<li class=${nameOf(state)}>${tileText(id, state, word)}`;

/** The tile a lookup found, and the id under which its answer links to it. */
export interface Mark {
  shard: number;
  anchor: string;
}

const markedTile = (id: number, state: State, word: string, anchor: string): string =>
  `<li id="${escapeHtml(anchor)}" class="${nameOf(state)} marked">${tileText(id, state, word)}`;

/** All tiles of a bot, in lists of whole rows so that the browser can skip those off screen. */
export function grid(bot: BotView, { say }: Voice, mark?: Mark): string {
  const words = [0, 1, 2, 3, 4, 5, 6].map((state) => say(`state.${nameOf(state)}`));
  let html = '';
  for (let id = 0; id < bot.states.length; id++) {
    if (id % BLOCK === 0) html += openList(bot, id, say);
    const state = Number(bot.states[id]);
    const word = words[state]!;
    html += id === mark?.shard ? markedTile(id, state, word, mark.anchor) : tile(id, state, word);
    if (id % BLOCK === BLOCK - 1 || id === bot.states.length - 1) html += '</ol>';
  }
  return `<div class=grid>${html}</div>`;
}

function openList(bot: BotView, first: number, say: Voice['say']): string {
  const size = Math.min(BLOCK, bot.states.length - first);
  const label = say('grid.label', { first: `${first}`, last: `${first + size - 1}`, bot: bot.name });
  return `<ol class="tiles${sizeClass(bot.states.length, size)}" aria-label="${escapeHtml(label)}">`;
}

function sizeClass(count: number, size: number): string {
  if (count <= FEW) return ' few';
  return (size === BLOCK && count > BLOCK ? ' block' : '') + (count > FIVE_DIGITS ? ' five' : '');
}
