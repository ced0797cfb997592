// The fleet as operators see it: what is wrong, the worst first; roll-ups; the rows of clusters and shards.
import t from 'tap';
import { METRIC_KEYS } from '../../public/shared/metrics.js';
import { nothingMeasured, type Measured } from '../../server/core/measured.js';
import { worstGrade } from '../../server/core/grades.js';
import {
  claimRows,
  clusterDetail,
  clusterRow,
  rounded,
  shardRow,
  stripOf,
} from '../../server/core/operator-rows.js';
import { fleetRow, outlineOf, totalRow, type Outline } from '../../server/core/outline.js';
import { beatOf, learning, LEASE, rulesWith, rowsOf, Scene, T0, type Said } from './scene.js';

const ONE_ADDRESS = (): undefined => undefined;
const outline = (scene: Scene): Outline => outlineOf(scene.world, ONE_ADDRESS);
const worst = (scene: Scene): string[] => outline(scene).worst.map(({ identity }) => identity);
const why = (scene: Scene, fleet = 'asia'): string | undefined =>
  fleetRow(fleet, outline(scene).fleets.get(fleet)!).worst?.why;

function beat(scene: Scene, identity: string, said: Said, measured: Partial<Measured> = {}): void {
  const numbers = { ...nothingMeasured(), ...measured };
  scene.tell(beatOf(identity, scene.at, { rows: rowsOf(said), measured: numbers }));
}

/** Clusters with two shards of their own each. */
function fleetOf(...identities: string[]): Scene {
  const scene = new Scene(rulesWith({ configuredBots: [{ key: 'main', shardCount: 100, name: 'main' }] }));
  identities.forEach((identity, i) => {
    scene.register(identity);
    beat(scene, identity, { [2 * i]: 'online', [2 * i + 1]: 'online' });
  });
  return scene;
}

