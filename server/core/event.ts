// Everything that can happen: the closed list of facts from outside. Times are ms since 1970, by our clock, on arrival.
import type { State } from '../../public/shared/states.js';

/** One shard as its holder reports it. `latencyMs` null: not said, or not a number yet. */
export interface ShardRow {
  id: number;
  state: State;
  latencyMs: number | null;
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
  shardCount: number | null;
  /** Hex HMAC of the lease that the reply carries. */
  leaseHash: string;
}

/** A cluster gives a sign of life; `rows` null: without a word about its shards. */
export interface BeatEvent {
  type: 'beat';
  at: number;
  identity: string;
  rows: ShardRow[] | null;
  shardCount: number | null;
}

/** From now on we can be heard from: the grace lease of what was restored begins. */
export interface ListeningEvent {
  type: 'listening';
  at: number;
}

/** Time passed; leases may have run out. */
export interface SweepEvent {
  type: 'sweep';
  at: number;
}

export type Event =
  StatusEvent | HealthEvent | BatchEvent | RegisterEvent | BeatEvent | ListeningEvent | SweepEvent;

/** Durable events are on disk before they are applied and answered; the others reach it with the next state file. */
export type DurableEvent = RegisterEvent;
export type VolatileEvent = Exclude<Event, DurableEvent>;

export const isDurable = (event: Event): event is DurableEvent => event.type === 'register';
