// Where the keys of the grid lead, as arithmetic.

/** How the tiles stand: groups one after the other, in rows of one or more, each with its own columns. */
export interface Shape {
  /** How many tiles each group has. */
  sizes: number[];
  /** In which row a group stands; rows ascend. */
  row: (group: number) => number;
  columns: (group: number) => number;
}

/** Where a key leads from a place among all tiles; undefined for keys that lead nowhere. At the edges it stays. */
export function nextPlace(key: string, place: number, shape: Shape): number | undefined {
  const count = shape.sizes.reduce((sum, size) => sum + size, 0);
  switch (key) {
    case 'ArrowRight':
      return Math.min(count - 1, place + 1);
    case 'ArrowLeft':
      return Math.max(0, place - 1);
    case 'ArrowDown':
      return vertical(place, 1, shape);
    case 'ArrowUp':
      return vertical(place, -1, shape);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

/** One row further within the group, else into the group below or above, in the same column. */
function vertical(place: number, step: 1 | -1, { sizes, row, columns }: Shape): number {
  let group = 0;
  let first = 0;
  while (place >= first + sizes[group]!) first += sizes[group++]!;
  const here = place - first;
  const width = columns(group);
  const there = here + step * width;
  if (there >= 0 && there < sizes[group]!) return first + there;
  // From a full row into a shorter last one
  const lastRow = Math.ceil(sizes[group]! / width) - 1;
  if (step > 0 && Math.floor(here / width) < lastRow) return first + sizes[group]! - 1;
  const target = targetGroup(
    group,
    step,
    sizes.map((_, index) => row(index)),
  );
  if (target === group) return place;
  return startOf(target, sizes) + inColumn(here % width, step, sizes[target]!, columns(target));
}

/** At the same place of the row above or below, which may be shorter: then its last one. */
function targetGroup(group: number, step: 1 | -1, rows: number[]): number {
  const here = rows[group]!;
  const first = rows.indexOf(here + step);
  if (first < 0) return group;
  return Math.min(first + group - rows.indexOf(here), rows.lastIndexOf(here + step));
}

const startOf = (group: number, sizes: number[]): number =>
  sizes.slice(0, group).reduce((sum, size) => sum + size, 0);

function inColumn(column: number, step: 1 | -1, size: number, columns: number): number {
  const row = step > 0 ? 0 : Math.ceil(size / columns) - 1;
  return Math.min(size - 1, row * columns + Math.min(column, columns - 1));
}
