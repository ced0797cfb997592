// What travels between the server and a signed-in operator. `public/README.md` is the document of this file; both sides import it.
import type { ShownName, StateName } from './states.js';
import type { IncidentView } from './wire.js';

/** The roles that see this: an operator may also act. */
export type OperatorRole = 'viewer' | 'operator';

/** `GET /api/session`: who asks. `isOpen`: nobody needs to sign in here, since no token is configured. */
export interface SessionView {
  role: OperatorRole | null;
  isOpen: boolean;
  /** Why the page of the origin in `?from=` gets no socket, and what mends it; null: it gets one, or named none. */
  refused: string | null;
  /** Why nobody has a role that no token grants; null: some token grants it. */
  closed: Record<OperatorRole, string | null>;
  /** What the snippets of the connect page need. */
  connect: ConnectView;
}

export interface ConnectView {
  /** SHARDLIGHT_PUBLIC_URL; null: take the address of the page. */
  url: string | null;
  namespace: string;
  /** Reports and readers need a token here. */
  needsIngestToken: boolean;
  needsViewerToken: boolean;
  requireLease: boolean;
}

/** What a socket watches: everything in outline, the incidents, one fleet, one bot, one cluster by its identity, or one shard. */
export type Scope =
  | 'global'
  | 'incidents'
  | `fleet:${string}`
  | `bot:${string}`
  | `cluster:${string}`
  | `shard:${string}/${number}`;

/** The only frame a client sends; the latest one counts. `v` and `e` as they came last for this scope; else 0 and "". */
export interface WatchFrame {
  op: 'watch';
  scope: Scope;
  v: number;
  e: string;
}

/**
 * A scope is a set of rows by key. A snapshot has them all; a patch puts some, and says which are gone. Rows are whole
 * and absolute, so applying a patch twice does no harm.
 */
export interface ScopeSnapshot {
  op: 'snapshot';
  scope: Scope;
  v: number;
  e: string;
  at: number;
  rows: ScopeRows;
}

export interface ScopePatch {
  op: 'patch';
  scope: Scope;
  /** The version this leads to; it applies to v − 1. */
  /** With the last piece of a snapshot. */
  e?: string;
  v: number;
  at: number;
  put?: ScopeRows;
  gone?: RowKey[];
}

/** Every 5 s without another frame. */
export interface ScopeAlive {
  op: 'alive';
  at: number;
}

/** There is no such fleet, cluster or shard (any more). Should it come, a snapshot follows. */
export interface ScopeMissing {
  op: 'missing';
  scope: Scope;
  at: number;
}

export type OperatorFrame = ScopeSnapshot | ScopePatch | ScopeAlive | ScopeMissing;

/** The session ended: signed out, expired, or its token was rotated out. */
export const CLOSE_SIGNED_OUT = 4001;
/** What the client sent is no watch frame. */
export const CLOSE_BAD_FRAME = 4002;

/** The rows, by the first part of their key. Which scope has which is in `public/README.md`. */
export interface RowTypes {
  /** `bot/<key>`, in every scope: names, and what a guild lookup needs. */
  bot: BotRow;
  /** `now`, in every scope. */
  now: NowRow;
  /** `total`, in global. */
  total: TotalRow;
  /** `fleet/<name>`, in global, and that fleet's own in its scope. */
  fleet: FleetRow;
  /** `cluster/<identity>`: those in trouble in global, all of a fleet or a bot in its scope, the one in a cluster's scope. */
  cluster: ClusterRow;
  /** `trouble/<bot>`, in global: what is wrong with shards for which no cluster speaks. */
  trouble: BotTroubleRow;
  /** `strip/<bot>/<n>`, in global, and the bot's own in its scope: one character a shard, '0' to '7' (stopped on purpose), for the shards from n × 1,024 on. */
  strip: string;
  /** `detail`, in a cluster's scope. */
  detail: ClusterDetail;
  /** `point/<ms since 1970>`, in a cluster's scope: the nine values at that time, in their order. */
  point: number[];
  /** `shard/<bot>/<id>`: a cluster's shards in its scope, the one in a shard's scope. */
  shard: ShardRow;
  /** `claim/<holder>`, in a shard's scope: who says what of it. */
  claim: ClaimRow;
  /** `incident/<id>`, in incidents: those that go on, and the last that ended, 100 together. */
  incident: IncidentView;
  /** `flip/<n>`: the last 100 that the scope is about; n is that of the first of its shards, and counts up. */
  flip: FlipRow;
}

export type RowKind = keyof RowTypes;
/** Kinds of which a scope has one. */
export type SingleKind = 'now' | 'total' | 'detail';
export type RowKey = SingleKind | `${Exclude<RowKind, SingleKind>}/${string}`;
export type ScopeRow = RowTypes[RowKind];
export type ScopeRows = { [key in RowKey]?: ScopeRow };

export const STRIP_SHARDS = 1_024;
export const MAX_SCOPE_FLIPS = 100;
export const MAX_SCOPE_INCIDENTS = 100;
/** Clusters and bots in trouble that global has, the worst of all; `troubles` of the total is how many there are. */
export const MAX_WORST = 30;

