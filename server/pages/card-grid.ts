// The small grid of the card: as many squares as fit, the worst shard of each where there are more shards than squares.
import { groupOf, STOPPED, type Group, type State } from '../../public/shared/states.js';
import { groupStrokes } from './favicon.js';

export const cardColours: Record<Group, string> = {
  up: '#77ded8',
  changing: '#6b8dd7',
  degraded: '#ffe049',
  down: '#fa7d53',
  unknown: '#646164',
  stopped: '#646164',
};

const WORST_FIRST: readonly State[] = [2, 1, 6, 4, 5, 0, STOPPED, 3];
/** The sign of each state, by state number, in a box of 32: within a group of one colour it tells which. */
export const stateStrokes: readonly string[] = [
  groupStrokes.unknown,
  groupStrokes.degraded,
  groupStrokes.down,
  groupStrokes.up,
  'M16 24V9M9.5 15.5L16 9l6.5 6.5',
  'M16 8v15M9.5 16.5L16 23l6.5-6.5',
  groupStrokes.changing,
  groupStrokes.stopped,
];

export const inkOn = (group: Group): string =>
  group === 'unknown' || group === 'stopped' ? '#ffffff' : '#0b1220';

const LARGEST = 60;
const SMALLEST = 7;
const GLYPHS_FROM = 20;

/** Room for the grid, which stands on its bottom. */
export interface Box {
  x: number;
  width: number;
  bottom: number;
  /** At most. */
  height: number;
}

export interface CardGrid {
  svg: string;
  top: number;
  /** How many shards a square stands for. */
  each: number;
}

/** `states`: one digit a shard, of which one may be marked. */
export function cardGrid(states: string, box: Box, marked?: number): CardGrid {
  const pitch = pitchFor(states.length, box);
  const columns = Math.floor(box.width / pitch);
  const each = Math.max(1, Math.ceil(states.length / (columns * Math.floor(box.height / pitch))));
  const worst = squares(states, each);
  const groups = worst.map((state) => groupOf[state]!);
  const top = box.bottom - Math.ceil(groups.length / columns) * pitch;
  const at = (index: number): [number, number] => [
    box.x + (index % columns) * pitch,
    top + Math.floor(index / columns) * pitch,
  ];
  return {
    svg:
      paths(groups, at, pitch) +
      (pitch >= GLYPHS_FROM ? glyphs(worst, at, pitch) : '') +
      (marked === undefined ? '' : ring(at(Math.floor(marked / each)), pitch)),
    top,
    each,
  };
}

/** The largest squares with which all shards fit. */
function pitchFor(count: number, { width, height }: Box): number {
  let pitch = LARGEST;
  while (pitch > SMALLEST && Math.floor(width / pitch) * Math.floor(height / pitch) < count) pitch--;
  return pitch;
}

function squares(states: string, each: number): State[] {
  const worst: State[] = [];
  for (let from = 0; from < states.length; from += each) {
    const part = states.slice(from, from + each);
    worst.push(WORST_FIRST.find((state) => part.includes(`${state}`)) ?? 0);
  }
  return worst;
}

type At = (index: number) => [x: number, y: number];

/** One path for each group: thousands of elements would take the renderer ten times as long. */
function paths(groups: Group[], at: At, pitch: number): string {
  const side = sideOf(pitch);
  const corner = pitch >= GLYPHS_FROM ? Math.round(pitch / 7) : 0;
  const drawn = new Map<Group, string>();
  groups.forEach((group, index) => {
    const [x, y] = at(index);
    drawn.set(group, (drawn.get(group) ?? '') + square(x, y, side, corner));
  });
  return [...drawn].map(([group, path]) => `<path fill="${cardColours[group]}" d="${path}"/>`).join('');
}

function square(x: number, y: number, side: number, r: number): string {
  if (r === 0) return `M${x} ${y}h${side}v${side}h-${side}z`;
  const flat = side - 2 * r;
  return `M${x + r} ${y}h${flat}a${r} ${r} 0 0 1 ${r} ${r}v${flat}a${r} ${r} 0 0 1-${r} ${r}h-${flat}a${r} ${r} 0 0 1-${r}-${r}v-${flat}a${r} ${r} 0 0 1 ${r}-${r}z`;
}

/** What is not online is told by its glyph too, not by colour alone. */
function glyphs(states: State[], at: At, pitch: number): string {
  const side = sideOf(pitch);
  return states
    .map((state, index) => {
      const group = groupOf[state]!;
      if (group === 'up') return '';
      const [x, y] = at(index);
      return `<path transform="translate(${x} ${y}) scale(${side / 32})" d="${stateStrokes[state]}" fill="none" stroke="${inkOn(group)}" stroke-width="3.6" stroke-linecap="round"/>`;
    })
    .join('');
}

/** As the page marks a tile; small squares get a ring that is seen all the same. */
function ring([x, y]: [x: number, y: number], pitch: number): string {
  const middle = sideOf(pitch) / 2;
  const circle = `<circle cx="${x + middle}" cy="${y + middle}" r="${Math.max(13, middle * 1.3)}" fill="none"`;
  return `${circle} stroke="#0b1220" stroke-width="9"/>${circle} stroke="#c4b5fd" stroke-width="5"/>`;
}

const sideOf = (pitch: number): number => pitch - Math.max(1, Math.round(pitch / 8));
