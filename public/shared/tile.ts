// The one tile of the grid: drawn by the server, patched by the script.
import { escapeHtml } from './escape.js';
import { nameOf, ONLINE, type State } from './states.js';

/** What stands in a tile: the shard's number and, unless it is Online, the state for who cannot see the colour. */
export const tileText = (id: number, state: State, word: string): string =>
  state === ONLINE ? `${id}` : `${id}<i> ${escapeHtml(word)}</i>`;

/** `</li>` is left out, as HTML allows: the page has thousands of these. */
export const tile = (id: number, state: State, word: string): string =>
  `<li class=${nameOf(state)}>${tileText(id, state, word)}`;
