// The fleet as operators see it: what is wrong, the worst first; roll-ups; the rows of clusters and shards.
import t from 'tap';
import { METRIC_KEYS } from '../../public/shared/metrics.js';
import { nothingMeasured, type Measured } from '../../server/core/measures/measured.js';
import { clusterTroubles, overLimits, type TroubleKind } from '../../public/shared/trouble.js';
import {
  claimRows,
  clusterDetail,
  clusterRow,
  rounded,
  shardRow,
  stripOf,
} from '../../server/core/views/operator-rows.js';
import { botTrouble } from '../../server/core/views/shard-troubles.js';
import { fleetRow, outlineOf, totalRow, type Outline } from '../../server/core/views/outline.js';
import { beatOf, learning, LEASE, rulesWith, rowsOf, Scene, T0, type Said } from './scene.js';

const ONE_ADDRESS = (): undefined => undefined;
const outline = (scene: Scene): Outline => outlineOf(scene.world, ONE_ADDRESS);
/** Identities of clusters, keys of bots. */
const worst = (scene: Scene): string[] =>
  outline(scene).worst.map((one) => (one.cluster ? one.cluster.identity : `bot ${one.bot.bot}`));
/** The worst of the fleet's worst cluster. */
function why(scene: Scene, fleet = 'asia'): TroubleKind | undefined {
  const { worst: one } = fleetRow(scene.world, fleet, outline(scene).fleets.get(fleet)!);
  return one ? clusterTroubles(one)[0]?.kind : undefined;
}

function beat(scene: Scene, identity: string, said: Said, measured: Partial<Measured> = {}): void {
  const numbers = { ...nothingMeasured(), ...measured };
  scene.tell(beatOf(identity, scene.at, { rows: rowsOf(said), measured: numbers }));
}

/** Clusters with two shards of their own each. */
function fleetOf(...identities: string[]): Scene {
  const main = { key: 'main', shardCount: 2 * identities.length, name: 'main' };
  const scene = new Scene(
    rulesWith({ configuredBots: [main, { key: 'demo', shardCount: 2, name: 'demo' }] }),
  );
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
  t.same([worst(scene), why(scene)], [['c'], 'high-values']);
  scene.tell({ type: 'oversize', at: scene.at, identity: 'e', shownHash: null });
  t.same([worst(scene), why(scene)], [['e', 'c'], 'report-too-large']);
  beat(scene, 'd', { 6: 'online', 7: 'online' }, { latencySeconds: 2 });
  t.same([worst(scene), why(scene)], [['d', 'e', 'c'], 'bad-values']);
  beat(scene, 'f', { 10: 'online', 11: 'online', 0: 'online' });
  t.same([worst(scene), why(scene)], [['a', 'f', 'd', 'e', 'c'], 'double-claim']);
  beat(scene, 'g', { 12: 'online', 13: 'offline' });
  t.same([worst(scene)[0], why(scene)], ['g', 'shards-down']);
  scene.tell({ type: 'goodbye', at: scene.at, identity: 'h', shownHash: null });
  t.notOk(worst(scene).includes('h'), 'stopped on purpose');
  scene.at += LEASE;
  beat(scene, 'a', { 0: 'online', 1: 'online' });
  scene.pass(1);
  t.same(worst(scene), ['b', 'c', 'd', 'e', 'g', 'f'], 'f has one shard that a took over');
  t.notOk(worst(scene).includes('h'), 'still stopped on purpose');
  t.end();
});

void t.test('RULES 30: the larger share is the worse, and only then the larger count', (t) => {
  const scene = new Scene(rulesWith({ configuredBots: [{ key: 'main', shardCount: 1_002, name: 'main' }] }));
  scene.register('large');
  scene.register('small');
  const many = Array.from({ length: 1_000 }, (_, id) => [id, id < 60 ? 'offline' : 'online'] as const);
  beat(scene, 'large', Object.fromEntries(many));
  beat(scene, 'small', { 1000: 'online', 1001: 'offline' });
  t.same(worst(scene), ['small', 'large']);
  t.match(clusterRow(scene.world, scene.world.clusters.get('large')!, ONE_ADDRESS), {
    shards: 1_000,
    shardsOnline: 940,
    shardsDown: 60,
    downSince: T0,
    shardsMissing: 0,
  });
  t.end();
});

