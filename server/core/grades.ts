// From where on a value is worth a look, and from where on it is bad: the thresholds of the Argus contract.
import { METRIC_KEYS, type MetricKey, type Values } from './measures.js';

interface Threshold {
  place: number;
  /** What people call it. */
  name: string;
  warn: number;
  bad: number;
}

const threshold = (key: MetricKey, name: string, warn: number, bad: number): Threshold => ({
  place: METRIC_KEYS.indexOf(key),
  name,
  warn,
  bad,
});

/** The worse a value is for users, the earlier it stands. */
const THRESHOLDS = [
  threshold('error_rate', 'error rate', 0.01, 0.05),
  threshold('latency_seconds', 'gateway latency', 0.3, 1),
  threshold('duration_p95_seconds', 'command p95', 1, 3),
  threshold('ratelimits_rate', 'rate limits', 0.1, 1),
];

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
