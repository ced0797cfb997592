// What a cluster's snapshots say over time: its values now, and the trend of them.
import type { Measured } from './measured.js';

/** The nine values of the Argus contract, in its order. */
export const METRIC_KEYS = [
  'latency_seconds',
  'shards_up',
  'guilds',
  'cached_users',
  'interactions_rate',
  'error_rate',
  'duration_p95_seconds',
  'ratelimits_rate',
  'uptime_seconds',
] as const;

export type MetricKey = (typeof METRIC_KEYS)[number];

export interface Measures {
  /** The last snapshot's numbers; null: none yet. */
  latest: Measured | null;
}

export const createMeasures = (): Measures => ({ latest: null });

/** Takes a snapshot in. */
export function measure(measures: Measures, measured: Measured): void {
  measures.latest = measured;
}
