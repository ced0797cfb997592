// Reads a discord.js 14 client: which shards it hosts and how each is. Typed by what is used of it, so that nothing is imported.
import type { ShardReport, ShardState } from './rows.js';

/** What is used of a discord.js `Client`. */
export interface DiscordClient {
  ws: { shards: ReadonlyMap<number, DiscordShard> };
  guilds?: { cache: { readonly size: number; values: () => Iterable<DiscordGuild> } };
  options: { shards?: unknown; shardCount?: unknown };
  /** discord.js' own ShardingManager. */
  shard?: unknown;
  /** discord-hybrid-sharding. */
  cluster?: unknown;
  /** Itself, as soon as it is logged in. */
  user?: { readonly username: string } | null;
  on: (event: string, listener: (first: unknown, second: unknown) => void) => unknown;
  destroy: () => Promise<void>;
  login?: (token?: string) => Promise<string>;
}

export interface DiscordShard {
  status: number;
  ping: number;
  /** When the last heartbeat that was answered was sent; −1: none yet. */
  lastPingTimestamp: number;
}

interface DiscordGuild {
  shardId: number;
  available: boolean;
}

const [READY, CONNECTING, RECONNECTING, DISCONNECTED, WAITING_FOR_GUILDS, RESUMING] = [0, 1, 2, 5, 6, 8];

const STAYS_CLOSED = new Set([READY, WAITING_FOR_GUILDS, DISCONNECTED]);

/** Discord's gateway is heard every 41 to 45 s. Two beats of it missed: a socket that looks open and is dead. */
const SILENT_AFTER_MS = 100_000;

/** Events after which a shard is another than before. They are not fully reliable: each beat looks at all shards anyway. */
const SHARD_EVENTS = [
  'shardReady',
  'shardResume',
  'shardReconnecting',
  'shardDisconnect',
  'shardError',
  'invalidated',
  'debug',
];
const GUILD_EVENTS = ['guildCreate', 'guildDelete', 'guildAvailable', 'guildUnavailable'];

interface Seen {
  /** Its connection was closed for good. discord.js may call it ready afterwards, when it gives up on waiting for guilds. */
  isClosed: boolean;
  /** It was ready before, so that connecting means coming back. */
  wasReady: boolean;
  readyAt: number;
}

export interface DiscordSource {
  shards: () => ShardReport[];
  shardCount: () => number | null;
  /** The id of its cluster or of its first shard, where one was given from outside; null: it is alone. */
  clusterId: () => string | null;
  /** The first of the shards it was told to host; 0 where it was told none, for then it hosts all. */
  firstShard: () => number;
  /** The bot's username; null: it is not logged in yet. */
  name: () => string | null;
}

/** `changed` is called when a look at the shards may be worth it. */
export function readDiscord(client: DiscordClient, changed: () => void, now: () => number): DiscordSource {
  const seen = new Map<number, Seen>();
  const guilds = createGuildCounts(client);
  for (const event of SHARD_EVENTS) client.on(event, changed);
  client.on('shardDisconnect', (_, id) => (seenOf(seen, Number(id)).isClosed = true));
  const guildsChanged = (): void => {
    guilds.stale();
    changed();
  };
  for (const event of GUILD_EVENTS) client.on(event, guildsChanged);
  const report = (id: number): ShardReport => {
    const shard = client.ws.shards.get(id);
    if (!shard) return { id, state: 'starting' };
    const { total, missing } = guilds.of(id);
    return {
      id,
      state: stateOf(shard, seenOf(seen, id), now()),
      latencyMs: shard.ping,
      guilds: total,
      unavailable: missing,
    };
  };
  return {
    shards: () => {
      guilds.refresh();
      return [...new Set([...hostedBy(client), ...client.ws.shards.keys()])].map(report);
    },
    shardCount: () => totalOf(client),
    clusterId: () => clusterOf(client),
    firstShard: () => hostedBy(client)[0] ?? 0,
    name: () => client.user?.username ?? null,
  };
}

function seenOf(all: Map<number, Seen>, id: number): Seen {
  const known = all.get(id) ?? { isClosed: false, wasReady: false, readyAt: 0 };
  all.set(id, known);
  return known;
}

function stateOf({ status, lastPingTimestamp }: DiscordShard, seen: Seen, now: number): ShardState {
  if (!STAYS_CLOSED.has(status)) seen.isClosed = false;
  switch (status) {
    case READY:
    case WAITING_FOR_GUILDS:
      if (seen.isClosed) return 'offline';
      if (!seen.wasReady) Object.assign(seen, { wasReady: true, readyAt: now });
      return now - Math.max(lastPingTimestamp, seen.readyAt) > SILENT_AFTER_MS ? 'unhealthy' : 'online';
    case DISCONNECTED:
      seen.wasReady = false;
      return 'offline';
    case RECONNECTING:
    case RESUMING:
    case CONNECTING:
      if (!seen.wasReady) return 'starting';
      seen.readyAt = now; // it is being heard anew
      return 'resuming';
    default: // Idle, Nearly, Identifying: a new session
      seen.wasReady = false;
      return 'starting';
  }
}

interface GuildCounts {
  stale: () => void;
  refresh: () => void;
  of: (shard: number) => { total: number | undefined; missing: number | undefined };
}

/** Counted again only when a guild came, went, or is there (again): there may be a hundred thousand. */
function createGuildCounts({ guilds }: DiscordClient): GuildCounts {
  let counts = new Map<number, { total: number; missing: number }>();
  let counted = -1;
  return {
    stale: () => void (counted = -1),
    refresh: () => {
      if (!guilds || guilds.cache.size === counted) return;
      counts = new Map();
      counted = guilds.cache.size;
      for (const { shardId, available } of guilds.cache.values()) {
        const one = counts.get(shardId) ?? { total: 0, missing: 0 };
        one.total++;
        if (!available) one.missing++;
        counts.set(shardId, one);
      }
    },
    of: (shard) => (guilds ? (counts.get(shard) ?? { total: 0, missing: 0 }) : NOTHING),
  };
}

const NOTHING = { total: undefined, missing: undefined };

interface HybridInfo {
  SHARD_LIST?: unknown;
  TOTAL_SHARDS?: unknown;
  CLUSTER?: unknown;
}

const infoOf = ({ cluster }: DiscordClient): HybridInfo =>
  (cluster as { info?: HybridInfo } | undefined)?.info ?? {};

/** The shards it was told to host, which it has before it connects. */
function hostedBy(client: DiscordClient): number[] {
  const told = [infoOf(client).SHARD_LIST, client.options.shards].find(Array.isArray) as
    unknown[] | undefined;
  return (told ?? []).filter((id): id is number => Number.isInteger(id));
}

function totalOf(client: DiscordClient): number | null {
  const told = [infoOf(client).TOTAL_SHARDS, client.options.shardCount].map(Number);
  return told.find((count) => Number.isInteger(count) && count > 0) ?? null;
}

function clusterOf(client: DiscordClient): string | null {
  const { CLUSTER } = infoOf(client);
  if (typeof CLUSTER === 'number') return `${CLUSTER}`;
  const isManaged = client.shard !== null && client.shard !== undefined;
  return isManaged ? `shard-${hostedBy(client)[0] ?? 0}` : null;
}
