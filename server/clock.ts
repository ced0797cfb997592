// The server's clock: wall time that never goes back, for leases and "since" must not when somebody sets the clock.

/** ms since 1970, whole. */
export type Clock = () => number;

/** Follows the wall clock forward; while that is behind, goes on at the pace of the monotonic one, which is only then asked. */
export function createClock(
  wall: () => number = Date.now,
  monotonic: () => number = () => performance.now(),
): Clock {
  let last = wall();
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
