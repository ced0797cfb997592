// A cluster's counters from beat to beat: what they rose by, a second and in the last five minutes; restarts understood.
import type { Histogram, Measured } from './measured.js';
import { addIncreases, createWindow, sumOfWindow, WINDOW_MS, type Window } from './window.js';

/** The counters beside the buckets of the durations. */
const KEYS = ['interactions', 'ratelimits', 'errors', 'commands'] as const;
const [INTERACTIONS, RATELIMITS, ERRORS, COMMANDS] = [0, 1, 2, 3] as const;
export const FIRST_BUCKET = KEYS.length;

/** Two beats may arrive together, after a jam: a rate over less than this would say little. */
const SHORTEST_MS = 1_000;

export interface Counters {
  /** Arrival of the last snapshot. */
  at: number;
  processStartedAt: number | null;
  /** Upper bounds of the durations' buckets. */
  bounds: number[];
  /** Totals as said last: those of `KEYS`, then the buckets. */
  totals: number[];
  /** What they rose by since the rates were last taken, at `ratesAt`. */
  pending: number[];
  ratesAt: number;
  interactionsRate: number;
  ratelimitsRate: number;
  /** Null until two snapshots came within five minutes. */
  window: Window | null;
}

export function createCounters(measured: Measured, at: number): Counters {
  const bounds = measured.durations?.bounds ?? [];
  return {
    at,
    processStartedAt: measured.processStartedAt,
    bounds,
    totals: totalsOf(measured, bounds, null),
    pending: KEYS.map(() => 0),
    ratesAt: at,
    interactionsRate: 0,
    ratelimitsRate: 0,
    window: null,
  };
}

/** The next snapshot, which is not older than the last. Null: nothing can be told from both, begin anew. */
export function count(counters: Counters, measured: Measured, at: number): Counters | null {
  const bounds = measured.durations?.bounds ?? counters.bounds;
  if (at - counters.at > WINDOW_MS || !isExtended(counters.bounds, bounds)) return null;
  if (counters.bounds.length === 0) widen(counters, bounds);
  const isRestarted =
    measured.processStartedAt !== null &&
    counters.processStartedAt !== null &&
    measured.processStartedAt !== counters.processStartedAt;
  const totals = totalsOf(measured, bounds, isRestarted ? null : counters.totals);
  const increases = totals.map((total, i) => increaseOf(isRestarted ? 0 : counters.totals[i]!, total));
  counters.window ??= createWindow(totals.length);
  addIncreases(counters.window, increases, at);
  takeRates(counters, increases, at);
  counters.at = at;
  counters.processStartedAt = measured.processStartedAt ?? counters.processStartedAt;
  counters.totals = totals;
  return counters;
}

/** A total that fell began anew, from zero, as Prometheus' increase() has it: what it is now is what it rose by. */
const increaseOf = (before: number, now: number): number => (now < before ? now : now - before);

/** A counter that is not said is where it was: members say none until it first counts. */
function totalsOf({ durations, ...measured }: Measured, bounds: number[], before: number[] | null): number[] {
  const totals = KEYS.map((key, i) => measured[key] ?? before?.[i] ?? 0);
  for (let i = 0; i < bounds.length; i++)
    totals.push(durations?.counts[i] ?? before?.[FIRST_BUCKET + i] ?? 0);
  return totals;
}

const isExtended = (before: number[], now: number[]): boolean =>
  before.length === 0 || (before.length === now.length && before.every((bound, i) => bound === now[i]));

/** The first command has run: from here on there are buckets. What the other counters rose by so far is forgotten. */
function widen(counters: Counters, bounds: number[]): void {
  if (bounds.length === 0) return;
  counters.bounds = bounds;
  counters.totals = [...counters.totals, ...bounds.map(() => 0)];
  counters.window = null;
}

/** Elapsed is what passed between the arrivals, on our clock: snapshots carry no time. */
function takeRates(counters: Counters, increases: number[], at: number): void {
  const { pending } = counters;
  for (let i = 0; i < pending.length; i++)
    pending[i] = Math.min(pending[i]! + increases[i]!, Number.MAX_VALUE);
  const elapsedMs = at - counters.ratesAt;
  if (elapsedMs < SHORTEST_MS) return;
  counters.interactionsRate = (pending[INTERACTIONS]! / elapsedMs) * 1000;
  counters.ratelimitsRate = (pending[RATELIMITS]! / elapsedMs) * 1000;
  counters.ratesAt = at;
  pending.fill(0);
}

/** What ran, what failed, and how long it took. */
export interface Recent {
  commands: number;
  errors: number;
  durations: Histogram;
}

/** In the last five minutes; since the process started, until two snapshots can be compared. */
export function recent({ window, totals, bounds, at }: Counters): Recent {
  const sums = window ? sumOfWindow(window, at) : totals;
  return {
    commands: sums[COMMANDS]!,
    errors: sums[ERRORS]!,
    durations: { bounds, counts: sums.slice(FIRST_BUCKET) },
  };
}