void t.test('what has no cluster is in the same list', (t) => {
  const bots = ['main', 'demo', 'solo'].map((key, i) => ({ key, shardCount: [4, 4, 1][i]!, name: key }));
  const scene = new Scene(rulesWith({ configuredBots: bots }));
  t.same(worst(scene), [], 'a bot that never came is no trouble');
  scene.register('a');
  beat(scene, 'a', { 0: 'online', 1: 'online', 2: 'online', 3: 'unhealthy' });
  scene.at += 1_000;
  scene.batch({ 0: 'online', 1: 'offline', 3: 'online' }, { bot: 'demo' });
  scene.glance(0, 'offline', 'solo');
  t.same(worst(scene), ['bot solo', 'bot demo', 'a'], 'by share; between equals bots first');
  const [solo, demo] = outline(scene).worst.map((one) => (one.cluster ? null : one.bot));
  const nothing = { shardsMissing: 0, doubleClaims: 0 };
  t.same(solo, { bot: 'solo', shards: 1, shardsDown: 1, downSince: T0 + 1_000, ...nothing, which: '0' });
  t.same(demo, {
    bot: 'demo',
    shards: 4,
    shardsDown: 1,
    downSince: T0 + 1_000,
    shardsMissing: 1,
    doubleClaims: 0,
    which: '1',
  });
  t.match(outline(scene), { troubles: 3, shardsMissing: 1 }, 'and counted');
  t.end();
});

void t.test('restarting is no trouble, nor is what was stopped on purpose', (t) => {
  const scene = fleetOf('a', 'b');
  beat(scene, 'a', { 0: 'resuming', 1: 'starting' });
  scene.glance(0, 'resuming', 'demo');
  scene.glance(1, 'stopping', 'demo');
  t.same(worst(scene), []);
  scene.pass(LEASE - 1);
  beat(scene, 'a', { 0: 'online', 1: 'stopping' });
  beat(scene, 'b', { 2: 'online', 3: 'online' });
  scene.ping(0, 'demo');
  scene.pass(2);
  t.equal(scene.state(1, 'demo'), 'stopped');
  t.same(worst(scene), []);
  t.end();
});

void t.test('a cluster whose shards another one has taken over is down, and no shard with it', (t) => {
  const scene = fleetOf('a', 'b');
  scene.pass(LEASE - 1);
  beat(scene, 'b', { 0: 'online', 1: 'online', 2: 'online', 3: 'online' });
  scene.pass(2);
  const one = clusterRow(scene.world, scene.world.clusters.get('a')!, ONE_ADDRESS);
  t.match(one, { status: 'down', shards: 2, shardsDown: 0, downSince: null });
  t.same(clusterTroubles(one), [{ kind: 'cluster-down', share: 0, count: 0 }]);
  t.end();
});

void t.test('at most 30 of them', (t) => {
  const scene = new Scene(rulesWith({ configuredBots: [{ key: 'main', shardCount: 40, name: 'main' }] }));
  for (let i = 0; i < 40; i++) {
    scene.register(`${i}`);
    scene.beat(`${i}`, { [i]: 'offline' });
  }
  t.equal(worst(scene).length, 30);
  t.equal(outline(scene).troubles, 40, 'and how many there are');
  t.end();
});

void t.test('an identity heard from two addresses is worth a look', (t) => {
  const scene = fleetOf('a', 'b');
  const addresses = (identity: string): [string, string] | undefined =>
    identity === 'b' ? ['10.0.0.1', '10.0.0.2'] : undefined;
  t.same(
    outlineOf(scene.world, addresses).worst.map(({ cluster }) => cluster?.identity),
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
  const asia = fleetRow(scene.world, 'asia', seen.fleets.get('asia')!);
  t.match(asia, { name: 'asia', clusters: 2, clustersUp: 1, clustersStopped: 1, worst: null });
  t.equal(asia.values[guilds], 100, 'of who is up');
  const total = totalRow(seen, scene.world.clusters.size);
  t.match(total, { fleets: 2, clusters: 3, clustersUp: 2, troubles: 0, shardsMissing: 0 });
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
    t.same(overLimits(valuesWith(key, warn * 0.99)), [], key);
    t.same(overLimits(valuesWith(key, warn)), [{ key, isBad: false }], key);
    t.same(overLimits(valuesWith(key, bad)), [{ key, isBad: true }], key);
  }
  t.same(overLimits(valuesWith('guilds', 1e9)), []);
  t.same(overLimits([Infinity, null, NaN]), []);
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

void t.test(
  '26: since when something is down is said as people read it, while the wall clock is behind',
  (t) => {
    const scene = new Scene(learning());
    scene.register('a');
    scene.beat('a', { 0: 'offline' });
    scene.batch({ 0: 'offline' }, { bot: 'other' });
    scene.tell({ type: 'clock', at: scene.at, skewMs: 7_200_000 });
    const cluster = scene.world.clusters.get('a')!;
    t.equal(clusterRow(scene.world, cluster, () => undefined).downSince, scene.at - 7_200_000);
    t.equal(botTrouble(scene.world, scene.bot('other'))!.downSince, scene.at - 7_200_000);
    t.end();
  },
);
