// Which rows of a long table are drawn: those in sight, and some around them.

export interface Window {
  /** The first row that is drawn, and the one after the last. */
  from: number;
  to: number;
}

export interface Sight {
  scrollTop: number;
  height: number;
  rowHeight: number;
  count: number;
}

const AROUND = 8;

export function windowOf({ scrollTop, height, rowHeight, count }: Sight): Window {
  const first = Math.floor(Math.max(0, scrollTop) / rowHeight) - AROUND;
  const last = Math.ceil((Math.max(0, scrollTop) + height) / rowHeight) + AROUND;
  const from = Math.max(0, Math.min(first, count - 1));
  return { from, to: Math.max(from, Math.min(last, count)) };
}

/** Where to scroll so that a row is in sight below the head of the table; the same place if it is. */
export function scrollTo(row: number, { scrollTop, height, rowHeight }: Sight): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + height ? top + rowHeight - height : scrollTop;
}

/** Where a key leads from a row; undefined: nowhere. */
export function nextRow(key: string, row: number, count: number, page: number): number | undefined {
  const within = (wanted: number): number => Math.max(0, Math.min(count - 1, wanted));
  switch (key) {
    case 'ArrowDown':
      return within(row + 1);
    case 'ArrowUp':
      return within(row - 1);
    case 'PageDown':
      return within(row + page);
    case 'PageUp':
      return within(row - page);
    case 'Home':
      return 0;
    case 'End':
      return within(count - 1);
    default:
      return undefined;
  }
}
