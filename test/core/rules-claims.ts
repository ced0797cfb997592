// RULES 1–6 in their own words: whose word counts for a shard, and for how long.
import t from 'tap';
import { changing, notWorking } from '../../public/shared/counts.js';
import { isNotWorking, stateNames, stateOf, STOPPED } from '../../public/shared/states.js';
import { saidShard } from '../../server/core/views/view.js';
import { LEASE, rulesWith, Scene, T0 } from './scene.js';

/** Two clusters, "asia #1" and "asia #2". */
function twoClusters(): Scene {
  const scene = new Scene();
  scene.register('a');
  scene.register('b');
  return scene;
}

void t.test('1: claims are kept: (holder, bot, shard) → state, since, latency, last sign of life', (t) => {
  const scene = twoClusters();
  scene.glance(0, 'starting');
  scene.pass(1_000);
  scene.beatRows('a', [{ id: 0, state: stateOf('online')!, latencyMs: 41.2 }]);
  scene.pass(1_000);
  scene.beatRows('a', [{ id: 0, state: stateOf('online')!, latencyMs: 43.2 }]);
  const { bots, clusters } = scene.record();
  t.same(bots[0]!.glance!.claims, [[0, stateOf('starting'), T0, T0, 0, T0]]);
  t.same(clusters[0]!.claims, [[0, stateOf('online'), T0 + 1_000, T0 + 2_000, 0, T0 + 1_000, 43.2000008]]);
  t.equal(scene.shard(0).latencyMs, 43.2);
  t.end();
});

void t.test(
  '1: a holder is a cluster, or one anonymous holder each for Glance and for the batch route',
  (t) => {
    const scene = twoClusters();
    for (const shard of [0, 1]) scene.glance(shard, 'online');
    scene.batch({ 0: 'online' });
    scene.batch({ 1: 'online', 2: 'online' });
    scene.beat('a', { 3: 'online' });
    scene.beat('b', { 3: 'online' });
    const { bots, clusters } = scene.record();
    const shards = (claims: [number, ...unknown[]][]): number[] => claims.map(([shard]) => shard);
    t.same(shards(bots[0]!.glance!.claims), [0, 1]);
    t.same(shards(bots[0]!.batch!.claims), [0, 1, 2]);
    t.same(
      clusters.map(({ claims }) => shards(claims)),
      [[3], [3]],
    );
    t.end();
  },
);

void t.test('2: among live claims an Online one beats the others', (t) => {
  const scene = twoClusters();
  scene.beat('a', { 0: 'online' });
  for (const state of ['unknown', 'unhealthy', 'offline', 'starting', 'stopping', 'resuming'] as const) {
    scene.pass(1_000);
    scene.beat('b', { 0: state });
    t.equal(scene.state(0), 'online', state);
  }
  t.equal(scene.shard(0).cluster, 'asia #1');
  t.end();
});

void t.test('2: among Online ones the latest since', (t) => {
  const scene = twoClusters();
  scene.beat('b', { 0: 'online' });
  scene.pass(1_000);
  scene.beat('a', { 0: 'online' });
  t.equal(scene.shard(0).cluster, 'asia #1');
  scene.pass(1_000);
  scene.beat('b', { 0: 'online' });
  t.equal(scene.shard(0).cluster, 'asia #1', 'a beat that says the same again is no later since');
  t.end();
});

void t.test('2: then the higher cluster number', (t) => {
  for (const order of [['a', 'b'] as const, ['b', 'a'] as const]) {
    const scene = twoClusters();
    for (const identity of order) scene.beat(identity, { 0: 'online' });
    t.equal(scene.shard(0).cluster, 'asia #2', `${order[0]} first`);
  }
  t.end();
});

