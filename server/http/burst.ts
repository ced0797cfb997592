// How many requests of strangers one household is answered in one turn of the event loop. What is sent on one connection
// without waiting for answers is handed over in one turn, thousands of requests: nobody else would be served meanwhile.

/** A millisecond of work. */
export const MOST_A_TURN = 64;

/**
 * Counts one of that household; false: it is one too many. Who waits for answers has one a turn on each connection, so as
 * many as are open are never too many. `soon` runs something in the next turn.
 */
export function createBurst(
  connections: () => number,
  soon: (run: () => void) => void = setImmediate,
): (household: string) => boolean {
  const counts = new Map<string, number>();
  return (household) => {
    if (counts.size === 0) soon(() => counts.clear());
    const count = (counts.get(household) ?? 0) + 1;
    counts.set(household, count);
    return count <= MOST_A_TURN || count <= connections();
  };
}
