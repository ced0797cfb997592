// Leases: who may speak for an identity, how a lost reply locks nobody out, and RULES 22.
import t from 'tap';
import type { Answer } from '../../server/core/answer.js';
import { beatOf, LEASE, rowsOf, rulesWith, Scene } from './scene.js';

const strict = (): Scene => new Scene(rulesWith({ requireLease: true }));
const reasonOf = (answer: Answer): string => (answer.ok ? 'ok' : answer.reason);

/** Registers `a` showing a lease, and gets another; leases are told by their hashes. */
const register = (scene: Scene, shownHash: string | null, leaseHash: string): string =>
  reasonOf(scene.register('a', { shownHash, leaseHash }));

const beat = (scene: Scene, shownHash: string | null): string =>
  reasonOf(scene.tell(beatOf('a', scene.at, { shownHash })));

void t.test('a known identity needs its lease, and another one gets 409', (t) => {
  const scene = strict();
  t.equal(register(scene, null, 'one'), 'ok', 'whoever comes first is trusted');
  t.equal(beat(scene, 'one'), 'ok');
  t.equal(beat(scene, 'two'), 'leased');
  t.equal(beat(scene, null), 'leased');
  t.equal(register(scene, 'two', 'new'), 'leased');
  t.equal(register(scene, null, 'new'), 'leased');
  t.equal(beat(scene, 'one'), 'ok', 'a refused register changes nothing');
  t.end();
});

void t.test('where leases are not required, none is looked at', (t) => {
  const scene = new Scene();
  register(scene, null, 'one');
  t.equal(beat(scene, 'wrong'), 'ok');
  t.equal(register(scene, 'wrong', 'two'), 'ok');
  t.equal(beat(scene, null), 'ok');
  t.end();
});

void t.test(
  'a lost reply locks nobody out: the lease before is good until the new one was used once',
  (t) => {
    const scene = strict();
    register(scene, null, 'one');
    beat(scene, 'one');
    t.equal(register(scene, 'one', 'lost'), 'ok');
    t.equal(beat(scene, 'one'), 'ok', 'on a beat');
    t.equal(register(scene, 'one', 'lost too'), 'ok', 'and on a register');
    t.equal(register(scene, 'one', 'two'), 'ok', 'as often as replies are lost');
    t.equal(beat(scene, 'lost'), 'leased', 'what was issued between and never arrived is void');
    t.equal(beat(scene, 'two'), 'ok');
    t.equal(beat(scene, 'one'), 'leased', 'from then on it is 409');
    t.equal(register(scene, 'one', 'three'), 'leased');
    t.end();
  },
);

void t.test('a register with the new lease uses it, too', (t) => {
  const scene = strict();
  register(scene, null, 'one');
  t.equal(register(scene, 'one', 'two'), 'ok');
  t.equal(register(scene, 'two', 'three'), 'ok');
  t.equal(beat(scene, 'one'), 'leased');
  t.equal(beat(scene, 'two'), 'ok');
  t.end();
});

void t.test('the reply to the very first register may be lost as well', (t) => {
  const scene = strict();
  register(scene, null, 'lost');
  t.equal(register(scene, null, 'one'), 'ok');
  t.equal(beat(scene, 'one'), 'ok');
  t.equal(register(scene, null, 'two'), 'leased');
  t.end();
});

void t.test('an operator releases a lease, and the next register claims it', (t) => {
  const scene = strict();
  register(scene, null, 'one');
  beat(scene, 'one');
  t.equal(register(scene, null, 'two'), 'leased');
  t.equal(reasonOf(scene.tell({ type: 'release', at: scene.at, identity: 'a' })), 'ok');
  t.equal(register(scene, null, 'two'), 'ok');
  t.equal(beat(scene, 'two'), 'ok');
  t.equal(beat(scene, 'one'), 'leased');
  t.equal(reasonOf(scene.tell({ type: 'release', at: scene.at, identity: 'x' })), 'unknown-member');
  t.end();
});

