// Reports per second beside the bare peer: both take the same bytes, in turns, so that a noisy machine hurts both alike.
import { ONLINE } from '../../public/shared/states.js';
import type { Environment } from '../../server/config.js';
import { startBarePeer, startProduct, type Child } from './children.js';
import type { Memory } from './child.js';
import { benchFleet, BOTS, SHARDS_PER_CLUSTER, type BenchCluster } from './fleet-requests.js';
import { load, rawRequest } from './load.js';
import { median } from './statistics.js';

/** Many short ones: a machine that is fast for a second is so for both. */
const ROUNDS = 15;
const ROUND_MS = 400;
const WARM_UP_MS = 1_200;

const FLEET_CLUSTERS = 5_000;
const FLEET = benchFleet(FLEET_CLUSTERS);
export const FLEET_SHARDS = FLEET_CLUSTERS * SHARDS_PER_CLUSTER;

export interface BeatResult {
  name: string;
  requestBytes: number;
  /** What one core that does nothing else takes: by the server's own CPU time, for the load generator may be slower. */
  productPerCoreSecond: number;
  barePerCoreSecond: number;
  /** The median over the rounds. */
  ratio: number;
  /** What was really sent and answered. */
  productPerSecond: number;
  barePerSecond: number;
  /** What the whole fleet cost the product's memory. */
  fleetHeapBytes: number;
  fleetRssBytes: number;
}

export interface Workload {
  name: string;
  settings: Environment;
  /** Sent once, in order, before anything is measured. */
  first: Buffer[];
  requests: Buffer[];
}

export const batchBeats = (): Promise<BeatResult> =>
  compare({ name: 'batch, 16 shards', settings: {}, first: [], requests: FLEET.map(batchBeat) });

export const glanceStatuses = (): Promise<BeatResult> =>
  compare({
    name: 'Glance status',
    settings: { SHARDLIGHT_BOTS: BOTS.map((bot) => `${bot}:${FLEET[0]!.shardCount}`).join(';') },
    first: [],
    requests: FLEET.map(glanceStatus),
  });

const idsOf = ({ index }: BenchCluster): number[] =>
  Array.from({ length: SHARDS_PER_CLUSTER }, (_, i) => index * SHARDS_PER_CLUSTER + i);

const latencyMs = (id: number): number => 30 + ((id * 37) % 600) / 10;

const batchBeat = (cluster: BenchCluster): Buffer =>
  rawRequest(`/api/bots/${cluster.bot}/shards`, {
    shard_count: cluster.shardCount,
    shards: idsOf(cluster).map((id) => ({ id, state: 'online', latency_ms: latencyMs(id) })),
  });

const glanceStatus = ({ bot, index }: BenchCluster): Buffer =>
  rawRequest(`/api/status/${bot}/${index * SHARDS_PER_CLUSTER}/${ONLINE}`, null);

/** Product and bare peer, in turns. */
export async function compare({ name, settings, first, requests }: Workload): Promise<BeatResult> {
  const product = await startProduct(settings);
  const bare = await startBarePeer();
  const before = await product.ask('memory');
  await load(product.port, first, 0);
  await load(product.port, requests, 0);
  const after = await product.ask('memory');
  for (const child of [product, bare]) await load(child.port, requests, WARM_UP_MS);
  const rounds = [];
  for (let i = 0; i < ROUNDS; i++)
    rounds.push({ product: await round(product, requests), bare: await round(bare, requests) });
  await Promise.all([product.stop(), bare.stop()]);
  return {
    name,
    requestBytes: requests[0]!.length,
    productPerCoreSecond: median(rounds.map((one) => one.product.perCoreSecond)),
    barePerCoreSecond: median(rounds.map((one) => one.bare.perCoreSecond)),
    ratio: median(rounds.map((one) => one.product.perCoreSecond / one.bare.perCoreSecond)),
    productPerSecond: median(rounds.map((one) => one.product.perSecond)),
    barePerSecond: median(rounds.map((one) => one.bare.perSecond)),
    ...grown(before, after),
  };
}

const grown = (before: Memory, after: Memory): Pick<BeatResult, 'fleetHeapBytes' | 'fleetRssBytes'> => ({
  fleetHeapBytes: after.heapBytes - before.heapBytes,
  fleetRssBytes: after.rssBytes - before.rssBytes,
});

async function round(
  child: Child,
  requests: Buffer[],
): Promise<{ perSecond: number; perCoreSecond: number }> {
  const before = await child.ask('cpuMs');
  const { answered, seconds } = await load(child.port, requests, ROUND_MS);
  const cpuMs = (await child.ask('cpuMs')) - before;
  return { perSecond: answered / seconds, perCoreSecond: (answered / cpuMs) * 1000 };
}
