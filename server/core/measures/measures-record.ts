// What a cluster measured, as bytes and back, exactly: put back, it goes on as if nothing had been.
import { METRIC_KEYS } from '../../../public/shared/metrics.js';
import { MAX_BOUNDS } from './buckets.js';
import { ByteReader, ByteWriter, Malformed, mostTextBytes } from './bytes.js';
import { FIRST_BUCKET, type Counters } from './counters.js';
import type { Measures, Told } from './measures.js';
import { VERSION_LENGTH } from './snapshot-metrics.js';
import { createTrend, TREND_POINTS, type Trend } from './trend.js';
import { createWindow, SLOTS, type Window } from './window.js';

// Which of latest, counters and trend there are · the nine values, errors, commands · each of the three, as below.
// What may be null says by a bit before it whether it is there.
const [HAS_LATEST, HAS_COUNTERS, HAS_TREND] = [1, 2, 4] as const;
const [HAS_START, HAS_WINDOW] = [1, 2] as const;

const TOLD_NUMBERS = ['shardsConfigured', 'reconnects', 'disconnects', 'loopLagSeconds'] as const;
const TOLD_TEXTS = ['libraryVersion', 'argusVersion'] as const;
const TOLD = [...TOLD_NUMBERS, ...TOLD_TEXTS] as const;

const MOST_TOTALS = FIRST_BUCKET + MAX_BOUNDS;
const MOST_DOUBLES =
  METRIC_KEYS.length + 2 + TOLD_NUMBERS.length + 5 + FIRST_BUCKET + MAX_BOUNDS + MOST_TOTALS + SLOTS;
const MOST_FLOATS = SLOTS * MOST_TOTALS + TREND_POINTS * METRIC_KEYS.length;

/** No measures take more. */
export const MOST_MEASURES_BYTES =
  6 + 8 * (MOST_DOUBLES + TREND_POINTS) + 4 * MOST_FLOATS + TOLD_TEXTS.length * mostTextBytes(VERSION_LENGTH);

/** Whether there is anything that a new cluster has not. */
export const hasMeasured = ({ latest, counters, trend }: Measures): boolean =>
  latest !== null || counters !== null || trend !== null;

export function writeMeasures(out: ByteWriter, measures: Measures): void {
  const { latest, values, errors, commands, counters, trend } = measures;
  out.byte((latest ? HAS_LATEST : 0) | (counters ? HAS_COUNTERS : 0) | (trend ? HAS_TREND : 0));
  out.doubles(values);
  out.doubles([errors, commands]);
  if (latest) writeTold(out, latest);
  if (counters) writeCounters(out, counters);
  if (trend) writeTrend(out, trend);
}

/** Throws `Malformed` where they are not what `writeMeasures` writes. */
export function readMeasures(bytes: Uint8Array): Measures {
  const from = new ByteReader(bytes);
  const has = from.byte(HAS_LATEST | HAS_COUNTERS | HAS_TREND);
  const values = finite(from.doubles(METRIC_KEYS.length));
  const [errors, commands] = finite(from.doubles(2)) as [number, number];
  const latest = has & HAS_LATEST ? readTold(from) : null;
  const counters = has & HAS_COUNTERS ? readCounters(from) : null;
  const trend = has & HAS_TREND ? readTrend(from) : null;
  from.end();
  return { latest, values, errors, commands, counters, trend };
}

function writeTold(out: ByteWriter, told: Told): void {
  out.byte(TOLD.reduce((bits, key, i) => bits | (told[key] === null ? 0 : 1 << i), 0));
  for (const key of TOLD_NUMBERS) if (told[key] !== null) out.doubles([told[key]]);
  for (const key of TOLD_TEXTS) if (told[key] !== null) out.text(told[key]);
}