export interface BotRow {
  key: string;
  name: string;
  shardCount: number;
  /** Clusters that are part of it. */
  clusters: number;
  certain: boolean;
  /** Shards by state number, 0 to 7. */
  counts: number[];
  /** Shard counts that clusters declare at the moment, ascending; two: resharding. */
  declared: number[];
  /** Shards that several live holders say are Online on theirs. */
  doubleClaims: number[];
  /** Configured by environment, or set by an operator. */
  configured: boolean;
  /** What an operator set; null: nothing. */
  setName: string | null;
  setShardCount: number | null;
}

export interface NowRow {
  /** How long the list of what is wrong is: clusters and bots in trouble, and bounds that are reached. */
  troubles: number;
  /** Something on it is down altogether; else it is worth a look. */
  isDown: boolean;
}

export interface TotalRow {
  /** The nine values, in the order of the Argus contract. */
  values: number[];
  fleets: number;
  clusters: number;
  clustersUp: number;
  /** Clusters and bots with something wrong. */
  troubles: number;
  /** Shards that nobody reports, of all bots that were heard. */
  shardsMissing: number;
  /** When the incident that ended last did; null: none ever did. */
  endedAt: number | null;
  /** The variables whose bound is reached, so that what is new is refused; absent: none is. */
  full?: string[];
}

export interface FleetRow {
  name: string;
  clusters: number;
  clustersUp: number;
  clustersStopped: number;
  values: number[];
  /** When the first of those that are stopped on purpose was; null: none is, or it is not known. */
  stoppedAt: number | null;
  /** The worst cluster, and what is known of it; null: nothing is wrong. */
  worst: WorstOfFleet | null;
}

export type WorstOfFleet = Pick<
  ClusterRow,
  'identity' | 'number' | 'status' | 'shards' | 'shardsDown' | 'shardsMissing' | 'notes' | 'values'
>;

export type ClusterStatusName = 'up' | 'down' | 'stopped';

export interface ClusterRow {
  identity: string;
  fleet: string;
  number: number;
  bot: string;
  status: ClusterStatusName;
  /** Since when it has that status; null: not known. */
  since: number | null;
  seenAt: number;
  version: string;
  values: number[];
  /** Shards it claims, and how many of them are Online. */
  shards: number;
  shardsOnline: number;
  /** Those of them that do not work by its word, or by its silence; since when the first of them does not. */
  shardsDown: number;
  downSince: number | null;
  /** Those of them of which it says no state. */
  shardsMissing: number;
  /** The first 8 ranges of those that do not work, or else of which it says no state: "0-15,32". */
  which: string;
  /** Gateway latency over the last points, oldest first: each a base-36 digit, z the largest of them. */
  spark: string;
  /** What an operator should look at. */
  notes: ClusterNote[];
}

export type ClusterNote = 'double-claim' | 'snapshot-too-large' | 'two-senders' | 'two-addresses';

/** What is wrong with the shards of a bot for which no cluster speaks. */
export interface BotTroubleRow {
  bot: string;
  /** How many the bot has. */
  shards: number;
  /** Those that do not work by a word of the batch route or of Glance; since when the first of them does not. */
  shardsDown: number;
  downSince: number | null;
  /** Those that nobody reports, though the bot was heard. */
  shardsMissing: number;
  /** Those that the batch route and Glance both say are Online. */
  doubleClaims: number;
  /** The first 8 ranges of those that it is about, of the worst kind: "0-15,32". */
  which: string;
}

export interface ClusterDetail {
  host: string;
  scrapeTarget: string;
  /** What was wrong in its reports and counts as not said: "scrape target dropped: no port". */
  dropped: string[];
  firstSeenAt: number;
  lease: 'none' | 'held' | 'required';
  /** When its last report was too long to read; null: it was not. */
  oversizedAt: number | null;
  /** The two addresses that it is heard from in turns, newest first; empty: one only, or it merely moved. */
  addresses: string[];
  /** The bot an operator assigned it to; null: the rules decide. */
  assignedBot: string | null;
  /** The bans that its identity matches, as operators wrote them. */
  bans: string[];
  shardsConfigured: number | null;
  reconnects: number | null;
  disconnects: number | null;
  loopLagSeconds: number | null;
  libraryVersion: string | null;
  argusVersion: string | null;
}

export interface ShardRow {
  bot: string;
  shard: number;
  state: ShownName;
  since: number | null;
  latencyMs: number | null;
  /** Whose word counts; null: nobody's, or an anonymous holder's. */
  cluster: { identity: string; name: string } | null;
  guilds: number | null;
  unavailable: number | null;
}

export interface ClaimRow {
  /** A cluster's identity, or "glance" or "batch". */
  holder: string;
  /** "asia #2"; null for the anonymous ones. */
  cluster: string | null;
  state: ShownName;
  since: number;
  seenAt: number;
  decides: boolean;
}

/** Shards of a bot that flipped alike in one second. */
export interface FlipRow {
  at: number;
  bot: string;
  /** The first 64 ranges of them, "0-15,32", and how many they are. */
  shards: string;
  count: number;
  from: StateName;
  to: StateName;
  /** The cluster that fell silent or stopped and took the shard with it ("asia #2"); null: its own flip. */
  cause: string | null;
  planned: boolean;
}

/** `GET /api/operator/search?q=`: at most 20, best first. Guild IDs are worked out in the browser from the bots' rows. */
export interface SearchView {
  hits: SearchHit[];
}

export type SearchHit =
  | { kind: 'fleet'; fleet: string }
  | { kind: 'cluster'; identity: string; fleet: string; number: number; status: ClusterStatusName }
  | { kind: 'shard'; bot: string; shard: number; state: ShownName };