void t.test('the worst first, and nothing that is well', (t) => {
  const scene = fleetOf('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
  t.same(worst(scene), []);
  t.equal(why(scene), undefined);
  beat(scene, 'c', { 4: 'online', 5: 'online' }, { latencySeconds: 0.5 });
  t.same([worst(scene), why(scene)], [['c'], 'high gateway latency']);
  beat(scene, 'd', { 6: 'online', 7: 'online' }, { latencySeconds: 2 });
  t.same([worst(scene), why(scene)], [['d', 'c'], 'bad gateway latency']);
  scene.tell({ type: 'oversize', at: scene.at, identity: 'e', shownHash: null });
  t.same(worst(scene), ['d', 'e', 'c']);
  beat(scene, 'f', { 10: 'online', 11: 'online', 0: 'online' });
  t.same([worst(scene), why(scene)], [['a', 'f', 'd', 'e', 'c'], 'double claim']);
  beat(scene, 'g', { 12: 'online', 13: 'resuming' });
  t.same([worst(scene)[0], why(scene)], ['g', '1 of 2 shards not online']);
  scene.tell({ type: 'goodbye', at: scene.at, identity: 'h', shownHash: null });
  t.notOk(worst(scene).includes('h'), 'stopped on purpose');
  scene.at += LEASE;
  beat(scene, 'a', { 0: 'online', 1: 'online' });
  scene.pass(1);
  t.equal(why(scene), 'down');
  t.same(
    worst(scene).slice(0, 6),
    ['f', 'b', 'c', 'd', 'e', 'g'],
    'the one with most shards, then by number',
  );
  t.end();
});

void t.test('at most 30 of them', (t) => {
  const scene = new Scene(rulesWith({ configuredBots: [{ key: 'main', shardCount: 100, name: 'main' }] }));
  for (let i = 0; i < 40; i++) {
    scene.register(`${i}`);
    scene.beat(`${i}`, { [i]: 'offline' });
  }
  t.equal(worst(scene).length, 30);
  t.end();
});

void t.test('an identity heard from two addresses is worth a look', (t) => {
  const scene = fleetOf('a', 'b');
  const addresses = (identity: string): [string, string] | undefined =>
    identity === 'b' ? ['10.0.0.1', '10.0.0.2'] : undefined;
  t.same(
    outlineOf(scene.world, addresses).worst.map(({ identity }) => identity),
    ['b'],
  );
  const cluster = scene.world.clusters.get('b')!;
  t.same(clusterRow(scene.world, cluster, addresses).notes, ['two-addresses']);
  t.same(clusterDetail(scene.world, cluster, addresses).addresses, ['10.0.0.2', '10.0.0.1'], 'newest first');
  t.end();
});

void t.test('A restart by itself is no trouble: who was not heard yet is not worst', (t) => {
  const before = fleetOf('a', 'b');
  const after = before.restart();
  after.listen();
  t.same(worst(after), []);
  after.pass(LEASE * 2);
  t.same(worst(after), ['a', 'b'], 'until the grace lease is over');
  t.end();
});

void t.test('roll-ups of fleets and of all', (t) => {
  const scene = new Scene(learning());
  for (const [identity, fleet, guilds] of [
    ['a', 'asia', 100],
    ['b', 'asia', 20],
    ['c', 'eu', 3],
  ] as const) {
    scene.register(identity, { fleet });
    beat(scene, identity, {}, { guilds, latencySeconds: guilds / 1_000 });
  }
  scene.tell({ type: 'goodbye', at: scene.at, identity: 'b', shownHash: null });
  const seen = outline(scene);
  const guilds = METRIC_KEYS.indexOf('guilds');
  const asia = fleetRow('asia', seen.fleets.get('asia')!);
  t.match(asia, { name: 'asia', clusters: 2, clustersUp: 1, clustersStopped: 1, worst: null });
  t.equal(asia.values[guilds], 100, 'of who is up');
  const total = totalRow(seen, scene.world.clusters.size);
  t.match(total, { fleets: 2, clusters: 3, clustersUp: 2 });
  t.equal(total.values[guilds], 103);
  t.end();
});

void t.test('grades are those of the Argus contract', (t) => {
  const valuesWith = (key: (typeof METRIC_KEYS)[number], value: number): number[] =>
    METRIC_KEYS.map((one) => (one === key ? value : 0));
  const cases: [key: (typeof METRIC_KEYS)[number], warn: number, bad: number][] = [
    ['latency_seconds', 0.3, 1],
    ['error_rate', 0.01, 0.05],
    ['duration_p95_seconds', 1, 3],
    ['ratelimits_rate', 0.1, 1],
  ];
  for (const [key, warn, bad] of cases) {
    t.equal(worstGrade(valuesWith(key, warn * 0.99)), null, key);
    t.match(worstGrade(valuesWith(key, warn)), { isBad: false, names: { length: 1 } }, key);
    t.match(worstGrade(valuesWith(key, bad)), { isBad: true, names: { length: 1 } }, key);
  }
  t.equal(worstGrade(valuesWith('guilds', 1e9)), null);
  t.end();
});

void t.test('the row of a cluster has its latency over time, the largest as z', (t) => {
  const scene = new Scene(learning());
  scene.register('a');
  const cluster = scene.world.clusters.get('a')!;
  t.equal(clusterRow(scene.world, cluster, ONE_ADDRESS).spark, '');
  for (const latencySeconds of [0, 0.1, 0.2, 0.05]) {
    beat(scene, 'a', {}, { latencySeconds });
    scene.at += 15_000;
  }
  t.equal(clusterRow(scene.world, cluster, ONE_ADDRESS).spark, '0iz9');
  for (let i = 0; i < 70; i++) {
    beat(scene, 'a', {}, { latencySeconds: 0 });
    scene.at += 15_000;
  }
  t.equal(clusterRow(scene.world, cluster, ONE_ADDRESS).spark, '0'.repeat(60));
  t.same([rounded(0.1 + 0.2), rounded(12_345_678), rounded(1 / 3)], [0.3, 12_345_678, 0.3333333]);
  t.end();
});

void t.test('the row of a shard is of the claim that counts; claims say who says what', (t) => {
  const scene = new Scene();
  scene.register('a');
  const [row] = rowsOf({ 1: 'online' });
  scene.beatRows('a', [{ ...row!, latencyMs: 41.26, guilds: 1_000, unavailable: 3 }]);
  t.same(shardRow(scene.world, scene.bot(), 1), {
    bot: 'main',
    shard: 1,
    state: 'online',
    since: T0,
    latencyMs: 41.3,
    cluster: { identity: 'a', name: 'asia #1' },
    guilds: 1_000,
    unavailable: 3,
  });
  t.match(shardRow(scene.world, scene.bot(), 0), {
    state: 'unknown',
    since: null,
    cluster: null,
    guilds: null,
  });
  scene.at += 5;
  scene.glance(1, 'resuming');
  const claims = claimRows(scene.world, scene.bot(), 1).sort();
  t.same(claims, [
    ['cluster:a', { holder: 'a', cluster: 'asia #1', state: 'online', since: T0, seenAt: T0, decides: true }],
    [
      'glance',
      { holder: 'glance', cluster: null, state: 'resuming', since: T0 + 5, seenAt: T0 + 5, decides: false },
    ],
  ]);
  t.equal(stripOf(scene.bot(), 0), '0300');
  t.end();
});
