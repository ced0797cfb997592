// The nine values as people read them: names, units, grades and formats, as the Argus contract has them.
import { LIMITS, METRIC_KEYS, type Limits, type MetricKey } from '../shared/metrics.js';
import { counted } from './count.js';

export type Unit = 'count' | 'seconds' | 'ratio' | 'per_second';
export type Grade = 'good' | 'warn' | 'bad' | 'neutral';

export interface Metric {
  key: MetricKey;
  label: string;
  /** For columns of a table. */
  short: string;
  unit: Unit;
  /** Where it stands among the values on the wire. */
  place: number;
  /** From here on; a metric without thresholds is neutral. */
  limits: Limits | null;
}

/** In the order in which they are shown. */
export const metrics: readonly Metric[] = [
  metric('shards_up', 'Shards up', 'Shards', 'count'),
  metric('guilds', 'Guilds', 'Guilds', 'count'),
  metric('cached_users', 'Cached users', 'Users', 'count'),
  metric('latency_seconds', 'Gateway latency', 'Latency', 'seconds'),
  metric('error_rate', 'Error rate', 'Errors', 'ratio'),
  metric('duration_p95_seconds', 'Command p95', 'p95', 'seconds'),
  metric('interactions_rate', 'Interactions/sec', 'Inter./s', 'per_second'),
  metric('ratelimits_rate', 'Rate limits/sec', 'Limits/s', 'per_second'),
  metric('uptime_seconds', 'Uptime', 'Uptime', 'seconds'),
];

function metric(key: MetricKey, label: string, short: string, unit: Unit): Metric {
  return { key, label, short, unit, place: METRIC_KEYS.indexOf(key), limits: LIMITS[key] ?? null };
}

const byKey = new Map(metrics.map((one) => [one.key, one]));

export const metricOf = (key: MetricKey): Metric => byKey.get(key)!;

/** NaN where the server said nothing that is a number. */
export const valueOf = (values: readonly (number | null)[], { place }: Metric): number =>
  values[place] ?? NaN;

export function gradeOf({ limits }: Metric, value: number): Grade {
  if (!limits || !Number.isFinite(value)) return 'neutral';
  if (value >= limits.bad) return 'bad';
  return value >= limits.warn ? 'warn' : 'good';
}

export function formatValue(unit: Unit, value: number): string {
  if (!Number.isFinite(value)) return '-';
  switch (unit) {
    case 'count':
      return counted(value);
    case 'ratio':
      return `${(value * 100).toFixed(2)}%`;
    case 'per_second':
      return `${value.toFixed(2)}/s`;
    case 'seconds':
      return formatSeconds(value);
  }
}

/** "82ms", "2.50s", "1m 30s", "5h 3m"; rounded before the unit is chosen, so that nothing says "1000ms" or "60.00s". */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return '-';
  if (Math.round(seconds * 1_000) < 1_000) return `${Math.round(seconds * 1_000)}ms`;
  if (seconds < 59.995) return `${seconds.toFixed(2)}s`;
  const whole = Math.max(60, Math.floor(seconds));
  if (whole < 3_600) return `${Math.floor(whole / 60)}m ${whole % 60}s`;
  return `${counted(Math.floor(whole / 3_600))}h ${Math.floor((whole % 3_600) / 60)}m`;
}

/** The grade of "12/15 up". */
export function healthGrade(up: number, total: number): Grade {
  if (up >= total) return 'good';
  return up === 0 ? 'bad' : 'warn';
}
