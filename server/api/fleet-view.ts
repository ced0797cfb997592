// The whole fleet view: a text a cluster, made anew when something of that cluster changed, and all of them joined.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Change } from '../core/change.js';
import { NONE } from '../core/claim-table.js';
import { addCluster, addUp, createRollup, type Rollup } from '../core/rollup.js';
import { hostOf } from '../core/stance.js';
import type { Bot, Cluster, World } from '../core/world.js';
import { createDocument, type Document } from '../http/cached.js';
import { clusterJson, isoTime, jsonText, valuesJson } from './fleet-json.js';

/** Beats must not wait for a view of thousands of clusters. */
const SLICE_MS = 5;
const JSON_HEADERS = {
  'content-type': 'application/json; charset=utf-8',
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

interface Fleet {
  name: string;
  /** By number. */
  clusters: Cluster[];
}

/** Where a cluster's text lies in the last document: kept there alone, 7 MB of texts are not kept twice. */
interface Place {
  at: number;
  length: number;
}

/** The text of each cluster, new or in the last document, and what is out of date. */
interface Kept {
  texts: Map<Cluster, string | Place>;
  dirty: Set<Cluster>;
  /** Null: clusters came, went or moved. */
  fleets: Fleet[] | null;
  version: number;
  document: Document | null;
  /** The one before, whose memory the next one takes if nobody reads it any more. */
  former: Document | null;
  builtAt: number;
}

export function createFleetView(options: FleetViewOptions): FleetView {
  const { world, now, maxAgeMs } = options;
  const dirty = new Set(world.clusters.values());
  const kept: Kept = {
    texts: new Map(),
    dirty,
    fleets: null,
    version: 0,
    document: null,
    former: null,
    builtAt: -Infinity,
  };
  let underWay: Promise<Document> | null = null;
  return {
    note: (changes) => {
      for (const change of changes) noteChange(kept, world, change);
    },
    document: async () => {
      if (kept.document && now() - kept.builtAt < maxAgeMs) return kept.document;
      underWay ??= build(kept, options).finally(() => (underWay = null));
      return underWay;
    },
    unchanged: () => (underWay || hasNews(kept) ? null : kept.document),
  };
}

const hasNews = ({ dirty, fleets }: Kept): boolean => dirty.size > 0 || fleets === null;

function noteChange(kept: Kept, world: World, change: Change): void {
  switch (change.type) {
    case 'beat':
    case 'lapsed':
      if (change.holder.kind === 'cluster') kept.dirty.add(change.holder);
      return;
    case 'shard':
      return noteClaimants(kept, world, change.bot, change.shard);
    case 'cluster-status':
      kept.dirty.add(change.cluster);
      return;
    case 'member':
    case 'cluster':
      kept.dirty.add(change.cluster);
      if (isOutOfPlace(kept, change)) kept.fleets = null;
      return;
    case 'forgotten':
      kept.dirty.delete(change.cluster);
      kept.texts.delete(change.cluster);
      kept.fleets = null;
      return;
    case 'status':
    case 'ping':
    case 'bot':
    case 'certainty':
    case 'incident':
    case 'usual':
    case 'double-claim':
    case 'single-claim':
    case 'bot-set':
  }
}

/** New, or under another number or fleet. A change of what it hosts moves nobody. */
const isOutOfPlace = (kept: Kept, change: Extract<Change, { type: 'member' | 'cluster' }>): boolean =>
  change.type === 'member' ? !kept.texts.has(change.cluster) : change.formerly !== null;

/** Whose claim it was that changed is not said: all of them are made anew, which are rarely two. */
function noteClaimants(kept: Kept, world: World, bot: Bot, shard: number): void {
  for (let claim = bot.firstClaim[shard] ?? NONE; claim !== NONE; claim = world.claims.next[claim]!) {
    const cluster = hostOf(world, claim);
    if (cluster) kept.dirty.add(cluster);
  }
}

async function build(kept: Kept, { world, epoch, now, built }: FleetViewOptions): Promise<Document> {
  const startedAt = performance.now();
  if (hasNews(kept)) kept.version++;
  await renew(kept, world);
  kept.fleets ??= fleetsOf(world);
  kept.builtAt = now();
  const body = joined(viewJson(kept.fleets, kept.builtAt), kept);
  kept.former = kept.document;
  kept.document = createDocument(body, `${epoch}-${kept.version}`, JSON_HEADERS);
  built((performance.now() - startedAt) / 1000);
  await nextTurn(); // sending 7 MB takes its time as well
  return kept.document;
}

/** Those that change meanwhile are left to the next build, unless they are new: a new one needs a text. */
async function renew({ texts, dirty }: Kept, world: World): Promise<void> {
  let sliceEndsAt = performance.now() + SLICE_MS;
  for (const cluster of [...dirty]) {
    if (!dirty.delete(cluster)) continue; // forgotten meanwhile
    texts.set(cluster, clusterJson(world, cluster));
    if (performance.now() < sliceEndsAt) continue;
    await nextTurn();
    sliceEndsAt = performance.now() + SLICE_MS;
  }
  await nextTurn();
  for (const cluster of dirty) if (!texts.has(cluster)) texts.set(cluster, clusterJson(world, cluster));
}

/** Fleets by code point, as Python sorts; UTF-8 keeps that order, JavaScript's own does not. */
function fleetsOf(world: World): Fleet[] {
  const byName = new Map<string, Cluster[]>();
  for (const cluster of world.clusters.values()) {
    const clusters = byName.get(cluster.fleet);
    if (clusters) clusters.push(cluster);
    else byName.set(cluster.fleet, [cluster]);
  }
  const fleets = [...byName].map(([name, clusters]) => ({ name, bytes: Buffer.from(name), clusters }));
  fleets.sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  for (const { clusters } of fleets) clusters.sort((a, b) => a.number - b.number);
  return fleets;
}

/** What a view is joined of: texts, and clusters that stand for theirs. */
type Part = string | Cluster;

function viewJson(fleets: Fleet[], at: number): Part[] {
  const all = createRollup();
  const parts: Part[] = [`{"generated_at": "${isoTime(at)}", "fleets": [`];
  fleets.forEach((fleet, i) => {
    if (i > 0) parts.push(', ');
    addFleet(parts, fleet, all);
  });
  parts.push(`], "global": ${valuesJson(all.values)}}`);
  return parts;
}

function addFleet(parts: Part[], { name, clusters }: Fleet, all: Rollup): void {
  const rollup = createRollup();
  let up = 0;
  for (const cluster of clusters) {
    addCluster(rollup, cluster);
    if (cluster.status === 'up') up++;
  }
  addUp(all, rollup);
  const counts = `"clusters_up": ${up}, "clusters_total": ${clusters.length}`;
  parts.push(`{"name": ${jsonText(name)}, ${counts}, "rollup": ${valuesJson(rollup.values)}, "clusters": [`);
  clusters.forEach((cluster, i) => {
    if (i > 0) parts.push(', ');
    parts.push(cluster);
  });
  parts.push(']}');
}

/** Copied once, into place: 7 MB as one string first would take as long again, and as much memory. All of it is ASCII. */
function joined(parts: Part[], { texts, document, former }: Kept): Buffer {
  const textOf = (part: Part): string | Place => (typeof part === 'string' ? part : texts.get(part)!);
  const length = parts.reduce((sum, part) => sum + textOf(part).length, 0);
  const body = memoryFor(length, former);
  let at = 0;
  for (const part of parts) {
    const text = textOf(part);
    if (typeof text === 'string') body.write(text, at, 'latin1');
    else document!.body.copy(body, at, text.at, text.at + text.length);
    if (typeof part !== 'string') texts.set(part, { at, length: text.length });
    at += text.length;
  }
  return body;
}

/** Views grow and shrink a little from one to the next. */
const HEADROOM = 1.1;

/** Two views take turns in the same memory: left to the garbage collector, a dozen of 7 MB would pile up. */
function memoryFor(length: number, former: Document | null): Buffer {
  const free = former?.readers === 0 ? former.body.buffer : null;
  const isFitting = free !== null && free.byteLength >= length && free.byteLength <= 2 * HEADROOM * length;
  return Buffer.from(isFitting ? free : new ArrayBuffer(Math.ceil(length * HEADROOM)), 0, length);
}
