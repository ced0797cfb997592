// The log of one process: a journal of durable events, a state file every few seconds, by which the journal is cut, and the measures.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDurable, type AnswerOf, type DurableEvent, type Event } from '../core/event.js';
import { GAP_AFTER_MS } from '../core/live/gap.js';
import type { Measures } from '../core/measures/measures.js';
import type { WorldRecord } from '../core/record.js';
import { keepArgusCopy } from './argus-copy.js';
import { realDisk, type Disk } from './disk.js';
import { Health, type LogHealth, type LogMetrics, type Part, type Say } from './health.js';
import { JournalFile } from './journal-file.js';
import { Journal, type Mark } from './journal.js';
import type { LockCheck } from './lock.js';
import { NotSafe, type Living, type Log } from './log.js';
import { keepMeasures, type MeasuresKeeper } from './measures-keeper.js';
import { journalPathOf, type OpenedLog } from './open.js';
import { createSaver, type Saver } from './saver.js';
import { writeState } from './state-file.js';

const SAVE_EVERY_MS = 5_000;
/** What must be secure soon is saved out of turn, but no more often than this. */
const SECURE_EVERY_MS = 1_000;
const TAKEN = 'another Shardlight uses this state file by now';

export interface FileLogOptions {
  /** Is not held on to: what was kept may be tens of MB, and the world has it soon. */
  opened: OpenedLog;
  clock: () => number;
  schedule: (delayMs: number, run: () => void) => void;
  say: Say;
  metrics: LogMetrics;
  disk?: Disk;
}

/** What was kept, until the world has it. */
type Kept = Pick<OpenedLog, 'record' | 'measures' | 'events'>;
const NOTHING_KEPT: Kept = { record: null, measures: new Map(), events: [] };

interface Turn<E extends Event> {
  answer?: AnswerOf<E>;
  bug?: { bug: unknown };
}

/** Somebody waits until a crash cannot take back the facts up to that number. */
interface Securing {
  fact: number;
  resolve: () => void;
}

export class FileLog implements Log {
  readonly #options: Omit<FileLogOptions, 'opened'>;
  readonly #place: Pick<OpenedLog, 'statePath' | 'lock'>;
  readonly #disk: Disk;
  readonly #health: Health;
  readonly #journal: Journal;
  readonly #saver: Saver;
  readonly #measures: MeasuresKeeper;
  #kept: Kept;
  #living: Living | null = null;
  /** When the last event came; null: none did. */
  #lastAt: number | null = null;
  /** An imported file that is still to be put aside. */
  #original: Buffer | null;
  /** Facts up to this one are in the state file. */
  #secured = 0;
  #securing: Securing[] = [];
  #isSecureDue = false;
  /** Another process has the lock by now: whatever is written here would overwrite what is that one's. */
  #isTaken = false;

