// When patches go out (RULES 16): the first change after quiet at once, then at a pace that many viewers and many pieces slow down.

const FASTEST_MS = 100;
/** One viewer's send costs about 7.3 µs, whatever its size: four times that keeps the feed under a quarter of a core. */
const MS_PER_SEND = 0.029;

/** Calls back once, that much later. */
export type Schedule = (delayMs: number, run: () => void) => void;

export interface Ticker {
  /** Something changed: `flush` will be called, soon. */
  note: () => void;
}

/** `flush` says how many pieces it sent to each viewer. */
export function createTicker(
  flush: () => number,
  viewers: () => number,
  now: () => number,
  schedule: Schedule,
  fastestMs = FASTEST_MS,
): Ticker {
  let lastAt = -Infinity;
  let pieces = 1;
  let isDue = false;
  const run = (): void => {
    isDue = false;
    lastAt = now();
    pieces = flush();
  };
  return {
    note: () => {
      if (isDue) return;
      isDue = true;
      const pace = Math.max(fastestMs, viewers() * pieces * MS_PER_SEND);
      schedule(Math.max(0, lastAt + pace - now()), run);
    },
  };
}
