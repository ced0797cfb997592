// What is worse than what: one order, whichever side asks.
import fc from 'fast-check';
import t from 'tap';
import { METRIC_KEYS } from '../../public/shared/metrics.js';
import {
  botTroubles,
  clusterTroubles,
  compareTroubles,
  type ClusterFacts,
} from '../../public/shared/trouble.js';

const FINE = METRIC_KEYS.map(() => 0);
const LATENCY = METRIC_KEYS.indexOf('latency_seconds');

const cluster = (change: Partial<ClusterFacts> = {}): ReturnType<typeof clusterTroubles> =>
  clusterTroubles({
    status: 'up',
    shards: 16,
    shardsDown: 0,
    shardsMissing: 0,
    notes: [],
    values: FINE,
    ...change,
  });

const bot = (change: Partial<Parameters<typeof botTroubles>[0]>): ReturnType<typeof botTroubles> =>
  botTroubles({ shards: 4, shardsDown: 0, shardsMissing: 0, doubleClaims: 0, ...change });

void t.test('RULES 30: the order of what can be wrong', (t) => {
  const inOrder = [
    cluster({ status: 'down', shardsDown: 16 }),
    bot({ shards: 1, shardsDown: 1 }),
    bot({ shardsDown: 2 }),
    cluster({ shards: 1_000, shardsDown: 60 }),
    cluster({ status: 'down' }),
    bot({ shardsMissing: 1 }),
    cluster({ shardsMissing: 1 }),
    bot({ doubleClaims: 1 }),
    cluster({ notes: ['double-claim'] }),
    cluster({ values: FINE.with(LATENCY, 1) }),
    cluster({ notes: ['snapshot-too-large'] }),
    cluster({ notes: ['two-senders'] }),
    cluster({ values: FINE.with(LATENCY, 0.5) }),
    cluster(),
  ];
  t.same([...inOrder].reverse().sort(compareTroubles), inOrder);
  t.equal(
    compareTroubles(cluster({ shards: 2, shardsDown: 1 }), cluster({ shards: 1_000, shardsDown: 60 })) < 0,
    true,
  );
  t.end();
});

void t.test('between equals what else is wrong decides', (t) => {
  const worn = cluster({ shardsDown: 1, notes: ['two-senders'] });
  t.ok(compareTroubles(worn, cluster({ shardsDown: 1 })) < 0);
  t.ok(compareTroubles(cluster({ shardsDown: 1 }), worn) > 0);
  t.equal(compareTroubles(worn, worn), 0);
  t.end();
});

void t.test('what was stopped on purpose is in no trouble, whatever is left of it', (t) => {
  t.same(cluster({ status: 'stopped', notes: ['double-claim'], values: FINE.with(LATENCY, 9) }), []);
  t.end();
});

void t.test('it is an order: whatever is compared, twice or the other way round, agrees', (t) => {
  const facts = fc.record({
    status: fc.constantFrom('up', 'down', 'stopped'),
    shards: fc.constant(16),
    shardsDown: fc.nat(16),
    shardsMissing: fc.nat(16),
    notes: fc.subarray(['double-claim', 'snapshot-too-large', 'two-senders', 'two-addresses'] as const),
    values: fc.constantFrom(FINE, FINE.with(LATENCY, 0.5), FINE.with(LATENCY, 2)),
  });
  fc.assert(
    fc.property(facts, facts, facts, (...three) => {
      const [a, b, c] = three.map((one) => clusterTroubles(one as ClusterFacts)) as [
        never[],
        never[],
        never[],
      ];
      const isTransitive =
        !(compareTroubles(a, b) <= 0 && compareTroubles(b, c) <= 0) || compareTroubles(a, c) <= 0;
      return Math.sign(compareTroubles(a, b)) === -Math.sign(compareTroubles(b, a)) && isTransitive;
    }),
  );
  t.end();
});
