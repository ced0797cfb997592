// The registry under load: heartbeats at 1,000 and 5,000 clusters, registers with every sync, the fleet view, memory, restart, stalls.
import type { Environment } from '../../server/config.js';
import { compare, type BeatResult } from './beats.js';
import { freshFolder, startProduct, TOKEN, type Child } from './children.js';
import { beat, benchFleet, recordedSnapshot, registration, type Snapshot } from './fleet-requests.js';
import { load, rawRequest } from './load.js';
import { median } from './statistics.js';

export const FLEET_SIZES = [1_000, 5_000];
const REGISTER_MS = 3_000;
const VIEW_ROUNDS = 5;
const ASKED_AGAIN = 20; // as one who polls does

const ROOMY: Environment = { SHARDLIGHT_MAX_CLUSTERS: '100000', SHARDLIGHT_VIEW_CACHE_MS: '0' };

/** Heartbeats beside the bare peer, for each size of fleet and snapshot. */
export async function heartbeats(): Promise<BeatResult[]> {
  const results = [];
  for (const [what, snapshot] of snapshots())
    for (const clusters of FLEET_SIZES) results.push(await heartbeat(what, snapshot, clusters));
  return results;
}

const snapshots = (): [what: string, snapshot: Snapshot | null][] => [
  ['no snapshot', null],
  ['5 KB', recordedSnapshot('small')],
  ['40 KB', recordedSnapshot('mid')],
];

function heartbeat(what: string, snapshot: Snapshot | null, clusters: number): Promise<BeatResult> {
  const fleet = benchFleet(clusters);
  return compare({
    name: `heartbeat, ${what}, ${clusters.toLocaleString('en')} clusters`,
    settings: ROOMY,
    first: fleet.map(registration),
    requests: fleet.map((cluster) => beat(cluster, snapshot)),
  });
}

export interface FleetResult {
  clusters: number;
  viewBytes: number;
  /** After a beat of every cluster. */
  viewColdMs: number;
  /** After a beat of one cluster. */
  viewWarmMs: number;
  view304Ms: number;
  /** What the process holds in all, what of it is its own rather than mapped from files; and what the fleet added, beside its view. */
  rssBytes: number;
  ownBytes: number;
  bytesPerCluster: number;
  /** From starting the process to its first answer, the fleet in it. */
  restartMs: number;
  longestStallMs: number;
}

/** A whole fleet through its day: it registers, beats, is looked at, and comes back after a restart. */
export async function fleetLife(clusters: number): Promise<FleetResult> {
  const fleet = benchFleet(clusters);
  const snapshot = recordedSnapshot('mid');
  const folder = freshFolder();
  const first = await startProduct(ROOMY, folder);
  const before = await first.ask('memory');
  await first.ask('longestStallMs');
  await load(first.port, fleet.map(registration), 0);
  const beats = fleet.map((cluster) => beat(cluster, snapshot));
  for (let beaten = 0; beaten < 2; beaten++) await load(first.port, beats, 0); // the second one makes the windows
  const stallOfBeatsMs = await first.ask('longestStallMs');
  const settled = await first.ask('memory');
  await first.ask('longestStallMs'); // that was a garbage collection that nobody but us asks for
  const views = await lookAtViews(first, beats);
  const longestStallMs = Math.max(stallOfBeatsMs, await first.ask('longestStallMs'));
  const after = await first.ask('memory');
  await first.stop();
  const restartedAt = performance.now();
  const second = await startProduct(ROOMY, folder);
  await view(second);
  const restartMs = performance.now() - restartedAt;
  await second.stop();
  return {
    clusters,
    ...views,
    rssBytes: after.rssBytes,
    ownBytes: after.ownBytes,
    bytesPerCluster: (settled.heapBytes - before.heapBytes) / clusters,
    restartMs,
    longestStallMs,
  };
}

type ViewTimes = Pick<FleetResult, 'viewBytes' | 'viewColdMs' | 'viewWarmMs' | 'view304Ms'>;

async function lookAtViews(child: Child, beats: Buffer[]): Promise<ViewTimes> {
  const cold = [];
  const warm = [];
  const unchanged = [];
  let last = await view(child);
  for (let i = 0; i < VIEW_ROUNDS; i++) {
    await load(child.port, beats, 0);
    cold.push((await view(child)).ms);
    await load(child.port, beats.slice(0, 1), 0);
    last = await view(child);
    warm.push(last.ms);
    for (let asked = 0; asked < ASKED_AGAIN; asked++) unchanged.push((await view(child, last.etag)).ms);
  }
  return {
    viewBytes: last.bytes,
    viewColdMs: median(cold),
    viewWarmMs: median(warm),
    view304Ms: median(unchanged),
  };
}

async function view(child: Child, etag?: string): Promise<{ ms: number; bytes: number; etag: string }> {
  const beganAt = performance.now();
  const answer = await fetch(`http://127.0.0.1:${child.port}/api/fleet/view`, {
    headers: {
      authorization: `Bearer ${TOKEN}`,
      'accept-encoding': 'identity',
      ...(etag === undefined ? {} : { 'if-none-match': etag }),
    },
  });
  const { byteLength } = await answer.arrayBuffer();
  const expected = etag === undefined ? 200 : 304;
  if (answer.status !== expected) throw new Error(`the view answered ${answer.status}, not ${expected}`);
  return { ms: performance.now() - beganAt, bytes: byteLength, etag: answer.headers.get('etag') ?? '' };
}

export interface RegisterResult {
  perSecond: number;
  perSync: number;
}

/** New identities as fast as they are acknowledged, each on disk before. */
export async function registers(): Promise<RegisterResult> {
  const child = await startProduct(ROOMY);
  const requests = Array.from({ length: 60_000 }, (_, i) =>
    rawRequest('/fleet/register', { identity: `new-${i}`, fleet: 'asia', version: '0.4.2' }),
  );
  const before = await syncs(child);
  const { answered, seconds } = await load(child.port, requests, REGISTER_MS);
  const after = await syncs(child);
  await child.stop();
  return { perSecond: answered / seconds, perSync: answered / (after - before) };
}

async function syncs(child: Child): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${child.port}/metrics`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  const count = /^shardlight_log_sync_seconds_count (\d+)/m.exec(await answer.text())?.[1];
  if (count === undefined) throw new Error('/metrics does not say how often the log was synced');
  return Number(count);
}
