// What is said of a shard: read from whatever the bot gives, so that nothing odd ever reaches the wire or throws.

export type ShardState =
  'unknown' | 'unhealthy' | 'offline' | 'online' | 'starting' | 'stopping' | 'resuming';

/** One shard, as the bot knows it now. What is not known is left out. */
export interface ShardReport {
  id: number;
  state: ShardState;
  /** Gateway latency. −1, NaN and Infinity are what libraries say before they have measured: they are left out. */
  latencyMs?: number | undefined;
  /** How many guilds it has, and how many of those are not there yet. Never which. */
  guilds?: number | undefined;
  unavailable?: number | undefined;
}

/** The same on the wire. */
export interface WireShard {
  id: number;
  state: ShardState;
  latency_ms?: number;
  guilds?: number;
  unavailable?: number;
}

const STATES: ReadonlySet<string> = new Set<ShardState>([
  'unknown',
  'unhealthy',
  'offline',
  'online',
  'starting',
  'stopping',
  'resuming',
]);
/** More than Discord gives to one bot; a list beyond it is a mistake. */
const MAX_SHARDS = 16_384;
const TENTHS = 10;

/** Rows of what makes sense, by id; the last of two for one shard counts. */
export function rowsOf(shards: Iterable<ShardReport>): Map<number, WireShard> {
  const rows = new Map<number, WireShard>();
  for (const shard of shards) {
    const { id, state, latencyMs, guilds, unavailable } = shard;
    if (!isCount(id) || id >= MAX_SHARDS || !STATES.has(state)) continue;
    const row: WireShard = { id, state };
    if (typeof latencyMs === 'number' && latencyMs >= 0 && latencyMs < Infinity)
      row.latency_ms = Math.round(latencyMs * TENTHS) / TENTHS;
    if (isCount(guilds)) row.guilds = guilds;
    if (isCount(unavailable)) row.unavailable = unavailable;
    rows.set(id, row);
  }
  return rows;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** The rows that people see differently from what was said last. Latency and numbers can wait for the next beat. */
export const changedRows = (now: Map<number, WireShard>, said: Map<number, WireShard>): WireShard[] =>
  [...now.values()].filter((row) => looksOf(row) !== looksOf(said.get(row.id)));

/** Its state, and whether it waits for guilds. */
const looksOf = (row: WireShard | undefined): string => `${row?.state} ${(row?.unavailable ?? 0) > 0}`;
