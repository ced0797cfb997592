// Sums the buckets of a histogram over all its series while a snapshot is read.
import type { Histogram } from './measured.js';
import { pythonNumber } from './python-number.js';

/** Bots have nine and +Inf. A bound costs memory for five minutes of every cluster, so there is an end to them. */
export const MAX_BOUNDS = 64;

/** Distinct `le` labels in the order they were met, and the counts of each. */
export interface Buckets {
  labels: string[];
  counts: number[];
  /** Where the next label probably is: the series follow each other, each in the same order. */
  next: number;
}

export const noBuckets = (): Buckets => ({ labels: [], counts: [], next: 0 });

/** False when the label is no bound, or one too many. */
export function addBucket(buckets: Buckets, le: unknown, count: number): boolean {
  if (typeof le !== 'string') return false;
  const { labels, counts } = buckets;
  const guess = buckets.next;
  const known = labels[guess] === le ? guess : labels.indexOf(le);
  const index = known < 0 ? addBound(buckets, le) : known;
  if (index < 0) return false;
  const sum = counts[index]! + count;
  if (Number.isFinite(sum)) counts[index] = sum;
  buckets.next = index + 1 === labels.length ? 0 : index + 1;
  return true;
}

function addBound({ labels, counts }: Buckets, le: string): number {
  if (labels.length >= MAX_BOUNDS || boundOf(le) === null) return -1;
  counts.push(0);
  return labels.push(le) - 1;
}

const boundOf = (le: string): number | null =>
  le === '+Inf' || le === 'Inf' ? Infinity : (pythonNumber(le) ?? null);

/** Ascending, one entry a bound however it was written. Null: there were none. */
export function histogramOf({ labels, counts }: Buckets): Histogram | null {
  if (labels.length === 0) return null;
  const sums = new Map<number, number>();
  for (const [i, label] of labels.entries()) {
    const bound = boundOf(label)!;
    sums.set(bound, (sums.get(bound) ?? 0) + counts[i]!);
  }
  const bounds = [...sums.keys()].sort((a, b) => a - b);
  return { bounds, counts: bounds.map((bound) => Math.min(sums.get(bound)!, Number.MAX_VALUE)) };
}
