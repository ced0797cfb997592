// A cluster's nine values in the words of the contract: what a snapshot says, what two say, and what five minutes say.
import { readFileSync } from 'node:fs';
import t from 'tap';
import fc from 'fast-check';
import { holds } from '../holds.js';
import { nothingMeasured, type Histogram, type Measured } from '../../server/core/measures/measured.js';
import { METRIC_KEYS, type MetricKey } from '../../public/shared/metrics.js';
import { createMeasures, measure } from '../../server/core/measures/measures.js';
import { pythonFloat, pythonNumber } from '../../server/core/measures/python-number.js';
import type { ShardRow } from '../../server/core/event.js';
import { quantile } from '../../server/core/measures/quantile.js';
import { addCluster, addUp, createRollup } from '../../server/core/measures/rollup.js';
import { readSnapshot, withShards } from '../../server/core/measures/snapshot-metrics.js';
import { addPoint, createTrend, pointsOf } from '../../server/core/measures/trend.js';
import { T0 } from './scene.js';

const BEAT = 15_000;
const MINUTES = 60_000;

/** What a recorded snapshot says, with Python's bare words read as our server reads them. */
function recorded(file: string): Measured {
  const text = readFileSync(`test/fixtures/${file}.json`, 'utf8').replace(/-?\bInfinity\b|\bNaN\b/g, 'null');
  type Body = Record<string, unknown> & { request_body?: { snapshot: Record<string, unknown> } };
  const value = JSON.parse(text) as Body;
  return readSnapshot(value.request_body?.snapshot ?? value, 'discord').measured;
}

interface Sample {
  name: unknown;
  labels?: unknown;
  value?: unknown;
}

const read = (...samples: unknown[]): ReturnType<typeof readSnapshot> =>
  readSnapshot({ metrics: { any: { samples } } }, 'discord');

const sample = (name: string, value: unknown, labels: object = {}): Sample => ({
  name: `discord_${name}`,
  labels,
  value,
});

const said = (some: Partial<Measured>): Measured => ({ ...nothingMeasured(), ...some });

/** A cluster that hears one snapshot after the other, and its values by name. */
class Watched {
  measures = createMeasures();
  at = T0;

  hears(some: Partial<Measured>, afterMs = BEAT): this {
    this.at += afterMs;
    measure(this.measures, said(some), this.at, BEAT);
    return this;
  }

  value(key: MetricKey): number {
    return this.measures.values[METRIC_KEYS.indexOf(key)]!;
  }
}

void t.test('a snapshot of Argus, in numbers', (t) => {
  t.same(recorded('heartbeat-1'), {
    latencySeconds: 0.129385,
    shardsUp: 4,
    guilds: 2500,
    cachedUsers: 120000,
    uptimeSeconds: 13.85220149099996,
    interactions: 300,
    ratelimits: 1,
    errors: 6,
    commands: 300,
    durations: {
      bounds: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, Infinity],
      counts: Array(9).fill(294) as number[],
    },
    processStartedAt: 1795225113.38,
    shardsConfigured: 4,
    reconnects: 4,
    disconnects: null,
    loopLagSeconds: 0.0011408539999138156,
    libraryVersion: '2.2.2',
    argusVersion: '0.4.2',
  });
  t.end();
});

