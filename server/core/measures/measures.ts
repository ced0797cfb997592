// What a cluster's snapshots say over time: its nine values now, and the trend of them.
import { METRIC_KEYS, type MetricKey } from '../../../public/shared/metrics.js';
import { count, createCounters, recent, type Counters } from './counters.js';
import type { Measured } from './measured.js';
import { quantile } from './quantile.js';
import { addPoint, createTrend, isPointDue, pointsOf, type Trend } from './trend.js';

/** A number a metric key, in their order. What is not known is 0, as in the contract. */
export type Values = number[];

export const noValues = (): Values => METRIC_KEYS.map(() => 0);

/** What the last snapshot said beside the nine values, and no more of it: a whole one is half a kilobyte a cluster. */
export type Told = Pick<
  Measured,
  'shardsConfigured' | 'reconnects' | 'disconnects' | 'loopLagSeconds' | 'libraryVersion' | 'argusVersion'
>;

export interface Measures {
  /** Null: no snapshot yet. */
  latest: Told | null;
  values: Values;
  /** What the error rate is made of: roll-ups add these up, for rates cannot be averaged. */
  errors: number;
  commands: number;
  /** These two are taken with the first snapshot. */
  counters: Counters | null;
  trend: Trend | null;
}

export const createMeasures = (): Measures => ({
  latest: null,
  values: noValues(),
  errors: 0,
  commands: 0,
  counters: null,
  trend: null,
});

/**
 * Takes a snapshot in that arrived then; `intervalMs` is how often clusters beat, and so how far apart the points of the
 * trend are. Null, or one that is older than the last: nothing new.
 */
export function measure(measures: Measures, measured: Measured | null, at: number, intervalMs: number): void {
  const { counters } = measures;
  if (!measured || (counters && at < counters.at)) return;
  measures.latest = toldOf(measured);
  measures.counters = (counters && count(counters, measured, at)) ?? createCounters(measured, at);
  evaluate(measures, measured, measures.counters);
  measures.trend ??= createTrend(METRIC_KEYS.length);
  if (isPointDue(measures.trend, at, intervalMs)) addPoint(measures.trend, at, measures.values);
}

const toldOf = (measured: Measured): Told => ({
  shardsConfigured: measured.shardsConfigured,
  reconnects: measured.reconnects,
  disconnects: measured.disconnects,
  loopLagSeconds: measured.loopLagSeconds,
  libraryVersion: measured.libraryVersion,
  argusVersion: measured.argusVersion,
});

function evaluate(measures: Measures, measured: Measured, counters: Counters): void {
  const { commands, errors, durations } = recent(counters);
  measures.commands = commands;
  measures.errors = errors;
  const value: Record<MetricKey, number> = {
    latency_seconds: measured.latencySeconds ?? 0,
    shards_up: measured.shardsUp ?? 0,
    guilds: measured.guilds ?? 0,
    cached_users: measured.cachedUsers ?? 0,
    interactions_rate: counters.interactionsRate,
    error_rate: rateOf(errors, commands),
    duration_p95_seconds: quantile(durations, 0.95) ?? 0,
    ratelimits_rate: counters.ratelimitsRate,
    uptime_seconds: measured.uptimeSeconds ?? 0,
  };
  METRIC_KEYS.forEach((key, i) => (measures.values[i] = finite(value[key])));
}

/** 0 when nothing ran. */
export const rateOf = (errors: number, commands: number): number =>
  commands > 0 ? finite(errors / commands) : 0;

/** Numbers at the edge of what can be written leave it in between. */
const finite = (value: number): number => (Number.isFinite(value) ? value : 0);

/** Puts a kept trend back. Until the next snapshot its last point is what is known. */
export function restoreTrend(measures: Measures, trend: Trend): void {
  measures.trend = trend;
  for (const { values } of pointsOf(trend)) measures.values = [...values];
}
