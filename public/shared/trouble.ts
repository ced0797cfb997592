// What is wrong with a cluster or a bot, and what is worse: the one order of the server and of every page (RULES 30).
import { LIMITS, METRIC_KEYS, type MetricKey } from './metrics.js';
import type { BotTroubleRow, ClusterNote, ClusterRow } from './operator-wire.js';

/** The worst first. Restarting is none of them, and neither is what was stopped on purpose. */
const KINDS = [
  'shards-down',
  'cluster-down',
  'shards-missing',
  'double-claim',
  'bad-values',
  'report-too-large',
  'two-senders',
  'high-values',
] as const;

export type TroubleKind = (typeof KINDS)[number];

/** Among those of one kind the larger share is the worse, then the larger count. */
export interface Trouble {
  kind: TroubleKind;
  /** Of its own shards, 0 to 1; 0 where shards are not what it is about. */
  share: number;
  /** How many shards. */
  count: number;
  /** Which note or value it is, where there are several of a kind; "down": with their cluster. */
  about?: ClusterNote | MetricKey | 'down';
}

/** What has to be known of a cluster. */
export type ClusterFacts = Pick<
  ClusterRow,
  'status' | 'shards' | 'shardsDown' | 'shardsMissing' | 'notes' | 'values'
>;

/** What has to be known of a bot: only of those of its shards for which no cluster speaks. */
export type BotFacts = Pick<BotTroubleRow, 'shards' | 'shardsDown' | 'shardsMissing' | 'doubleClaims'>;

/** Nothing of it works; what else is wrong is worth a look. */
export const isDownTrouble = ({ kind, share }: Trouble): boolean =>
  kind === 'cluster-down' || (kind === 'shards-down' && share === 1);

const NOTE_KIND: Record<ClusterNote, TroubleKind> = {
  'double-claim': 'double-claim',
  'snapshot-too-large': 'report-too-large',
  'two-senders': 'two-senders',
  'two-addresses': 'two-senders',
};

/** What is wrong with a cluster, the worst first. One that is not up has nothing more to say but what went with it. */
export function clusterTroubles({ status, notes, values, ...hosted }: ClusterFacts): Trouble[] {
  if (status === 'stopped') return [];
  const down = ofShards('shards-down', hosted.shardsDown, hosted.shards);
  if (status === 'down')
    return down.length > 0
      ? [{ ...down[0]!, about: 'down' }]
      : [{ kind: 'cluster-down', share: 0, count: 0 }];
  return [
    ...down,
    ...ofShards('shards-missing', hosted.shardsMissing, hosted.shards),
    ...notes.map((about): Trouble => ({ kind: NOTE_KIND[about], share: 0, count: 0, about })),
    ...overLimits(values).map(({ key, isBad }): Trouble => {
      return { kind: isBad ? 'bad-values' : 'high-values', share: 0, count: 0, about: key };
    }),
  ].sort(compare);
}

export const botTroubles = ({ shards, shardsDown, shardsMissing, doubleClaims }: BotFacts): Trouble[] => [
  ...ofShards('shards-down', shardsDown, shards),
  ...ofShards('shards-missing', shardsMissing, shards),
  ...ofShards('double-claim', doubleClaims, shards),
];

const ofShards = (kind: TroubleKind, count: number, of: number): Trouble[] =>
  count > 0 ? [{ kind, share: count / of, count }] : [];

const compare = (a: Trouble, b: Trouble): number =>
  KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || b.share - a.share || b.count - a.count;

/** Worst first, by the worst that each has; between equals by what else they have. 0: equally bad. */
export function compareTroubles(a: readonly Trouble[], b: readonly Trouble[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [one, other] = [a[i], b[i]];
    if (!one || !other) return one ? -1 : 1;
    const order = compare(one, other);
    if (order !== 0) return order;
  }
  return 0;
}

export interface OverLimit {
  key: MetricKey;
  isBad: boolean;
}

const LIMITED = (Object.keys(LIMITS) as MetricKey[]).map((key) => ({
  key,
  place: METRIC_KEYS.indexOf(key),
  ...LIMITS[key]!,
}));

/** The values of a cluster that are over their limits, the bad ones first. */
export function overLimits(values: ArrayLike<number | null>): OverLimit[] {
  const over: OverLimit[] = [];
  for (const { key, place, warn, bad } of LIMITED) {
    const value = values[place] ?? 0;
    if (value >= warn && Number.isFinite(value)) over.push({ key, isBad: value >= bad });
  }
  return over.sort((a, b) => Number(b.isBad) - Number(a.isBad));
}