void t.test('sums and maxima are over all series of a sample name, whatever the family is called', (t) => {
  const { measured } = read(
    sample('shard_latency_seconds', 0.1, { shard: '0' }),
    sample('shard_latency_seconds', 0.3, { shard: '1' }),
    sample('shard_up', 0, { shard: '1' }),
    sample('shard_up', 1, { shard: '0' }),
    sample('guilds', 10, { cluster: 'a' }),
    sample('guilds', '5', { cluster: 'b' }),
    sample('cached_users', true),
    sample('uptime_seconds', 7),
    sample('uptime_seconds', 9),
    sample('app_commands_total', 30, { command: 'a' }),
    sample('app_commands_total', 40, { command: 'b' }),
    sample('commands_total', 30),
    sample('command_errors_total', 3),
    sample('interactions_total', 100),
    sample('ratelimits_total', 2),
    sample('shard_reconnects_total', 1, { shard: '0' }),
    sample('shard_reconnects_total', 2, { shard: '1' }),
    sample('shard_disconnects_total', 4, { shard: '1' }),
    sample('event_loop_lag_seconds', 0.01),
    sample('bot_info', 1, { discord_py_version: '2.4.0', argus_version: '0.4.2' }),
    sample('app_commands_created', 1.7e9),
    { name: 'process_start_time_seconds', labels: {}, value: 1795225100.5 },
    { name: 'other_guilds', labels: {}, value: 1000 },
  );
  t.same(measured, {
    latencySeconds: 0.3,
    shardsUp: 1,
    guilds: 15,
    cachedUsers: 1,
    uptimeSeconds: 9,
    interactions: 100,
    ratelimits: 2,
    errors: 3,
    commands: 100,
    durations: null,
    processStartedAt: 1795225100.5,
    shardsConfigured: null,
    reconnects: 3,
    disconnects: 4,
    loopLagSeconds: 0.01,
    libraryVersion: '2.4.0',
    argusVersion: '0.4.2',
  });
  t.end();
});

void t.test('what is not finite says nothing, and what is malformed is counted and skipped', (t) => {
  const nothing = read(sample('guilds', null), sample('guilds', Infinity), sample('uptime_seconds', NaN));
  t.same(nothing.measured, nothingMeasured());
  t.equal(nothing.skipped, 0, 'a booting shard makes no mistake');
  const odd = read(
    sample('guilds', 7),
    sample('guilds', 'many'),
    sample('guilds', '0x10'),
    sample('guilds', [1]),
    sample('interactions_total', -5),
    sample('app_command_duration_seconds_bucket', 1, { le: 'often' }),
    sample('app_command_duration_seconds_bucket', 1, {}),
    { name: 7, value: 1 },
    null,
    'text',
  );
  t.equal(odd.measured.guilds, 7);
  t.equal(odd.skipped, 9);
  t.equal(read(sample('guilds', 1e308), sample('guilds', 1e308)).measured.guilds, 1e308, 'no sum overflows');
  t.equal(readSnapshot({ metrics: { a: null, b: { samples: 1 }, c: [] } }, 'discord').skipped, 3);
  t.end();
});

void t.test('an unsharded bot is one shard', (t) => {
  t.equal(read(sample('shards_connected', 1)).measured.shardsUp, 1);
  t.equal(read(sample('shards_connected', 0)).measured.shardsUp, 0);
  t.end();
});

void t.test("a shard list in the member's own words counts before its metrics", (t) => {
  const rows = [
    { id: 0, state: 3 as const, latencyMs: 120 },
    { id: 1, state: 6 as const, latencyMs: null },
  ];
  t.match(withShards(null, rows), { shardsUp: 1, latencySeconds: 0.12, guilds: null });
  t.match(withShards(said({ guilds: 9, shardsUp: 5 }), rows), { shardsUp: 1, guilds: 9 });
  t.match(withShards(said({ latencySeconds: 3 }), []), { shardsUp: 0, latencySeconds: 3 });
  const counted = [
    { ...rows[0], guilds: 40 },
    { ...rows[1], guilds: 2 },
  ] as ShardRow[];
  t.equal(withShards(null, counted).guilds, 42, 'guilds said per shard make the cluster’s count');
  t.end();
});

const bucket = (le: unknown, value: unknown, command = 'a'): Sample =>
  sample('app_command_duration_seconds_bucket', value, { le, command });

