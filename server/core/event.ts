// Everything that can happen: the closed list of events from outside. Times are ms since 1970, by our clock, on arrival.
import type { State } from '../../public/shared/states.js';
import type { Answers } from './answer.js';
import type { Measured } from './measures/measured.js';
import type { Rules } from './registry/registry.js';

/** One shard as its holder reports it. `latencyMs` null: not said, or not a number yet. */
export interface ShardRow {
  id: number;
  state: State;
  latencyMs: number | null;
  /** How many guilds it has, and how many of them it is still waiting for; absent: not said. */
  guilds?: number;
  unavailable?: number;
}

/** A Glance bot said the state of one shard. */
export interface StatusEvent {
  type: 'status';
  at: number;
  bot: string;
  shard: number;
  /** As sent: any whole number. */
  state: number;
}

/** A Glance bot gave a sign of life for one shard, without a state. */
export interface HealthEvent {
  type: 'health';
  at: number;
  bot: string;
  shard: number;
}

/** Some shards of one bot, in one report of our own batch route. */
export interface BatchEvent {
  type: 'batch';
  at: number;
  bot: string;
  shardCount: number | null;
  rows: ShardRow[];
}

/** A cluster presents itself; the answer is its number in its fleet. */
export interface RegisterEvent {
  type: 'register';
  at: number;
  identity: string;
  fleet: string;
  version: string;
  /** The bot it says it belongs to; null: let the rules decide. */
  bot: string | null;
  /** What people call its bot; null: not said. */
  name: string | null;
  shardCount: number | null;
  /** The machine it runs on; null: not said. */
  host: string | null;
  /** `host:port` where Prometheus may scrape it; "" clears it, null: not said. */
  scrapeTarget: string | null;
  /** Hex HMAC of the lease that it showed; null: none. */
  shownHash: string | null;
  /** Hex HMAC of the lease that the reply carries. */
  leaseHash: string;
  /** What was wrong in it and counts as not said, in words for operators. */
  dropped: readonly string[];
}

/** A cluster gives a sign of life; `rows` null: without a word about its shards. */
export interface BeatEvent {
  type: 'beat';
  at: number;
  identity: string;
  rows: ShardRow[] | null;
  shardCount: number | null;
  /** The numbers of its metrics snapshot; null: it sent none. */
  measured: Measured | null;
  shownHash: string | null;
  /** Tells the leases of its senders apart; 0: it shows none. */
  sender: number;
  /** What people call its bot; null: not said, or said before. */
  name: string | null;
  dropped: readonly string[];
}

/** A cluster says how some of its shards are now; the others are as they were. */
export interface ShardsEvent {
  type: 'shards';
  at: number;
  identity: string;
  /** The bot it says they belong to. */
  bot: string;
  rows: ShardRow[];
  shardCount: number | null;
  shownHash: string | null;
}

/** A cluster sent a report that was too long to read: a sign of life all the same. */
export interface OversizeEvent {
  type: 'oversize';
  at: number;
  identity: string;
  shownHash: string | null;
}

/** A cluster stops, as planned. */
export interface GoodbyeEvent {
  type: 'goodbye';
  at: number;
  identity: string;
  shownHash: string | null;
}

/** These clusters are forgotten; their numbers stay taken. */
export interface PruneEvent {
  type: 'prune';
  at: number;
  identities: string[];
}

/** An operator frees an identity from its lease: the next register claims it. */
export interface ReleaseEvent {
  type: 'release';
  at: number;
  identity: string;
}

/** An operator forgets a cluster that is not up; its number stays taken. */
export interface ForgetEvent {
  type: 'forget';
  at: number;
  identity: string;
}

/** An operator's word on a bot; null: none, so that configuration and reports decide. */
export interface SetBotEvent {
  type: 'set-bot';
  at: number;
  bot: string;
  name: string | null;
  shardCount: number | null;
}

/** An operator assigns a cluster to a bot, whatever it says itself; null: the rules decide. */
export interface AssignEvent {
  type: 'assign';
  at: number;
  identity: string;
  bot: string | null;
}

/** An operator bans all identities that match a glob with `*`, or takes that ban back. */
export interface BanEvent {
  type: 'ban';
  at: number;
  glob: string;
  banned: boolean;
}

/** A report names a bot that nobody knew: from now on there is one. */
export interface LearnEvent {
  type: 'learn';
  at: number;
  bot: string;
}

/** A cluster showed the lease that it was given last: the one before it is void. */
export interface LeaseUsedEvent {
  type: 'lease-used';
  at: number;
  identity: string;
  /** Hex HMAC of that lease. */
  hash: string;
}

/** The configuration is another than it was: what it no longer allows goes. */
export interface RulesEvent {
  type: 'rules';
  at: number;
  rules: Rules;
  /** Scrape targets that were taken once, and may not be fetched now. */
  forbidden: { identity: string; why: string }[];
}

/** Between the two nobody could be heard: we were not running, or stood still, or the clock was set forward (RULES 25). */
export interface GapEvent {
  type: 'gap';
  from: number;
  /** When it ended. */
  at: number;
}

/** The wall clock was set back, or caught up: our times, which never go back, are now that far ahead of it. */
export interface ClockEvent {
  type: 'clock';
  at: number;
  skewMs: number;
}

/** Time passed; leases may have run out. */
export interface SweepEvent {
  type: 'sweep';
  at: number;
}

/** Durable events are on disk before they are applied and answered; the others reach it with the next state file. */
export type DurableEvent =
  | RegisterEvent
  | PruneEvent
  | ReleaseEvent
  | ForgetEvent
  | SetBotEvent
  | AssignEvent
  | BanEvent
  | LearnEvent
  | LeaseUsedEvent
  | RulesEvent;
export type VolatileEvent =
  | StatusEvent
  | HealthEvent
  | BatchEvent
  | BeatEvent
  | ShardsEvent
  | OversizeEvent
  | GoodbyeEvent
  | GapEvent
  | ClockEvent
  | SweepEvent;
export type Event = DurableEvent | VolatileEvent;

/** What an event is answered, once it is applied. */
export type AnswerOf<E extends Event> = Answers[E['type']];

const DURABLE = {
  register: true,
  prune: true,
  release: true,
  forget: true,
  'set-bot': true,
  assign: true,
  ban: true,
  learn: true,
  'lease-used': true,
  rules: true,
} as const satisfies Record<DurableEvent['type'], true>;

export const isDurable = (event: Event): event is DurableEvent => event.type in DURABLE;
