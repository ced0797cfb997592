// The one tile of the grid, and the grid: drawn by the server, patched by the script.
import { escapeHtml } from './escape.js';
import { shownStates } from './counts.js';
import { groupsOf, healthLine, healthOf, type ShardGroup } from './groups.js';
import { nameOf, ONLINE, shownNames, type State } from './states.js';
import type { Voice } from './voice.js';
import type { BotView } from './wire.js';

/** Tiles per list where no clusters are known. There are 8, 16 or 32 columns: a full list is whole rows of known height. */
export const BLOCK = 256;
const FEW = 16;
const FIVE_DIGITS = 10_000;
/** Clusters of up to 4 shards stand in 4 columns, of up to 64 in 8; larger ones take the width of the page. */
const SMALL = 4;
const NARROW = 8;
const LARGEST_NARROW = 64;

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

/** All tiles of a bot: cluster by cluster, then in lists of whole rows what belongs to none. */
export function grid(bot: BotView, voice: Voice, mark?: Mark): string {
  const tiles = tilesWriter(bot, voice, mark);
  const groups = groupsOf(bot);
  const clusters = groups.filter(({ name }) => name !== null);
  const rest = groups.find(({ name }) => name === null)?.ids ?? [];
  const named = clusters.length > 0 ? clusterGroups(clusters, bot, voice, tiles) : '';
  const label = named && rest.length > 0 ? `<h3>${escapeHtml(voice.say('cluster.rest'))}</h3>` : '';
  return `<div class=grid>${named}${label}${lists(rest, bot, voice, tiles)}</div>`;
}

type TilesWriter = (ids: number[]) => string;

function tilesWriter(bot: BotView, { say }: Voice, mark?: Mark): TilesWriter {
  const states = shownStates(bot);
  const words = shownNames.map((name) => say(`state.${name}`));
  return (ids) => {
    let html = '';
    for (const id of ids) {
      const state = Number(states[id]);
      const word = words[state]!;
      html += id === mark?.shard ? markedTile(id, state, word, mark.anchor) : tile(id, state, word);
    }
    return html;
  };
}

function clusterGroups(clusters: ShardGroup[], bot: BotView, voice: Voice, tiles: TilesWriter): string {
  const shown = shownStates(bot);
  const largest = Math.max(...clusters.map(({ ids }) => ids.length));
  const five = bot.states.length > FIVE_DIGITS ? ' five' : '';
  if (largest > LARGEST_NARROW)
    return clusters
      .map(
        (group) =>
          `<div class=cluster>${head(group, shown, voice)}${lists(group.ids, bot, voice, tiles)}</div>`,
      )
      .join('');
  const columns = largest <= SMALL ? SMALL : NARROW;
  const each = clusters.map((group) => {
    const rows = Math.ceil(group.ids.length / columns);
    return `<div class="cluster r${rows}">${head(group, shown, voice)}<ol class=tiles>${tiles(group.ids)}</ol></div>`;
  });
  return `<div class="clusters${columns === SMALL ? ' small' : ''}${five}">${each.join('')}</div>`;
}

/** The heading of a cluster; the script draws what is in it anew when one of its shards changed. */
export const head = (group: ShardGroup, shown: string, voice: Voice): string =>
  `<h3>${headText(group, shown, voice)}</h3>`;

export function headText({ name, ids }: ShardGroup, shown: string, voice: Voice): string {
  const health = healthOf(ids, shown);
  const line = escapeHtml(healthLine(health, ids.length, voice));
  const quiet = health.group === 'up' ? '' : ` class=${health.group}`;
  const bar =
    health.group === 'changing'
      ? `<progress aria-hidden=true max=${ids.length} value=${health.online}></progress>`
      : '';
  return `<b>${escapeHtml(name ?? '')}</b> <span${quiet}>${line}</span>${bar}`;
}

/** Lists of whole rows, so that the browser can skip those off screen. */
function lists(ids: number[], bot: BotView, { say }: Voice, tiles: TilesWriter): string {
  let html = '';
  for (let from = 0; from < ids.length; from += BLOCK) {
    const some = ids.slice(from, from + BLOCK);
    const values = { first: `${some[0]}`, last: `${some.at(-1)}`, bot: bot.name };
    const label = escapeHtml(say('grid.label', values));
    html += `<ol class="tiles wide${sizeClass(bot.states.length, some.length)}" aria-label="${label}">${tiles(some)}</ol>`;
  }
  return html;
}

function sizeClass(count: number, size: number): string {
  if (count <= FEW) return ' few';
  return (size === BLOCK && count > BLOCK ? ' block' : '') + (count > FIVE_DIGITS ? ' five' : '');
}
