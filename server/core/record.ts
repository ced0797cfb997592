// What the state file holds of the world (schema version 3): all of it, so that a world put back goes on as if nothing had been.
import type { Flip } from './past/flips.js';
import type { IncidentRecord } from './past/incidents.js';
import type { RecoveryLengths, RecoveryUnderWay } from './past/recoveries.js';
import type { Rules } from './registry/registry.js';
import type { ClusterStatus } from './fact.js';

export const RECORD_VERSION = 3;

/**
 * [shard, state, since, last seen, how its lease is: HELD to UNHEARD in `claim-table.ts`, since when it speaks for the shard
 * without a break, latency in ms, guilds, guilds waited for]; null: not said. What is null at the end is left out.
 */
export type ClaimRecord = [
  shard: number,
  state: number,
  since: number,
  seenAt: number,
  lease: number,
  heldFrom: number,
  latencyMs?: number | null,
  guilds?: number | null,
  unavailable?: number | null,
];

/** A fleet and a number in it; pairs, for a fleet may be called anything. */
export type NumberRecord = [fleet: string, number: number];

export interface HolderRecord {
  seenAt: number;
  declaredCount: number | null;
  declaredAt: number;
  claims: ClaimRecord[];
}

export interface BotRecord {
  key: string;
  givenName: string | null;
  configuredCount: number | null;
  setName: string | null;
  setShardCount: number | null;
  saidName: string | null;
  shardCount: number;
  declared: boolean;
  certain: boolean;
  lastDeclared: number | null;
  largestId: number;
  heardAt: number | null;
  /** The state after the last flip, one character a shard. */
  flippedTo: string;
  /** Since when a shard is in its state, where its claims do not say that. */
  since: [shard: number, since: number][];
  glance: HolderRecord | null;
  batch: HolderRecord | null;
  history: HistoryRecord;
}

/** In the bot's own piece, so that it fits `flippedTo`. */
export interface HistoryRecord {
  /** How many incidents the bot ever had. */
  count: number;
  /** Ended ones in the order they ended, then open ones in the order they began. */
  incidents: IncidentRecord[];
  recoveries: RecoveryLengths;
  underWay: RecoveryUnderWay[];
}

export interface ClusterRecord extends HolderRecord {
  identity: string;
  fleet: string;
  number: number;
  numbers: NumberRecord[];
  version: string;
  saidBot: string | null;
  assignedBot: string | null;
  /** The bot it is counted to, and its claims are about. */
  bot: string;
  firstSeenAt: number;
  leaseHash: string;
  /** Null: void. */
  formerLeaseHash: string | null;
  host: string;
  scrapeTarget: string;
  droppedAtRegister: readonly string[];
  usedLeaseHash: string;
  noCountAtRegister: string | null;
  droppedAtBeat: readonly string[];
  status: ClusterStatus;
  statusAt: number;
  oversizedAt: number;
  /** In the order of the fields of `Senders`. */
  senders: number[];
}

/** The world at a moment, exactly: put back, it goes on as if nothing had been. Measures are kept beside it. */
export interface WorldRecord {
  version: typeof RECORD_VERSION;
  savedAt: number;
  /** It holds every durable event up to this one, and none after it. */
  sequence: number;
  rules: Rules;
  leasesFrom: number;
  unheardBefore: number;
  skewMs: number;
  numbers: NumberRecord[];
  /** Globs of identities. */
  bans: string[];
  bots: BotRecord[];
  clusters: ClusterRecord[];
  /** How many facts were told, ever. */
  told: number;
  /** How many flips there ever were. */
  flipCount: number;
  flips: Flip[];
}
