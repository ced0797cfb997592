// The whole fleet view: a text a cluster, written anew when something of that cluster changed, copied from the last view else.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { addCluster, addUp, createRollup, type Rollup } from '../core/measures/rollup.js';
import { shown, type Cluster, type World } from '../core/world.js';
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

/** A cluster's text: where it lies in the last document, and of which revision of the cluster it is. */
interface ClusterText {
  cluster: Cluster;
  at: number;
  length: number;
  revision: number;
}

interface Fleet {
  name: string;
  /** By number. */
  texts: ClusterText[];
}

interface Kept {
  texts: Map<Cluster, ClusterText>;
  fleets: Fleet[];
  /** Of the world, when the last build began. */
  revision: number;
  version: number;
  document: Document | null;
  builtAt: number;
}

export function createFleetView(options: FleetViewOptions): FleetView {
  const { world, now, maxAgeMs } = options;
  const kept: Kept = {
    texts: new Map(),
    fleets: [],
    revision: -1,
    version: 0,
    document: null,
    builtAt: -Infinity,
  };
  let underWay: Promise<Document> | null = null;
  return {
    document: async () => {
      if (!underWay && kept.document && now() - kept.builtAt < maxAgeMs) return kept.document;
      underWay ??= build(kept, options).finally(() => (underWay = null));
      return underWay;
    },
    unchanged: () => (underWay || hasNews(kept, world) ? null : kept.document),
  };
}

/** Something of a cluster changed since the last build began, or one came or went. */
function hasNews({ revision }: Kept, world: World): boolean {
  if (world.revision === revision) return false;
  if (world.listRevision > revision) return true;
  for (const cluster of world.clusters.values()) if (cluster.revision > revision) return true;
  return false;
}

async function build(kept: Kept, options: FleetViewOptions): Promise<Document> {
  await nextTurn(); // who was given the last document has begun to read it by then
  const startedAt = performance.now();
  if (hasNews(kept, options.world)) kept.version++;
  kept.builtAt = options.now();
  const body = await bodyOf(kept, options.world).catch((error: unknown) => {
    Object.assign(kept, { texts: new Map(), revision: -1, document: null }); // nobody knows where the texts lie
    throw error;
  });
  kept.document = createDocument(body, `${options.epoch}-${kept.version}`, HEADERS);
  options.built((performance.now() - startedAt) / 1000);
  await nextTurn(); // sending 7 MB takes its time as well
  return kept.document;
}

/** Fleets by code point, as Python sorts; UTF-8 keeps that order, JavaScript's own does not. */
function fleetsOf({ texts }: Kept, { clusters }: World): Fleet[] {
  for (const cluster of texts.keys()) if (clusters.get(cluster.identity) !== cluster) texts.delete(cluster);
  const byName = new Map<string, ClusterText[]>();
  for (const cluster of clusters.values()) {
    const text = texts.get(cluster) ?? { cluster, at: 0, length: 0, revision: -1 };
    texts.set(cluster, text);
    const fleet = byName.get(cluster.fleet);
    if (fleet) fleet.push(text);
    else byName.set(cluster.fleet, [text]);
  }
  const fleets = [...byName].map(([name, texts]) => ({ name, bytes: Buffer.from(name), texts }));
  fleets.sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  for (const { texts } of fleets) texts.sort((a, b) => a.cluster.number - b.cluster.number);
  return fleets;
}

/** What changes while it is written is in it, or in the next one. */
async function bodyOf(kept: Kept, world: World): Promise<Buffer<ArrayBuffer>> {
  if (world.listRevision > kept.revision) kept.fleets = fleetsOf(kept, world);
  kept.revision = world.revision;
  const { fleets } = kept;
  const last = lastOf(kept);
  const out = new Ascii(last.isFree ? last.memory : memoryFor(kept));
  const all = createRollup();
  let sliceEndsAt = performance.now() + SLICE_MS;
  out.text(`{"generated_at": "${isoTime(shown(world, kept.builtAt))}", "fleets": [`);
  for (const [i, fleet] of fleets.entries()) {
    if (i > 0) out.text(', ');
    writeFleet(out, fleet, all);
    for (const [k, text] of fleet.texts.entries()) {
      if (k > 0) out.text(', ');
      writeClusterText(out, text, world, last);
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
function writeFleet(out: Ascii, { name, texts }: Fleet, all: Rollup): void {
  const rollup = createRollup();
  let up = 0;
  for (const { cluster } of texts) {
    addCluster(rollup, cluster);
    if (cluster.status === 'up') up++;
  }
  addUp(all, rollup);
  out.text(`{"name": ${jsonText(name)}, "clusters_up": ${up}, "clusters_total": ${texts.length}, "rollup": `);
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
function writeClusterText(out: Ascii, text: ClusterText, world: World, last: Last): void {
  const at = out.length;
  const source = last.from + text.at;
  const isThere = !last.isFree || source >= at;
  const { revision } = text.cluster;
  if (text.revision !== revision || !isThere) writeCluster(out, world, text.cluster);
  else out.bytes(last.bytes.subarray(source, source + text.length));
  Object.assign(text, { at, length: out.length - at, revision });
}

/** Views grow and shrink a little from one to the next. */
const HEADROOM = 1.1;
/** Of a cluster with 16 shards: where the first view begins. */
const USUAL_BYTES = 1_500;

function memoryFor({ document, texts }: Kept): ArrayBuffer {
  const length = document?.body.length ?? texts.size * USUAL_BYTES;
  return new ArrayBuffer(Math.ceil(HEADROOM * length));
}
