// How the tiles of a bot stand on the page, for the keys that move among them.
import { drawnOf, isOpen, type DrawnGroup } from './drawn.js';
import type { Shape } from './keys.js';

/** The tiles of a bot that are not folded away, in the order of the page; of one state only, if one is given. */
export function tilesInOrder(bot: string, states: string, only: number | undefined): HTMLElement[] {
  return openGroups(bot).flatMap(({ tiles, ids }) =>
    only === undefined ? tiles : tiles.filter((_, index) => Number(states[ids[index]!]) === only),
  );
}

const openGroups = (bot: string): DrawnGroup[] => drawnOf(bot)?.groups.filter(isOpen) ?? [];

/** Clusters stand side by side; an open fold or a list has its row to itself. */
export function shapeOf(bot: string): Shape {
  const groups = openGroups(bot);
  const clusters = groups[0]?.box.closest('.clusters');
  const across = clusters ? columnsOf(clusters) : 1;
  const beside = clusters ? groups.filter(({ box }) => box.parentElement === clusters).length : 0;
  const rows = Math.ceil(beside / across);
  return {
    sizes: groups.map(({ ids }) => ids.length),
    row: (group) => (group < beside ? Math.floor(group / across) : rows + group - beside),
    columns: (group) => columnsOf(groups[group]!.tiles[0]!.parentElement!),
  };
}

/** Narrowed to a few, the tiles are one row: every arrow leads to the next or the one before. */
export const rowOf = (count: number): Shape => ({ sizes: [count], row: () => 0, columns: () => 1 });

const columnsOf = (grid: Element): number => getComputedStyle(grid).gridTemplateColumns.split(' ').length;
