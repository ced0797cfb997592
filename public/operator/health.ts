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

/** What is wrong with a cluster as sentences, the worst of it first; empty: nothing. */
export const whyOfCluster = (facts: ClusterFacts): string[] =>
  clusterTroubles(facts).map((one) => sentenceOf(one, facts.shards, facts.values));

/** The same for the shards of a bot that no cluster speaks for. */
export const whyOfBot = (facts: BotTroubleRow): string[] =>
  botTroubles(facts).map((one) => sentenceOf(one, facts.shards, []));

function sentenceOf({ kind, count, about }: Trouble, shards: number, values: readonly number[]): string {
  const { trouble } = words;
  if (kind === 'bad-values' || kind === 'high-values') {
    const metric = metricOf(about as MetricKey);
    const value = formatValue(metric.unit, valueOf(values, metric));
    return trouble.value(metric.label, kind === 'bad-values', value);
  }
  if (about && about in trouble.note) return trouble.note[about as ClusterNote];
  const ofShards = kind === 'cluster-down' ? '' : trouble.shards(kind, count, shards);
  return about === 'down' || ofShards === '' ? `${trouble.down} ${ofShards}`.trim() : ofShards;
}

/** One row of the list of what is wrong: a cluster, or a bot. */
export type Subject = { cluster: ClusterRow; bot: null } | { cluster: null; bot: BotTroubleRow };

/** All that is wrong, the worst first, as the server has it. */
export function subjectsOf(clusters: readonly ClusterRow[], bots: readonly BotTroubleRow[]): Subject[] {
  const all = [
    ...bots.map((bot) => ({ cluster: null, bot, troubles: botTroubles(bot) })),
    ...[...clusters]
      .sort(compareNames)
      .map((cluster) => ({ cluster, bot: null, troubles: clusterTroubles(cluster) })),
  ];
  return all
    .filter(({ troubles }) => troubles.length > 0)
    .sort((a, b) => compareTroubles(a.troubles, b.troubles));
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
}

/** Says nothing that the list of what is wrong does not say: its counts are those of the list. */
export function verdictOf({ total, bots, fleets }: Whole): Verdict {
  const { troubles, shardsMissing, clusters, clustersUp } = total ?? NO_TOTAL;
  const shards = sum(bots.map(({ shardCount }) => shardCount));
  const counts = countsOf(bots);
  const stopped = sum(fleets.map((one) => one.clustersStopped));
  const clustersDown = clusters - clustersUp - stopped;
  const { verdict } = words;
  if (shards === 0 && clusters === 0) return verdictIn('unknown', verdict.none, verdict.none);
  if (clustersDown + counts.down + shardsMissing > 0) {
    const what = verdict.down(clustersDown, counts.down, shardsMissing);
    return verdictIn(clustersDown + counts.down > 0 ? 'down' : 'degraded', verdict.sentence(what), what);
  }
  if (troubles > 0) {
    const what = verdict.look(troubles);
    return verdictIn('degraded', verdict.notDown(what), what);
  }
  if (counts.changing > 0) return wellBut('changing', verdict.changing(counts.changing));
  if (counts.unknown > 0) return wellBut('unknown', verdict.unknown(counts.unknown));
  if (counts.stopped + stopped === 0) return verdictIn('up', verdict.up(clusters, shards), verdict.fine);
  const what =
    counts.stopped > 0 ? verdict.stopped(counts.stopped, 'shard') : verdict.stopped(stopped, 'cluster');
  if (counts.online === 0) return verdictIn('stopped', verdict.sentence(what), what);
  return verdictIn('up', verdict.upAndStopped(counts.online, what), what);
}

const NO_TOTAL = { troubles: 0, shardsMissing: 0, clusters: 0, clustersUp: 0 };

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
  const all = sum(bots.map(({ shardCount }) => shardCount));
  return { down, online, unknown, stopped, changing: all - down - online - unknown - stopped };
}

const verdictIn = (group: Group, sentence: string, short: string): Verdict => ({ group, sentence, short });

const wellBut = (group: Group, what: string): Verdict => verdictIn(group, words.verdict.notWrong(what), what);

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
