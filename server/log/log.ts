// The log, as the house knows it: what happened, in order. What is in it is applied; what is safe in it is answered.
import type { AnswerOf, Event } from '../core/event.js';
import type { Measures } from '../core/measures/measures.js';
import type { WorldRecord } from '../core/record.js';
import type { Recording } from '../core/recording.js';

/** A cluster, as far as its measures are kept. */
export interface Measuring {
  readonly identity: string;
  readonly measures: Measures;
}

/** The world that lives by the log. */
export interface Living {
  /** Applies an event that is in the log: its answer by the rules. A throw is a bug; what was applied before it stays. */
  apply: <E extends Event>(event: E) => AnswerOf<E>;
  /** Begins a record of the world as it is, `position` being the place in the log. */
  record: (savedAt: number, position: number) => Recording;
  /** What clusters measured until now. */
  measures: () => Iterable<Measuring>;
  /** One event had no room for all that follows from it: no record may begin yet. */
  isBehind: () => boolean;
  /** The number of the last fact that was told. */
  told: () => number;
}

export interface Log {
  /** The world at a place in the log, which what is in it goes on from; null: from nothing. */
  readonly record: WorldRecord | null;
  /** What clusters measured until then, by identity: kept apart, and after a crash up to a minute older. */
  readonly measures: ReadonlyMap<string, Measures>;
  /** Tells what came since the record, then all that comes. Resolves when the living world is at the end. */
  entries(living: Living): Promise<void>;
  /**
   * A durable event is made safe before it is applied; rejects with `NotSafe` when it cannot be, and then nothing of it was
   * applied. Any other is applied at once.
   */
  append<E extends Event>(event: E): AnswerOf<E> | Promise<AnswerOf<E>>;
  /** Resolves when a crash can no longer take back the facts up to this number. */
  secure(fact: number): Promise<void>;
  /** Of the last durable event that was applied. */
  readonly position: number;
}

/** An event could not be made safe, and nothing of it happened. */
export class NotSafe extends Error {}
