// What travels between server and browser. `public/README.md` is the document of this file; both sides import it.
import type { ShardColumns } from './columns.js';
import type { StateName } from './states.js';

/** How many shards of a bot are in each state; of the Offline ones, `planned` were stopped on purpose. */
export type Counts = Record<StateName, number> & { planned: number };

/** A cluster as the public sees it: its name ("asia #2") and the shards it hosts ("0-15,32"). */
export interface ClusterView {
  name: string;
  shards: string;
}

/** [shard id, since when in ms since 1970] */
export type NotReady = [id: number, since: number];

/** How many ms recoveries from a state usually take: the median of the last 20; missing below 5 of them. */
export type Usual = Partial<Record<'unhealthy' | 'offline' | 'starting' | 'resuming', number>>;

/** Shards of one bot that stopped working together, until all are online again. */
export interface IncidentView {
  id: string;
  bot: string;
  /** The cluster that fell silent; null: none did, or clusters are not shown. */
  cause: string | null;
  /** Offline where one of the shards was said to be, else unhealthy. */
  state: StateName;
  /** The first 64 ranges of all shards it affected, "0-15,32", and how many it affected. */
  shards: string;
  count: number;
  /** How many of those are not working now; 0 does not mean that all are back. */
  down: number;
  startedAt: number;
  /** Null while it goes on. */
  endedAt: number | null;
}

/** Incidents in a view. */
export const MAX_INCIDENTS = 20;

/** One bot. `states` has one character per shard, '0' to '6'. Times are ms since 1970; null: never. */
export interface BotView {
  key: string;
  name: string;
  shardCount: number;
  /** False while the shard count is a guess or declared counts disagree: say "at least". */
  certain: boolean;
  states: string;
  counts: Counts;
  heardAt: number | null;
  notReady: NotReady[];
  /** The Offline shards that were stopped on purpose, "0-15,32": no trouble, and not down. Since when says `notReady`. */
  planned: string;
  clusters: ClusterView[];
  usual: Usual;
}

/** Everything the public may see, at one version. Versions count up within one epoch (one run of the server). */
export interface PublicView {
  version: number;
  epoch: string;
  at: number;
  title: string;
  bots: BotView[];
  /** At most 20: those that go on, latest first, then those that ended last. */
  incidents: IncidentView[];
}

/** One shard, as the lookup and `GET /api/bots/:bot/shards/:id` answer. Null where unknown. */
export interface ShardView {
  bot: string;
  name: string;
  shard: number;
  shardCount: number;
  certain: boolean;
  state: StateName;
  /** Offline since it was stopped on purpose. */
  planned: boolean;
  since: number | null;
  latencyMs: number | null;
  /** When it was last seen, where it fell silent while nobody could be heard. */
  notSeenSince?: number;
  cluster: string | null;
  /** Online, and still waiting for some of its servers. */
  loading: boolean;
}

/** The ids that follow those said of a cluster already: one may list more ranges than a frame holds. */
export interface MoreOfCluster {
  name: string;
  more: string;
}

/** What changed in one bot. A cluster replaces the one of its name; without shards it is gone. */
export interface BotPatch {
  key: string;
  heardAt: number | null;
  shards?: ShardColumns;
  clusters?: (ClusterView | MoreOfCluster)[];
  usual?: Usual;
}

/** A bot before anything is said of its shards, all Unknown. */
export type BareBot = Pick<BotView, 'key' | 'name' | 'shardCount' | 'certain' | 'heardAt' | 'usual'>;

/** The bot begins anew, and patches follow: it is new, or its name or shard count changed. */
export interface BotReplacement {
  key: string;
  whole: BareBot;
}

interface Changes {
  /** The version this leads to. */
  v: number;
  at: number;
  /** Only when it changed: without a configured title the page is named after its bots. */
  title?: string;
  /** A bot may come more than once, in order. */
  bots: (BotPatch | BotReplacement)[];
  /** The whole list, when it changed; an id alone stands for an incident that is as it was. */
  incidents?: (IncidentView | string)[];
  /** The next patch belongs to it: nothing is shown before that one has come. */
  more?: true;
}

/** Applies to v − 1. */
export interface PatchFrame extends Changes {
  op: 'patch';
}

/** Applies to nothing: what is known is forgotten. */
export interface SnapshotFrame extends Changes {
  op: 'snapshot';
  /** The epoch. */
  e: string;
}

/** Sent every 5 s without a new version: the connection lives, and when each bot was last heard. */
export interface AliveFrame {
  op: 'alive';
  at: number;
  heardAt: Record<string, number | null>;
}

export type LiveFrame = SnapshotFrame | PatchFrame | AliveFrame;

/** Close code of a clean stop; the close reason is how many ms to wait before coming back. */
export const CLOSE_RESTART = 1012;
/** Close code when an address holds too many sockets. */
export const CLOSE_TOO_MANY = 4008;

/** Close code for a page that speaks another protocol than this server: it asks for the view instead. */
export const CLOSE_OTHER_PROTOCOL = 4009;
/** What a browser says it speaks, as `p`. */
export const PROTOCOL = '2';

/** A frame, and all that a socket gets in a turn of the server: above 16 KiB its memory stays with the socket. */
export const MAX_FRAME_BYTES = 16_000;

/** How often `alive` comes, and after how long without any frame a browser must say that it is behind. */
export const ALIVE_EVERY_MS = 5_000;
export const BEHIND_AFTER_MS = 12_000;
