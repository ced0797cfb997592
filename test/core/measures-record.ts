// What clusters measured, as bytes and back: nothing is lost, it goes on alike, and other bytes are refused in bounds.
import { isDeepStrictEqual } from 'node:util';
import t from 'tap';
import fc from 'fast-check';
import { ByteWriter, Malformed } from '../../server/core/measures/bytes.js';
import { nothingMeasured, type Histogram, type Measured } from '../../server/core/measures/measured.js';
import {
  MOST_MEASURES_BYTES,
  readMeasures,
  writeMeasures,
} from '../../server/core/measures/measures-record.js';
import { createMeasures, measure, restoreTrend, type Measures } from '../../server/core/measures/measures.js';
import { addPoint, createTrend } from '../../server/core/measures/trend.js';
import { METRIC_KEYS } from '../../public/shared/metrics.js';
import { holds } from '../holds.js';
import { T0 } from './scene.js';

const BEAT = 15_000;

function bytesOf(measures: Measures): Uint8Array {
  const bytes = new Uint8Array(MOST_MEASURES_BYTES);
  const out = new ByteWriter(bytes);
  writeMeasures(out, measures);
  return bytes.slice(0, out.at);
}

interface Heard {
  afterMs: number;
  measured: Measured;
}

function hear(measures: Measures, heard: Heard[], from: number): number {
  let at = from;
  for (const { afterMs, measured } of heard) measure(measures, measured, (at += afterMs), BEAT);
  return at;
}

const any = fc.double({ noNaN: true, noDefaultInfinity: true });
const total = fc.oneof(
  fc.integer({ min: 0, max: 1_000 }),
  fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
);
const orNot = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 3 });
/** Half characters, too. */
const version = fc.string({ unit: fc.integer({ max: 0xffff }).map((unit) => String.fromCharCode(unit)) });

/** Bots have a few, and the same from beat to beat but when they were updated. */
const boundsOf = (count: number): number[] => [...Array.from({ length: count }, (_, i) => i / 10), Infinity];
const durations = fc
  .constantFrom(0, 3, 3, 3, 63)
  .chain((count) =>
    fc
      .array(total, { minLength: count + 1, maxLength: count + 1 })
      .map((counts): Histogram => ({ bounds: boundsOf(count), counts })),
  );

const measured: fc.Arbitrary<Measured> = fc.record({
  latencySeconds: orNot(any),
  shardsUp: orNot(total),
  guilds: orNot(total),
  cachedUsers: orNot(total),
  uptimeSeconds: orNot(any),
  interactions: orNot(total),
  ratelimits: orNot(total),
  errors: orNot(total),
  commands: orNot(total),
  durations: orNot(durations),
  processStartedAt: orNot(fc.constantFrom(0, -0, 1_795_225_113.38)),
  shardsConfigured: orNot(any),
  reconnects: orNot(total),
  disconnects: orNot(total),
  loopLagSeconds: orNot(any),
  libraryVersion: orNot(version),
  argusVersion: orNot(version),
});

/** Late, early, together, older than the last, and after a long silence. */
const afterMs = fc.constantFrom(BEAT, BEAT, BEAT, 14_000, 16_500, 0, 400, -1_000, 200_000, 400_000);
const heard = fc.array(fc.record({ afterMs, measured }), { maxLength: 30 });

/** More beats than a trend has points. */
const steady: Heard[] = Array.from({ length: 70 }, (_, i) => ({
  afterMs: BEAT,
  measured: { ...nothingMeasured(), guilds: i, interactions: i * 1.1 },
}));

function refusalOf(bytes: Uint8Array): unknown {
  try {
    readMeasures(bytes);
  } catch (error) {
    return error;
  }
  return null;
}

void t.test('what was measured comes back exactly, and goes on as it would have', (t) => {
  const seen = { window: 0, full: 0, nothing: 0 };
  holds(
    t,
    fc.property(heard, heard, fc.boolean(), (before, after, isLong) => {
      const measures = createMeasures();
      const at = hear(measures, isLong ? [...steady, ...before] : before, T0);
      seen.window += measures.counters?.window ? 1 : 0;
      seen.full += measures.trend?.length === 60 ? 1 : 0;
      seen.nothing += measures.latest ? 0 : 1;
      const back = readMeasures(bytesOf(measures));
      if (!isDeepStrictEqual(back, measures)) return false;
      hear(measures, after, at);
      hear(back, after, at);
      return isDeepStrictEqual(back, measures);
    }),
    200,
  );
  for (const [what, count] of Object.entries(seen)) t.ok(count > 3, `${what}: ${count}`);
  t.end();
});

