// The nine values of a cluster: their order on the wire, and from where on one is worth a look or bad (the Argus contract).

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

export interface Limits {
  warn: number;
  bad: number;
}

/** A value without limits is neither good nor bad. The worse one is for users, the earlier it stands. */
export const LIMITS: Readonly<Partial<Record<MetricKey, Limits>>> = {
  error_rate: { warn: 0.01, bad: 0.05 },
  latency_seconds: { warn: 0.3, bad: 1 },
  duration_p95_seconds: { warn: 1, bad: 3 },
  ratelimits_rate: { warn: 0.1, bad: 1 },
};
