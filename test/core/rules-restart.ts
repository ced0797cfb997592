// RULES 11 and 12 in their own words: what a restart keeps, and which flips are kept.
import t from 'tap';
import { stateOf, type StateName } from '../../public/shared/states.js';
import { UNHEARD } from '../../server/core/live/claim-table.js';
import { MAX_FLIPS } from '../../server/core/past/flips.js';
import { learning, LEASE, rulesWith, Scene, T0 } from './scene.js';

/** Longer than any lease. */
const LONG = LEASE + 1;

/** A server that heard Glance say this of shard 0, and the one that comes up after it. */
function restarted(said: StateName, downMs = LONG): Scene {
  const scene = new Scene();
  scene.glance(0, said);
  return scene.restart({ downMs });
}

void t.test(
  '25: a gap longer than a lease makes shards Unknown, with their last state and last-seen kept',
  (t) => {
    const before = new Scene();
    before.register('a');
    before.beat('a', { 0: 'online', 1: 'resuming' });
    before.pass(5_000);
    before.glance(2, 'starting');
    const after = before.restart({ downMs: LONG });
    t.same(after.states(), ['unknown', 'unknown', 'unknown', 'unknown']);
    const { bots, clusters } = after.record();
    t.same(bots[0]!.glance!.claims, [[2, stateOf('starting'), T0 + 5_000, T0 + 5_000, UNHEARD, T0 + 5_000]]);
    t.same(clusters[0]!.claims, [
      [0, stateOf('online'), T0, T0, UNHEARD, T0],
      [1, stateOf('resuming'), T0, T0, UNHEARD, T0],
    ]);
    t.equal(after.view().heardAt, T0 + 5_000);
    t.end();
  },
);

void t.test('11: the first sign of life without a state brings the kept state back, never 409', (t) => {
  for (const said of ['online', 'starting', 'resuming', 'stopping', 'offline'] as const) {
    const scene = restarted(said);
    t.same(scene.ping(0), { ok: true });
    t.equal(scene.state(0), said);
    t.equal(scene.since(0), 0, 'with its since');
    t.equal(scene.flips().length, 1, 'and no flip');
  }
  t.end();
});

void t.test('11: a beat without a word about shards brings all of them back', (t) => {
  const before = new Scene();
  before.register('a');
  before.beat('a', { 0: 'online', 1: 'resuming' });
  const after = before.restart({ downMs: LONG });
  after.beat('a', null);
  t.same(after.states().slice(0, 2), ['online', 'resuming']);
  t.equal(after.since(0), 0);
  t.same(after.view().clusters, [{ name: 'asia #1', shards: '0-1' }]);
  t.end();
});

void t.test('11: so does a report that says the same again', (t) => {
  const scene = restarted('online');
  scene.glance(0, 'online');
  t.equal(scene.state(0), 'online');
  t.equal(scene.since(0), 0);
  t.equal(scene.flips().length, 1);
  t.end();
});

void t.test('11: a report that says something else is a flip from the state before the restart', (t) => {
  const scene = restarted('online');
  scene.glance(0, 'resuming');
  t.same(scene.flips().at(-1), [LONG, 0, 'online', 'resuming', null]);
  t.end();
});

void t.test('11: a said Offline stays Offline', (t) => {
  const scene = restarted('offline');
  t.equal(scene.state(0), 'offline');
  scene.pass(10 * LEASE);
  t.equal(scene.state(0), 'offline');
  t.equal(scene.since(0), 0);
  t.equal(scene.flips().length, 1);
  t.end();
});

void t.test(
  '25: a claim still unheard one lease after the gap lapses then, and says since when it was not seen',
  (t) => {
    const scene = restarted('online');
    scene.pass(LEASE);
    t.equal(scene.state(0), 'unknown');
    t.equal(scene.shard(0).notSeenSince, undefined);
    scene.pass(1);
    t.equal(scene.state(0), 'unhealthy');
    t.equal(scene.since(0), LONG + LEASE);
    t.equal(scene.shard(0).notSeenSince, T0);
    t.same(scene.flips().at(-1), [LONG + LEASE, 0, 'online', 'unhealthy', null]);
    scene.ping(0);
    t.equal(scene.shard(0).notSeenSince, undefined);
    t.end();
  },
);