void t.test('buckets are summed per bound over all series, in any order and spelling', (t) => {
  const { measured, skipped } = read(
    bucket('0.5', 4),
    bucket('1.0', 6),
    bucket('+Inf', 7),
    bucket('+Inf', 3, 'b'),
    bucket('0.5', '1', 'b'),
    bucket('1', 2, 'b'),
  );
  t.same(measured.durations, { bounds: [0.5, 1, Infinity], counts: [5, 8, 10] });
  t.equal(skipped, 0);
  t.same(read(bucket('Inf', 1)).measured.durations, { bounds: [Infinity], counts: [1] });
  t.end();
});

void t.test('of ten thousand bounds 64 are kept', (t) => {
  const { measured, skipped } = read(...Array.from({ length: 10_000 }, (_, i) => bucket(`${i}`, 1)));
  t.equal(measured.durations?.bounds.length, 64);
  t.equal(skipped, 10_000 - 64);
  t.end();
});

const ten: Histogram = { bounds: [0.1, 0.5, 1, Infinity], counts: [0, 50, 100, 100] };

void t.test("a quantile is interpolated inside its bucket, as Prometheus' histogram_quantile does", (t) => {
  t.equal(quantile(ten, 0.95), 0.95);
  t.equal(quantile(ten, 0.5), 0.5);
  t.equal(quantile(ten, 0.25), 0.1 + 0.4 / 2);
  t.equal(quantile({ bounds: [0.05, Infinity], counts: [100, 100] }, 0.95), 0.0475, 'from 0 in the first');
  t.equal(quantile({ bounds: [-1, 1, Infinity], counts: [10, 10, 10] }, 0.5), -1);
  t.equal(quantile({ bounds: [0.1, 10, Infinity], counts: [10, 10, 100] }, 0.95), 10, 'at least so long');
  t.end();
});

void t.test('there is no quantile of nothing, nor without the bucket of all', (t) => {
  t.equal(quantile({ bounds: [0.1, Infinity], counts: [0, 0] }, 0.95), null);
  t.equal(quantile({ bounds: [0.1, 0.5], counts: [5, 10] }, 0.95), null);
  t.equal(quantile({ bounds: [Infinity], counts: [5] }, 0.95), null);
  t.equal(quantile({ bounds: [], counts: [] }, 0.95), null);
  const falling = { bounds: [1, 2, 3, Infinity], counts: [50, 40, 100, 100] };
  t.equal(quantile(falling, 0.95), 2.9, 'counts that fall are taken as flat');
  t.end();
});

void t.test('rates come from two snapshots', (t) => {
  const cluster = new Watched().hears({ interactions: 1_000, ratelimits: 4 });
  t.equal(cluster.value('interactions_rate'), 0);
  cluster.hears({ interactions: 1_150, ratelimits: 7 });
  t.equal(cluster.value('interactions_rate'), 10);
  t.equal(cluster.value('ratelimits_rate'), 0.2);
  cluster.hears({ interactions: 1_150, ratelimits: 7 });
  t.equal(cluster.value('interactions_rate'), 0);
  t.end();
});

void t.test('a counter that fell began anew: what it is now is what it rose by', (t) => {
  const cluster = new Watched().hears({ interactions: 1_000 }).hears({ interactions: 30 });
  t.equal(cluster.value('interactions_rate'), 2);
  cluster.hears({ interactions: 60 });
  t.equal(cluster.value('interactions_rate'), 2);
  t.end();
});

void t.test('a process that started anew began to count anew, though it has overtaken the old one', (t) => {
  const cluster = new Watched()
    .hears({ interactions: 1_000, processStartedAt: 5 })
    .hears({ interactions: 1_500, processStartedAt: 6 });
  t.equal(cluster.value('interactions_rate'), 100);
  cluster.hears({ interactions: 3, processStartedAt: 7 }).hears({ interactions: null, processStartedAt: 8 });
  cluster.hears({ interactions: 15, processStartedAt: 8 });
  t.equal(cluster.value('interactions_rate'), 1, 'and counts from nothing');
  t.end();
});

