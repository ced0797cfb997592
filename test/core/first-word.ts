// RULES 35: with leases required, who claimed a shard first keeps the word while up and leased.
import t from 'tap';
import { beatOf, LEASE, rowsOf, rulesWith, Scene, T0, type Said } from './scene.js';

/** `a` says that shard 0 is so, and a newcomer with a lease of its own says later that it is Online. */
function walkedRound(said: Said = { 0: 'offline', 1: 'online' }): Scene {
  const scene = new Scene(rulesWith({ requireLease: true }));
  register(scene, 'a');
  beat(scene, 'a', said);
  scene.at += 1_000;
  register(scene, 'newcomer');
  beat(scene, 'newcomer', { 0: 'online', 1: 'offline', 2: 'online' });
  return scene;
}

const register = (scene: Scene, identity: string): void =>
  void scene.register(identity, { leaseHash: identity, shownHash: identity });

function beat(scene: Scene, identity: string, said: Said | null): void {
  const rows = said && rowsOf(said);
  t.same(scene.tell(beatOf(identity, scene.at, { rows, shownHash: identity })), { ok: true });
}

void t.test('35: a newcomer hides no outage, and makes none', (t) => {
  const scene = walkedRound();
  t.same(scene.states(), ['offline', 'online', 'online', 'unknown'], 'what nobody claimed is free');
  scene.at += 1_000;
  beat(scene, 'newcomer', { 0: 'online', 1: 'online' });
  beat(scene, 'a', { 0: 'offline', 1: 'resuming' });
  t.same(scene.states(), ['offline', 'resuming', 'unknown', 'unknown']);
  t.end();
});

void t.test('35: until the first one lapses', (t) => {
  const scene = walkedRound({ 0: 'resuming', 1: 'online' });
  scene.pass(LEASE - 2_000);
  beat(scene, 'newcomer', null);
  t.equal(scene.state(0), 'resuming');
  scene.pass(1_001);
  t.equal(scene.state(0), 'online');
  beat(scene, 'a', { 0: 'offline' });
  t.equal(scene.state(0), 'online', 'and is the newcomer when it is back');
  t.end();
});

void t.test('35: until it releases the shard, or its lease is released', (t) => {
  const gone = walkedRound();
  beat(gone, 'a', { 1: 'online' });
  t.equal(gone.state(0), 'online');
  beat(gone, 'a', { 0: 'offline', 1: 'online' });
  t.equal(gone.state(0), 'online');

  const released = walkedRound();
  released.tell({ type: 'release', at: released.at, identity: 'a' });
  t.same(released.states().slice(0, 2), ['online', 'offline']);
  released.at += 1_000;
  register(released, 'a');
  t.same(released.states().slice(0, 2), ['online', 'offline'], 'whoever registers next is a newcomer');
  t.end();
});

void t.test('35: until it says goodbye, or that the shard is stopping', (t) => {
  const stopped = walkedRound();
  stopped.tell({ type: 'goodbye', at: stopped.at, identity: 'a', shownHash: 'a' });
  t.equal(stopped.state(0), 'online');
  stopped.at += 1_000;
  beat(stopped, 'a', { 0: 'offline' });
  t.equal(stopped.state(0), 'online');

  const moving = walkedRound({ 0: 'online', 1: 'online' });
  beat(moving, 'a', { 0: 'stopping', 1: 'online' });
  t.equal(moving.state(0), 'online', 'a rolling restart hands over');
  t.equal(moving.shard(0).cluster, 'asia #2');
  moving.at += 1_000;
  beat(moving, 'a', { 0: 'starting', 1: 'online' });
  t.equal(moving.state(0), 'online');
  t.end();
});

void t.test('35: over a restart, and over a gap until it is heard', (t) => {
  const scene = walkedRound({ 0: 'offline', 1: 'resuming' });
  beat(scene, 'a', { 0: 'offline', 1: 'online' });
  for (const downMs of [1_000, LEASE + 1]) {
    const after = scene.restart({ downMs });
    beat(after, 'newcomer', { 0: 'online', 1: 'offline' });
    t.equal(after.state(0), 'offline', `${downMs}`);
    t.equal(after.state(1), downMs > LEASE ? 'unknown' : 'online', `${downMs}`);
    beat(after, 'a', null);
    t.same(after.states().slice(0, 2), ['offline', 'online'], `${downMs}`);
    after.pass(LEASE);
    beat(after, 'newcomer', { 0: 'online', 1: 'online' });
    t.equal(after.since(0), 0, 'since it said so');
    after.pass(1);
    t.equal(after.state(0), 'online');
  }
  t.end();
});

void t.test('35: without required leases the later word counts', (t) => {
  const scene = new Scene();
  for (const identity of ['a', 'b']) scene.register(identity);
  scene.beat('a', { 0: 'offline' });
  scene.at = T0 + 1_000;
  scene.beat('b', { 0: 'online' });
  t.equal(scene.state(0), 'online');
  t.end();
});
