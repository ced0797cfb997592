// The whole fleet view: a text a cluster, written anew when something of that cluster changed, copied from the last view else.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Change } from '../core/change.js';
import { NONE } from '../core/claim-table.js';
import { addCluster, addUp, createRollup, type Rollup } from '../core/rollup.js';
import { hostOf } from '../core/stance.js';
import { shown, type Bot, type Cluster, type World } from '../core/world.js';
import { JSON_HEADERS } from '../dialects/json.js';
import { createDocument, type Document } from '../http/cached.js';
import { Ascii } from './ascii.js';
import { isoTime, jsonText, writeCluster, writeValues } from './fleet-json.js';

/** Beats must not wait for a view of thousands of clusters. */
const SLICE_MS = 5;
const HEADERS = {
  ...JSON_HEADERS,
  'cache-control': 'private, no-cache',
};

export interface FleetView {
  /** A listener: notes whose text is out of date. */
  note: (changes: Change[]) => void;
  /** At most `maxAgeMs` old; however many ask, it is built once in that time. */
  document: () => Promise<Document>;
  /** The last document, if nothing changed since; what it says is then true still, but for its time. */
  unchanged: () => Document | null;
}

export interface FleetViewOptions {
  world: World;
  /** Names this run of the server, so that ETags of the one before never match. */
  epoch: string;
  maxAgeMs: number;
  now: () => number;
  /** Told how long each build took. */
  built: (seconds: number) => void;
}

/** A cluster's text: where it lies in the last document, and whether it is out of date. */
interface Row {
  cluster: Cluster;
  at: number;
  length: number;
  isDirty: boolean;
}

interface Fleet {
  name: string;
  /** By number. */
  rows: Row[];
}

interface Kept {
  rows: Map<Cluster, Row>;
  /** Null: clusters came, went or moved. */
  fleets: Fleet[] | null;
  /** Something changed since the last build began. */
  hasNews: boolean;
  version: number;
  document: Document | null;
  builtAt: number;
}

export function createFleetView(options: FleetViewOptions): FleetView {
  const { world, now, maxAgeMs } = options;
  const kept: Kept = {
    rows: new Map(),
    fleets: null,
    hasNews: true,
    version: 0,
    document: null,
    builtAt: -Infinity,
  };
  let underWay: Promise<Document> | null = null;
  return {
    note: (changes) => {
      for (const change of changes) noteChange(kept, world, change);
    },
    document: async () => {
      if (!underWay && kept.document && now() - kept.builtAt < maxAgeMs) return kept.document;
      underWay ??= build(kept, options).finally(() => (underWay = null));
      return underWay;
    },
    unchanged: () => (underWay || kept.hasNews ? null : kept.document),
  };
}

function noteChange(kept: Kept, world: World, change: Change): void {
  switch (change.type) {
    case 'beat':
    case 'lapsed':
      if (change.holder.kind === 'cluster') outdate(kept, change.holder);
      return;
    case 'shard':
      return noteClaimants(kept, world, change.bot, change.shard);
    case 'cluster-status':
    case 'member':
      return outdate(kept, change.cluster);
    case 'cluster':
      if (change.formerly !== null) kept.fleets = null;
      return outdate(kept, change.cluster);
    case 'forgotten':
      kept.rows.delete(change.cluster);
      kept.fleets = null;
      kept.hasNews = true;
      return;
    case 'clock':
      for (const cluster of world.clusters.values()) outdate(kept, cluster);
      return;
    case 'status':
    case 'ping':
    case 'bot':
    case 'certainty':
    case 'incident':
    case 'usual':
    case 'two-senders':
    case 'double-claim':
    case 'single-claim':
    case 'bot-set':
    case 'bans': // the clusters it is about are told by themselves
  }
}

/** What has no row yet is new. */
function outdate(kept: Kept, cluster: Cluster): void {
  const row = kept.rows.get(cluster);
  if (row) row.isDirty = true;
  else kept.fleets = null;
  kept.hasNews = true;
}

/** Whose claim it was that changed is not said: all of them are made anew, which are rarely two. */
function noteClaimants(kept: Kept, world: World, bot: Bot, shard: number): void {
  for (let claim = bot.firstClaim[shard] ?? NONE; claim !== NONE; claim = world.claims.next[claim]!) {
    const cluster = hostOf(world, claim);
    if (cluster) outdate(kept, cluster);
  }
}