void t.test('25: a gap no longer than a lease keeps every state, and every lease begins anew', (t) => {
  for (const said of ['online', 'starting', 'resuming', 'offline', 'unhealthy'] as const) {
    const scene = restarted(said, LEASE);
    t.equal(scene.state(0), said);
    scene.pass(LEASE);
    t.equal(scene.state(0), said);
    t.equal(scene.flips().length, 1);
  }
  const lapsed = restarted('online', LEASE);
  lapsed.pass(LEASE + 1);
  t.equal(lapsed.state(0), 'unhealthy');
  t.equal(lapsed.since(0), 2 * LEASE);
  t.end();
});

void t.test(
  '25: whatever caused the gap: a process that stood still, or a clock set forward, is one too',
  (t) => {
    const scene = new Scene();
    scene.register('a');
    scene.beat('a', { 0: 'online', 1: 'online' });
    scene.glance(3, 'online');
    const from = scene.at;
    scene.at += 3_600_000;
    scene.gap(from);
    t.same(scene.states(), ['unknown', 'unknown', 'unknown', 'unknown']);
    t.equal(scene.view().counts.unknown, 4);
    scene.pass(LEASE);
    scene.beat('a', null);
    scene.ping(3);
    t.same(scene.states(), ['online', 'online', 'unknown', 'online']);
    t.equal(scene.since(0), 0, 'as if nothing had been');
    t.equal(scene.flips().length, 3, 'no flip, no incident');
    t.equal(scene.bot().incidents.count, 0);
    t.end();
  },
);

void t.test('25: each holder by its own lease', (t) => {
  const scene = new Scene(rulesWith({ shardLeaseMs: 10_000 }));
  scene.register('a');
  scene.beat('a', { 0: 'online' });
  scene.glance(1, 'online');
  const next = scene.restart({ downMs: 20_000 });
  t.same(next.states().slice(0, 2), ['online', 'unknown']);
  t.end();
});

void t.test('25: an outage that began before a gap and is still one after it is the same one', (t) => {
  const before = new Scene();
  before.register('a');
  before.beat('a', { 0: 'online' });
  before.pass(LEASE + 1);
  const after = before.restart({ downMs: LONG });
  t.equal(after.state(0), 'unknown');
  after.pass(LEASE + 1);
  t.equal(after.state(0), 'unhealthy');
  t.equal(after.since(0), LEASE);
  t.equal(after.shard(0).notSeenSince, undefined, 'it was seen to fall silent');
  t.same(after.flips(), before.flips());
  t.equal(after.bot().incidents.count, 1);
  t.end();
});

void t.test('25: a Stopping that nobody confirms has stopped on purpose one lease after the gap', (t) => {
  const scene = restarted('stopping', 3_600_000);
  t.equal(scene.state(0), 'unknown');
  scene.pass(LEASE + 1);
  t.equal(scene.state(0), 'stopped');
  t.same(scene.flips().at(-1), [0, 0, 'stopping', 'stopped', null], 'when it said so');
  t.equal(scene.bot().incidents.count, 0);
  t.end();
});

void t.test(
  '27: what was stopped on purpose stays so over a restart, since the same time, and is no flip',
  (t) => {
    const before = new Scene();
    before.glance(0, 'stopping');
    before.pass(LEASE + 1);
    const after = before.restart({ downMs: 3_600_000 });
    t.equal(after.state(0), 'stopped');
    after.pass(2 * LEASE);
    t.same([after.state(0), after.since(0)], ['stopped', 0]);
    t.same(after.flips(), before.flips());
    t.end();
  },
);

void t.test('25: what was Unknown stays so over a second, short restart', (t) => {
  const again = restarted('online').restart({ downMs: 1_000 });
  t.equal(again.state(0), 'unknown');
  again.ping(0);
  t.equal(again.state(0), 'online');
  t.end();
});

void t.test('11: one that was silent before is Unknown, and its return is one flip', (t) => {
  const before = new Scene();
  before.glance(0, 'online');
  before.pass(LEASE + 1);
  const after = before.restart({ downMs: LONG });
  t.equal(after.state(0), 'unknown');
  after.ping(0);
  t.equal(after.state(0), 'online');
  t.equal(after.since(0), LEASE + 1 + LONG);
  t.same(after.flips().slice(1), [
    [LEASE, 0, 'online', 'unhealthy', null],
    [LEASE + 1 + LONG, 0, 'unhealthy', 'online', null],
  ]);
  t.end();
});

void t.test('11: the named cause of an outage that begins with a restart is the cluster', (t) => {
  const before = new Scene();
  before.register('a');
  before.beat('a', { 0: 'online' });
  const after = before.restart();
  after.pass(LEASE + 1);
  t.same(after.flips().at(-1), [LEASE + 1_000, 0, 'online', 'unhealthy', 'asia #1']);
  t.end();
});

