// The server's clock, for leases and order: it follows the wall clock forward, and never goes back when somebody sets that.

/** ms since 1970, whole. */
export type Clock = () => number;

export interface ClockSources {
  /** What people read, ms since 1970. It may be set. */
  wall: () => number;
  /** ms from anywhere, at the pace of time. */
  monotonic: () => number;
}

export const systemClocks: ClockSources = { wall: () => Date.now(), monotonic: () => performance.now() };

/** While the wall clock is behind, goes on at the pace of the monotonic one, which is only then asked. Begins no earlier than `notBefore`. */
export function createClock({ wall, monotonic }: ClockSources, notBefore = 0): Clock {
  let last = Math.max(wall(), notBefore);
  /** What `last` was when the wall clock went back, less the monotonic time then; null: it did not. */
  let offset: number | null = null;
  return () => {
    const wallNow = wall();
    if (wallNow < last) offset ??= last - monotonic();
    last = offset === null ? wallNow : Math.max(wallNow, Math.floor(offset + monotonic()));
    if (last === wallNow) offset = null;
    return last;
  };
}

/** Calls back once, that much later. What is still planned keeps no process alive. */
export function schedule(delayMs: number, run: () => void): void {
  if (delayMs <= 0) setImmediate(run);
  else setTimeout(run, delayMs).unref();
}

/** Clocks are slewed a little all the time; only a difference that people would read is one. */
const READABLE_MS = 1_000;

/** How far the clock is ahead of the wall clock now, where that is not what it was; null: it is. */
export function newSkew(clock: Clock, { wall }: ClockSources, skewMs: number): number | null {
  const ahead = clock() - wall();
  const now = ahead < READABLE_MS ? 0 : ahead;
  return Math.abs(now - skewMs) < READABLE_MS ? null : now;
}
