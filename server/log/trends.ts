// Keeps trends over a restart: read at the start, written each minute and at the stop. They are only trends: nothing waits for them.
import type { World } from '../core/world.js';
import { readTrends, restoreTrends, writeTrends } from './trend-file.js';

const SAVE_EVERY_MS = 60_000;

export interface TrendOptions {
  statePath: string;
  world: World;
  warn: (line: string) => void;
}

export interface TrendKeeper {
  /** Writes what there is a last time. Never rejects. */
  finish: () => Promise<void>;
}

/** Puts back what was kept, and keeps on keeping. A file that cannot be read or written is told of once. */
export async function keepTrends({ statePath, world, warn }: TrendOptions): Promise<TrendKeeper> {
  const path = `${statePath}.trend`;
  const read = await readTrends(path);
  if (read.ok && read.trends) restoreTrends(world, read.trends);
  if (!read.ok) warn(`The trends in ${path} begin anew: ${read.problem}.`);
  let isFailing = false;
  let underWay: Promise<void> = Promise.resolve();
  const save = async (inSlices: boolean): Promise<void> => {
    if (![...world.clusters.values()].some(({ measures }) => measures.trend)) return;
    try {
      await writeTrends(path, world, inSlices);
      isFailing = false;
    } catch (error) {
      if (!isFailing) warn(`The trends cannot be written to ${path}: ${(error as Error).message}.`);
      isFailing = true;
    }
  };
  const timer = setInterval(() => void (underWay = underWay.then(() => save(true))), SAVE_EVERY_MS);
  timer.unref();
  return {
    finish: async () => {
      clearInterval(timer);
      await underWay;
      await save(false);
    },
  };
}
