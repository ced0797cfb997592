// How the log is doing: what readiness and metrics ask, and the two lines the operator reads of a failing disk.

/** Live: each look gives the value of the moment. Times in ms, lengths in bytes. */
export interface LogHealth {
  /** Something could not be written, and was not written since. */
  readonly isFailing: boolean;
  /** Failures in a row, of the journal or of the state file, whichever has more. */
  readonly consecutiveFailures: number;
  /** When the state file was written, ms since 1970; null: never. */
  readonly lastSavedAt: number | null;
  /** Syncs of the journal that succeeded. */
  readonly syncs: number;
  readonly syncMsTotal: number;
  readonly lastSyncMs: number | null;
  readonly journalBytes: number;
  readonly stateBytes: number;
}

/** Somebody who keeps numbers for a scrape. */
export interface LogMetrics {
  logSynced: (seconds: number) => void;
  logFailing: (isFailing: boolean) => void;
  stateSaved: (at: number) => void;
  /** The state file that was just replaced has another name. */
  stateLinked: () => void;
}

/** The operator's log. */
export type Say = Record<'info' | 'warn' | 'error' | 'linked', (line: string) => void>;

export type Part = 'journal' | 'state';

export interface HealthOptions {
  paths: Record<Part, string>;
  say: Say;
  metrics: LogMetrics;
  journalBytes: () => number;
  /** What was found at the start. */
  lastSavedAt: number | null;
  stateBytes: number;
}

export class Health implements LogHealth {
  lastSavedAt: number | null;
  stateBytes: number;
  syncs = 0;
  syncMsTotal = 0;
  lastSyncMs: number | null = null;
  readonly #options: HealthOptions;
  readonly #failures: Record<Part, number> = { journal: 0, state: 0 };
  #isTold = false;

  constructor(options: HealthOptions) {
    this.#options = options;
    this.lastSavedAt = options.lastSavedAt;
    this.stateBytes = options.stateBytes;
  }

  get consecutiveFailures(): number {
    return Math.max(this.#failures.journal, this.#failures.state);
  }

  get isFailing(): boolean {
    return this.consecutiveFailures > 0;
  }

  get journalBytes(): number {
    return this.#options.journalBytes();
  }

  noteSync(tookMs: number): void {
    this.syncs++;
    this.syncMsTotal += tookMs;
    this.lastSyncMs = tookMs;
    this.#options.metrics.logSynced(tookMs / 1_000);
    this.noteWorks('journal');
  }

  noteSaved(at: number, bytes: number): void {
    this.lastSavedAt = at;
    this.stateBytes = bytes;
    this.#options.metrics.stateSaved(at);
    this.noteWorks('state');
  }

  /** Nobody writes it any more under that name, and no lock keeps another process from it. */
  noteLinked(): void {
    const path = this.#options.paths.state;
    this.#options.metrics.stateLinked();
    this.#options.say.linked(
      `Somebody made a hard link to ${path}, or moved it: that file stays as it was, because each save is a new one at ${path}. ` +
        'As a backup that is fine. Never start another Shardlight with it while this one runs: both would go on as the same server.',
    );
  }

  noteWorks(part: Part): void {
    this.#failures[part] = 0;
    if (!this.#isTold || this.isFailing) return;
    this.#isTold = false;
    this.#options.metrics.logFailing(false);
    this.#options.say.info(`The disk works again: ${this.#options.paths.state} and its journal are written.`);
  }

  /** For good: the process that has the lock goes on from here. */
  noteTaken(path: string, holder: string): void {
    this.#failures.state++;
    this.#isTold = true;
    this.#options.metrics.logFailing(true);
    this.#options.say.error(
      `Another Shardlight uses ${path} by now (${holder}), because somebody deleted its lock. This one writes nothing any ` +
        'more, and answers registrations 503. Stop one of the two, start the other anew, and leave the lock where it is.',
    );
  }

  noteFailure(part: Part, error: Error): void {
    this.#failures[part]++;
    if (this.#isTold) return;
    this.#isTold = true;
    this.#options.metrics.logFailing(true);
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EMFILE' || code === 'ENFILE')
      return this.#options.say.error(
        `No file descriptor is free to write ${this.#options.paths[part]} (${error.message}): the disk is fine. Beats go on; ` +
          'registrations are answered 503 until connections close. Raise the limit: LimitNOFILE in the systemd unit, ' +
          '"ulimit -n" in a shell, ulimits.nofile in Compose.',
      );
    this.#options.say.error(
      `The disk fails: ${this.#options.paths[part]} cannot be written (${error.message}). Beats go on; registrations are ` +
        'answered 503 until it works. It is tried again every few seconds: free some space, or see what ails the disk.',
    );
  }
}