/** All that there is room for: 64 bounds, versions of which each unit is escaped, 60 points. */
function fullest(): Measures {
  const measures = createMeasures();
  const counts = Array.from({ length: 64 }, (_, i) => i);
  const durations = { bounds: boundsOf(63), counts };
  const text = '\u0001'.repeat(64);
  const numbers = {
    shardsConfigured: 1,
    reconnects: 2,
    disconnects: 3,
    loopLagSeconds: 0.1,
    processStartedAt: 5,
  };
  const versions = { libraryVersion: text, argusVersion: text };
  for (let i = 0; i < 70; i++)
    measure(measures, { ...nothingMeasured(), durations, ...numbers, ...versions }, T0 + i * BEAT, BEAT);
  return measures;
}

void t.test('no measures take more than there is room for', (t) => {
  const measures = fullest();
  t.equal(bytesOf(measures).length, MOST_MEASURES_BYTES);
  t.ok(isDeepStrictEqual(readMeasures(bytesOf(measures)), measures));
  t.end();
});

void t.test('a trend alone, as the version before kept it, comes back too', (t) => {
  const measures = createMeasures();
  const trend = createTrend(METRIC_KEYS.length);
  for (let i = 0; i < 3; i++) addPoint(trend, T0 + i * BEAT, [0.1, 2, -0, 4, 5, 6, 7, 8, i]);
  restoreTrend(measures, trend);
  t.ok(isDeepStrictEqual(readMeasures(bytesOf(measures)), measures));
  t.end();
});

void t.test('bytes that are cut off, longer or changed are refused, or hold measures that go on', (t) => {
  let refused = 0;
  let taken = 0;
  const change = fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) });
  holds(
    t,
    fc.property(heard, heard, fc.array(change, { maxLength: 4 }), fc.nat(), (before, after, changes, cut) => {
      const measures = createMeasures();
      const at = hear(measures, before, T0);
      const whole = bytesOf(measures);
      const bytes = changes.length > 0 ? whole.slice() : whole.slice(0, cut % whole.length);
      for (const { at, to } of changes) bytes[at % (at % 2 ? 8 : bytes.length)] = to;
      try {
        const back = readMeasures(bytes);
        taken++;
        hear(back, after, at);
        return isDeepStrictEqual(readMeasures(bytesOf(back)), back);
      } catch (error) {
        refused++;
        return error instanceof Malformed;
      }
    }),
    600,
  );
  t.ok(refused > 50 && taken > 50, `${refused} refused, ${taken} taken`);
  t.ok(refusalOf(Buffer.concat([bytesOf(fullest()), Buffer.from([0])])) instanceof Malformed, 'longer');
  t.end();
});

void t.test('what no snapshot leaves behind is refused', (t) => {
  const cases: [what: string, break_: (measures: Measures) => void][] = [
    ['a value', ({ values }) => (values[3] = NaN)],
    ['a total', ({ counters }) => (counters!.totals[0] = Infinity)],
    ['a bound', ({ counters }) => (counters!.bounds[0] = NaN)],
    ['bounds that do not ascend', ({ counters }) => (counters!.bounds[1] = counters!.bounds[0]!)],
    ['a slot', ({ counters }) => (counters!.window!.slotNumbers[2] = 0.5)],
    ['an increase', ({ counters }) => (counters!.window!.increases[5] = NaN)],
    ['a point', ({ trend }) => (trend!.values[7] = -Infinity)],
    ['a time', ({ trend }) => (trend!.times[0] = NaN)],
    ['a trend of no points', ({ trend }) => Object.assign(trend!, { length: 0, next: 0 })],
    ['more points', ({ trend }) => (trend!.length = 61)],
    ['a place that is not the next', ({ trend }) => Object.assign(trend!, { length: 5, next: 4 })],
    ['a place that there is not', ({ trend }) => (trend!.next = 60)],
    ['a version', ({ latest }) => (latest!.argusVersion = 'x'.repeat(65))],
  ];
  for (const [what, spoil] of cases) {
    const measures = fullest();
    spoil(measures);
    t.ok(refusalOf(bytesOf(measures)) instanceof Malformed, what);
  }
  t.end();
});
