// Reports per second beside the bare peer: both take the same bytes, in turns, so that a noisy machine hurts both alike.
import { ONLINE } from '../../public/shared/states.js';
import type { Environment } from '../../server/config.js';
import { argusSnapshot } from '../demo/snapshot.js';
import { startBarePeer, startProduct, type Child } from './children.js';
import type { Memory } from './child.js';
import { load, rawRequest } from './load.js';
import { median } from './statistics.js';

const ROUNDS = 5;
const ROUND_MS = 1_200;
const WARM_UP_MS = 1_200;

/** The bench fleet: 5 bots of 1,000 clusters of 16 shards. */
const BOTS = ['b0', 'b1', 'b2', 'b3', 'b4'];
const CLUSTERS_PER_BOT = 1_000;
const SHARDS_PER_CLUSTER = 16;
const SHARDS_PER_BOT = CLUSTERS_PER_BOT * SHARDS_PER_CLUSTER;
export const FLEET_CLUSTERS = BOTS.length * CLUSTERS_PER_BOT;
export const FLEET_SHARDS = BOTS.length * SHARDS_PER_BOT;

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

interface Workload {
  name: string;
  settings: Environment;
  /** Sent once, in order, before anything is measured. */
  first: Buffer[];
  requests: Buffer[];
}

export const batchBeats = (): Promise<BeatResult> =>
  compare({ name: 'batch, 16 shards', settings: {}, first: [], requests: eachCluster(batchBeat) });

export const glanceStatuses = (): Promise<BeatResult> =>
  compare({
    name: 'Glance status',
    settings: { SHARDLIGHT_BOTS: BOTS.map((bot) => `${bot}:${SHARDS_PER_BOT}`).join(';') },
    first: [],
    requests: eachCluster(glanceStatus),
  });

export const argusHeartbeats = (): Promise<BeatResult> =>
  compare({
    name: 'Argus heartbeat, 5 KB',
    settings: { SHARDLIGHT_MAX_CLUSTERS: '10000' },
    first: eachCluster(registration),
    requests: eachCluster(heartbeat),
  });

const eachCluster = (make: (bot: string, cluster: number) => Buffer): Buffer[] =>
  BOTS.flatMap((bot) => Array.from({ length: CLUSTERS_PER_BOT }, (_, cluster) => make(bot, cluster)));

const idsOf = (cluster: number): number[] =>
  Array.from({ length: SHARDS_PER_CLUSTER }, (_, i) => cluster * SHARDS_PER_CLUSTER + i);

const latencyMs = (id: number): number => 30 + ((id * 37) % 600) / 10;

const batchBeat = (bot: string, cluster: number): Buffer =>
  rawRequest(`/api/bots/${bot}/shards`, {
    shard_count: SHARDS_PER_BOT,
    shards: idsOf(cluster).map((id) => ({ id, state: 'online', latency_ms: latencyMs(id) })),
  });

const glanceStatus = (bot: string, cluster: number): Buffer =>
  rawRequest(`/api/status/${bot}/${cluster * SHARDS_PER_CLUSTER}/${ONLINE}`, null);

const registration = (bot: string, cluster: number): Buffer =>
  rawRequest('/fleet/register', { identity: `${bot}-${cluster}`, fleet: bot, version: '0.4.2', bot });

function heartbeat(bot: string, cluster: number): Buffer {
  const shards = idsOf(cluster).map((id) => ({ id, state: ONLINE, latencyMs: latencyMs(id) }));
  const member = { index: cluster, bot: { shardCount: SHARDS_PER_BOT } };
  const snapshot = argusSnapshot(member, { startedAtMs: 0, shards }, 3_600_000);
  return rawRequest('/fleet/heartbeat', {
    identity: `${bot}-${cluster}`,
    bot,
    shard_count: SHARDS_PER_BOT,
    snapshot,
  });
}

async function compare({ name, settings, first, requests }: Workload): Promise<BeatResult> {
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
