// The server's clock: wall time that never goes back, for leases and "since" must not when somebody sets the clock.

/** ms since 1970, whole. */
export type Clock = () => number;

/** Follows the wall clock forward; while that is behind, goes on at the pace of the monotonic one. */
export function createClock(
  wall: () => number = Date.now,
  monotonic: () => number = () => performance.now(),
): Clock {
  let last = wall();
  let lastMonotonic = monotonic();
  return () => {
    const elapsed = monotonic() - lastMonotonic;
    lastMonotonic += elapsed;
    last = Math.max(wall(), last + elapsed);
    return Math.floor(last);
  };
}
