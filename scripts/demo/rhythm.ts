// When acts come round: over and over, from a first time on. Times are ms on the scenario's clock.

export interface Rhythm {
  firstAtMs: number;
  everyMs: number;
}

/** The round that a moment is in, from 0, and how far; undefined: the first has not begun. */
export function roundAt(
  { firstAtMs, everyMs }: Rhythm,
  atMs: number,
): { round: number; intoMs: number } | undefined {
  const sinceMs = atMs - firstAtMs;
  if (sinceMs < 0) return undefined;
  const round = Math.floor(sinceMs / everyMs);
  return { round, intoMs: sinceMs - round * everyMs };
}

/** As people read it: "0:20, every 4:00", and "from 0:20 on" for what has no pause. */
export function whenOf({ firstAtMs, everyMs }: Rhythm, lengthMs: number): string {
  const first = minutesOf(firstAtMs);
  return everyMs <= lengthMs ? `from ${first} on` : `${first}, every ${minutesOf(everyMs)}`;
}

function minutesOf(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Several have turns, in order and evenly; those who did not have one in a round have theirs in the next. */
export interface Turns extends Rhythm {
  turnsPerRound: number;
  turnMs: number;
}

/** When the last turn of the `index`-th of `count` began; undefined: it had none yet. */
export function lastTurnMs(turns: Turns, index: number, count: number, atMs: number): number | undefined {
  const now = roundAt(turns, atMs);
  if (!now) return undefined;
  const { turnsPerRound, turnMs, firstAtMs, everyMs } = turns;
  const latest = now.round * turnsPerRound + Math.min(turnsPerRound - 1, Math.floor(now.intoMs / turnMs));
  const own = latest - ((((latest - index) % count) + count) % count);
  if (own < 0) return undefined;
  const round = Math.floor(own / turnsPerRound);
  return firstAtMs + round * everyMs + (own - round * turnsPerRound) * turnMs;
}