void t.test('2: among the others the latest since', (t) => {
  const scene = twoClusters();
  scene.beat('a', { 0: 'starting' });
  scene.pass(1_000);
  scene.beat('b', { 0: 'resuming' });
  t.equal(scene.state(0), 'resuming');
  scene.pass(1_000);
  scene.glance(0, 'offline');
  t.equal(scene.state(0), 'offline');
  t.equal(scene.since(0), 2_000);
  t.equal(scene.shard(0).cluster, null);
  t.end();
});

void t.test("2: an old holder's Stopping never overrides", (t) => {
  const scene = twoClusters();
  scene.beat('a', { 0: 'online', 1: 'online' });
  scene.pass(1_000);
  scene.beat('b', { 0: 'starting', 1: 'online' });
  scene.pass(1_000);
  scene.beat('a', { 0: 'stopping', 1: 'stopping' });
  t.same(scene.states().slice(0, 2), ['starting', 'online']);
  scene.pass(LEASE + 1);
  scene.beat('b', { 0: 'online', 1: 'online' });
  t.same(scene.states().slice(0, 2), ['online', 'online'], 'nor when it has become Offline');
  t.end();
});

void t.test('2: a Stopping that nobody contradicts shows', (t) => {
  const scene = twoClusters();
  scene.beat('a', { 0: 'online' });
  scene.pass(1_000);
  scene.beat('a', { 0: 'stopping' });
  t.equal(scene.state(0), 'stopping');
  t.equal(scene.since(0), 1_000);
  t.end();
});

void t.test("2: a shard gone from a holder's list releases that claim", (t) => {
  const scene = twoClusters();
  scene.beat('b', { 1: 'starting' });
  scene.pass(1_000);
  scene.beat('a', { 0: 'online', 1: 'online', 2: 'online' });
  t.same(scene.states(), ['online', 'online', 'online', 'unknown']);
  scene.beat('a', { 0: 'online' });
  t.same(scene.states(), ['online', 'starting', 'unknown', 'unknown'], 'another claim counts, or none');
  t.same(
    scene.view().clusters.map(({ name, shards }) => [name, shards]),
    [
      ['asia #1', '0'],
      ['asia #2', '1'],
    ],
  );
  t.end();
});

void t.test(
  "2: a shard gone from a holder's list releases that claim, though the list names others twice",
  (t) => {
    const scene = twoClusters();
    scene.beat('a', { 0: 'online', 1: 'online' });
    const row = { id: 0, state: stateOf('online')!, latencyMs: null };
    scene.beatRows('a', [row, row]);
    t.same(scene.states().slice(0, 2), ['online', 'unknown']);
    t.end();
  },
);

void t.test('2: an empty list releases all claims', (t) => {
  const scene = twoClusters();
  scene.beat('a', { 0: 'online', 1: 'online' });
  scene.beat('a', {});
  t.same(scene.view().counts.unknown, 4);
  t.end();
});

void t.test('2: several live Online claims are a double claim: shown to operators, counted', (t) => {
  const scene = twoClusters();
  scene.beat('a', { 0: 'online', 1: 'online' });
  scene.beat('b', { 0: 'online', 1: 'starting' });
  const told = scene.facts.filter((fact) => fact.type === 'double-claim');
  t.same(
    told.map(({ shard }) => shard),
    [0],
  );
  t.same(told[0]!.holders.map((holder) => ('identity' in holder ? holder.identity : '')).sort(), ['a', 'b']);
  t.same([...scene.bot().doubleClaims], [0]);
  scene.beat('b', { 0: 'online', 1: 'starting' });
  t.notOk(
    scene.facts.some(({ type }) => type === 'double-claim'),
    'told once',
  );
  scene.glance(1, 'online');
  t.same([...scene.bot().doubleClaims], [0, 1], 'anonymous holders count');
  t.end();
});