void t.test('a counter that is left out stays where it was', (t) => {
  const cluster = new Watched().hears({ interactions: 1_000 }).hears({}).hears({ interactions: 1_030 });
  t.equal(cluster.value('interactions_rate'), 2);
  t.end();
});

void t.test('beats in the same millisecond are one, and late ones are none', (t) => {
  const cluster = new Watched().hears({ interactions: 0 });
  cluster.hears({ interactions: 50 }, 0).hears({ interactions: 75 }, 999);
  t.equal(cluster.value('interactions_rate'), 0, 'too near to tell');
  cluster.hears({ interactions: 100 }, 1);
  t.equal(cluster.value('interactions_rate'), 100, 'over the second since the last rate');
  cluster.hears({ interactions: 0, guilds: 5 }, -5_000);
  t.equal(cluster.value('guilds'), 0);
  t.equal(cluster.value('interactions_rate'), 100);
  t.end();
});

void t.test('after more than five minutes of silence rates begin anew', (t) => {
  const cluster = new Watched().hears({ interactions: 0, commands: 100, errors: 50 });
  cluster.hears({ interactions: 10_000, commands: 200, errors: 50 }, 5 * MINUTES + 1);
  t.equal(cluster.value('interactions_rate'), 0);
  t.equal(cluster.value('error_rate'), 0.25, 'of all there was');
  t.end();
});

void t.test(
  'the error rate is that of the last five minutes; of the lifetime until there are two beats',
  (t) => {
    const cluster = new Watched().hears({ commands: 1_000, errors: 500 });
    t.equal(cluster.value('error_rate'), 0.5);
    cluster.hears({ commands: 1_100, errors: 501 });
    t.equal(cluster.value('error_rate'), 0.01);
    for (let i = 0; i < 21; i++) cluster.hears({ commands: 1_200, errors: 501 });
    t.equal(cluster.value('error_rate'), 0, 'nothing ran lately');
    t.same([cluster.measures.commands, cluster.measures.errors], [0, 0]);
    t.end();
  },
);

void t.test('p95 is that of the last five minutes; of the lifetime until there are two beats', (t) => {
  const counts = (...list: number[]): Partial<Measured> => ({
    durations: { bounds: [0.1, 0.5, 1, Infinity], counts: list },
  });
  const cluster = new Watched().hears(counts(100, 100, 100, 100));
  t.equal(cluster.value('duration_p95_seconds'), 0.095);
  cluster.hears(counts(100, 150, 200, 200));
  t.equal(cluster.value('duration_p95_seconds'), 0.95);
  for (let i = 0; i < 21; i++) cluster.hears(counts(100, 150, 200, 200));
  t.equal(cluster.value('duration_p95_seconds'), 0, 'nothing ran lately');
  cluster.hears({ durations: { bounds: [2, Infinity], counts: [500, 500] } });
  t.equal(cluster.value('duration_p95_seconds'), 1.9, 'other bounds begin anew');
  t.end();
});

void t.test('the first command ever run is noticed', (t) => {
  const cluster = new Watched().hears({}).hears({});
  cluster.hears({ commands: 10, errors: 1, durations: { bounds: [1, Infinity], counts: [10, 10] } });
  t.equal(cluster.value('duration_p95_seconds'), 0.95);
  t.equal(cluster.value('error_rate'), 0.1);
  t.end();
});

void t.test('the window is as long when beats come often, and as small', (t) => {
  const cluster = new Watched().hears({ commands: 0, errors: 0 });
  for (let second = 1; second <= 600; second++)
    cluster.hears({ commands: second, errors: Math.min(second, 300) }, 1_000);
  t.ok(cluster.measures.commands >= 285 && cluster.measures.commands <= 300, `${cluster.measures.commands}`);
  t.ok(cluster.measures.errors <= 15, `${cluster.measures.errors}`);
  t.equal(cluster.measures.counters?.window?.increases.length, 20 * 4);
  t.end();
});

