// Who pretends: three bots, and the members that report for them, each in the dialect it speaks.

export type Dialect = 'argus' | 'batch' | 'glance';

export interface PretendBot {
  key: string;
  name: string;
  shardCount: number;
  dialect: Dialect;
}

/** One sender: an Argus cluster, or all of a bot whose dialect knows no clusters. */
export interface Member {
  bot: PretendBot;
  identity: string;
  /** "" where the dialect knows none. */
  fleet: string;
  /** Its place among the members of its bot, from 0. */
  index: number;
  shards: number[];
}

const SHARDS_PER_CLUSTER = 16;
const FLEETS = ['asia', 'europe', 'america'];

export const aurora: PretendBot = { key: 'aurora', name: 'Aurora', shardCount: 240, dialect: 'argus' };
export const biscuit: PretendBot = { key: 'biscuit', name: 'Biscuit', shardCount: 16, dialect: 'batch' };
export const pico: PretendBot = { key: 'pico', name: 'Pico', shardCount: 1, dialect: 'glance' };

export const clusterCount = aurora.shardCount / SHARDS_PER_CLUSTER;

/** Every member of the pretend fleet; clusters of one fleet host neighbouring shards. */
export function pretendFleet(): Member[] {
  const clusters = Array.from({ length: clusterCount }, (_, index) => clusterOfAurora(index));
  return [...clusters, wholeBot(biscuit), wholeBot(pico)];
}

function clusterOfAurora(index: number): Member {
  const fleet = FLEETS[Math.floor((index * FLEETS.length) / clusterCount)]!;
  const shards = range(index * SHARDS_PER_CLUSTER, SHARDS_PER_CLUSTER);
  return { bot: aurora, identity: `aurora-${fleet}-${index}`, fleet, index, shards };
}

const wholeBot = (bot: PretendBot): Member => ({
  bot,
  identity: bot.key,
  fleet: '',
  index: 0,
  shards: range(0, bot.shardCount),
});

const range = (first: number, length: number): number[] => Array.from({ length }, (_, i) => first + i);
