// The operators' feed at its full size: what 50 watchers of 5,000 beating clusters cost the server, and how soon they see a beat.
import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { OperatorFrame, Scope } from '../../public/shared/operator-wire.js';
import { startProduct, TOKEN, type Child } from './children.js';
import {
  beat,
  benchFleet,
  BOTS,
  identityOf,
  recordedSnapshot,
  registration,
  withShardDown,
  type BenchCluster,
} from './fleet-requests.js';
import { load } from './load.js';
import { median, percentile } from './statistics.js';
import { pause } from './storm.js';

export const CLUSTERS = 5_000;
export const BEATS_PER_SECOND = 350;
const OPERATORS = 50;
const CONNECTIONS = 64;
const PACE_MS = 5;
export const SETTLE_MS = 3_000;
const WINDOW_MS = 15_000;
/** What was watched is kept up to date for a minute. */
const LET_GO_MS = 66_000;
/** One cluster in so many has a shard that goes down and comes back, beat by beat. */
const ILL_EVERY = 20;

export interface OperatorResult {
  clusters: number;
  operators: number;
  /** As many as were really sent. */
  beatsPerSecond: number;
  /** Of one core: the server without operators (before they came and after they left), and with them. */
  shareWithout: number;
  shareWith: number;
  /** From a beat to the frame that shows its cluster. */
  p50Ms: number;
  p95Ms: number;
  /** To all operators together. */
  bytesPerSecond: number;
  /** While a fleet of 1,000 was sent to who came, too. */
  longestStallMs: number;
}

export async function operators(): Promise<OperatorResult> {
  const fleet = benchFleet(CLUSTERS);
  const child = await startProduct({
    SHARDLIGHT_MAX_CLUSTERS: '100000',
    SHARDLIGHT_HEARTBEAT_INTERVAL: '15',
    SHARDLIGHT_SHARD_LEASE: '45',
  });
  await load(child.port, fleet.map(registration), 0);
  const beats = new Beats(child.port, fleet);
  void beats.run();
  await pause(SETTLE_MS + (CLUSTERS / BEATS_PER_SECOND) * 1_000); // until each was heard once
  const before = await watchCpu(child, beats);
  await child.ask('longestStallMs');
  const watchers = await Promise.all(scopes(fleet).map((scope) => Watcher.open(child.port, scope, beats)));
  await pause(SETTLE_MS);
  for (const watcher of watchers) watcher.begin();
  const withThem = await watchCpu(child, beats);
  const longestStallMs = await child.ask('longestStallMs');
  for (const watcher of watchers) watcher.close();
  await pause(LET_GO_MS);
  const after = await watchCpu(child, beats);
  beats.stop();
  await child.stop();
  const latencies = watchers.flatMap((watcher) => watcher.latencies);
  const bytes = watchers.reduce((sum, watcher) => sum + watcher.bytes, 0);
  return {
    clusters: CLUSTERS,
    operators: OPERATORS,
    beatsPerSecond: withThem.beatsPerSecond,
    shareWithout: (before.share + after.share) / 2,
    shareWith: withThem.share,
    p50Ms: median(latencies),
    p95Ms: percentile(latencies, 0.95),
    bytesPerSecond: (bytes * 1_000) / WINDOW_MS,
    longestStallMs,
  };
}

/** As people on call look: most at everything or at a fleet, some at one cluster or shard. */
function scopes(fleet: BenchCluster[]): Scope[] {
  return Array.from({ length: OPERATORS }, (_, i): Scope => {
    const cluster = fleet[(i * 97) % fleet.length]!;
    if (i % 10 < 3) return 'global';
    if (i % 10 < 7) return `fleet:${BOTS[i % BOTS.length]!}`;
    if (i % 10 < 9) return `cluster:${identityOf(cluster)}`;
    return `shard:${cluster.bot}/${cluster.index * 16}`;
  });
}

async function watchCpu(child: Child, beats: Beats): Promise<{ share: number; beatsPerSecond: number }> {
  const beganAt = performance.now();
  const [cpuMs, sent] = [await child.ask('cpuMs'), beats.sent];
  await pause(WINDOW_MS);
  const usedMs = (await child.ask('cpuMs')) - cpuMs;
  const tookMs = performance.now() - beganAt;
  return { share: usedMs / tookMs, beatsPerSecond: ((beats.sent - sent) * 1_000) / tookMs };
}

/** The fleet's beats, evenly over time, whatever the server does. */
export class Beats {
  readonly sentAt = new Map<string, number>();
  sent = 0;
  #isOver = false;
  readonly #fleet: BenchCluster[];
  readonly #well: Buffer[];
  readonly #ill: Buffer[];
  readonly #sockets: Socket[];

  constructor(port: number, fleet: BenchCluster[]) {
    const snapshot = recordedSnapshot('mid');
    const ill = withShardDown(snapshot);
    this.#fleet = fleet;
    this.#well = fleet.map((cluster) => beat(cluster, snapshot));
    this.#ill = fleet.filter((_, i) => i % ILL_EVERY === 0).map((cluster) => beat(cluster, ill));
    this.#sockets = Array.from({ length: CONNECTIONS }, () =>
      connect(port, '127.0.0.1').setNoDelay(true).resume(),
    );
  }

  async run(): Promise<void> {
    const beganAt = performance.now();
    while (!this.#isOver) {
      const due = ((performance.now() - beganAt) / 1_000) * BEATS_PER_SECOND;
      while (this.sent < due) this.#send(this.sent++);
      await pause(PACE_MS);
    }
    for (const socket of this.#sockets) socket.destroy();
  }

  stop(): void {
    this.#isOver = true;
  }

  #send(i: number): void {
    const place = i % this.#fleet.length;
    const isIll = place % ILL_EVERY === 0 && Math.floor(i / this.#fleet.length) % 2 === 1;
    const request = isIll ? this.#ill[place / ILL_EVERY]! : this.#well[place]!;
    this.sentAt.set(identityOf(this.#fleet[place]!), performance.now());
    this.#sockets[i % CONNECTIONS]!.write(request);
  }
}

/** An operator's browser: takes the time of every cluster that it is shown anew. */
class Watcher {
  readonly latencies: number[] = [];
  bytes = 0;
  #isCounting = false;
  readonly #socket: WebSocket;
  readonly #beats: Beats;

  constructor(socket: WebSocket, beats: Beats) {
    this.#socket = socket;
    this.#beats = beats;
    socket.on('message', (data: Buffer) => this.#take(data));
  }

  static open(port: number, scope: Scope, beats: Beats): Promise<Watcher> {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const socket = new WebSocket(`ws://127.0.0.1:${port}/live/operator`, {
      headers,
      perMessageDeflate: false,
    });
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('open', () => {
        socket.send(JSON.stringify({ op: 'watch', scope, v: 0, e: '' }));
        resolve(new Watcher(socket, beats));
      });
    });
  }

  begin(): void {
    this.#isCounting = true;
  }

  close(): void {
    this.#socket.close();
  }

  #take(data: Buffer): void {
    if (!this.#isCounting) return;
    const at = performance.now();
    this.bytes += data.length;
    const frame = JSON.parse(data.toString()) as OperatorFrame;
    if (frame.op !== 'patch' || frame.scope === 'global') return;
    for (const key of Object.keys(frame.put ?? {})) {
      if (!key.startsWith('cluster/')) continue;
      const sentAt = this.#beats.sentAt.get(key.slice('cluster/'.length));
      if (sentAt !== undefined) this.latencies.push(at - sentAt);
    }
  }
}