void t.test('what rose before a pause of minutes leaves the window all the same', (t) => {
  const cluster = new Watched().hears({ commands: 0 }).hears({ commands: 100 });
  cluster.hears({ commands: 110 }, 4 * MINUTES);
  t.equal(cluster.measures.commands, 110);
  cluster.hears({ commands: 120 }, 4 * MINUTES);
  t.equal(cluster.measures.commands, 20);
  t.end();
});

void t.test('a trend has one point a beat interval, though beats come faster, early or late', (t) => {
  const times = (cluster: Watched): number[] =>
    [...pointsOf(cluster.measures.trend!)].map(({ at }) => (at - T0) / 1_000);
  const fast = new Watched();
  for (let i = 0; i < 12; i++) fast.hears({}, 5_000);
  t.same(times(fast), [5, 20, 35, 50]);
  const uneven = new Watched();
  for (const gap of [13_500, 16_500, 13_500, 13_500]) uneven.hears({}, gap);
  t.same(times(uneven), [13.5, 30, 43.5, 57]);
  t.end();
});

void t.test('a trend keeps the last 60 points, oldest first', (t) => {
  const cluster = new Watched();
  for (let guilds = 1; guilds <= 100; guilds++) cluster.hears({ guilds });
  const points = [...pointsOf(cluster.measures.trend!)];
  t.same(
    points.map(({ values }) => values[METRIC_KEYS.indexOf('guilds')]),
    Array.from({ length: 60 }, (_, i) => i + 41),
  );
  t.equal(points.at(-1)?.at, cluster.at);
  t.end();
});

void t.test('a trend holds no infinity, though 32 bits hold less', (t) => {
  const trend = createTrend(2);
  addPoint(trend, T0, [1e300, -1e300]);
  t.ok([...pointsOf(trend)][0]?.values.every(Number.isFinite));
  t.end();
});

const up = (
  some: Partial<Measured>,
  status: 'up' | 'down' | 'stopped' = 'up',
): Parameters<typeof addCluster>[1] => ({
  status,
  measures: new Watched().hears(some).measures,
});

void t.test('roll-ups: sums, maxima, and the error rate out of summed totals, never averaged', (t) => {
  const asia = createRollup();
  addCluster(
    asia,
    up({ latencySeconds: 0.1, shardsUp: 3, guilds: 10, commands: 1_000, errors: 0, uptimeSeconds: 5 }),
  );
  addCluster(
    asia,
    up({ latencySeconds: 0.3, shardsUp: 2, guilds: 20, commands: 10, errors: 10, uptimeSeconds: 4 }),
  );
  t.same(asia.values, [0.3, 5, 30, 0, 0, 10 / 1_010, 0, 0, 5]);
  const all = createRollup();
  addUp(all, asia);
  addUp(all, createRollup());
  t.same(all.values, asia.values);
  t.end();
});

void t.test('roll-ups: clusters that are down or stopped have no share in the values', (t) => {
  const fleet = createRollup();
  const said = { latencySeconds: 9, shardsUp: 3, guilds: 10, commands: 10, errors: 10 };
  addCluster(fleet, up(said, 'down'));
  addCluster(fleet, up(said, 'stopped'));
  t.same(fleet, createRollup());
  t.end();
});

void t.test("numbers are read as Python's float() reads them", (t) => {
  const numbers: [unknown, number | null | undefined][] = [
    [1.5, 1.5],
    ['1.5', 1.5],
    [' 1e3\n', 1_000],
    ['.5', 0.5],
    ['5.', 5],
    ['+7', 7],
    [true, 1],
    [false, 0],
    ['1e999', null],
    ['Infinity', null],
    [' -inf', null],
    ['nan', null],
    [null, null],
    [Infinity, null],
    ['', undefined],
    [' ', undefined],
    ['0x10', undefined],
    ['1 2', undefined],
    ['e5', undefined],
    [[1], undefined],
    [{}, undefined],
    [undefined, undefined],
  ];
  for (const [text, number] of numbers) t.equal(pythonNumber(text), number, JSON.stringify(text));
  // In one pass: a pattern that looks again from every digit would not come to its end.
  t.equal(pythonNumber(`${'1'.repeat(1_000_000)}x`), undefined);
  t.end();
});