function readTold(from: ByteReader): Told {
  const said = from.byte((1 << TOLD.length) - 1);
  const isSaid = (key: keyof Told): boolean => (said & (1 << TOLD.indexOf(key))) !== 0;
  const number = (key: keyof Told): number | null => (isSaid(key) ? finite(from.doubles(1))[0]! : null);
  const text = (key: keyof Told): string | null => (isSaid(key) ? from.text(VERSION_LENGTH) : null);
  return {
    shardsConfigured: number('shardsConfigured'),
    reconnects: number('reconnects'),
    disconnects: number('disconnects'),
    loopLagSeconds: number('loopLagSeconds'),
    libraryVersion: text('libraryVersion'),
    argusVersion: text('argusVersion'),
  };
}

/** Two flags, number of bounds · arrival, start of the process · rates and when they were taken · bounds, totals, pending · window. */
function writeCounters(out: ByteWriter, counters: Counters): void {
  const { at, processStartedAt, bounds, totals, pending, ratesAt, window } = counters;
  out.byte((processStartedAt === null ? 0 : HAS_START) | (window ? HAS_WINDOW : 0));
  out.byte(bounds.length);
  out.doubles([at, processStartedAt ?? 0, ratesAt, counters.interactionsRate, counters.ratelimitsRate]);
  out.doubles(bounds);
  out.doubles(totals);
  out.doubles(pending);
  if (!window) return;
  out.doubles(window.slotNumbers);
  out.floats(window.increases);
}

function readCounters(from: ByteReader): Counters {
  const has = from.byte(HAS_START | HAS_WINDOW);
  const boundCount = from.byte(MAX_BOUNDS);
  const [at, startedAt, ratesAt, interactionsRate, ratelimitsRate] = finite(from.doubles(5)) as FiveNumbers;
  const bounds = ascending(from.doubles(boundCount));
  const totals = finite(from.doubles(FIRST_BUCKET + boundCount));
  const pending = finite(from.doubles(FIRST_BUCKET));
  return {
    at,
    processStartedAt: has & HAS_START ? startedAt : null,
    bounds,
    totals,
    pending,
    ratesAt,
    interactionsRate,
    ratelimitsRate,
    window: has & HAS_WINDOW ? readWindow(from, totals.length) : null,
  };
}

type FiveNumbers = [number, number, number, number, number];

function readWindow(from: ByteReader, width: number): Window {
  const slotNumbers = from.doubles(SLOTS);
  if (!slotNumbers.every((number) => Number.isInteger(number) || number === -Infinity)) throw notANumber();
  from.expectFloats(SLOTS * width);
  const window = createWindow(width);
  window.slotNumbers.set(slotNumbers);
  from.floatsInto(window.increases);
  return window;
}

/** Number of points, where the next one goes · times · values. Points lie in their places, of which the last may be free. */
function writeTrend(out: ByteWriter, { width, times, values, next, length }: Trend): void {
  out.byte(length);
  out.byte(next);
  out.doubles(times.subarray(0, length));
  out.floats(values.subarray(0, length * width));
}

function readTrend(from: ByteReader): Trend {
  const length = from.byte(TREND_POINTS);
  const next = from.byte(TREND_POINTS - 1);
  if (length === 0 || (length < TREND_POINTS && next !== length))
    throw new Malformed('a trend is not possible');
  const times = finite(from.doubles(length));
  from.expectFloats(length * METRIC_KEYS.length);
  const trend = createTrend(METRIC_KEYS.length);
  trend.times.set(times);
  from.floatsInto(trend.values.subarray(0, length * METRIC_KEYS.length));
  return Object.assign(trend, { next, length });
}

const notANumber = (): Malformed => new Malformed('a number is not possible');

function finite(values: number[]): number[] {
  if (!values.every(Number.isFinite)) throw notANumber();
  return values;
}

/** The last may be Infinity. */
function ascending(bounds: number[]): number[] {
  if (bounds.some((bound, i) => !(bound > (bounds[i - 1] ?? -Infinity)))) throw notANumber();
  return bounds;
}
