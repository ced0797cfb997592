// The journal: a durable event is appended, synced, applied, answered, in that order. One sync serves all that wait for it.
import type { DurableEvent } from '../core/event.js';
import type { JournalFile } from './journal-file.js';
import { eventLine, headLine } from './journal-lines.js';

/** Bounds what a disk that hangs can pile up. */
const MAX_WAITING = 10_000;
/** They are applied in one turn: a few ms of rules. */
const MAX_BATCH = 250;

/** A place in the journal: everything before it was applied. */
export interface Mark {
  sequence: number;
  offset: number;
}

export interface JournalOptions {
  file: JournalFile;
  /** Of the last event that ever was. */
  sequence: number;
  synced: (tookMs: number) => void;
  failed: (error: Error) => void;
}

interface Waiting {
  event: DurableEvent;
  apply: () => void;
  resolve: () => void;
  reject: (error: Error) => void;
}

export class Journal {
  readonly #options: JournalOptions;
  #waiting: Waiting[] = [];
  /** What is done between two batches, when everything written was applied. */
  readonly #chores: (() => Promise<void>)[] = [];
  #isWorking = false;
  #mark: Mark;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#mark = { sequence: options.sequence, offset: options.file.bytes };
  }

  /** Where the events end that were applied. */
  get mark(): Mark {
    return this.#mark;
  }

  /**
   * Makes the event safe and calls `apply`, in log order, which does not throw. Resolves when the event may be answered.
   * Rejects when it was not written.
   */
  commit(event: DurableEvent, apply: () => void): Promise<void> {
    if (this.#waiting.length >= MAX_WAITING)
      return Promise.reject(new Error(`${MAX_WAITING} events wait for the disk already`));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ event, apply, resolve, reject });
      this.#wake();
    });
  }

  /** Drops what is before the mark: the state file holds it. */
  cut({ sequence, offset }: Mark): Promise<void> {
    return this.#between(async () => {
      const { file } = this.#options;
      const head = headLine(sequence);
      if (offset <= head.length && !file.isFailing) return;
      try {
        await file.cut(offset, head);
      } finally {
        this.#moveMark(this.#mark.sequence);
      }
    });
  }

  close(): Promise<void> {
    return this.#between(() => this.#options.file.close());
  }

  #between(chore: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#chores.push(() => chore().then(resolve, reject));
      this.#wake();
    });
  }

  /** In the next turn: what arrives in this one shares the sync. */
  #wake(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    setImmediate(() => void this.#work());
  }

  async #work(): Promise<void> {
    for (;;) {
      const chore = this.#chores.shift();
      if (chore) await chore();
      else if (this.#waiting.length > 0) await this.#write(this.#waiting.splice(0, MAX_BATCH));
      else break;
    }
    this.#isWorking = false;
  }

  async #write(batch: Waiting[]): Promise<void> {
    try {
      const lines = batch.map(({ event }, i) => eventLine(this.#mark.sequence + 1 + i, event));
      await this.#append(lines.join(''));
      this.#apply(batch);
      for (const { resolve } of batch) resolve();
    } catch (error) {
      this.#options.failed(error as Error);
      for (const { reject } of batch) reject(error as Error);
    }
  }

  async #append(lines: string): Promise<void> {
    const { file, synced } = this.#options;
    const startedAt = performance.now();
    await file.append(file.bytes === 0 ? headLine(this.#mark.sequence) + lines : lines);
    synced(performance.now() - startedAt);
  }

  #apply(batch: Waiting[]): void {
    for (const { apply } of batch) apply();
    this.#moveMark(this.#mark.sequence + batch.length);
  }

  /** Between batches everything in the file was applied. */
  #moveMark(sequence: number): void {
    this.#mark = { sequence, offset: this.#options.file.bytes };
  }
}
