// The requests of the bench fleet: 5 bots × 1,000 clusters × 16 shards, with snapshots recorded from a real Argus bot.
import { readFileSync } from 'node:fs';
import { rawRequest } from './load.js';

export const BOTS = ['b0', 'b1', 'b2', 'b3', 'b4'];
export const SHARDS_PER_CLUSTER = 16;

/** One cluster of the bench fleet; `index` counts within its bot. */
export interface BenchCluster {
  bot: string;
  index: number;
  /** How many shards its bot has. */
  shardCount: number;
}

/** That many clusters, a fifth of them for each bot. */
export function benchFleet(clusters: number): BenchCluster[] {
  const perBot = clusters / BOTS.length;
  const shardCount = perBot * SHARDS_PER_CLUSTER;
  return BOTS.flatMap((bot) => Array.from({ length: perBot }, (_, index) => ({ bot, index, shardCount })));
}

export const identityOf = ({ bot, index }: BenchCluster): string => `${bot}-${index}`;

export const registration = (cluster: BenchCluster): Buffer =>
  rawRequest('/fleet/register', {
    identity: identityOf(cluster),
    fleet: cluster.bot,
    version: '0.4.2',
    bot: cluster.bot,
  });

/** A beat with that snapshot, or, with null, a bare sign of life. */
export function beat(cluster: BenchCluster, snapshot: Snapshot | null): Buffer {
  const { bot, shardCount } = cluster;
  const said = snapshot ? { snapshot: shifted(snapshot, cluster.index * SHARDS_PER_CLUSTER) } : {};
  return rawRequest('/fleet/heartbeat', {
    identity: identityOf(cluster),
    bot,
    shard_count: shardCount,
    ...said,
  });
}

interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export interface Snapshot {
  metrics: Record<string, { type: string; samples: Sample[] }>;
}

/** A recorded snapshot: `small` has 1 shard and is 5 KB, `mid` has 16 shards, 12 commands and is 40 KB. */
export const recordedSnapshot = (size: 'small' | 'mid'): Snapshot =>
  JSON.parse(readFileSync(`test/fixtures/snap-${size}.json`, 'utf8')) as Snapshot;

/** The same with its first shard down. */
export function withShardDown({ metrics }: Snapshot): Snapshot {
  const changed = Object.entries(metrics).map(([family, { type, samples }]) => [
    family,
    { type, samples: samples.map((sample) => (isFirstShardUp(sample) ? { ...sample, value: 0 } : sample)) },
  ]);
  return { metrics: Object.fromEntries(changed) as Snapshot['metrics'] };
}

const isFirstShardUp = ({ name, labels }: Sample): boolean =>
  name.endsWith('_shard_up') && labels['shard'] === '0';

/** The same with its shard ids moved up. */
function shifted({ metrics }: Snapshot, by: number): Snapshot {
  const moved = Object.entries(metrics).map(([family, { type, samples }]) => [
    family,
    { type, samples: samples.map((sample) => shiftedSample(sample, by)) },
  ]);
  return { metrics: Object.fromEntries(moved) as Snapshot['metrics'] };
}

function shiftedSample(sample: Sample, by: number): Sample {
  const { shard } = sample.labels;
  if (shard === undefined) return sample;
  return { ...sample, labels: { ...sample.labels, shard: String(Number(shard) + by) } };
}
