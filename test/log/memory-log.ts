// A log in memory, for tests: what a crash would leave of it can be asked, and made safe when the test says so.
import { isDurable, type AnswerOf, type DurableEvent, type Event } from '../../server/core/event.js';
import { GAP_AFTER_MS } from '../../server/core/live/gap.js';
import type { Measures } from '../../server/core/measures/measures.js';
import type { WorldRecord } from '../../server/core/record.js';
import { NotSafe, type Living, type Log } from '../../server/log/log.js';

/** What a crash leaves. */
export interface Kept {
  record: WorldRecord | null;
  measures: Map<string, Measures>;
  events: DurableEvent[];
}

const NOTHING: Kept = { record: null, measures: new Map(), events: [] };

export class MemoryLog implements Log {
  readonly record: WorldRecord | null;
  readonly measures: ReadonlyMap<string, Measures>;
  position: number;
  /** A durable event waits for this; a rejection is a disk that fails. */
  safe: () => Promise<void> = () => Promise.resolve();
  readonly #events: DurableEvent[];
  readonly #replayed: readonly DurableEvent[];
  readonly #clock: () => number;
  #living: Living | null = null;
  #lastAt: number | null = null;
  #kept: WorldRecord | null;
  #keptMeasures: Map<string, Measures>;
  #secured = 0;
  #securing: { fact: number; resolve: () => void }[] = [];
  #waiting: { event: DurableEvent; resolve: (answer: unknown) => void; reject: (error: unknown) => void }[] =
    [];

  constructor(clock: () => number, { record, measures, events }: Kept = NOTHING) {
    this.#clock = clock;
    this.record = this.#kept = record;
    this.measures = measures;
    this.#keptMeasures = structuredClone(measures);
    this.#replayed = events;
    this.#events = [...events];
    this.position = (record?.sequence ?? 0) + events.length;
  }

  entries(living: Living): Promise<void> {
    this.#living = living;
    for (const event of this.#replayed) living.apply(structuredClone(event));
    if (this.record) living.apply({ type: 'gap', from: this.record.savedAt, at: this.#clock() });
    return Promise.resolve();
  }

  append<E extends Event>(event: E): AnswerOf<E> | Promise<AnswerOf<E>> {
    const from = this.#lastAt ?? event.at;
    this.#lastAt = Math.max(from, event.at);
    if (event.at - from > GAP_AFTER_MS) this.#living!.apply({ type: 'gap', from, at: event.at });
    if (!isDurable(event)) return this.#living!.apply(event);
    const done = new Promise((resolve, reject) => {
      if (this.#waiting.push({ event, resolve, reject }) === 1) setImmediate(() => void this.#flush());
    });
    return done as Promise<AnswerOf<E>>;
  }

  /** What was appended in one turn is made safe together. */
  async #flush(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      await this.safe();
    } catch (error) {
      for (const { reject } of waiting) reject(new NotSafe((error as Error).message));
      return;
    }
    for (const { event, resolve, reject } of waiting) {
      this.#events.push(structuredClone(event));
      this.position++;
      try {
        resolve(this.#living!.apply(event));
      } catch (bug) {
        reject(bug);
      }
    }
  }

  secure(fact: number): Promise<void> {
    if (fact <= this.#secured) return Promise.resolve();
    return new Promise((resolve) => this.#securing.push({ fact, resolve }));
  }

  /** What the file log does every few seconds. */
  save(savedAt = this.#clock()): void {
    const told = this.#living!.told();
    const { pieces, end } = this.#living!.record(savedAt, this.position);
    this.#kept = JSON.parse([...pieces].join('')) as WorldRecord;
    end();
    this.#events.length = 0;
    this.#secured = told;
    const done = this.#securing.filter(({ fact }) => fact <= told);
    this.#securing = this.#securing.filter(({ fact }) => fact > told);
    for (const { resolve } of done) resolve();
  }

  /** What the file log does each minute. */
  saveMeasures(): void {
    const all = [...this.#living!.measures()].map(({ identity, measures }) => [identity, measures] as const);
    this.#keptMeasures = structuredClone(new Map(all));
  }

  /** What would be there after a crash now. */
  kept(): Kept {
    return structuredClone({ record: this.#kept, measures: this.#keptMeasures, events: this.#events });
  }
}
