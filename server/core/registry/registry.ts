// The registry: rules, bots, clusters, numbers and bans. It follows from durable events alone, so a crash takes nothing of it.

export const MAX_SHARD_COUNT = 16_384;
export const MAX_LEARNT_BOTS = 64;
/** The bot where reports go that name none, on a server that knows none. */
export const DEFAULT_BOT = 'main';

/** What a bot may be called, wherever it comes from; upper and lower case are different keys. */
export const BOT_KEY = /^[A-Za-z0-9_-]{1,64}$/;

/** What the operator configured, as plain JSON. It comes with the event `rules`, and is kept, so that replay judges as it was judged. */
export interface Rules {
  /** Lease of a claim by an anonymous holder. */
  shardLeaseMs: number;
  /** Lease of a cluster: heartbeat interval × ttl factor. */
  clusterLeaseMs: number;
  /** How often clusters beat, and so how far apart the points of their trends are. */
  heartbeatMs: number;
  /** Known clusters must show their lease. */
  requireLease: boolean;
  /** Reports may create bots. */
  learnBots: boolean;
  maxClusters: number;
  /** Shards of all bots whose count is neither configured nor an operator's word. */
  maxLearntShards: number;
  /** Claims of all holders. */
  maxClaims: number;
  /** Fleets that ever were: their numbers stay taken. */
  maxFleets: number;
  maxFleetsPerIdentity: number;
  /** Which bot a member belongs to, first match wins. */
  memberRows: MemberRow[];
  configuredBots: ConfiguredBot[];
}

export interface ConfiguredBot {
  key: string;
  shardCount: number;
  name: string;
}

/** `identity` is a glob with `*`; a row has one of the two. */
export type MemberRow = { identity: string; bot: string } | { fleet: string; bot: string };

/** Of a server on which nothing was configured yet. */
export const NO_RULES: Rules = {
  shardLeaseMs: 45_000,
  clusterLeaseMs: 45_000,
  heartbeatMs: 15_000,
  requireLease: false,
  learnBots: false,
  maxClusters: 0,
  maxLearntShards: 0,
  maxClaims: 0,
  maxFleets: 0,
  maxFleetsPerIdentity: 0,
  memberRows: [],
  configuredBots: [],
};

/** A bot, as far as configuration and operators say. */
export interface RegisteredBot {
  readonly key: string;
  /** By configuration; null: it names no name, or the key. */
  givenName: string | null;
  /** By configuration; null: the bot was learnt. */
  configuredCount: number | null;
  /** What an operator set; null: nothing. */
  setName: string | null;
  setShardCount: number | null;
}

/** A cluster, as far as its registrations and operators say. */
export interface Member {
  readonly identity: string;
  /** The one it is counted to. */
  bot: RegisteredBot;
  fleet: string;
  number: number;
  /** The number it has in every fleet it was ever in: moving back reclaims it. */
  numbers: Map<string, number>;
  version: string;
  /** The bot it named itself; null: the rules decided. */
  saidBot: string | null;
  /** The bot that an operator assigned it to, whatever it says itself; null: none. */
  assignedBot: string | null;
  firstSeenAt: number;
  /** Hex HMAC of the lease issued last; "": none, the next register claims the identity. */
  leaseHash: string;
  /** Of the lease before, good until the new one was used once; "": there was none to show, null: it is void. */
  formerLeaseHash: string | null;
  /** An operator's ban matches its identity. */
  isBanned: boolean;
  /** The machine it runs on; "": not said. */
  host: string;
  /** Where Prometheus may scrape it; "": nowhere. */
  scrapeTarget: string;
  /** What was wrong in its last register, and counts as not said; in words for operators. */
  droppedAtRegister: readonly string[];
}

/** The world has these, and much more; what is typed so reaches no more of it. */
export interface Registry {
  readonly rules: Rules;
  /** In the order they are shown. */
  readonly bots: ReadonlyMap<string, RegisteredBot>;
  /** By identity. */
  readonly clusters: ReadonlyMap<string, Member>;
  /** The highest number given in each fleet; never counts down. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Globs of identities from which nothing is taken. */
  readonly bans: ReadonlySet<string>;
}

/** What nobody's report changes: an operator's word, else the configuration; null: reports decide. */
export const fixedCount = ({
  setShardCount,
  configuredCount,
}: Pick<RegisteredBot, 'setShardCount' | 'configuredCount'>): number | null =>
  setShardCount ?? configuredCount;
