// Grades, formats and what is worst, as the contract of the nine values has them.
import fc from 'fast-check';
import t from 'tap';
import type { BotRow, BotTroubleRow, TotalRow } from '../../public/shared/operator-wire.js';
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
  compareFleets,
  groupOfCluster,
  groupOfFleet,
  keyOf,
  moreOf,
  subjectsOf,
  verdictOf,
  whyOfBot,
  whyOfCluster,
  type Whole,
} from '../../public/operator/health.js';
import { sorted } from '../../public/operator/columns.js';
import { clusterOf, fleetOf, FINE, withValue, worstOf } from './clusters.js';

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

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

void t.test('values are written with a space before the unit, which does not break', (t) => {
  t.equal(plain(formatValue('ratio', 0.0123)), '1.23 %');
  t.equal(formatValue('per_second', 3.2), '3.20/s');
  t.equal(formatValue('per_second', 134.84), '134.8/s');
  t.equal(formatValue('count', 1_204_332.4), '1,204,332');
  t.same(
    [0.082, 2.5, 90, 5 * 3_600 + 180, 6.2 * 86_400].map((one) => plain(formatSeconds(one))),
    ['82 ms', '2.50 s', '1 min 30 s', '5 h 3 min', '6 d 4 h'],
  );
  t.same(
    [0, 0.9996, 59.996, 3_599.9].map((one) => plain(formatSeconds(one))),
    ['0 ms', '1.00 s', '1 min 0 s', '59 min 59 s'],
  );
  t.equal(formatValue('count', NaN), '–');
  t.equal(formatValue('seconds', Infinity), '–');
  t.same([healthGrade(3, 3), healthGrade(2, 3), healthGrade(0, 3)], ['good', 'warn', 'bad']);
  t.end();
});

void t.test(
  'a table is sorted by that order; then what restarts, what was stopped, and what is well',
  (t) => {
    const inOrder = [
      clusterOf({ number: 9, status: 'down', shardsOnline: 0, shardsDown: 16 }),
      clusterOf({ number: 8, shardsOnline: 1, shardsDown: 15 }),
      clusterOf({ number: 7, status: 'down' }),
      clusterOf({ number: 6, notes: ['double-claim'] }),
      clusterOf({ number: 5, values: withValue(5, 0.06) }),
      clusterOf({ number: 4, values: withValue(0, 0.4) }),
      clusterOf({ number: 3, shardsOnline: 4 }),
      clusterOf({ number: 10, status: 'stopped', shardsOnline: 0 }),
      clusterOf({ number: 1 }),
      clusterOf({ number: 2 }),
    ];
    t.same(
      sorted([...inOrder].reverse(), null).map(({ number }) => number),
      inOrder.map(({ number }) => number),
    );
    const groups = ['down', 'degraded', 'down', 'degraded', 'degraded', 'degraded', 'changing', 'stopped'];
    t.same(inOrder.map(groupOfCluster), [...groups, 'up', 'up']);
    t.end();
  },
);

const troubleOf = (change: Partial<BotTroubleRow> = {}): BotTroubleRow => ({
  bot: 'demo',
  shards: 4,
  shardsDown: 0,
  downSince: null,
  shardsMissing: 0,
  doubleClaims: 0,
  which: '0-1',
  ...change,
});

void t.test('what is wrong is said in sentences, the worst first', (t) => {
  const why = (...args: Parameters<typeof whyOfCluster>): string[] => whyOfCluster(...args).map(plain);
  const silent = clusterOf({ status: 'down', shardsDown: 16 });
  t.same(why(silent, { clock: '14:02', ofBot: 240, which: '16-31' }), [
    'Silent since 14:02. 16 of 240 shards with it (16–31).',
  ]);
  t.same(why(silent), ['Silent. 16 shards with it.'], 'where no more is known');
  t.same(why(silent, { ofBot: 16 }), ['Silent. All 16 shards with it.']);
  t.same(why(silent, { ofBot: 1 }), ['Silent. The only shard with it.']);
  t.same(why(clusterOf({ status: 'down' }), { clock: '14:02' }), ['Silent since 14:02.']);
  t.same(why(clusterOf({ status: 'stopped', shards: 1 })), [], 'on purpose');
  const worn = clusterOf({
    shardsDown: 1,
    shardsMissing: 2,
    notes: ['two-addresses', 'two-senders'],
    values: withValue(0, 1.2).with(5, 0.02),
  });
  t.same(why(worn, { which: '7' }), [
    '1 of 16 shards is not working (7).',
    '2 of 16 shards are not reported.',
    'Gateway latency 1.20 s, over 1.00 s.',
    'Its reports come from two addresses in turns.',
    'Two processes report under its identity.',
    'Error rate 2.00 %, over 1.00 %.',
  ]);
  t.same(why(clusterOf()), []);
  t.same(whyOfBot(troubleOf({ shardsDown: 2, doubleClaims: 1 })), [
    '2 of 4 shards are not working (0–1).',
    '1 of 4 shards is reported by two senders.',
  ]);
  t.end();
});

