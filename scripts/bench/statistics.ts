// The few statistics the bench reports: medians over rounds, and percentiles of latencies.

/** Sorts a copy; the value at that share of the way, 0 to 1. NaN for nothing. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export const median = (values: number[]): number => percentile(values, 0.5);
