// Who pretends: four bots, and the members that report for them, each in the dialect it speaks.

export type Dialect = 'argus' | 'member' | 'batch' | 'glance';

export interface PretendBot {
  key: string;
  name: string;
  shardCount: number;
  dialect: Dialect;
  /** Where its clusters run; none: it is one sender, whose dialect knows no clusters. */
  fleets: string[];
}

/** One sender: a cluster, or all of a bot without clusters. */
export interface Member {
  bot: PretendBot;
  identity: string;
  /** "" where the dialect knows none. */
  fleet: string;
  /** Its place among the members of its bot, from 0. */
  index: number;
  /** How many members its bot has. */
  memberCount: number;
  shards: number[];
}

const SHARDS_PER_CLUSTER = 16;
/** Beyond it clusters grow: a demo of 16,384 shards is about shards, and has one process for all its clusters. */
const MAX_CLUSTERS = 256;

/** The big one: as many shards as one likes to see. */
export const auroraOf = (shardCount: number): PretendBot => ({
  key: 'aurora',
  name: 'Aurora',
  shardCount,
  dialect: 'argus',
  fleets: ['asia', 'europe', 'america'],
});

export const aurora = auroraOf(240);
export const comet: PretendBot = {
  key: 'comet',
  name: 'Comet',
  shardCount: 48,
  dialect: 'member',
  fleets: ['oceania'],
};
export const biscuit: PretendBot = {
  key: 'biscuit',
  name: 'Biscuit',
  shardCount: 16,
  dialect: 'batch',
  fleets: [],
};
export const pico: PretendBot = { key: 'pico', name: 'Pico', shardCount: 1, dialect: 'glance', fleets: [] };

/** Pictures have three: the member client keeps its own time, which cannot be moved as theirs is. */
export const picturedBots = [aurora, biscuit, pico];

export const playingBots = (auroraShards: number): PretendBot[] => [
  auroraOf(auroraShards),
  comet,
  biscuit,
  pico,
];

/** Every member of these bots; clusters of one fleet host neighbouring shards. */
export const membersOf = (bots: PretendBot[]): Member[] => bots.flatMap(membersOfBot);

function membersOfBot(bot: PretendBot): Member[] {
  const size = clusterSize(bot);
  const memberCount = Math.ceil(bot.shardCount / size);
  return Array.from({ length: memberCount }, (_, index) => {
    const fleet = bot.fleets[Math.floor((index * bot.fleets.length) / memberCount)] ?? '';
    const first = index * size;
    const shards = range(first, Math.min(size, bot.shardCount - first));
    const identity = fleet === '' ? bot.key : `${bot.key}-${fleet}-${index}`;
    return { bot, identity, fleet, index, memberCount, shards };
  });
}

const clusterSize = ({ fleets, shardCount }: PretendBot): number =>
  fleets.length === 0 ? shardCount : Math.max(SHARDS_PER_CLUSTER, Math.ceil(shardCount / MAX_CLUSTERS));

const range = (first: number, length: number): number[] => Array.from({ length }, (_, i) => first + i);
