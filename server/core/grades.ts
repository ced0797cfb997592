// What is worth a look among a cluster's values, and what is bad.
import { LIMITS, METRIC_KEYS, type MetricKey } from '../../public/shared/metrics.js';
import type { Values } from './measures.js';

/** What people call them; the worse a value is for users, the earlier it stands. */
const NAMES = {
  error_rate: 'error rate',
  latency_seconds: 'gateway latency',
  duration_p95_seconds: 'command p95',
  ratelimits_rate: 'rate limits',
} as const satisfies Partial<Record<MetricKey, string>>;

const THRESHOLDS = (Object.keys(NAMES) as (keyof typeof NAMES)[]).map((key) => ({
  place: METRIC_KEYS.indexOf(key),
  name: NAMES[key],
  ...LIMITS[key]!,
}));

export interface Graded {
  isBad: boolean;
  /** The values that have that grade, by name. */
  names: string[];
}

/** The worst grade among the values, and which have it; null: all are good. */
export function worstGrade(values: Values): Graded | null {
  let isBad = false;
  let isWarn = false;
  for (const { place, warn, bad } of THRESHOLDS) {
    isBad ||= values[place]! >= bad;
    isWarn ||= values[place]! >= warn;
  }
  if (!isWarn) return null;
  const names = THRESHOLDS.filter((one) => values[one.place]! >= (isBad ? one.bad : one.warn));
  return { isBad, names: names.map(({ name }) => name) };
}
