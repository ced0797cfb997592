// How bad something is, and why, as plain functions of the rows; the order is that of `shared/trouble.ts`.
import type { MetricKey } from '../shared/metrics.js';
import type {
  BotRow,
  BotTroubleRow,
  ClusterNote,
  ClusterRow,
  FleetRow,
  TotalRow,
} from '../shared/operator-wire.js';
import { OFFLINE, ONLINE, STOPPED, UNHEALTHY, UNKNOWN, type Group } from '../shared/states.js';
import {
  botTroubles,
  clusterTroubles,
  compareTroubles,
  overLimits,
  type ClusterFacts,
  type Trouble,
} from '../shared/trouble.js';
import { formatValue, metricOf, valueOf, type Metric } from './grades.js';
import { words } from './words.js';

/** The metrics of these values that are over their limits, the bad ones first. */
export const strained = (values: readonly (number | null)[]): { metric: Metric; isBad: boolean }[] =>
  overLimits(values).map(({ key, isBad }) => ({ metric: metricOf(key), isBad }));

/** A cluster with how bad it is, which is worked out once, for there may be 5,000 to sort. */
export interface Weighed {
  cluster: ClusterRow;
  troubles: readonly Trouble[];
  care: number;
}

export const weighed = (cluster: ClusterRow): Weighed => ({
  cluster,
  troubles: clusterTroubles(cluster),
  care: CARE.indexOf(groupOfCluster(cluster)),
});

/** Worst first; then what is on its way, what was stopped, and what is well, in reading order. */
export const compareBadness = (a: Weighed, b: Weighed): number =>
  compareTroubles(a.troubles, b.troubles) || a.care - b.care || compareNames(a.cluster, b.cluster);

const CARE: readonly Group[] = ['down', 'degraded', 'changing', 'unknown', 'stopped', 'up'];

export function compareNames(a: ClusterRow, b: ClusterRow): number {
  if (a.fleet !== b.fleet) return a.fleet < b.fleet ? -1 : 1;
  return a.number - b.number;
}

/** What the sentences about a cluster need beside it, where it is known. */
export interface Told {
  /** Since when it is silent. */
  clock?: string;
  /** How many shards its bot has. */
  ofBot?: number;
  /** Which shards it is about. */
  which?: string;
}

/** What is wrong with a cluster as sentences, the worst of it first; empty: nothing. */
export const whyOfCluster = (facts: ClusterFacts, told: Told = {}): string[] =>
  clusterTroubles(facts).map((one, i) =>
    sentenceOf(one, facts.shards, facts.values, i === 0 ? told : { ...told, which: '' }),
  );

/** The same for the shards of a bot that no cluster speaks for. */
export const whyOfBot = (facts: BotTroubleRow): string[] =>
  botTroubles(facts).map((one, i) =>
    sentenceOf(one, facts.shards, [], i === 0 ? { which: facts.which } : {}),
  );

function sentenceOf(
  { kind, count, about }: Trouble,
  shards: number,
  values: readonly number[],
  { clock, ofBot, which = '' }: Told,
): string {
  const { trouble } = words;
  if (kind === 'bad-values' || kind === 'high-values') {
    const { label, unit, limits, ...metric } = metricOf(about as MetricKey);
    const limit = kind === 'bad-values' ? limits!.bad : limits!.warn;
    const value = formatValue(unit, valueOf(values, metric));
    return trouble.value(label, value, formatValue(unit, limit));
  }
  if (about && about in trouble.note) return trouble.note[about as ClusterNote];
  if (kind === 'cluster-down') return trouble.silent(clock);
  return about === 'down'
    ? `${trouble.silent(clock)} ${trouble.along(count, ofBot, which)}`
    : trouble.shards(kind, count, shards, which);
}

/** One row of the list of what is wrong: a cluster, a bot, or a bound that is reached, by its variable. */
export type Subject =
  | { cluster: ClusterRow; bot: null; bound: null }
  | { cluster: null; bot: BotTroubleRow; bound: null }
  | { cluster: null; bot: null; bound: string };

export const keyOf = ({ cluster, bot, bound }: Subject): string =>
  cluster ? `cluster/${cluster.identity}` : bot ? `bot/${bot.bot}` : `bound/${bound}`;

/** All that is wrong, the worst first, as the server has it; before it, why the page does not show all there is. */
export function subjectsOf(
  clusters: readonly ClusterRow[],
  bots: readonly BotTroubleRow[],
  full: readonly string[] = [],
): Subject[] {
  const all = [
    ...bots.map((bot) => ({ cluster: null, bot, bound: null, troubles: botTroubles(bot) })),
    ...[...clusters]
      .sort(compareNames)
      .map((cluster) => ({ cluster, bot: null, bound: null, troubles: clusterTroubles(cluster) })),
  ];
  const worst = all
    .filter(({ troubles }) => troubles.length > 0)
    .sort((a, b) => compareTroubles(a.troubles, b.troubles));
  return [...full.map((bound) => ({ cluster: null, bot: null, bound })), ...worst];
}