void t.test('a lost reply after a release locks out nobody who shows the lease that was released', (t) => {
  const scene = strict();
  register(scene, null, 'one');
  beat(scene, 'one');
  scene.tell({ type: 'release', at: scene.at, identity: 'a' });
  t.equal(register(scene, 'one', 'lost'), 'ok');
  t.equal(register(scene, 'two', 'new'), 'leased', 'it is claimed');
  t.equal(register(scene, null, 'new'), 'leased');
  t.equal(beat(scene, 'one'), 'ok');
  t.equal(register(scene, 'one', 'two'), 'ok');
  t.equal(beat(scene, 'two'), 'ok');
  t.equal(beat(scene, 'one'), 'leased', 'once the reply arrived it is void');
  t.end();
});

void t.test('nor where leases are required only later', (t) => {
  const scene = new Scene();
  register(scene, null, 'one');
  register(scene, 'of another server', 'lost');
  const later = scene.restart({ rules: rulesWith({ requireLease: true }) });
  t.equal(register(later, 'of another server', 'two'), 'ok');
  t.equal(beat(later, 'two'), 'ok');
  t.end();
});

void t.test('goodbyes and reports that are too long need the lease like beats', (t) => {
  const scene = strict();
  register(scene, null, 'one');
  beat(scene, 'one');
  for (const type of ['oversize', 'goodbye'] as const) {
    t.equal(reasonOf(scene.tell({ type, at: scene.at, identity: 'a', shownHash: 'wrong' })), 'leased');
    t.equal(scene.world.clusters.get('a')?.status, 'up');
    t.equal(reasonOf(scene.tell({ type, at: scene.at, identity: 'a', shownHash: 'one' })), 'ok');
    t.equal(reasonOf(scene.tell({ type, at: scene.at, identity: 'x', shownHash: 'one' })), 'unknown-member');
  }
  t.end();
});

/** `a` says under its lease that shards 0 and 1 are so. */
function claimed(scene: Scene, first: 'online' | 'resuming'): void {
  register(scene, null, 'one');
  const rows = rowsOf({ 0: first, 1: 'online' });
  scene.tell(beatOf('a', scene.at, { shownHash: 'one', rows }));
}

void t.test(
  '22: a report without the lease never changes a shard claimed by an up, leased cluster (Glance and batch routes included)',
  (t) => {
    const scene = strict();
    claimed(scene, 'resuming');
    scene.at += 1_000;
    scene.glance(0, 'online');
    scene.batch({ 0: 'online', 1: 'offline' });
    t.equal(scene.state(0), 'resuming');
    t.equal(scene.state(1), 'online');
    scene.at += 1_000;
    scene.ping(0);
    t.equal(scene.state(0), 'resuming');
    t.equal(scene.batch({ 2: 'starting' }).ok, true);
    t.equal(scene.state(2), 'starting', 'other shards are free');
    t.end();
  },
);

void t.test('22: once the cluster is down, stopped or released, the others count again', (t) => {
  const down = strict();
  claimed(down, 'resuming');
  down.at += LEASE - 1_000;
  down.batch({ 0: 'online' });
  t.equal(down.state(0), 'resuming');
  down.pass(1_001);
  t.equal(down.state(0), 'online', 'down');

  const stopped = strict();
  claimed(stopped, 'resuming');
  stopped.batch({ 0: 'online' });
  stopped.tell({ type: 'goodbye', at: stopped.at, identity: 'a', shownHash: 'one' });
  t.equal(stopped.state(0), 'online', 'stopped');

  const released = strict();
  claimed(released, 'resuming');
  released.batch({ 0: 'online' });
  released.tell({ type: 'release', at: released.at, identity: 'a' });
  t.equal(released.state(0), 'online', 'released');
  t.end();
});

void t.test('22: without required leases the rules of claims are all there is', (t) => {
  const scene = new Scene();
  claimed(scene, 'resuming');
  scene.at += 1_000;
  scene.glance(0, 'online');
  t.equal(scene.state(0), 'online');
  t.end();
});