void t.test("numbers are written as Python's repr() writes floats", (t) => {
  const numbers: [number, string][] = [
    [0, '0.0'],
    [-0, '0.0'],
    [3, '3.0'],
    [0.129385, '0.129385'],
    [29.685593703999984, '29.685593703999984'],
    [120_000, '120000.0'],
    [9_007_199_254_740_993, '9007199254740992.0'],
    [1e16, '1e+16'],
    [1.5e22, '1.5e+22'],
    [0.0001, '0.0001'],
    [0.00005, '5e-05'],
    [1.25e-7, '1.25e-07'],
    [5e-324, '5e-324'],
    [-2.5, '-2.5'],
  ];
  for (const [number, text] of numbers) t.equal(pythonFloat(number), text);
  t.end();
});

/** Anything JSON can hold where a snapshot is expected, often nearly right. */
function nearSnapshots(): fc.Arbitrary<Record<string, unknown>> {
  const names = [
    'shard_up',
    'shard_latency_seconds',
    'guilds',
    'uptime_seconds',
    'interactions_total',
    'ratelimits_total',
    'command_errors_total',
    'app_commands_total',
    'app_command_duration_seconds_bucket',
    'bot_info',
  ].map((name) => `discord_${name}`);
  const value = fc.oneof(
    fc.double(),
    fc.double({ noNaN: true, min: 0 }),
    fc.nat(100),
    fc.string(),
    fc.jsonValue(),
  );
  const le = fc.oneof(fc.constantFrom('0.1', '1', '-1e308', '1e308', '+Inf', 'Inf'), fc.string());
  const labels = fc.record({ shard: fc.nat(5).map(String), le });
  const near = fc.record({
    name: fc.constantFrom(...names, 'process_start_time_seconds', '__proto__', 'constructor'),
    labels: fc.oneof({ weight: 4, arbitrary: labels }, fc.jsonValue()),
    value,
  });
  const samples = fc.array(fc.oneof({ weight: 4, arbitrary: near }, fc.jsonValue()), { maxLength: 30 });
  return fc.record({ metrics: fc.record({ a: fc.record({ samples }), b: fc.record({ samples }) }) });
}

void t.test('no snapshots, in whatever order and however fast, yield a number that is not finite', (t) => {
  const beats = fc.array(fc.tuple(nearSnapshots(), fc.integer({ min: -100, max: 400_000 })), {
    maxLength: 8,
  });
  const areFinite = (list: Iterable<number>): boolean => [...list].every(Number.isFinite);
  const isFine = (list: [Record<string, unknown>, number][]): boolean => {
    const measures = createMeasures();
    const fleet = createRollup();
    let at = T0;
    return list.every(([snapshot, waitMs]) => {
      at += waitMs;
      const { measured } = readSnapshot(snapshot, 'discord');
      measure(measures, measured, at, BEAT);
      addCluster(fleet, { status: 'up', measures });
      const { durations, ...numbers } = measured;
      const said = Object.values(numbers).filter((one): one is number => typeof one === 'number');
      return (
        areFinite(said) &&
        areFinite(durations?.counts ?? []) &&
        areFinite(measures.values) &&
        areFinite(fleet.values) &&
        [...pointsOf(measures.trend ?? createTrend(9))].every(({ values }) => areFinite(values))
      );
    });
  };
  holds(t, fc.property(beats, isFine), 500);
  t.end();
});
