// Where the keys of the grid lead, as arithmetic.

/** Where a key leads; undefined for keys that lead nowhere. At the edges it stays. */
export function nextShard(key: string, shard: number, columns: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return Math.min(count - 1, shard + 1);
    case 'ArrowLeft':
      return Math.max(0, shard - 1);
    case 'ArrowDown':
      return shard + columns < count ? shard + columns : shard;
    case 'ArrowUp':
      return shard - columns >= 0 ? shard - columns : shard;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