void t.test(
  '2: a double claim ends when all but one of the claims are not Online, not live, or released',
  (t) => {
    const both = (): Scene => {
      const scene = twoClusters();
      for (const identity of ['a', 'b']) scene.beat(identity, { 0: 'online' });
      t.equal(scene.bot().doubleClaims.size, 1);
      return scene;
    };
    const stopping = both();
    stopping.beat('a', { 0: 'stopping' });
    t.equal(stopping.bot().doubleClaims.size, 0, 'not Online');
    const silent = both();
    silent.pass(LEASE);
    silent.beat('b', { 0: 'online' });
    silent.pass(1);
    t.equal(silent.bot().doubleClaims.size, 0, 'not live');
    const released = both();
    released.beat('b', {});
    t.equal(released.bot().doubleClaims.size, 0, 'released');
    t.end();
  },
);

void t.test('3: the lease of an anonymous claim is 45 s; one that outlives it is Unhealthy', (t) => {
  const scene = new Scene();
  scene.glance(0, 'online');
  scene.batch({ 1: 'resuming' });
  scene.pass(LEASE);
  t.same(scene.states().slice(0, 2), ['online', 'resuming']);
  scene.pass(1);
  t.same(scene.states().slice(0, 2), ['unhealthy', 'unhealthy']);
  t.end();
});

void t.test('3: the lease of anonymous holders is one setting, that of clusters another', (t) => {
  const scene = new Scene(rulesWith({ shardLeaseMs: 10_000, clusterLeaseMs: 20_000 }));
  scene.register('a');
  scene.beat('a', { 0: 'online' });
  scene.glance(1, 'online');
  scene.pass(10_001);
  t.same(scene.states().slice(0, 2), ['online', 'unhealthy']);
  scene.pass(10_000);
  t.same(scene.states().slice(0, 2), ['unhealthy', 'unhealthy']);
  t.end();
});

void t.test('3: every sign of life begins the lease anew', (t) => {
  const scene = twoClusters();
  scene.beat('a', { 0: 'online' });
  scene.glance(1, 'online');
  scene.batch({ 2: 'online' });
  for (let i = 0; i < 3; i++) {
    scene.pass(LEASE);
    scene.beat('a', i === 0 ? null : { 0: 'online' });
    scene.ping(1);
    scene.batch({ 2: 'online' });
  }
  scene.pass(LEASE);
  t.same(scene.states().slice(0, 3), ['online', 'online', 'online']);
  t.equal(scene.since(0), 0, 'and leaves the since alone');
  t.end();
});

void t.test('3: Unhealthy since lastSeen + lease, however late it is seen', (t) => {
  const scene = new Scene();
  scene.glance(0, 'online');
  scene.pass(10_000);
  scene.ping(0);
  scene.pass(3_600_000);
  t.equal(scene.state(0), 'unhealthy');
  t.equal(scene.since(0), 10_000 + LEASE);
  t.same(scene.flips().at(-1), [10_000 + LEASE, 0, 'online', 'unhealthy', null]);
  t.end();
});

void t.test('3: for a cluster all its shards, and the cluster is named as the cause', (t) => {
  const scene = twoClusters();
  scene.beat('a', { 0: 'online', 1: 'resuming' });
  scene.beat('b', { 2: 'online' });
  scene.pass(20_000);
  scene.beat('b', { 2: 'online' });
  scene.pass(LEASE - 20_000 + 1);
  t.same(scene.states(), ['unhealthy', 'unhealthy', 'online', 'unknown']);
  t.same(
    scene
      .flips()
      .slice(-2)
      .map(([at, shard, , to, cause]) => [at, shard, to, cause]),
    [
      [LEASE, 0, 'unhealthy', 'asia #1'],
      [LEASE, 1, 'unhealthy', 'asia #1'],
    ],
  );
  t.end();
});

void t.test('3: a live claim beats one that outlived its lease', (t) => {
  const scene = twoClusters();
  scene.beat('a', { 0: 'online' });
  scene.pass(LEASE);
  scene.beat('b', { 0: 'starting' });
  scene.pass(1);
  t.equal(scene.state(0), 'starting');
  t.end();
});