export function groupOfCluster(cluster: ClusterFacts & Partial<Pick<ClusterRow, 'shardsOnline'>>): Group {
  const { status, shards, shardsDown, shardsOnline = shards } = cluster;
  if (status === 'stopped') return 'stopped';
  if (status === 'down' || (shards > 0 && shardsDown === shards)) return 'down';
  if (clusterTroubles(cluster).length > 0) return 'degraded';
  return shardsOnline < shards ? 'changing' : 'up';
}

export const groupOfBot = ({ shards, shardsDown }: BotTroubleRow): Group =>
  shardsDown === shards ? 'down' : 'degraded';

export function groupOfFleet({ clusters, clustersUp, clustersStopped, worst }: FleetRow): Group {
  if (clusters - clustersUp - clustersStopped > 0) return 'down';
  if (worst) return groupOfCluster(worst);
  return clustersUp === 0 ? 'stopped' : 'up';
}

/** Worst first; among equals by name. */
export const compareFleets = (a: FleetRow, b: FleetRow): number =>
  compareTroubles(troublesOf(a), troublesOf(b)) ||
  CARE.indexOf(groupOfFleet(a)) - CARE.indexOf(groupOfFleet(b)) ||
  (a.name < b.name ? -1 : 1);

const troublesOf = ({ worst }: FleetRow): Trouble[] => (worst ? clusterTroubles(worst) : []);

/** What the whole comes to. */
export interface Verdict {
  group: Group;
  sentence: string;
  /** For the title of the tab. */
  short: string;
}

export interface Whole {
  total: TotalRow | undefined;
  bots: readonly BotRow[];
  fleets: readonly FleetRow[];
  /** Something is down altogether. */
  isDown: boolean;
}

/** Says nothing that the list of what is wrong does not say: its counts are those of the list. */
export function verdictOf({ total, bots, fleets, isDown }: Whole): Verdict {
  const { troubles, shardsMissing, clusters, clustersUp, full = [] } = total ?? NO_TOTAL;
  const shards = shardsOf(bots);
  const counts = countsOf(bots);
  const stopped = sum(fleets.map((one) => one.clustersStopped));
  const clustersDown = clusters - clustersUp - stopped;
  const { verdict } = words;
  const alarm = (what: string): Verdict => said(isDown ? 'down' : 'degraded', what);
  if (shards === 0 && clusters === 0) return said('unknown', verdict.none);
  if (clustersDown > 0) return alarm(verdict.clusters(clustersDown));
  if (counts.down > 0) return alarm(verdict.shards(counts.down, shards));
  if (shardsMissing > 0) return alarm(verdict.missing(shardsMissing));
  if (troubles + full.length > 0) return alarm(verdict.look(troubles + full.length));
  if (counts.changing > 0) return said('changing', verdict.changing(counts.changing));
  if (counts.unknown > 0) return said('unknown', verdict.unknown(counts.unknown));
  if (counts.stopped + stopped === 0)
    return { group: 'up', sentence: `${verdict.up(clusters, shards)}.`, short: verdict.fine };
  const what =
    counts.stopped > 0 ? verdict.stopped(counts.stopped, 'shard') : verdict.stopped(stopped, 'cluster');
  return counts.online === 0 ? said('stopped', what) : said('up', verdict.upAndStopped(counts.online, what));
}

/** Under the headline: what it left out of the shards. Null: nothing. */
export function moreOf({ total, bots, fleets }: Whole, since: string | null): string | null {
  const { shardsMissing, clusters, clustersUp } = total ?? NO_TOTAL;
  const { down } = countsOf(bots);
  const areClustersDown = clusters - clustersUp - sum(fleets.map((one) => one.clustersStopped)) > 0;
  const { verdict } = words;
  const shardsToo = areClustersDown && down > 0 ? verdict.shards(down, shardsOf(bots)) : null;
  const missing = shardsMissing > 0 && (areClustersDown || down > 0) ? verdict.missing(shardsMissing) : null;
  const first = shardsToo && since ? `${shardsToo} ${since}` : (shardsToo ?? (since && capital(since)));
  const all = [first, missing].flatMap((one) => (one === null ? [] : `${one}.`));
  return all.length > 0 ? all.join(' ') : null;
}

export const capital = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}`;

const NO_TOTAL: Pick<TotalRow, 'troubles' | 'shardsMissing' | 'clusters' | 'clustersUp' | 'full'> = {
  troubles: 0,
  shardsMissing: 0,
  clusters: 0,
  clustersUp: 0,
};

interface ShardCounts {
  down: number;
  online: number;
  unknown: number;
  stopped: number;
  changing: number;
}

export function countsOf(bots: readonly BotRow[]): ShardCounts {
  const of = (state: number): number => sum(bots.map(({ counts }) => counts[state] ?? 0));
  const [online, unknown, stopped] = [of(ONLINE), of(UNKNOWN), of(STOPPED)];
  const down = of(UNHEALTHY) + of(OFFLINE);
  const all = shardsOf(bots);
  return { down, online, unknown, stopped, changing: all - down - online - unknown - stopped };
}

const said = (group: Group, short: string): Verdict => ({ group, sentence: `${short}.`, short });

export const shardsOf = (bots: readonly BotRow[]): number => sum(bots.map(({ shardCount }) => shardCount));

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