void t.test('the list has bounds, bots and clusters in one order, and nothing that is well', (t) => {
  const clusters = [
    clusterOf({ number: 1 }),
    clusterOf({ number: 2, shardsOnline: 3 }),
    clusterOf({ number: 3, shardsDown: 4 }),
    clusterOf({ number: 4, values: withValue(0, 0.4) }),
    clusterOf({ number: 5, status: 'stopped' }),
  ];
  const bots = [troubleOf({ shardsDown: 2 }), troubleOf({ bot: 'b', shardsMissing: 1 })];
  t.same(subjectsOf(clusters, bots, ['SHARDLIGHT_MAX_CLAIMS']).map(keyOf), [
    'bound/SHARDLIGHT_MAX_CLAIMS',
    'bot/demo',
    'cluster/asia-3',
    'bot/b',
    'cluster/asia-4',
  ]);
  t.end();
});

void t.test('fleets: by their worst cluster, then by name', (t) => {
  const down = fleetOf({ name: 'z', clustersUp: 2, worst: worstOf({ status: 'down', shardsDown: 16 }) });
  const slow = fleetOf({ name: 'y', worst: worstOf({ values: withValue(0, 0.5) }) });
  const quiet = fleetOf({ name: 'x', clustersUp: 0, clustersStopped: 3 });
  t.same([fleetOf(), quiet, slow, down].sort(compareFleets).map(groupOfFleet), [
    'down',
    'degraded',
    'stopped',
    'up',
  ]);
  t.end();
});

const botOf = (counts: number[]): BotRow => ({
  key: 'main',
  name: 'Main',
  shardCount: counts.reduce((a, b) => a + b, 0),
  clusters: 0,
  certain: true,
  counts,
  declared: [],
  doubleClaims: [],
  configured: true,
  setName: null,
  setShardCount: null,
});

void t.test('one sentence says what all comes to, and nothing that the list does not', (t) => {
  const calm = { values: FINE, fleets: 1, clusters: 3, clustersUp: 3, troubles: 0, shardsMissing: 0 };
  const wholeOf = (counts: number[], change: Partial<TotalRow> = {}, stopped = 0): Whole => ({
    total: { ...calm, endedAt: null, ...change },
    bots: [botOf(counts)],
    fleets: [fleetOf({ clustersStopped: stopped })],
    isDown: false,
  });
  const said = (...args: Parameters<typeof wholeOf>): string => verdictOf(wholeOf(...args)).sentence;
  const more = (...args: Parameters<typeof wholeOf>): string | null =>
    moreOf(wholeOf(...args), 'since 14:02 (12 minutes)');
  const well = [0, 0, 0, 48, 0, 0, 0, 0];
  const worn = [0, 16, 1, 31, 0, 0, 0, 0];
  t.equal(said(well), 'All 3 clusters and 48 shards are up.');
  t.equal(moreOf(wholeOf(well), null), null);
  t.equal(said(worn, { clustersUp: 2 }), '1 cluster is down.');
  t.equal(more(worn, { clustersUp: 2 }), '17 of 48 shards are not working since 14:02 (12 minutes).');
  t.equal(
    more(worn, { clustersUp: 2, shardsMissing: 1 }),
    '17 of 48 shards are not working since 14:02 (12 minutes). 1 shard is not reported.',
  );
  t.equal(more(well, { clustersUp: 2 }), 'Since 14:02 (12 minutes).', 'they work elsewhere');
  t.equal(said([0, 0, 1, 47, 0, 0, 0, 0], { troubles: 1 }), '1 of 48 shards is not working.');
  t.equal(more([0, 0, 1, 47, 0, 0, 0, 0], { troubles: 1 }), 'Since 14:02 (12 minutes).');
  t.equal(said([8, 0, 0, 40, 0, 0, 0, 0], { troubles: 1, shardsMissing: 8 }), '8 shards are not reported.');
  t.equal(said(well, { troubles: 1 }), 'Nothing is down. 1 thing needs a look.');
  t.equal(said(well, { full: ['A', 'B'] }), 'Nothing is down. 2 things need a look.');
  t.equal(
    said(well, { values: withValue(7, 9) }),
    'All 3 clusters and 48 shards are up.',
    'a sum is nobody’s',
  );
  t.equal(said([0, 0, 0, 40, 8, 0, 0, 0]), 'Nothing is wrong. 8 shards are restarting.');
  t.equal(said([8, 0, 0, 40, 0, 0, 0, 0]), 'Nothing is wrong. 8 shards are not reported yet.');
  t.equal(
    said([0, 0, 0, 32, 0, 0, 0, 16], { clustersUp: 2 }, 1),
    '32 shards are up, 16 shards stopped on purpose.',
  );
  t.equal(said([0, 0, 0, 0, 0, 0, 0, 48], { clustersUp: 0 }, 3), '48 shards stopped on purpose.');
  t.equal(verdictOf(wholeOf(worn, { troubles: 1 })).group, 'degraded', 'as the worst mark of the list');
  t.equal(verdictOf({ ...wholeOf(worn, { troubles: 1 }), isDown: true }).group, 'down');
  const nobody = { total: undefined, bots: [], fleets: [], isDown: false };
  t.match(verdictOf(nobody), { group: 'unknown', short: 'Nothing has reported yet' });
  t.equal(verdictOf({ ...nobody, bots: [botOf([0, 0, 0, 4, 0, 0, 0, 0])] }).sentence, 'All 4 shards are up.');
  t.end();
});

void t.test('seconds never read as a full unit of the next size', (t) => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e7, noNaN: true }), (seconds) => {
      return !/^1000 ms$|^60\.00 s$|\b60 (s|min)$/.test(plain(formatSeconds(seconds)));
    }),
  );
  t.end();
});