void t.test('3: a silent cluster that comes back is what it says, since then', (t) => {
  const scene = twoClusters();
  scene.beat('a', { 0: 'online' });
  scene.pass(LEASE + 5_000);
  scene.beat('a', { 0: 'online' });
  t.equal(scene.state(0), 'online');
  t.equal(scene.since(0), LEASE + 5_000);
  t.end();
});

void t.test('4: a said Offline stays Offline', (t) => {
  const scene = twoClusters();
  scene.beat('a', { 0: 'offline' });
  scene.glance(1, 'offline');
  scene.pass(10 * LEASE);
  t.same(scene.states().slice(0, 2), ['offline', 'offline']);
  t.same([scene.since(0), scene.since(1)], [0, 0]);
  t.equal(scene.flips().length, 2, 'silence is no flip of it');
  scene.ping(1);
  t.equal(scene.state(1), 'offline', 'nor does a sign of life without a state change it');
  t.end();
});

void t.test("4: a said Offline is nobody's silence: it has no cause, whenever it counts", (t) => {
  const scene = twoClusters();
  scene.beat('a', { 0: 'offline' });
  scene.beat('b', { 0: 'online' });
  for (let i = 0; i < 2; i++) {
    scene.pass(LEASE);
    scene.beat('b', { 0: 'online' });
  }
  scene.beat('b', {});
  t.equal(scene.state(0), 'offline');
  t.same(scene.flips().at(-1)?.slice(2), ['online', 'offline', null]);
  t.end();
});

void t.test(
  '4, 27: a said Stopping has stopped on purpose after one lease, since it was said last, and nobody is the cause',
  (t) => {
    const scene = twoClusters();
    scene.beat('a', { 0: 'stopping' });
    scene.glance(1, 'stopping');
    scene.pass(LEASE);
    t.same(scene.states().slice(0, 2), ['stopping', 'stopping']);
    scene.pass(1);
    t.same(scene.states().slice(0, 2), ['stopped', 'stopped']);
    t.same([scene.since(0), scene.since(1)], [0, 0]);
    t.same(
      scene
        .flips()
        .slice(-2)
        .map((flip) => flip.slice(2)),
      [
        ['stopping', 'stopped', null],
        ['stopping', 'stopped', null],
      ],
      'nobody is named as the cause',
    );
    t.end();
  },
);

void t.test(
  '27: the public wire has it as Offline, so that no client trips over it, and lists it as planned',
  (t) => {
    const scene = new Scene();
    scene.glance(0, 'offline');
    for (const shard of [1, 2]) scene.glance(shard, 'stopping');
    scene.pass(LEASE + 1);
    const { states, planned, counts, notReady } = scene.view();
    t.same([states, planned, notReady.map(([id]) => id)], ['2220', '1-2', [0, 1, 2]]);
    t.same(
      [counts.offline, counts.planned, notWorking(counts)],
      [3, 2, 1],
      'the planned ones are not "not working"',
    );
    t.same(saidShard(scene.world, scene.bot(), 1), { state: STOPPED, since: T0 });
    t.match(scene.shard(1), { state: 'offline', planned: true, since: T0 });
    t.match(scene.shard(0), { state: 'offline', planned: false });
    t.end();
  },
);

void t.test('27: it has not been stopped on purpose for longer than its word counts', (t) => {
  const scene = twoClusters();
  scene.beat('b', { 0: 'online' });
  scene.pass(1_000);
  scene.beat('a', { 0: 'stopping' });
  scene.pass(1_000);
  scene.beat('b', {});
  t.same([scene.state(0), scene.since(0)], ['stopping', 2_000]);
  scene.pass(LEASE);
  t.same([scene.state(0), scene.since(0)], ['stopped', 2_000], 'no flip is told before the one it follows');
  t.end();
});

