// How many bytes a browser gets: page, script, snapshot and patch, for small and very large bots.
import { on } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { brotliCompressSync } from 'node:zlib';
import { WebSocket } from 'ws';
import { nameOf, OFFLINE, ONLINE, RESUMING } from '../../public/shared/states.js';
import { PROTOCOL, type SnapshotFrame } from '../../public/shared/wire.js';
import { startProduct } from './children.js';
import { load, rawRequest } from './load.js';
import { gatherViewers } from './viewers.js';

/** Shards of the bot whose page is measured. */
export const SIZES = [240, 3_584, 16_384];
const ROWS_PER_REPORT = 4_096;

export interface WeightResult {
  shards: number;
  pageBytes: number;
  pageBrBytes: number;
  scriptBytes: number;
  scriptBrBytes: number;
  snapshotBytes: number;
  snapshotBrBytes: number;
  /** One shard's change. */
  patchBytes: number;
}

export async function weights(): Promise<WeightResult[]> {
  const results: WeightResult[] = [];
  for (const shards of SIZES) results.push(await weigh(shards));
  return results;
}

async function weigh(shards: number): Promise<WeightResult> {
  const { port, stop } = await startProduct({ SHARDLIGHT_BOTS: `main:${shards}:My Bot` });
  await load(port, reports(shards), 0);
  const page = await fetchBytes(port, '/', 'identity');
  const script = /\/assets\/status-\w+\.js/.exec(page.toString())![0];
  const snapshot = await snapshotOf(port);
  const result = {
    shards,
    pageBytes: page.length,
    pageBrBytes: (await fetchBytes(port, '/', 'br')).length,
    scriptBytes: (await fetchBytes(port, script, 'identity')).length,
    scriptBrBytes: (await fetchBytes(port, script, 'br')).length,
    snapshotBytes: snapshot.length,
    snapshotBrBytes: brotliCompressSync(snapshot).length,
    patchBytes: await patchBytes(port),
  };
  await stop();
  return result;
}

/** An ordinary day: 2 % of the shards are resuming, one in 500 is offline. */
export function reports(shards: number): Buffer[] {
  const rows = Array.from({ length: shards }, (_, id) => ({
    id,
    state: nameOf(usualState(id)),
    latency_ms: 41,
  }));
  const bodies = [];
  for (let from = 0; from < shards; from += ROWS_PER_REPORT)
    bodies.push({ shard_count: shards, shards: rows.slice(from, from + ROWS_PER_REPORT) });
  return bodies.map((body) => rawRequest('/api/bots/main/shards', body));
}

function usualState(id: number): number {
  if (id % 500 === 499) return OFFLINE;
  return id % 50 === 25 ? RESUMING : ONLINE;
}

/** As they travel, not decoded. */
async function fetchBytes(port: number, path: string, encoding: string): Promise<Buffer> {
  const headers = { accept: 'text/html', 'accept-encoding': encoding };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, headers, agent: false }, resolve).on('error', reject);
  });
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** What a newcomer gets before anything changes: all frames together. */
async function snapshotOf(port: number): Promise<Buffer> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/live?p=${PROTOCOL}`);
  const texts: string[] = [];
  for await (const [data] of on(socket, 'message') as AsyncIterable<[Buffer]>) {
    texts.push(data.toString());
    if (!(JSON.parse(texts.at(-1)!) as SnapshotFrame).more) break;
  }
  socket.close();
  return Buffer.from(texts.join(''));
}

async function patchBytes(port: number): Promise<number> {
  const viewers = await gatherViewers(port, 1);
  const arrived = new Promise<Buffer>((resolve) => viewers.listen((_, chunk) => resolve(chunk)));
  await load(port, [rawRequest('/api/bots/main/shards', { shards: [{ id: 0, state: OFFLINE }] })], 0);
  const frame = await arrived;
  viewers.leave();
  return frame.length - frame.indexOf('{"op"');
}
