// When what clusters measured is written: each minute while something changes, and at the stop. Nothing waits for it.
import { hasMeasured } from '../core/measures/measures-record.js';
import { besideOf, type Disk } from './disk.js';
import type { Measuring } from './log.js';
import { measuresPathOf, trendsPathOf, writeMeasuresFile } from './measures-file.js';
import { createSaver } from './saver.js';

const SAVE_EVERY_MS = 60_000;

export interface MeasuresOptions {
  statePath: string;
  disk: Disk;
  schedule: (delayMs: number, run: () => void) => void;
  warn: (line: string) => void;
  /** The living ones. */
  all: () => Iterable<Measuring>;
  /** Rejects where the files are another process's by now. */
  checkLock: () => Promise<void>;
}

export interface MeasuresKeeper {
  /** Something changed that the file should hold within a minute. */
  note: () => void;
  /** Writes what there is a last time. Never rejects. */
  finish: () => Promise<void>;
}

/** A file that cannot be written is told of once. */
export function keepMeasures(options: MeasuresOptions): MeasuresKeeper {
  const { statePath, disk, schedule, warn, all, checkLock } = options;
  const path = measuresPathOf(statePath);
  let isFailing = false;
  let isOlderGone = false;

  const write = async (inSlices: boolean): Promise<void> => {
    await writeMeasuresFile(path, all(), inSlices, disk);
    if (!isOlderGone) await removeOlder(disk, trendsPathOf(statePath));
    isOlderGone = true;
  };
  const save = async (inSlices: boolean): Promise<void> => {
    if (!isAnyMeasured(all())) return;
    await checkLock();
    try {
      await write(inSlices);
      isFailing = false;
    } catch (error) {
      if (!isFailing)
        warn(`What clusters measured cannot be written to ${path}: ${(error as Error).message}.`);
      isFailing = true;
      throw error;
    }
  };
  const saver = createSaver({ save, everyMs: SAVE_EVERY_MS, schedule });
  return {
    note: saver.note,
    finish: () => saver.finish().catch(() => undefined), // it was told of
  };
}

function isAnyMeasured(all: Iterable<Measuring>): boolean {
  for (const { measures } of all) if (hasMeasured(measures)) return true;
  return false;
}

async function removeOlder(disk: Disk, path: string): Promise<void> {
  for (const each of [path, besideOf(path)]) await disk.rm(each, { force: true });
}
