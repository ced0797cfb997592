// Writes what the server says to stderr and never waits for whoever reads it: what does not fit its buffer is dropped and counted, and later it says how much.

export interface LinesOut {
  /** Takes a line, or drops it while too many bytes wait. */
  say: (line: string) => void;
  /** How many lines were dropped since the start. */
  droppedLines: () => number;
  /** Resolves when everything is written, when writing fails, or after so long. */
  flush: (withinMs: number) => Promise<void>;
  /** The process ends in this turn: whatever still fits goes out. */
  lastWords: () => void;
}

/** Where lines go. */
export interface Outlet {
  /** How many of the bytes it took. Rejects when it takes none now. */
  write: (bytes: Buffer) => Promise<number>;
  /** The same in this turn; throws. Absent where that is not possible. */
  writeNow?: (bytes: Buffer) => number;
}

export interface Lost {
  lines: number;
  bytes: number;
  /** Why nothing could be written, as far as the system said it. */
  why: string | null;
}

export interface LinesOutOptions {
  outlet: Outlet;
  /** Called once there is room again after lines were dropped. */
  lost: (lost: Lost) => void;
  maxBytes?: number;
  /** How long it waits before it tries again. */
  retry?: (run: () => void, isFull: boolean) => void;
}

/** Some seven thousand lines: a reader may stop for a while without a loss, and a full disk costs no more memory than this. */
const MAX_BYTES = 1024 * 1024;
const WRITE_BYTES = 64 * 1024;
/** A pipe that is full is usually read soon; a full disk stays full. */
const FULL_PIPE_MS = 50;
const FAILED_MS = 1_000;

const later = (run: () => void, isFull: boolean): void =>
  void setTimeout(run, isFull ? FULL_PIPE_MS : FAILED_MS).unref();

export function createLinesOut(options: LinesOutOptions): LinesOut {
  const { outlet, lost, maxBytes = MAX_BYTES, retry = later } = options;
  const queue = new LineQueue();
  let droppedLines = 0;
  let unsaid: Lost = nothingLost();
  let isWriting = false;
  const settled: (() => void)[] = [];

  const settle = (): void => {
    for (const run of settled.splice(0)) run();
  };
  /** Writes until nothing waits, or the outlet takes no more. */
  const pump = async (): Promise<void> => {
    while (queue.bytes > 0) {
      const some = queue.take();
      try {
        queue.written(some, await outlet.write(some));
      } catch (error) {
        queue.written(some, 0);
        return failed(error as NodeJS.ErrnoException);
      }
      if (queue.bytes <= maxBytes / 2) sayLoss();
    }
    isWriting = false;
    settle();
  };
  const failed = ({ code, message }: NodeJS.ErrnoException): void => {
    const isFull = code === 'EAGAIN';
    if (!isFull) {
      unsaid.why = message;
      settle();
    }
    retry(() => void pump(), isFull);
  };
  const sayLoss = (): void => {
    if (unsaid.lines === 0) return;
    const loss = unsaid;
    unsaid = nothingLost();
    lost(loss);
  };
  return {
    say: (line) => {
      const bytes = Buffer.from(`${line}\n`);
      if (queue.bytes + bytes.length > maxBytes) {
        droppedLines++;
        return noteLoss(unsaid, bytes);
      }
      queue.push(bytes);
      if (isWriting) return;
      isWriting = true;
      void pump();
    },
    droppedLines: () => droppedLines,
    flush: (withinMs) => (isWriting ? settledWithin(settled, withinMs) : Promise.resolve()),
    lastWords: () => {
      try {
        if (queue.bytes > 0) outlet.writeNow?.(queue.take(Infinity));
      } catch {
        // The process ends because of something else; there is nobody left to tell.
      }
    },
  };
}

function noteLoss(loss: Lost, line: Buffer): void {
  loss.lines++;
  loss.bytes += line.length;
}

function settledWithin(settled: (() => void)[], ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    settled.push(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Lines that wait, as bytes. What is left of a line that was written in part comes first, so lines stay whole. */
class LineQueue {
  /** Those that were taken and are not yet written count, too. */
  bytes = 0;
  readonly #waiting: Buffer[] = [];

  push(line: Buffer): void {
    this.bytes += line.length;
    this.#waiting.push(line);
  }

  /** Of what was taken, so many bytes were written; the rest waits on. */
  written(taken: Buffer, bytes: number): void {
    this.bytes -= bytes;
    if (bytes < taken.length) this.#waiting.unshift(taken.subarray(bytes));
  }

  /** As many whole lines as reach so many bytes. */
  take(leastBytes = WRITE_BYTES): Buffer {
    let bytes = 0;
    const last = this.#waiting.findIndex((line) => (bytes += line.length) >= leastBytes);
    const some = this.#waiting.splice(0, last < 0 ? this.#waiting.length : last + 1);
    return Buffer.concat(some);
  }
}

const nothingLost = (): Lost => ({ lines: 0, bytes: 0, why: null });