  constructor(options: FileLogOptions) {
    const { opened, ...others } = options;
    const { disk = realDisk, say, metrics, schedule } = others;
    const { statePath, lock } = opened;
    this.#options = others;
    this.#place = { statePath, lock };
    this.#disk = disk;
    this.#kept = { record: opened.record, measures: opened.measures, events: opened.events };
    this.#original = opened.original;
    const paths = { state: statePath, journal: journalPathOf(statePath) };
    const file = new JournalFile(disk, paths.journal, opened.journalBytes);
    const health = new Health({
      paths,
      say,
      metrics,
      journalBytes: () => file.bytes,
      lastSavedAt: opened.original ? null : (opened.record?.savedAt ?? null),
      stateBytes: opened.stateBytes,
    });
    this.#health = health;
    this.#saver = createSaver({ save: (inSlices) => this.#save(inSlices), everyMs: SAVE_EVERY_MS, schedule });
    this.#measures = keepMeasures({
      statePath,
      disk,
      schedule,
      warn: say.warn,
      all: () => this.#alive.measures(),
      checkLock: () => this.#checkLock(),
    });
    this.#journal = new Journal({
      file,
      sequence: opened.sequence,
      synced: (tookMs) => health.noteSync(tookMs),
      failed: (error) => {
        health.noteFailure('journal', error);
        this.#saver.note(); // its next attempt finds out whether the disk works again, though nobody registers
      },
    });
  }

  get record(): WorldRecord | null {
    return this.#kept.record;
  }

  get measures(): ReadonlyMap<string, Measures> {
    return this.#kept.measures;
  }

  get position(): number {
    return this.#journal.mark.sequence;
  }

  /** The journal is replayed as it was lived, and then one gap says that nobody could be heard since the last save. */
  entries(living: Living): Promise<void> {
    const { record, events } = this.#kept;
    this.#kept = NOTHING_KEPT; // tens of MB that nobody reads again
    this.#living = living;
    for (const event of events) living.apply(event);
    if (record) living.apply({ type: 'gap', from: record.savedAt, at: this.#options.clock() });
    if (this.#original || events.length > 0) this.#saver.note();
    return Promise.resolve();
  }

  append<E extends Event>(event: E): AnswerOf<E> | Promise<AnswerOf<E>> {
    this.#advance(event.at);
    return isDurable(event) ? this.#commit(event) : this.#alive.apply(event);
  }

  /** Sweeps come four times a second, so if nothing came for long, nobody could be heard (RULES 25). */
  #advance(to: number): void {
    const from = this.#lastAt ?? to;
    this.#lastAt = Math.max(from, to);
    if (to - from > GAP_AFTER_MS) this.#alive.apply({ type: 'gap', from, at: to });
  }

  async #commit<E extends DurableEvent>(event: E): Promise<AnswerOf<E>> {
    if (this.#isTaken) throw new NotSafe(TAKEN);
    const turn: Turn<E> = {};
    const apply = (): void => {
      try {
        turn.answer = this.#alive.apply(event);
      } catch (bug) {
        turn.bug = { bug }; // the submitter's to hear, not the disk's
      }
    };
    await this.#journal.commit(event, apply).catch((error: unknown) => {
      throw new NotSafe((error as Error).message);
    });
    if (turn.bug) throw turn.bug.bug;
    return turn.answer!;
  }

  /** Told by the next save, which comes soon: at once, but for one a second. */
  secure(fact: number): Promise<void> {
    if (fact <= this.#secured) return Promise.resolve();
    this.#saveSoon();
    return new Promise((resolve) => this.#securing.push({ fact, resolve }));
  }

  #saveSoon(): void {
    if (this.#isSecureDue) return;
    this.#isSecureDue = true;
    const sinceMs = this.#options.clock() - (this.#health.lastSavedAt ?? 0);
    this.#options.schedule(Math.max(0, Math.min(SECURE_EVERY_MS, SECURE_EVERY_MS - sinceMs)), () => {
      this.#isSecureDue = false;
      void this.saveNow();
    });
  }

  get #alive(): Living {
    if (!this.#living) throw new Error('nobody lives by this log yet');
    return this.#living;
  }

  get health(): LogHealth {
    return this.#health;
  }

  /** Something changed that the next state file should hold, or the next file of measures. */
  readonly note = (): void => {
    this.#saver.note();
    this.#measures.note();
  };

  /** Writes the state out of turn. Whether it could, its health says. */
  saveNow(): Promise<void> {
    return this.#saver.saveNow();
  }

  /** Writes the state and the measures a last time; rejects when it cannot write the state. */
  finish(): Promise<void> {
    return this.#saver.finish().finally(this.#measures.finish);
  }

  /** After this another process may open the log. */
  close(): Promise<void> {
    return this.#journal.close().finally(this.#place.lock.unlock);
  }

  async #save(inSlices: boolean): Promise<void> {
    await this.#checkLock();
    const mark = await this.#noting('state', this.#writeState(inSlices));
    await this.#noting('journal', this.#journal.cut(mark));
    this.#health.noteWorks('journal');
  }

  /** It stays lost, though the other one may end: what is on disk is that one's world. */
  async #checkLock(): Promise<void> {
    const { say } = this.#options;
    const { statePath, lock: held } = this.#place;
    const lock: LockCheck = this.#isTaken ? { ok: false, why: '' } : await held.check();
    if (lock.ok) return void (lock.note === null || say.info(lock.note));
    if (!this.#isTaken) this.#health.noteTaken(statePath, lock.why);
    this.#isTaken = true;
    throw new Error(TAKEN);
  }

  async #writeState(inSlices: boolean): Promise<Mark> {
    const { clock } = this.#options;
    await this.#putOriginalAside();
    while (this.#alive.isBehind()) await nextTurn();
    const savedAt = clock();
    const { mark } = this.#journal;
    const told = this.#alive.told();
    const recording = this.#alive.record(savedAt, mark.sequence); // in the same turn: no event is applied in between
    try {
      const bytes = await writeState(this.#place.statePath, recording.pieces, inSlices, this.#disk);
      this.#health.noteSaved(savedAt, bytes);
      if (this.#place.lock.follow() > 0) this.#health.noteLinked();
    } finally {
      recording.end();
    }
    this.#noteSecured(told);
    return mark;
  }

  #noteSecured(fact: number): void {
    this.#secured = fact;
    const done = this.#securing.filter((one) => one.fact <= fact);
    this.#securing = this.#securing.filter((one) => one.fact > fact);
    for (const { resolve } of done) resolve();
  }

  async #putOriginalAside(): Promise<void> {
    if (!this.#original) return;
    const copy = await keepArgusCopy(this.#disk, this.#place.statePath, this.#original);
    this.#options.say.info(`The Argus state file is kept as ${copy}.`);
    this.#original = null;
  }

  async #noting<T>(part: Part, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.#health.noteFailure(part, error as Error);
      throw error;
    }
  }
}
