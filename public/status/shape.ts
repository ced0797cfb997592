// How the tiles of a bot stand on the page, for the keys that move among them.
import { drawnOf } from './drawn.js';
import type { Shape } from './keys.js';

/** The tiles of a bot in the order of the page; of one state only, if one is given. */
export function tilesInOrder(bot: string, states: string, only: number | undefined): HTMLElement[] {
  const { groups, tiles } = drawnOf(bot)!;
  const ids = groups.flatMap((group) => group.ids);
  return ids.filter((id) => only === undefined || Number(states[id]) === only).map((id) => tiles[id]!);
}

export function shapeOf(bot: string): Shape {
  const { groups, tiles } = drawnOf(bot)!;
  const firsts = groups.map(({ ids }) => tiles[ids[0]!]!);
  const clusters = firsts[0]!.closest('.clusters');
  return {
    sizes: groups.map(({ ids }) => ids.length),
    across: clusters ? columnsOf(clusters) : 1,
    columns: (group) => columnsOf(firsts[group]!.parentElement!),
  };
}

/** Narrowed to a few, the tiles are one row: every arrow leads to the next or the one before. */
export const rowOf = (count: number): Shape => ({ sizes: [count], across: 1, columns: () => 1 });

const columnsOf = (grid: Element): number => getComputedStyle(grid).gridTemplateColumns.split(' ').length;
