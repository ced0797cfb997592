// How the shards of a bot are laid out as small squares in a strip, and what the strip says in words.
import { formatRanges } from '../shared/ranges.js';
import { nameOf, ONLINE, shownNames, STOPPED, type State } from '../shared/states.js';
import { words } from './words.js';

/** Squares of `cell` pixels, a gap between them included. */
export interface Layout {
  cell: number;
  gap: number;
  columns: number;
  rows: number;
  width: number;
  height: number;
}

const MAX_CELL = 16;
const MIN_CELL = 2;
const MAX_HEIGHT = 80;
const GAP_FROM = 4;
/** Clusters mostly have 16 shards, or parts of it: they begin where rows do. */
const STEP = 16;
/** Of a pixel, so that places are exact. */
const GRAIN = 8;

/** The largest squares that keep a strip of `most` shards low; 16,384 shards are 2 pixels each. */
export function layoutOf(count: number, width: number, most = count): Layout {
  let columns = STEP;
  while (!isLow(most, width, columns) && width / (columns + STEP) >= MIN_CELL) columns += STEP;
  const cell = cellOf(width, columns);
  const rows = Math.ceil(count / columns);
  return {
    cell,
    gap: cell >= GAP_FROM ? (cell >= 10 ? 2 : 1) : 0,
    columns,
    rows,
    width: columns * cell,
    height: rows * cell,
  };
}

const cellOf = (width: number, columns: number): number =>
  Math.min(MAX_CELL, Math.floor((width / columns) * GRAIN) / GRAIN);

const isLow = (count: number, width: number, columns: number): boolean =>
  Math.ceil(count / columns) * cellOf(width, columns) <= MAX_HEIGHT;

/** The shard at a place; undefined: there is none. */
export function shardAt(
  { cell, columns, rows }: Layout,
  count: number,
  x: number,
  y: number,
): number | undefined {
  const column = Math.floor(x / cell);
  const row = Math.floor(y / cell);
  const shard = row * columns + column;
  const isInside = column >= 0 && column < columns && row >= 0 && row < rows && shard < count;
  return isInside ? shard : undefined;
}

/** Squares of one state beside each other in a row: one rectangle. */
export interface Run {
  state: State;
  row: number;
  column: number;
  length: number;
}

export function* runsOf(states: string, columns: number): Generator<Run> {
  for (let at = 0; at < states.length;) {
    const column = at % columns;
    const state = states[at]!;
    let length = 1;
    while (column + length < columns && states[at + length] === state) length++;
    yield { state: Number(state), row: Math.floor(at / columns), column, length };
    at += length;
  }
}

/** The shards that are in each state other than Online, as ranges, in the order in which one cares. */
export interface Group {
  state: State;
  count: number;
  ranges: string[];
}

const CARE: readonly State[] = [2, 1, 4, 6, 5, 0, STOPPED];

export function groupsOf(states: string): Group[] {
  const ids: number[][] = shownNames.map(() => []);
  for (let id = 0; id < states.length; id++) ids[Number(states[id])]?.push(id);
  return CARE.flatMap((state) => {
    const some = ids[state]!;
    return some.length === 0 ? [] : { state, count: some.length, ranges: formatRanges(some).split(',') };
  });
}

/** "240 shards: 224 online, 16 not responding (0–15)": what the picture shows. */
export function stripText(states: string): string {
  const groups = groupsOf(states);
  const others = groups.reduce((sum, { count }) => sum + count, 0);
  const parts = groups.map(({ state, count, ranges }) => {
    const shown = ranges.slice(0, 4).map((range) => range.replace('-', '–'));
    return `${count} ${words.state[nameOf(state)].toLowerCase()} (${shown.join(', ')}${ranges.length > 4 ? ', …' : ''})`;
  });
  return [`${states.length - others} ${words.state[nameOf(ONLINE)].toLowerCase()}`, ...parts].join(', ');
}
