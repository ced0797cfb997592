// Reads the few numbers we keep out of the metrics snapshot that an Argus cluster sends with its beats (RULES 10).
import { OFFLINE, ONLINE, type State } from '../../public/shared/states.js';
import type { ShardRow } from './event.js';
import { nothingMeasured, type Measured } from './measured.js';
import { MAX_SHARD_COUNT } from './world.js';

export interface SnapshotReading {
  /** Null when the snapshot says nothing about shards at all. */
  rows: ShardRow[] | null;
  /** The bot's shard count, when this cluster hosts every shard it configures. */
  shardCount: number | null;
  measured: Measured;
  /** Samples that were not understood. */
  skipped: number;
}

/** What we read from samples, before it becomes rows. */
interface Gathered {
  up: Map<number, boolean>;
  latencyMs: Map<number, number>;
  /** Shards were named, though without a value. */
  isSharded: boolean;
  connected: number | null;
  configured: number | null;
  skipped: number;
}

/** `namespace`: the metric prefix, "discord" unless the bots say otherwise. Never throws, whatever the snapshot is. */
export function readSnapshot(snapshot: Record<string, unknown>, namespace: string): SnapshotReading {
  const gathered: Gathered = {
    up: new Map(),
    latencyMs: new Map(),
    isSharded: false,
    connected: null,
    configured: null,
    skipped: 0,
  };
  const prefix = `${namespace}_shard`;
  const metrics = isObject(snapshot['metrics']) ? snapshot['metrics'] : {};
  for (const family of Object.values(metrics)) {
    if (!isObject(family) || !Array.isArray(family['samples'])) continue;
    for (const sample of family['samples'] as unknown[])
      if (isObject(sample)) gather(gathered, sample, prefix);
  }
  const rows = rowsOf(gathered);
  const shardCount = countOf(rows, gathered.configured);
  return { rows, shardCount, measured: nothingMeasured(), skipped: gathered.skipped };
}

/** A value that is no finite number says nothing: the first beats of a booting shard carry `Infinity`. */
function gather(gathered: Gathered, sample: Record<string, unknown>, prefix: string): void {
  const name = sample['name'];
  if (typeof name !== 'string' || !name.startsWith(prefix)) return;
  const value = numberOf(sample['value']);
  switch (name.slice(prefix.length)) {
    case '_up':
      noteShard(gathered, sample, value, (id, up) => gathered.up.set(id, up >= 1));
      return;
    case '_latency_seconds':
      noteShard(gathered, sample, value, (id, seconds) => gathered.latencyMs.set(id, seconds * 1000));
      return;
    case 's_connected':
      gathered.connected = value;
      return;
    case 's_configured':
      gathered.configured = value;
  }
}

function noteShard(
  gathered: Gathered,
  { labels }: Record<string, unknown>,
  value: number | null,
  note: (id: number, value: number) => unknown,
): void {
  const id = isObject(labels) ? shardId(labels['shard']) : null;
  if (id === null) gathered.skipped++;
  else if (value === null) gathered.isSharded = true;
  else note(id, value);
}

/** A cluster of a plain, unsharded bot says how many shards are connected, and nothing of each: it is shard 0. */
function rowsOf(gathered: Gathered): ShardRow[] | null {
  const ids = new Set([...gathered.up.keys(), ...gathered.latencyMs.keys()]);
  if (ids.size > 0) return [...ids].sort((a, b) => a - b).map((id) => rowOf(gathered, id));
  if (gathered.connected === null || gathered.isSharded) return null;
  return [{ id: 0, state: onlineIf(gathered.connected >= 1), latencyMs: null }];
}

function rowOf(gathered: Gathered, id: number): ShardRow {
  return { id, state: onlineIf(gathered.up.get(id) ?? true), latencyMs: finite(gathered.latencyMs.get(id)) };
}

const finite = (value: number | undefined): number | null => (Number.isFinite(value) ? value! : null);

const onlineIf = (isUp: boolean): State => (isUp ? ONLINE : OFFLINE);

function countOf(rows: ShardRow[] | null, configured: number | null): number | null {
  if (!rows || configured === null || rows.length !== configured) return null;
  return rows.at(-1)!.id === configured - 1 ? configured : null;
}

/** A finite number, as Python's float() reads it: numeric text and booleans count; null for anything else. */
function numberOf(value: unknown): number | null {
  const number =
    typeof value === 'string' && value.trim() === '' ? NaN : Number(isScalar(value) ? value : NaN);
  return Number.isFinite(number) ? number : null;
}

const isScalar = (value: unknown): boolean => ['number', 'string', 'boolean'].includes(typeof value);

function shardId(label: unknown): number | null {
  if (typeof label !== 'string' || !/^\d{1,5}$/.test(label)) return null;
  const id = Number(label);
  return id < MAX_SHARD_COUNT ? id : null;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
