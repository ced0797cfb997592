// When to speak next: beats a little early or late so that a fleet does not march in step, and longer waits after failures.

export const BEAT_MS = 15_000;
const BEAT_SPREAD = 0.1;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** Runs it once, after so long; returns what takes that back. */
export type After = (ms: number, run: () => void) => () => void;

/** Keeps no process alive. */
export const afterMs: After = (ms, run) => {
  const timer = setTimeout(run, ms).unref();
  return () => clearTimeout(timer);
};

/** `random` from 0 to 1. */
export const beatDelayMs = (random: number): number => BEAT_MS * (1 + BEAT_SPREAD * (2 * random - 1));

/** Doubles with each failure in a row, from 1 s to 1 min; half of it by chance, so that a restarted server meets no crowd. */
export function retryDelayMs(failures: number, random: number): number {
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - 1, 16));
  return longest * (0.5 + random / 2);
}
