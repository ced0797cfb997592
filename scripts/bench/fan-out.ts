// One shard's change to many viewers: how fast and at what cost, beside the same text published by the bare peer.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { readRanges } from '../../public/shared/ranges.js';
import { OFFLINE, ONLINE } from '../../public/shared/states.js';
import { startBarePeer, startProduct, type Child } from './children.js';
import { rawRequest } from './load.js';
import { median, percentile } from './statistics.js';
import { pause } from './storm.js';
import { gatherViewers, type Viewers } from './viewers.js';

const SHARDS = 240;
const EVENTS = 40;
/** Longer than a tick: every event is the first change after quiet. */
const QUIET_MS = 125;
const BUSY_EVENTS = 200;
const BUSY_EVERY_MS = 10;

export interface FanOutResult {
  viewers: number;
  patchBytes: number;
  /** From the report to the last viewer, ms. */
  productLastMs: number;
  bareLastMs: number;
  lastRatio: number;
  /** The server's CPU for one viewer's frame, µs; what the report itself costs is in it. */
  productCpuUs: number;
  bareCpuUs: number;
  /** Bare's cost as a share of the product's. */
  cpuRatio: number;
  /** From a report to a viewer's frame, ms: after quiet, and with a report every 10 ms. */
  quietP50Ms: number;
  quietP95Ms: number;
  busyP50Ms: number;
  busyP95Ms: number;
  /** Memory of the process a viewer. */
  productBytesPerViewer: number;
  bareBytesPerViewer: number;
}

/** One server with its viewers, and a connection to report on. */
interface Side {
  child: Child;
  viewers: Viewers;
  reporter: Socket;
  bytesPerViewer: number;
}

export async function fanOut(count: number): Promise<FanOutResult> {
  const product = await gather(
    await startProduct({ SHARDLIGHT_BOTS: `main:${SHARDS}`, SHARDLIGHT_PUBLIC_CLUSTERS: '0' }),
    count,
  );
  const bare = await gather(await startBarePeer(), count);
  const patch = await textOfPatch(product, count);
  const change = (i: number): Buffer =>
    rawRequest(`/api/status/main/7/${i % 2 === 0 ? OFFLINE : ONLINE}`, null);
  const republish = rawRequest('/publish', patch);
  const ofProduct = await series(product, count, change);
  const ofBare = await series(bare, count, () => republish);
  const busy = await busyLatencies(product, count - 1);
  for (const side of [product, bare]) await disband(side);
  return {
    viewers: count,
    patchBytes: Buffer.byteLength(JSON.stringify(patch)),
    productLastMs: median(ofProduct.lastMs),
    bareLastMs: median(ofBare.lastMs),
    lastRatio: median(ofBare.lastMs) / median(ofProduct.lastMs),
    productCpuUs: ofProduct.cpuUs,
    bareCpuUs: ofBare.cpuUs,
    cpuRatio: ofBare.cpuUs / ofProduct.cpuUs,
    quietP50Ms: median(ofProduct.eachMs),
    quietP95Ms: percentile(ofProduct.eachMs, 0.95),
    busyP50Ms: median(busy),
    busyP95Ms: percentile(busy, 0.95),
    productBytesPerViewer: product.bytesPerViewer,
    bareBytesPerViewer: bare.bytesPerViewer,
  };
}

async function gather(child: Child, count: number): Promise<Side> {
  const reporter = connect(child.port, '127.0.0.1').setNoDelay(true).resume();
  await once(reporter, 'connect');
  const { rssBytes } = await child.ask('memory');
  const viewers = await gatherViewers(child.port, count);
  const grown = (await child.ask('memory')).rssBytes - rssBytes;
  return { child, viewers, reporter, bytesPerViewer: grown / count };
}

async function disband({ child, viewers, reporter }: Side): Promise<void> {
  viewers.leave();
  reporter.destroy();
  await child.stop();
}

/** Makes one change, and reads the patch off a viewer's socket once everybody has it. */
async function textOfPatch(side: Side, count: number): Promise<unknown> {
  const { frame } = await one(side, count, rawRequest(`/api/status/main/7/${ONLINE}`, null));
  await pause(QUIET_MS);
  return JSON.parse(textOf(frame));
}

const textOf = (frame: Buffer): string => frame.toString('utf8').slice(frame.indexOf('{"op"'));

interface Series {
  /** Per event: until the last viewer had it. */
  lastMs: number[];
  /** Per event and viewer. */
  eachMs: number[];
  cpuUs: number;
}

/** Event after event, each once the one before has reached everybody. */
async function series(side: Side, count: number, report: (i: number) => Buffer): Promise<Series> {
  const lastMs: number[] = [];
  const eachMs: number[] = [];
  const before = await side.child.ask('cpuMs');
  for (let i = 0; i < EVENTS; i++) {
    const { latencies } = await one(side, count, report(i));
    eachMs.push(...latencies);
    lastMs.push(latencies.at(-1)!);
    await pause(QUIET_MS);
  }
  const cpuMs = (await side.child.ask('cpuMs')) - before;
  return { lastMs, eachMs, cpuUs: (cpuMs * 1000) / (EVENTS * count) };
}

interface Delivery {
  /** Of each viewer, in order; the last one is the slowest. */
  latencies: number[];
  frame: Buffer;
}

/** Viewers are counted, not chunks: two frames may come in one. */
function one({ viewers, reporter }: Side, count: number, request: Buffer): Promise<Delivery> {
  return new Promise((resolve) => {
    const reached = new Set<number>();
    const latencies: number[] = [];
    const sentAt = performance.now();
    viewers.listen((viewer, frame) => {
      if (reached.has(viewer)) return;
      reached.add(viewer);
      if (latencies.push(performance.now() - sentAt) === count) resolve({ latencies, frame });
    });
    reporter.write(request);
  });
}

/** A change of another shard every 10 ms; when the last viewer to join hears of each. */
async function busyLatencies({ viewers, reporter }: Side, watched: number): Promise<number[]> {
  const sentAt = new Map<number, number>();
  const latencies: number[] = [];
  viewers.listen((viewer, chunk) => {
    if (viewer !== watched) return;
    for (const [, ids] of chunk.toString('latin1').matchAll(/"ids":"([^"]+)"/g))
      for (const shard of readRanges(ids!)) {
        const at = sentAt.get(shard);
        if (at !== undefined) latencies.push(performance.now() - at);
        sentAt.delete(shard);
      }
  });
  for (let i = 0; i < BUSY_EVENTS; i++) {
    sentAt.set(i, performance.now());
    reporter.write(rawRequest(`/api/status/main/${i}/${OFFLINE}`, null));
    await pause(BUSY_EVERY_MS);
  }
  // A change that a chunk's end cut in two is not recognised, and left out.
  for (let i = 0; sentAt.size > 0 && i < BUSY_EVENTS; i++) await pause(BUSY_EVERY_MS);
  return latencies;
}
