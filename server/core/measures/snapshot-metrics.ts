// Reads the few numbers we keep out of the metrics snapshot that an Argus cluster sends with its beats (RULES 10).
import { OFFLINE, ONLINE, type State } from '../../../public/shared/states.js';
import { addBucket, histogramOf, noBuckets, type Buckets } from './buckets.js';
import type { ShardRow } from '../event.js';
import { nothingMeasured, type Measured, type NumberKey } from './measured.js';
import { ownText } from '../own-text.js';
import { pythonNumber } from './python-number.js';
import { MAX_SHARD_COUNT } from '../registry/registry.js';

export interface SnapshotReading {
  /** Null when the snapshot says nothing about shards at all. */
  rows: ShardRow[] | null;
  /** The bot's shard count, when this cluster hosts every shard it configures. */
  shardCount: number | null;
  measured: Measured;
  /** Families and samples that were not understood. */
  skipped: number;
}

/** What was read so far. */
interface Gathered {
  rows: Map<number, ShardRow>;
  /** Shards were named, though without a value. */
  isSharded: boolean;
  connected: number | null;
  durations: Buckets;
  measured: Measured;
}

type Labels = Record<string, unknown>;

/** Takes in the samples of one name; false when the labels are not understood. */
type Reader = (gathered: Gathered, labels: Labels, value: number | null) => boolean;

/** `namespace`: the metric prefix, "discord" unless the bots say otherwise. Never throws, whatever the snapshot is. */
export function readSnapshot(snapshot: Record<string, unknown>, namespace: string): SnapshotReading {
  const gathered: Gathered = {
    rows: new Map(),
    isSharded: false,
    connected: null,
    durations: noBuckets(),
    measured: nothingMeasured(),
  };
  const readers = readersFor(namespace);
  let skipped = 0;
  const metrics = isObject(snapshot['metrics']) ? snapshot['metrics'] : {};
  for (const family of Object.values(metrics)) {
    const samples = isObject(family) ? family['samples'] : null;
    if (Array.isArray(samples)) skipped += readSamples(gathered, samples, readers);
    else skipped++;
  }
  const rows = rowsOf(gathered);
  const { measured } = gathered;
  measured.durations = histogramOf(gathered.durations);
  if (gathered.rows.size === 0 && rows) measured.shardsUp = rows[0]!.state === ONLINE ? 1 : 0;
  return { rows, shardCount: countOf(rows, measured.shardsConfigured), measured, skipped };
}

/**
 * Says how many were not understood. Samples of one name follow each other: comparing with the last one is cheaper than
 * looking the name up, for which all of it has to be hashed.
 */
function readSamples(gathered: Gathered, samples: unknown[], readers: Map<unknown, Reader>): number {
  let skipped = 0;
  let lastName: unknown;
  let read: Reader | undefined;
  for (const sample of samples) {
    if (!isObject(sample)) {
      skipped++;
      continue;
    }
    const name = sample['name'];
    if (name !== lastName) read = readers.get(name);
    lastName = name;
    if (read === undefined) skipped += typeof name === 'string' ? 0 : 1;
    else if (!readSample(gathered, sample, read)) skipped++;
  }
  return skipped;
}

/** A number that is not finite is no value, and no mistake: the first beats of a booting shard carry `Infinity`. */
function readSample(gathered: Gathered, { value, labels }: Record<string, unknown>, read: Reader): boolean {
  const number = pythonNumber(value);
  return number !== undefined && read(gathered, isObject(labels) ? labels : NO_LABELS, number);
}

const NO_LABELS: Labels = {};

/** The sum over all series. One that would leave the range of numbers is left out. */
const sumOf = (key: NumberKey): Reader => {
  return ({ measured }, _labels, value) => {
    const sum = (measured[key] ?? 0) + (value ?? 0);
    if (value !== null && Number.isFinite(sum)) measured[key] = sum;
    return true;
  };
};

/** As `sumOf`, of what only ever counts up: below zero it is a mistake. */
const totalOf = (key: NumberKey): Reader => {
  const sum = sumOf(key);
  return (gathered, labels, value) => (value ?? 0) >= 0 && sum(gathered, labels, value);
};

const largestOf = (key: NumberKey): Reader => {
  return ({ measured }, _labels, value) => {
    if (value !== null) measured[key] = Math.max(measured[key] ?? -Infinity, value);
    return true;
  };
};