void t.test('11: a second restart within the lease loses nothing', (t) => {
  const again = restarted('online').restart({ downMs: 2_000 });
  t.same(again.record().bots, restarted('online').record().bots);
  again.ping(0);
  t.equal(again.state(0), 'online');
  t.equal(again.since(0), 0);
  t.end();
});

void t.test('11: a restart by itself opens no incident', (t) => {
  const before = new Scene();
  before.register('a');
  before.beat('a', { 0: 'online', 1: 'starting', 2: 'online' });
  before.glance(3, 'offline');
  const after = before.restart({ downMs: 3_600_000 });
  after.pass(LEASE);
  after.beat('a', { 0: 'online', 1: 'starting', 2: 'online' });
  t.same(after.flips(), before.flips());
  t.end();
});

void t.test('11: a restart by itself opens no incident, though an outvoted holder had said Offline', (t) => {
  const before = new Scene();
  before.register('a');
  before.beat('a', { 0: 'online' });
  before.pass(1_000);
  before.glance(0, 'offline'); // outvoted: the cluster's Online counts
  t.equal(before.state(0), 'online');
  const after = before.restart({ downMs: LONG });
  t.equal(after.state(0), 'unknown');
  t.same(after.flips(), before.flips());
  t.end();
});

void t.test('11: numbers, bots and leases of members are kept', (t) => {
  const before = new Scene(rulesWith({ learnBots: true }));
  before.register('a');
  before.register('b', { fleet: 'eu', bot: 'own', shardCount: 2 });
  const after = before.restart();
  t.match(after.register('b', { fleet: 'eu' }), { ok: true, number: 1 });
  t.match(after.register('c'), { ok: true, number: 2 });
  t.equal(after.record().clusters[0]!.leaseHash, 'c0ffee');
  t.end();
});

void t.test("11: a learnt bot's shard count is kept", (t) => {
  const declared = new Scene(learning());
  declared.batch({ 0: 'online' }, { shardCount: 8 });
  const guessed = new Scene(learning());
  guessed.register('a');
  guessed.beat('a', { 0: 'online', 5: 'online' });
  guessed.beat('a', { 0: 'online' });
  for (const before of [declared, guessed]) {
    const after = before.restart();
    after.batch({ 1: 'online' });
    const { shardCount, certain } = after.view();
    t.same({ shardCount, certain }, { shardCount: before.view().shardCount, certain: before.view().certain });
  }
  t.end();
});

void t.test('11: a bot that config no longer names is left out, and so are shards beyond its count', (t) => {
  const two = [
    { key: 'main', shardCount: 4, name: 'main' },
    { key: 'gone', shardCount: 4, name: 'gone' },
  ];
  const before = new Scene(rulesWith({ configuredBots: two }));
  before.batch({ 0: 'online', 3: 'online' });
  before.batch({ 0: 'online' }, { bot: 'gone' });
  const fewer = [{ key: 'main', shardCount: 2, name: 'main' }];
  const after = before.restart({ rules: rulesWith({ configuredBots: fewer }) });
  after.pass(LEASE + 1);
  t.same([...after.world.bots.keys()], ['main']);
  t.same(after.states(), ['unhealthy', 'unknown']);
  t.end();
});

void t.test('12: every flip is kept: when, from what, to what, and its cause', (t) => {
  const scene = new Scene();
  scene.register('a');
  scene.beat('a', { 0: 'starting' });
  scene.pass(1_000);
  scene.beat('a', { 0: 'online' });
  scene.pass(1_000);
  scene.beat('a', { 0: 'online' });
  scene.pass(LEASE + 1);
  scene.beat('a', { 0: 'resuming' });
  t.same(scene.flips(), [
    [0, 0, 'unknown', 'starting', null],
    [1_000, 0, 'starting', 'online', null],
    [2_000 + LEASE, 0, 'online', 'unhealthy', 'asia #1'],
    [2_001 + LEASE, 0, 'unhealthy', 'resuming', null],
  ]);
  t.end();
});

void t.test('12: the last 10,000, in the state', (t) => {
  const scene = new Scene();
  t.equal(MAX_FLIPS, 10_000);
  for (let i = 0; i < MAX_FLIPS + 3; i++) {
    scene.at++;
    scene.glance(0, i % 2 === 0 ? 'online' : 'resuming');
  }
  const flips = scene.flips();
  t.equal(flips.length, MAX_FLIPS);
  t.equal(flips[0]![0], 4, 'the oldest is gone');
  t.equal(flips.at(-1)![0], MAX_FLIPS + 3);
  t.same(scene.restart().flips(), flips);
  t.end();
});