async function build(kept: Kept, options: FleetViewOptions): Promise<Document> {
  await nextTurn(); // who was given the last document has begun to read it by then
  const startedAt = performance.now();
  if (kept.hasNews) kept.version++;
  kept.hasNews = false;
  kept.builtAt = options.now();
  const body = await bodyOf(kept, options.world).catch((error: unknown) => {
    Object.assign(kept, { rows: new Map(), fleets: null, document: null }); // nobody knows where the texts lie
    throw error;
  });
  kept.document = createDocument(body, `${options.epoch}-${kept.version}`, HEADERS);
  options.built((performance.now() - startedAt) / 1000);
  await nextTurn(); // sending 7 MB takes its time as well
  return kept.document;
}

/** Fleets by code point, as Python sorts; UTF-8 keeps that order, JavaScript's own does not. */
function fleetsOf({ rows }: Kept, world: World): Fleet[] {
  const byName = new Map<string, Row[]>();
  for (const cluster of world.clusters.values()) {
    const row = rows.get(cluster) ?? { cluster, at: 0, length: 0, isDirty: true };
    rows.set(cluster, row);
    const fleet = byName.get(cluster.fleet);
    if (fleet) fleet.push(row);
    else byName.set(cluster.fleet, [row]);
  }
  const fleets = [...byName].map(([name, rows]) => ({ name, bytes: Buffer.from(name), rows }));
  fleets.sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  for (const { rows } of fleets) rows.sort((a, b) => a.cluster.number - b.cluster.number);
  return fleets;
}

/** What changes while it is written is in it, or in the next one. */
async function bodyOf(kept: Kept, world: World): Promise<Buffer<ArrayBuffer>> {
  const fleets = (kept.fleets ??= fleetsOf(kept, world));
  const last = lastOf(kept);
  const out = new Ascii(last.isFree ? last.memory : memoryFor(kept));
  const all = createRollup();
  let sliceEndsAt = performance.now() + SLICE_MS;
  out.text(`{"generated_at": "${isoTime(shown(world, kept.builtAt))}", "fleets": [`);
  for (const [i, fleet] of fleets.entries()) {
    if (i > 0) out.text(', ');
    writeFleet(out, fleet, all);
    for (const [k, row] of fleet.rows.entries()) {
      if (k > 0) out.text(', ');
      writeRow(out, row, world, last);
      if (performance.now() < sliceEndsAt) continue;
      await nextTurn();
      sliceEndsAt = performance.now() + SLICE_MS;
    }
    out.text(']}');
  }
  out.text('], "global": ');
  writeValues(out, all.values);
  out.text('}');
  return out.written();
}

/** Up to its clusters. */
function writeFleet(out: Ascii, { name, rows }: Fleet, all: Rollup): void {
  const rollup = createRollup();
  let up = 0;
  for (const { cluster } of rows) {
    addCluster(rollup, cluster);
    if (cluster.status === 'up') up++;
  }
  addUp(all, rollup);
  out.text(`{"name": ${jsonText(name)}, "clusters_up": ${up}, "clusters_total": ${rows.length}, "rollup": `);
  writeValues(out, rollup.values);
  out.text(', "clusters": [');
}

/** The last document, from which is copied what did not change. */
interface Last {
  memory: ArrayBuffer;
  bytes: Uint8Array;
  /** Where it begins in there. */
  from: number;
  /** Nobody reads it any more: the next one is written over it. */
  isFree: boolean;
}

/** One that is free goes to the end of its memory, so that the next one, which begins at the start, follows behind it. */
function lastOf({ document }: Kept): Last {
  const body = document?.body ?? Buffer.alloc(0);
  const memory = body.buffer as ArrayBuffer;
  const isFree = document?.readers === 0 && memory.byteLength <= 2 * HEADROOM * body.length;
  const bytes = new Uint8Array(memory);
  const from = isFree ? bytes.length - body.length : body.byteOffset;
  bytes.copyWithin(from, body.byteOffset, body.byteOffset + body.length);
  return { memory, bytes, from, isFree };
}

/** Most texts are as they were, and only copied; one that was written over by now is made anew. */
function writeRow(out: Ascii, row: Row, world: World, last: Last): void {
  const at = out.length;
  const source = last.from + row.at;
  const isThere = !last.isFree || source >= at;
  if (row.isDirty || !isThere) writeCluster(out, world, row.cluster);
  else out.bytes(last.bytes.subarray(source, source + row.length));
  Object.assign(row, { at, length: out.length - at, isDirty: false });
}

/** Views grow and shrink a little from one to the next. */
const HEADROOM = 1.1;
/** Of a cluster with 16 shards: where the first view begins. */
const USUAL_BYTES = 1_500;

function memoryFor({ document, rows }: Kept): ArrayBuffer {
  const length = document?.body.length ?? rows.size * USUAL_BYTES;
  return new ArrayBuffer(Math.ceil(HEADROOM * length));
}