void t.test('27: a shard that was stopped on purpose and is then said to be Offline is down', (t) => {
  const scene = new Scene();
  scene.glance(0, 'stopping');
  scene.pass(LEASE + 1);
  scene.batch({ 0: 'offline' });
  t.equal(scene.state(0), 'offline');
  t.equal(notWorking(scene.view().counts), 1);
  t.same(scene.flips().at(-1), [LEASE + 1, 0, 'stopped', 'offline', null]);
  t.end();
});

void t.test('5: not working = Offline or Unhealthy', (t) => {
  const notWorkingNames = stateNames.filter((name) => isNotWorking(stateOf(name)!));
  t.same(notWorkingNames, ['unhealthy', 'offline']);
  const scene = new Scene();
  scene.batch({ 0: 'offline', 1: 'unhealthy', 2: 'starting', 3: 'online' });
  t.equal(notWorking(scene.view().counts), 2);
  t.end();
});

void t.test('5: Starting, Resuming, Stopping are changing', (t) => {
  const scene = new Scene();
  scene.batch({ 0: 'starting', 1: 'resuming', 2: 'stopping', 3: 'unhealthy' });
  t.equal(changing(scene.view().counts), 3);
  t.end();
});

void t.test('6: a report older than the claim it would change is ignored', (t) => {
  const scene = twoClusters();
  scene.pass(1_000);
  scene.glance(0, 'online');
  scene.beat('a', { 1: 'online' });
  scene.batch({ 2: 'online' });
  const before = scene.states();
  scene.at -= 500;
  scene.glance(0, 'offline');
  scene.beat('a', { 1: 'offline' });
  scene.batch({ 2: 'offline' });
  t.same(scene.states(), before);
  scene.pass(LEASE + 1);
  t.same(scene.states(), before, 'and its time is no sign of life');
  t.end();
});

void t.test(
  '6: a claim that counts only now undoes nothing: it starts where the state before it ends',
  (t) => {
    const scene = new Scene();
    scene.glance(0, 'offline');
    scene.pass(1_000);
    scene.batch({ 0: 'online' });
    scene.pass(LEASE - 1_000);
    scene.ping(0); // the Offline is still meant
    scene.pass(1_001);
    t.equal(scene.state(0), 'offline');
    t.equal(scene.since(0), LEASE + 1_000, 'it was Online until then');
    const times = scene.world.flips.list().map((flip) => flip.at);
    t.same(
      times,
      [...times].sort((a, b) => a - b),
      'flips are in the order of their times',
    );
    t.end();
  },
);

void t.test('6: an older list releases no newer claim, an older report changes no newer latency', (t) => {
  const scene = twoClusters();
  scene.pass(1_000);
  scene.beatRows('a', [
    { id: 0, state: stateOf('online')!, latencyMs: 40 },
    { id: 1, state: stateOf('online')!, latencyMs: 40 },
  ]);
  scene.at -= 500;
  scene.beatRows('a', [{ id: 0, state: stateOf('online')!, latencyMs: 99 }]);
  t.equal(scene.state(1), 'online');
  t.equal(scene.shard(0).latencyMs, 40);
  t.end();
});

void t.test('6: an older report of another holder counts for that holder', (t) => {
  const scene = twoClusters();
  scene.pass(1_000);
  scene.beat('a', { 0: 'starting' });
  scene.at -= 500;
  scene.beat('b', { 0: 'online' });
  t.equal(scene.state(0), 'online');
  t.end();
});

void t.test('2: of equals the higher number counts, also once a cluster moved and has another', (t) => {
  const scene = new Scene();
  for (const identity of ['a', 'b']) scene.register(identity);
  for (const identity of ['c', 'd', 'e']) scene.register(identity, { fleet: 'eu' });
  for (const identity of ['a', 'b']) scene.beat(identity, { 0: 'online' });
  t.equal(scene.shard(0).cluster, 'asia #2');
  scene.register('a', { fleet: 'eu' });
  t.equal(scene.shard(0).cluster, 'eu #4');
  t.equal(scene.twin().shard(0).cluster, 'eu #4', 'and so it is after a restart');
  t.end();
});
