// How bad something is, and why, as plain functions of the rows: what is wrong comes first everywhere.
import type { BotRow, ClusterRow, FleetRow, TotalRow } from '../shared/operator-wire.js';
import { OFFLINE, ONLINE, UNHEALTHY, UNKNOWN, type Group } from '../shared/states.js';
import { formatValue, gradeOf, metrics, valueOf, type Metric } from './grades.js';
import { words } from './words.js';

const isStrained = (grade: string): boolean => grade === 'warn' || grade === 'bad';

/** The metrics of these values that are over their thresholds, the bad ones first. */
export function strained(values: readonly (number | null)[]): { metric: Metric; isBad: boolean }[] {
  return metrics
    .map((metric) => ({ metric, grade: gradeOf(metric, valueOf(values, metric)) }))
    .filter(({ grade }) => isStrained(grade))
    .map(({ metric, grade }) => ({ metric, isBad: grade === 'bad' }))
    .sort((a, b) => Number(b.isBad) - Number(a.isBad));
}

/** Higher is worse; 0: nothing is wrong. Down, then shards missing, then what claims it, then its numbers. */
export function badness({ status, shards, shardsOnline, notes, values }: ClusterRow): number {
  if (status === 'down') return 10_000;
  if (status === 'stopped') return 50;
  const missing = shards > 0 ? (1 - shardsOnline / shards) * 4_000 : 0;
  const over = strained(values).reduce((sum, { isBad }) => sum + (isBad ? 100 : 10), 0);
  return (missing > 0 ? 1_000 + missing : 0) + notes.length * 200 + over;
}

/** Worst first; among equals in reading order. */
export function compareBadness(a: ClusterRow, b: ClusterRow): number {
  return badness(b) - badness(a) || compareNames(a, b);
}

export function compareNames(a: ClusterRow, b: ClusterRow): number {
  if (a.fleet !== b.fleet) return a.fleet < b.fleet ? -1 : 1;
  return a.number - b.number;
}

/** What is wrong with a cluster, the worst of it first; empty: nothing. */
export function troublesOf(cluster: ClusterRow): string[] {
  const { status, shards, shardsOnline, notes, values } = cluster;
  if (status === 'down') return [words.cluster.downWith(shards)];
  if (status === 'stopped') return [words.cluster.stoppedWith(shards)];
  const missing = shardsOnline < shards ? [words.cluster.missing(shards - shardsOnline, shards)] : [];
  const over = strained(values).map(({ metric }) => overText(metric, values));
  return [...missing, ...notes.map((note) => words.note[note]), ...over];
}

export const overText = (metric: Metric, values: readonly (number | null)[]): string =>
  `${metric.label} ${formatValue(metric.unit, valueOf(values, metric))}`;

export function groupOfCluster(cluster: ClusterRow): Group {
  if (cluster.status === 'down') return 'down';
  if (cluster.status === 'stopped') return 'unknown';
  return badness(cluster) > 0 ? 'degraded' : 'up';
}

export function groupOfFleet({ clusters, clustersUp, clustersStopped, worst, values }: FleetRow): Group {
  const down = clusters - clustersUp - clustersStopped;
  if (down > 0) return 'down';
  if (clustersUp === 0) return 'unknown';
  return worst || strained(values).length > 0 ? 'degraded' : 'up';
}

const SEVERITY: readonly Group[] = ['down', 'degraded', 'changing', 'unknown', 'up'];

/** Worst first; among equals by name. */
export function compareFleets(a: FleetRow, b: FleetRow): number {
  const worse = SEVERITY.indexOf(groupOfFleet(a)) - SEVERITY.indexOf(groupOfFleet(b));
  return worse || (a.name < b.name ? -1 : 1);
}

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

export function verdictOf({ total, bots, fleets }: Whole): Verdict {
  const shardsDown = sum(bots.map(({ counts }) => counts[UNHEALTHY]! + counts[OFFLINE]!));
  const shards = sum(bots.map(({ shardCount }) => shardCount));
  const online = sum(bots.map(({ counts }) => counts[ONLINE]!));
  const unknown = sum(bots.map(({ counts }) => counts[UNKNOWN]!));
  const clustersDown = sum(fleets.map((one) => one.clusters - one.clustersUp - one.clustersStopped));
  const clusters = total?.clusters ?? 0;
  if (shards === 0 && clusters === 0) return verdict('unknown', words.verdict.none, words.verdict.none);
  if (clustersDown + shardsDown > 0) {
    const what = words.verdict.down(clustersDown, shardsDown);
    return verdict('down', words.verdict.sentence(what), what);
  }
  const over = strained(total?.values ?? [])[0]?.metric;
  if (over) {
    const what = overText(over, total!.values);
    return verdict('degraded', words.verdict.over(what), what);
  }
  if (shards - online > unknown) {
    const what = words.verdict.changing(shards - online - unknown);
    return verdict('changing', words.verdict.sentence(what), what);
  }
  if (unknown > 0) {
    const what = words.verdict.unknown(unknown);
    return verdict('unknown', words.verdict.sentence(what), what);
  }
  return verdict('up', words.verdict.up(clusters, shards), words.verdict.fine);
}

const verdict = (group: Group, sentence: string, short: string): Verdict => ({ group, sentence, short });

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
