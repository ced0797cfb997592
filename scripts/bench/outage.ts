// What a whole outage leaves in the server's memory: every shard flips before many viewers, and then they all come anew.
import { nameOf, OFFLINE, ONLINE, RESUMING, STARTING } from '../../public/shared/states.js';
import { startProduct, type Child } from './children.js';
import { load, rawRequest } from './load.js';
import { pause } from './storm.js';
import { gatherViewers, type Viewers } from './viewers.js';

const SHARDS = 16_384;
const ROWS_PER_REPORT = 4_096;
/** All shards together, and back; then each for itself, which takes several frames. */
const FLIPS: ((id: number) => number)[] = [
  () => OFFLINE,
  () => ONLINE,
  (id) => [OFFLINE, STARTING, RESUMING][(id * 7 + (id >> 4)) % 3]!,
];
const SLOW_SHARE = 0.05;
/** Nothing came for so long: everybody has everything. */
const QUIET_MS = 1_500;

export interface OutageResult {
  viewers: number;
  shards: number;
  /** What the process has more after three flips of all shards, once all viewers have them. */
  flipsBytes: number;
  /** … and three more, while one viewer in twenty reads nothing. */
  slowBytes: number;
  /** … and after all viewers left, and came for the first time while no shard works. */
  arrivalsBytes: number;
  /** What a viewer got in a flip. */
  bytesPerFlip: number;
}

export async function outage(count: number): Promise<OutageResult> {
  const child = await startProduct({ SHARDLIGHT_BOTS: `main:${SHARDS}:My Bot` });
  await flip(child, () => ONLINE);
  let viewers = await gatherViewers(child.port, count);
  await quiet(viewers);
  const before = (await child.ask('memory')).rssBytes;
  let sent = 0;
  for (const stateOf of FLIPS) {
    await flip(child, stateOf);
    sent += await quiet(viewers);
  }
  const flipped = (await child.ask('memory')).rssBytes;
  viewers.stall(count * SLOW_SHARE);
  for (const stateOf of FLIPS) {
    await flip(child, stateOf);
    await quiet(viewers);
  }
  const slow = (await child.ask('memory')).rssBytes;
  viewers.leave();
  viewers = await gatherViewers(child.port, count);
  await quiet(viewers);
  const arrived = (await child.ask('memory')).rssBytes;
  viewers.leave();
  await child.stop();
  return {
    viewers: count,
    shards: SHARDS,
    flipsBytes: flipped - before,
    slowBytes: slow - before,
    arrivalsBytes: arrived - before,
    bytesPerFlip: sent / count / FLIPS.length,
  };
}

/** In as many reports as the route takes. */
async function flip({ port }: Child, stateOf: (id: number) => number): Promise<void> {
  const rows = Array.from({ length: SHARDS }, (_, id) => ({ id, state: nameOf(stateOf(id)) }));
  const requests = [];
  for (let from = 0; from < SHARDS; from += ROWS_PER_REPORT)
    requests.push(rawRequest('/api/bots/main/shards', { shards: rows.slice(from, from + ROWS_PER_REPORT) }));
  await load(port, requests, 0);
}

/** How many bytes came until nothing more did. */
async function quiet(viewers: Viewers): Promise<number> {
  let bytes = 0;
  let at = performance.now();
  viewers.listenToAll((chunk) => {
    bytes += chunk.length;
    at = performance.now();
  });
  while (performance.now() - at < QUIET_MS) await pause(QUIET_MS / 10);
  return bytes;
}
