// The nine values as people read them: names, units, grades and formats; which values are high is the Argus contract's.
import { LIMITS, METRIC_KEYS, type Limits, type MetricKey } from '../shared/metrics.js';
import { counted } from './count.js';

/** Between a number and its unit. */
export const NBSP = '\u00a0';
const NOTHING = '–';
/** Two decimals more would be noise. */
const BRIEF_FROM = 100;

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
  metric('interactions_rate', 'Interactions', 'Inter./s', 'per_second'),
  metric('ratelimits_rate', 'Rate limits', 'Limits/s', 'per_second'),
  metric('uptime_seconds', 'Uptime', 'Uptime', 'seconds'),
];

function metric(key: MetricKey, label: string, short: string, unit: Unit): Metric {
  return { key, label, short, unit, place: METRIC_KEYS.indexOf(key), limits: LIMITS[key] ?? null };
}

const byKey = new Map(metrics.map((one) => [one.key, one]));

export const metricOf = (key: MetricKey): Metric => byKey.get(key)!;

/** NaN where the server said nothing that is a number. */
export const valueOf = (values: readonly (number | null)[], { place }: Pick<Metric, 'place'>): number =>
  values[place] ?? NaN;

export function gradeOf({ limits }: Metric, value: number): Grade {
  if (!limits || !Number.isFinite(value)) return 'neutral';
  if (value >= limits.bad) return 'bad';
  return value >= limits.warn ? 'warn' : 'good';
}

export function formatValue(unit: Unit, value: number): string {
  if (!Number.isFinite(value)) return NOTHING;
  switch (unit) {
    case 'count':
      return counted(value);
    case 'ratio':
      return `${(value * 100).toFixed(2)}${NBSP}%`;
    case 'per_second':
      return `${value.toFixed(value < BRIEF_FROM ? 2 : 1)}/s`;
    case 'seconds':
      return formatSeconds(value);
  }
}

/** "82 ms", "2.50 s", "1 min 30 s", "5 h 3 min", "6 d 4 h"; rounded before the unit is chosen, so that nothing says "1000 ms" or "60.00 s". */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return NOTHING;
  if (Math.round(seconds * 1_000) < 1_000) return inUnits(Math.round(seconds * 1_000), 'ms');
  if (seconds < 59.995) return inUnits(seconds.toFixed(2), 's');
  const whole = Math.max(60, Math.floor(seconds));
  if (whole < 3_600) return both(whole, 60, 'min', 1, 's');
  return whole < 2 * 86_400 ? both(whole, 3_600, 'h', 60, 'min') : both(whole, 86_400, 'd', 3_600, 'h');
}

const both = (whole: number, size: number, unit: string, small: number, smallUnit: string): string =>
  `${inUnits(counted(Math.floor(whole / size)), unit)}${NBSP}${inUnits(Math.floor((whole % size) / small), smallUnit)}`;

const inUnits = (n: number | string, unit: string): string => `${n}${NBSP}${unit}`;

/** The grade of "12/15 up". */
export function healthGrade(up: number, total: number): Grade {
  if (up >= total) return 'good';
  return up === 0 ? 'bad' : 'warn';
}

/** Else there is nothing to add up: no cluster says a number. */
export const isAnyMeasured = (values: readonly (number | null)[]): boolean =>
  metrics.some((metric) => valueOf(values, metric) > 0);
