// What followed from an event, as plain data: the core's only output. Facts say what happened; how it is, the world says.
import type { State } from '../../public/shared/states.js';
import type { Usual } from '../../public/shared/wire.js';

/** A shard's state changed, or whose word it is did: then `from` is `to`. */
export interface ShardFact {
  type: 'shard';
  bot: string;
  shard: number;
  from: State;
  to: State;
  /** When it happened, which may be before it was noticed. */
  since: number;
  /** The cluster that fell silent and took the shard with it ("asia #2"). */
  cause: string | null;
  /** The identity whose word counts, and the one whose word did before; null: nobody's, or one that names no cluster. */
  holder: string | null;
  formerly: string | null;
  /** False: only what we know of it changed. */
  isFlip: boolean;
}

/** Up: it beats. Stopped: it said goodbye. One that is up keeps its status over a gap, and for one lease after it. */
export type ClusterStatus = 'up' | 'down' | 'stopped';

/** A cluster came up, fell silent or stopped. */
export interface ClusterFact {
  type: 'cluster';
  identity: string;
  from: ClusterStatus;
  to: ClusterStatus;
  since: number;
}

/** A cluster registered, for the first time or again; or moved, or was forgotten. */
export interface MemberFact {
  type: 'member';
  identity: string;
  fleet: string;
  number: number;
  version: string;
  bot: string;
  /** The name it had ("asia #2"), and the bot: where it has another now, or is gone. */
  formerly: string | null;
  formerBot: string | null;
  isForgotten: boolean;
}

/** A bot is new, or its name, its shard count or whether that is certain changed. */
export interface BotFact {
  type: 'bot';
  bot: string;
  name: string;
  shardCount: number;
  /** Null: it is new. */
  formerCount: number | null;
  certain: boolean;
}

/** How long recoveries of a bot usually take changed. */
export interface UsualFact {
  type: 'usual';
  bot: string;
  usual: Usual;
}

export type IncidentStep = 'opened' | 'reopened' | 'grew' | 'shrank' | 'changed' | 'ended';

/** Once an incident and event. `changed`: a shard of it is on its way, or is not any more. */
export interface IncidentFact {
  type: 'incident';
  bot: string;
  number: number;
  step: IncidentStep;
  cause: string | null;
  startedAt: number;
  /** How many shards it ever affected, and how many of them are not back. */
  shards: number;
  down: number;
}

/** Several holders now say that a shard is Online on theirs; none: they no longer do. */
export interface DoubleClaimFact {
  type: 'double-claim';
  bot: string;
  shard: number;
  /** An identity with the cluster's name, or the dialect that names none. */
  holders: HolderName[];
}
export type HolderName = { identity: string; name: string } | { dialect: 'glance' | 'batch' };

/** A Glance bot said a state, changed or not, or gave a sign of life; `isRevived` when that ended an Unhealthy. */
export interface SaidFact {
  type: 'said';
  bot: string;
  shard: number;
  how: 'status' | 'ping';
  isRevived: boolean;
}

/** Two processes report under one identity. */
export interface TwoSendersFact {
  type: 'two-senders';
  identity: string;
}

/** An operator's act, and whom it is about. */
export interface WordFact {
  type: 'word';
  act: 'set-bot' | 'assign' | 'release' | 'forget' | 'ban' | 'allow';
  subject: string;
}

/** Nobody could be heard from then until `at`; of these bots nothing is known until they are. */
export interface GapFact {
  type: 'gap';
  from: number;
  unknown: string[];
}

/** Every time that people read is another now. */
export interface ClockFact {
  type: 'clock';
  skewMs: number;
}

export type What =
  | ShardFact
  | ClusterFact
  | MemberFact
  | BotFact
  | UsualFact
  | IncidentFact
  | DoubleClaimFact
  | SaidFact
  | TwoSendersFact
  | WordFact
  | GapFact
  | ClockFact;

/** `n` counts all facts there ever were; `at` is the time of the event that it followed from. */
export type Fact = What & { n: number; at: number };

/** Whom it is about: of two facts of one type and key the later one holds. */
export function keyOf(fact: What): string {
  switch (fact.type) {
    case 'shard':
    case 'double-claim':
    case 'said':
      return `${fact.bot}/${fact.shard}`;
    case 'cluster':
    case 'member':
    case 'two-senders':
      return fact.identity;
    case 'bot':
    case 'usual':
      return fact.bot;
    case 'incident':
      return `${fact.bot}-${fact.number}`;
    case 'word':
      return fact.subject;
    case 'gap':
    case 'clock':
      return '';
  }
}
