// Numbers of things, as English writes them.

const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** "3,584" */
export const counted = (n: number): string => numbers.format(n);

/** "1 shard", "3,584 shards" */
export const many = (n: number, one: string, others = `${one}s`): string =>
  `${counted(n)} ${n === 1 ? one : others}`;
