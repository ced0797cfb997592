// The log while the server runs: commits durable events to the journal, saves the state, and cuts the journal by it.
import type { DurableEvent } from '../core/event.js';
import { record, type Recording } from '../core/record.js';
import type { World } from '../core/world.js';
import { keepArgusCopy } from './argus-copy.js';
import { realDisk, type Disk } from './disk.js';
import { Health, type LogHealth, type LogMetrics, type Part, type Say } from './health.js';
import { JournalFile } from './journal-file.js';
import { Journal, type Mark } from './journal.js';
import type { LockCheck } from './lock.js';
import { journalPathOf, type OpenedLog } from './open.js';
import { createSaver, type Saver } from './saver.js';
import { writeState } from './state-file.js';

const SAVE_EVERY_MS = 5_000;
const TAKEN = 'another Shardlight uses this state file by now';

export interface WorldLogOptions {
  opened: OpenedLog;
  /** Restored and replayed from what was opened. */
  world: World;
  clock: () => number;
  schedule: (delayMs: number, run: () => void) => void;
  say: Say;
  metrics: LogMetrics;
  disk?: Disk;
}

export class WorldLog {
  readonly #options: WorldLogOptions;
  readonly #disk: Disk;
  readonly #health: Health;
  readonly #journal: Journal;
  readonly #saver: Saver;
  /** An imported file that is still to be put aside. */
  #original: Buffer | null;
  /** The state file that is being written. */
  #recording: Recording | null = null;
  /** Another process has the lock by now: whatever is written here would overwrite what is that one's. */
  #isTaken = false;

  constructor(options: WorldLogOptions) {
    const { opened, disk = realDisk, say, metrics, schedule } = options;
    this.#options = options;
    this.#disk = disk;
    this.#original = opened.original;
    const paths = { state: opened.statePath, journal: journalPathOf(opened.statePath) };
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
    this.#journal = new Journal({
      file,
      sequence: opened.sequence,
      synced: (tookMs) => health.noteSync(tookMs),
      failed: (error) => {
        health.noteFailure('journal', error);
        this.#saver.note(); // its next attempt finds out whether the disk works again, though nobody registers
      },
    });
    if (opened.original || opened.events.length > 0) this.#saver.note();
  }

  get health(): LogHealth {
    return this.#health;
  }

  /** For the engine: makes the event safe, then applies it, in log order. Rejects when it may not be answered. */
  readonly commit = (event: DurableEvent, apply: () => boolean): Promise<void> =>
    this.#isTaken
      ? Promise.reject(new Error(TAKEN))
      : this.#journal.commit(event, () => {
          this.#recording?.keep(event);
          return apply();
        });

  /** Something changed that the next state file should hold. */
  readonly note = (): void => this.#saver.note();

  /** Writes the state out of turn. Whether it could, its health says. */
  saveNow(): Promise<void> {
    return this.#saver.saveNow();
  }

  /** Writes the state a last time; rejects when it cannot. */
  finish(): Promise<void> {
    return this.#saver.finish();
  }

  /** After this another process may open the log. */
  close(): Promise<void> {
    return this.#journal.close().finally(this.#options.opened.lock.unlock);
  }

  async #save(inSlices: boolean): Promise<void> {
    await this.#checkLock();
    const mark = await this.#noting('state', this.#writeState(inSlices));
    await this.#noting('journal', this.#journal.cut(mark));
    this.#health.noteWorks('journal');
  }

  /** It stays lost, though the other one may end: what is on disk is that one's world. */
  async #checkLock(): Promise<void> {
    const { opened, say } = this.#options;
    const lock: LockCheck = this.#isTaken ? { ok: false, why: '' } : await opened.lock.check();
    if (lock.ok) return void (lock.note === null || say.info(lock.note));
    if (!this.#isTaken) this.#health.noteTaken(opened.statePath, lock.why);
    this.#isTaken = true;
    throw new Error(TAKEN);
  }

  async #writeState(inSlices: boolean): Promise<Mark> {
    const { opened, world, clock } = this.#options;
    await this.#putOriginalAside();
    const savedAt = clock();
    const { mark } = this.#journal;
    this.#recording = record(world, savedAt, mark.sequence); // in the same turn: no event is applied in between
    try {
      const bytes = await writeState(opened.statePath, this.#recording.pieces, inSlices, this.#disk);
      this.#health.noteSaved(savedAt, bytes);
      if (opened.lock.follow() > 0) this.#health.noteLinked();
    } finally {
      this.#recording = null;
    }
    return mark;
  }

  async #putOriginalAside(): Promise<void> {
    if (!this.#original) return;
    const copy = await keepArgusCopy(this.#disk, this.#options.opened.statePath, this.#original);
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
