// The grid of a bot: cluster by cluster, open or folded; drawn by the server, and by the script when clusters move.
import { escapeHtml } from './escape.js';
import { shownStates } from './counts.js';
import { groupsOf, healthLine, healthOf, rangeLine, type ShardGroup } from './groups.js';
import { shownNames } from './states.js';
import { tile } from './tile.js';
import type { Voice } from './voice.js';
import type { BotView } from './wire.js';

/** Tiles per list where no clusters are known. There are 8, 16 or 32 columns: a full list is whole rows of known height. */
const BLOCK = 256;
/** Above so many shards, what is well is folded to a line each: else the page would be 30 screens of a phone. */
const OPEN_UP_TO = 512;
const FEW = 16;
const FIVE_DIGITS = 10_000;
/** Clusters of up to 4 shards stand in 4 columns, of up to 64 in 8; larger ones take the width of the page. */
const SMALL = 4;
const NARROW = 8;
const LARGEST_NARROW = 64;

/** How folded groups stand already, when a grid is drawn again: nothing changes places then. By `keyOf`. */
export interface Standing {
  /** Never folded, before the others. */
  first: ReadonlySet<string>;
  open: ReadonlySet<string>;
}

/** All tiles of a bot, cluster by cluster. */
export function grid(bot: BotView, voice: Voice, standing?: Standing): string {
  const shown = shownStates(bot);
  const tiles = tilesWriter(shown, voice);
  const canvas: Canvas = { bot, shown, voice, tiles, columns: columnsFor(bot) };
  const html = bot.states.length > OPEN_UP_TO ? folded(canvas, standing) : open(canvas);
  return `<div class=grid>${html}</div>`;
}

type TilesWriter = (ids: number[]) => string;

interface Canvas {
  bot: BotView;
  /** One character a shard, as people see them. */
  shown: string;
  voice: Voice;
  tiles: TilesWriter;
  /** Of a cluster; undefined: the width of the page. */
  columns: number | undefined;
}

function tilesWriter(states: string, { say }: Voice): TilesWriter {
  const words = shownNames.map((name) => say(`state.${name}`));
  return (ids) => {
    let html = '';
    for (const id of ids) {
      const state = Number(states[id]);
      html += tile(id, state, words[state]!);
    }
    return html;
  };
}

function columnsFor(bot: BotView): number | undefined {
  const sizes = groupsOf(bot).map(({ name, ids }) => (name === null ? 0 : ids.length));
  const largest = Math.max(0, ...sizes) || LARGEST_NARROW;
  if (largest > LARGEST_NARROW) return undefined;
  return largest <= SMALL ? SMALL : NARROW;
}

/** Clusters side by side, then in lists of whole rows what belongs to none. */
function open(canvas: Canvas): string {
  const groups = groupsOf(canvas.bot);
  const clusters = groups.filter(({ name }) => name !== null);
  const rest = groups.find(({ name }) => name === null)?.ids ?? [];
  const named = clusters.length > 0 ? sideBySide(clusters, canvas) : '';
  const label = named && rest.length > 0 ? `<h3>${escapeHtml(canvas.voice.say('cluster.rest'))}</h3>` : '';
  return `${named}${label}${lists(rest, false, canvas)}`;
}

/** What is not well at first, open; the rest a line each. */
function folded(canvas: Canvas, standing?: Standing): string {
  const { bot, shown } = canvas;
  const groups = groupsOf(bot).flatMap(inParts);
  const isFirst = (group: ShardGroup): boolean =>
    standing ? standing.first.has(keyOf(group)) : healthOf(group.ids, shown).group !== 'up';
  const isOpen = (group: ShardGroup): boolean => standing?.open.has(keyOf(group)) ?? false;
  const first = groups.filter(isFirst);
  const others = groups.filter((group) => !isFirst(group));
  const folds = others.map((group) => fold(group, isOpen(group), canvas));
  return (
    (first.length > 0 ? sideBySide(first, canvas) : '') +
    (folds.length > 0 ? `<div class=folds>${folds.join('')}</div>` : '')
  );
}

/** What names a group on the page: its cluster, or its first shard. */
export const keyOf = ({ name, ids }: ShardGroup): string => name ?? `${ids[0]}`;

/** Shards without a cluster are folded in parts of a size that can be looked through. */
function inParts(group: ShardGroup): ShardGroup[] {
  if (group.name !== null) return [group];
  const parts: ShardGroup[] = [];
  for (let from = 0; from < group.ids.length; from += LARGEST_NARROW)
    parts.push({ name: null, ids: group.ids.slice(from, from + LARGEST_NARROW) });
  return parts;
}

const fold = (group: ShardGroup, isOpen: boolean, canvas: Canvas): string =>
  `<details class=cluster${isOpen ? ' open' : ''}><summary>${head(group, canvas.shown, canvas.voice)}</summary>${lists(group.ids, true, canvas)}</details>`;

function sideBySide(groups: ShardGroup[], canvas: Canvas): string {
  const { bot, shown, voice, tiles, columns } = canvas;
  if (columns === undefined)
    return groups
      .map(
        (group) => `<div class=cluster>${head(group, shown, voice)}${lists(group.ids, true, canvas)}</div>`,
      )
      .join('');
  const each = groups.map((group) => {
    const rows = Math.ceil(group.ids.length / columns);
    return `<div class="cluster r${rows}">${head(group, shown, voice)}<ol class=tiles>${tiles(group.ids)}</ol></div>`;
  });
  const five = bot.states.length > FIVE_DIGITS ? ' five' : '';
  return `<div class="clusters${columns === SMALL ? ' small' : ''}${five}">${each.join('')}</div>`;
}

/** The heading of a group; the script draws what stands after the name anew when one of its shards changed. */
export const head = (group: ShardGroup, shown: string, voice: Voice): string =>
  `<h3><b translate=no>${escapeHtml(group.name ?? rangeLine(group.ids))}</b> ${headState(group, shown, voice)}</h3>`;

/** Which shards there are or, when not all are online, how many of them are. */
export function headState({ name, ids }: ShardGroup, shown: string, voice: Voice): string {
  const health = healthOf(ids, shown);
  if (health.group === 'up') return name === null ? '' : `<span>${rangeLine(ids)}</span>`;
  const bar =
    health.group === 'changing'
      ? `<progress aria-hidden=true max=${ids.length} value=${health.online}></progress>`
      : '';
  return `<span class=${health.group}>${escapeHtml(healthLine(health, ids.length, voice))}</span>${bar}`;
}

/** Lists of whole rows, so that the browser can skip those off screen; without a heading each says what it holds. */
function lists(ids: number[], isNamed: boolean, { bot, voice: { say }, tiles }: Canvas): string {
  let html = '';
  for (let from = 0; from < ids.length; from += BLOCK) {
    const some = ids.slice(from, from + BLOCK);
    const values = { first: `${some[0]}`, last: `${some.at(-1)}`, bot: bot.name };
    const label = isNamed ? '' : ` aria-label="${escapeHtml(say('grid.label', values))}"`;
    html += `<ol class="tiles wide${sizeClass(bot.states.length, some.length)}"${label}>${tiles(some)}</ol>`;
  }
  return html;
}

function sizeClass(count: number, size: number): string {
  if (count <= FEW) return ' few';
  return (size === BLOCK && count > BLOCK ? ' block' : '') + (count > FIVE_DIGITS ? ' five' : '');
}
