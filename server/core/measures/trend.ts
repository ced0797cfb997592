// The last 60 points of a cluster's values, one a beat interval: 2.6 KB, taken once.

export const TREND_POINTS = 60;

/** Beats come 10 % early or late; a point is due when most of the interval has passed. */
const DUE_AFTER = 0.75;

/** What 32 bits hold; beyond it they would say Infinity. */
const LARGEST = 3e38;

/** `width` numbers a point, in 32 bits. Oldest first from `next`, once it is full. */
export interface Trend {
  width: number;
  /** ms since 1970. */
  times: Float64Array;
  values: Float32Array;
  /** Where the next point goes. */
  next: number;
  length: number;
}

/** Times and values share one buffer: a buffer of its own costs some 200 bytes. */
export function createTrend(width: number): Trend {
  const timeBytes = TREND_POINTS * Float64Array.BYTES_PER_ELEMENT;
  const buffer = new ArrayBuffer(timeBytes + TREND_POINTS * width * Float32Array.BYTES_PER_ELEMENT);
  return {
    width,
    times: new Float64Array(buffer, 0, TREND_POINTS),
    values: new Float32Array(buffer, timeBytes),
    next: 0,
    length: 0,
  };
}

/** Whether a beat interval has passed since the last point. */
export function isPointDue(trend: Trend, at: number, intervalMs: number): boolean {
  if (trend.length === 0) return true;
  const last = trend.times[(trend.next + TREND_POINTS - 1) % TREND_POINTS]!;
  return at - last >= intervalMs * DUE_AFTER;
}

export function addPoint(trend: Trend, at: number, values: readonly number[]): void {
  trend.times[trend.next] = at;
  const from = trend.next * trend.width;
  for (let i = 0; i < trend.width; i++)
    trend.values[from + i] = Math.max(-LARGEST, Math.min(values[i]!, LARGEST));
  trend.next = (trend.next + 1) % TREND_POINTS;
  trend.length = Math.min(trend.length + 1, TREND_POINTS);
}

export interface Point {
  at: number;
  values: Float32Array;
}

/** Oldest first. */
export function* pointsOf(trend: Trend): Generator<Point> {
  const first = trend.next - trend.length + TREND_POINTS;
  for (let i = 0; i < trend.length; i++) {
    const place = (first + i) % TREND_POINTS;
    const from = place * trend.width;
    yield { at: trend.times[place]!, values: trend.values.subarray(from, from + trend.width) };
  }
}
