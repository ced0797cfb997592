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

/** `states`: one digit a shard. */
export function cardGrid(states: string, box: Box): CardGrid {
  const pitch = pitchFor(states.length, box);
  const columns = Math.floor(box.width / pitch);
  const each = Math.max(1, Math.ceil(states.length / (columns * Math.floor(box.height / pitch))));
  const groups = squares(states, each).map((state) => groupOf[state]!);
  const top = box.bottom - Math.ceil(groups.length / columns) * pitch;
  const at = (index: number): [number, number] => [
    box.x + (index % columns) * pitch,
    top + Math.floor(index / columns) * pitch,
  ];
  return {
    svg: paths(groups, at, pitch) + (pitch >= GLYPHS_FROM ? glyphs(groups, at, pitch) : ''),
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
  const side = pitch - Math.max(1, Math.round(pitch / 8));
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
function glyphs(groups: Group[], at: At, pitch: number): string {
  const side = pitch - Math.max(1, Math.round(pitch / 8));
  return groups
    .map((group, index) => {
      if (group === 'up') return '';
      const [x, y] = at(index);
      const ink = group === 'unknown' || group === 'stopped' ? '#ffffff' : '#0b1220';
      return `<path transform="translate(${x} ${y}) scale(${side / 32})" d="${groupStrokes[group]}" fill="none" stroke="${ink}" stroke-width="3.6" stroke-linecap="round"/>`;
    })
    .join('');
}
