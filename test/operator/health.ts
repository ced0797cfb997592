// Grades, formats and what is worst, as the contract of the nine values has them.
import fc from 'fast-check';
import t from 'tap';
import type { BotRow } from '../../public/shared/operator-wire.js';
import {
  formatSeconds,
  formatValue,
  gradeOf,
  healthGrade,
  metricOf,
  metrics,
  valueOf,
} from '../../public/operator/grades.js';
import {
  badness,
  compareBadness,
  compareFleets,
  groupOfCluster,
  groupOfFleet,
  troublesOf,
  verdictOf,
} from '../../public/operator/health.js';
import { clusterOf, fleetOf, FINE, withValue } from './clusters.js';

void t.test('the nine values have a place each, and grades by their thresholds', (t) => {
  t.same(metrics.map(({ place }) => place).sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  const graded = (key: Parameters<typeof metricOf>[0], values: number[]): string[] =>
    values.map((value) => gradeOf(metricOf(key), value));
  t.same(graded('latency_seconds', [0.29, 0.3, 0.99, 1]), ['good', 'warn', 'warn', 'bad']);
  t.same(graded('error_rate', [0.0099, 0.01, 0.05]), ['good', 'warn', 'bad']);
  t.same(graded('duration_p95_seconds', [0.9, 1, 3]), ['good', 'warn', 'bad']);
  t.same(graded('ratelimits_rate', [0, 0.1, 1]), ['good', 'warn', 'bad']);
  t.same(graded('guilds', [0, 1e9]), ['neutral', 'neutral']);
  t.same(graded('latency_seconds', [NaN, Infinity]), ['neutral', 'neutral']);
  t.ok(Number.isNaN(valueOf([null], metricOf('latency_seconds'))));
  t.end();
});

void t.test('values are written as the contract has them', (t) => {
  t.equal(formatValue('ratio', 0.0123), '1.23%');
  t.equal(formatValue('per_second', 3.2), '3.20/s');
  t.equal(formatValue('count', 1_204_332.4), '1,204,332');
  t.same([0.082, 2.5, 90, 5 * 3_600 + 180].map(formatSeconds), ['82ms', '2.50s', '1m 30s', '5h 3m']);
  t.same([0, 0.9996, 59.996, 3_599.9].map(formatSeconds), ['0ms', '1.00s', '1m 0s', '59m 59s']);
  t.equal(formatValue('count', NaN), '-');
  t.equal(formatValue('seconds', Infinity), '-');
  t.same([healthGrade(3, 3), healthGrade(2, 3), healthGrade(0, 3)], ['good', 'warn', 'bad']);
  t.end();
});

void t.test('what is down comes before missing shards, those before notes, those before numbers', (t) => {
  const inOrder = [
    clusterOf({ number: 9, status: 'down' }),
    clusterOf({ number: 8, shardsOnline: 0 }),
    clusterOf({ number: 7, shardsOnline: 15 }),
    clusterOf({ number: 6, notes: ['double-claim'] }),
    clusterOf({ number: 5, values: withValue(5, 0.06) }),
    clusterOf({ number: 4, status: 'stopped', shardsOnline: 0 }),
    clusterOf({ number: 3, values: withValue(0, 0.4) }),
    clusterOf({ number: 1 }),
    clusterOf({ number: 2 }),
  ];
  t.same(
    [...inOrder]
      .reverse()
      .sort(compareBadness)
      .map(({ number }) => number),
    inOrder.map(({ number }) => number),
  );
  t.same(inOrder.map(groupOfCluster), [
    'down',
    'degraded',
    'degraded',
    'degraded',
    'degraded',
    'unknown',
    'degraded',
    'up',
    'up',
  ]);
  t.equal(badness(clusterOf()), 0);
  t.end();
});

void t.test('troubles are said, the worst first', (t) => {
  t.same(troublesOf(clusterOf({ status: 'down' })), ['down with 16 shards']);
  t.same(troublesOf(clusterOf({ status: 'stopped', shards: 1 })), ['stopped on purpose, 1 shard']);
  const worn = clusterOf({
    shardsOnline: 14,
    notes: ['two-addresses'],
    values: withValue(0, 1.2).with(5, 0.02),
  });
  t.same(troublesOf(worn), [
    '2 of 16 shards not online',
    'seen from two addresses',
    'Gateway latency 1.20s',
    'Error rate 2.00%',
  ]);
  t.same(troublesOf(clusterOf()), []);
  t.end();
});

void t.test('fleets: worst first, then by name', (t) => {
  const down = fleetOf({ name: 'z', clustersUp: 2 });
  const slow = fleetOf({ name: 'y', values: withValue(0, 0.5) });
  const quiet = fleetOf({ name: 'x', clustersUp: 0, clustersStopped: 3 });
  t.same([fleetOf(), quiet, slow, down].sort(compareFleets).map(groupOfFleet), [
    'down',
    'degraded',
    'unknown',
    'up',
  ]);
  t.equal(
    groupOfFleet(fleetOf({ worst: { identity: 'a', number: 1, why: '1 of 16 shards not online' } })),
    'degraded',
  );
  t.end();
});

const botOf = (counts: number[]): BotRow => ({
  key: 'main',
  name: 'Main',
  shardCount: counts.reduce((a, b) => a + b, 0),
  certain: true,
  counts,
  declared: [],
  doubleClaims: [],
  configured: true,
  setName: null,
  setShardCount: null,
});

void t.test('one sentence says what all comes to, the worst of it', (t) => {
  const total = { values: FINE, fleets: 1, clusters: 3, clustersUp: 3 };
  const said = (counts: number[], change: Parameters<typeof fleetOf>[0] = {}, values = FINE): string =>
    verdictOf({ total: { ...total, values }, bots: [botOf(counts)], fleets: [fleetOf(change)] }).sentence;
  t.equal(said([0, 0, 0, 48, 0, 0, 0]), 'All 3 clusters and 48 shards are up.');
  t.equal(said([0, 16, 1, 31, 0, 0, 0], { clustersUp: 2 }), '1 cluster down, 17 shards not working.');
  t.equal(
    said([0, 0, 0, 48, 0, 0, 0], { clustersUp: 2, clustersStopped: 1 }),
    'All 3 clusters and 48 shards are up.',
  );
  t.equal(said([0, 0, 1, 47, 0, 0, 0]), '1 shard not working.');
  t.equal(said([0, 0, 0, 40, 8, 0, 0]), '8 shards changing.');
  t.equal(said([8, 0, 0, 40, 0, 0, 0]), '8 shards unknown.');
  t.match(said([0, 0, 0, 48, 0, 0, 0], {}, withValue(5, 0.07)), 'Error rate 7.00%');
  t.match(verdictOf({ total: undefined, bots: [], fleets: [] }), {
    group: 'unknown',
    short: 'Nothing has reported yet',
  });
  t.equal(
    verdictOf({ total: undefined, bots: [botOf([0, 0, 0, 4, 0, 0, 0])], fleets: [] }).sentence,
    'All 4 shards are up.',
  );
  t.end();
});

void t.test('seconds never read as a full unit of the next size', (t) => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e7, noNaN: true }), (seconds) => {
      return !/^1000ms$|^60\.00s$|\b60[sm]$/.test(formatSeconds(seconds));
    }),
  );
  t.end();
});