/** One line a sample name, without the namespace. */
const READERS: Record<string, Reader> = {
  shard_up: readUp,
  shard_latency_seconds: readLatency,
  shards_connected: (gathered, _labels, value) => {
    gathered.connected = value;
    return true;
  },
  shards_configured: sumOf('shardsConfigured'),
  guilds: sumOf('guilds'),
  cached_users: sumOf('cachedUsers'),
  uptime_seconds: largestOf('uptimeSeconds'),
  interactions_total: totalOf('interactions'),
  ratelimits_total: totalOf('ratelimits'),
  command_errors_total: totalOf('errors'),
  app_commands_total: totalOf('commands'),
  commands_total: totalOf('commands'),
  app_command_duration_seconds_bucket: ({ durations }, { le }, value) =>
    (value ?? 0) >= 0 && addBucket(durations, le, value ?? 0),
  shard_reconnects_total: totalOf('reconnects'),
  shard_disconnects_total: totalOf('disconnects'),
  event_loop_lag_seconds: largestOf('loopLagSeconds'),
  bot_info: readVersions,
};

/** Names that carry no namespace. */
const PLAIN_READERS: Record<string, Reader> = {
  process_start_time_seconds: largestOf('processStartedAt'),
};

const readersByNamespace = new Map<string, Map<unknown, Reader>>();

/** The readers by full name. There is one namespace in the life of a server: that of its configuration. */
function readersFor(namespace: string): Map<unknown, Reader> {
  let readers = readersByNamespace.get(namespace);
  if (!readers) {
    const named = Object.entries(READERS).map(([name, read]) => [`${namespace}_${name}`, read] as const);
    readers = new Map<unknown, Reader>([...named, ...Object.entries(PLAIN_READERS)]);
    readersByNamespace.set(namespace, readers);
  }
  return readers;
}

const sumUp = sumOf('shardsUp');
const slowest = largestOf('latencySeconds');

function readUp(gathered: Gathered, labels: Labels, value: number | null): boolean {
  const row = rowFor(gathered, labels, value);
  if (row && value !== null) row.state = onlineIf(value >= 1);
  return row !== false && sumUp(gathered, labels, value);
}

function readLatency(gathered: Gathered, labels: Labels, value: number | null): boolean {
  const row = rowFor(gathered, labels, value);
  const milliseconds = (value ?? 0) * 1000;
  if (row && value !== null) row.latencyMs = Number.isFinite(milliseconds) ? milliseconds : null;
  return row !== false && slowest(gathered, labels, value);
}

/** The row of the shard that the labels name, Online until said otherwise. False: they name none; null: it has no value. */
function rowFor(gathered: Gathered, { shard }: Labels, value: number | null): ShardRow | null | false {
  const id = shardId(shard);
  if (id === null) return false;
  gathered.isSharded = true;
  if (value === null) return null;
  let row = gathered.rows.get(id);
  if (!row) gathered.rows.set(id, (row = { id, state: ONLINE, latencyMs: null }));
  return row;
}

export const VERSION_LENGTH = 64;

function readVersions({ measured }: Gathered, labels: Labels): boolean {
  measured.libraryVersion = versionOf(labels['discord_py_version']);
  measured.argusVersion = versionOf(labels['argus_version']);
  return true;
}

function versionOf(label: unknown): string | null {
  if (typeof label !== 'string') return null;
  return label.length <= VERSION_LENGTH ? label : ownText(label.slice(0, VERSION_LENGTH));
}

/** A cluster of a plain, unsharded bot says how many shards are connected, and nothing of each: it is shard 0. */
function rowsOf({ rows, connected, isSharded }: Gathered): ShardRow[] | null {
  if (rows.size > 0) return [...rows.values()].sort((a, b) => a.id - b.id);
  if (connected === null || isSharded) return null;
  return [{ id: 0, state: onlineIf(connected >= 1), latencyMs: null }];
}

/** With what a member's own shard list says, which counts before its metrics. */
export function withShards(measured: Measured | null, rows: ShardRow[]): Measured {
  const latencies = rows.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs / 1000]));
  const slowest = latencies.reduce<number | null>((a, b) => Math.max(a ?? 0, b), null);
  const guilds = rows.flatMap((row) => row.guilds ?? []);
  return {
    ...(measured ?? nothingMeasured()),
    shardsUp: rows.filter(({ state }) => state === ONLINE).length,
    ...(slowest === null ? {} : { latencySeconds: slowest }),
    ...(guilds.length === 0 ? {} : { guilds: guilds.reduce((sum, count) => sum + count, 0) }),
  };
}

const onlineIf = (isUp: boolean): State => (isUp ? ONLINE : OFFLINE);

function countOf(rows: ShardRow[] | null, configured: number | null): number | null {
  if (!rows || configured === null || rows.length !== configured) return null;
  return rows.at(-1)!.id === configured - 1 ? configured : null;
}

function shardId(label: unknown): number | null {
  if (typeof label !== 'string' || !/^\d{1,5}$/.test(label)) return null;
  const id = Number(label);
  return id < MAX_SHARD_COUNT ? id : null;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
