// Quantiles out of histograms, as Prometheus' histogram_quantile() estimates them.
import type { Histogram } from './measured.js';

/**
 * The value that this part of the observations does not exceed, interpolated inside its bucket; null: there were none.
 * In the last bucket, which has no end, it is the highest bound there is: "at least so long". (Argus says 0.0 there, so
 * the slowest commands would look like the fastest.)
 * https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
export function quantile({ bounds, counts }: Histogram, part: number): number | null {
  const last = bounds.length - 1;
  if (last < 1 || bounds[last] !== Infinity || !(counts[last]! > 0)) return null;
  const rank = part * counts[last]!;
  let below = 0;
  for (let i = 0; i < last; i++) {
    const upTo = Math.max(below, counts[i]!); // bounds that some series lack can make a count fall
    const end = bounds[i]!;
    if (upTo >= rank)
      return i === 0 && end <= 0 ? end : within(bounds[i - 1] ?? 0, end, (rank - below) / (upTo - below));
    below = upTo;
  }
  return bounds[last - 1]!;
}

const within = (start: number, end: number, part: number): number => start + (end - start) * part;
