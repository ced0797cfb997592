// What whoever may report can make us keep has an end: at it the newest is refused in words (RULES 36).
import t from 'tap';
import { fullOf } from '../../server/core/views/full.js';
import { outlineOf, totalRow } from '../../server/core/views/outline.js';
import { learning, registration, rowsOf, rulesWith, Scene, type Said } from './scene.js';

const online = (...ids: number[]): Said => Object.fromEntries(ids.map((id) => [id, 'online']));
const rejected = (scene: Scene, said: Said, options: Parameters<Scene['batch']>[1] = {}): string[] => {
  const answer = scene.batch(said, options);
  return 'rejected' in answer ? answer.rejected.map(({ error }) => error) : ['refused'];
};

const NO_SHARDS =
  'this server learns at most 10 shards (SHARDLIGHT_MAX_LEARNT_SHARDS); name the bot and its shard count in SHARDLIGHT_BOTS';

void t.test('shards are learnt up to a bound, in all bots together', (t) => {
  const scene = new Scene(learning({ maxLearntShards: 10 }));
  t.same(rejected(scene, online(0, 5), { bot: 'first' }), []);
  t.same(rejected(scene, online(0, 3), { bot: 'second' }), []);
  const [why] = rejected(scene, online(3, 4), { bot: 'second' });
  t.equal(why, `id: shard 4 is outside 0..3 of bot 'second'; ${NO_SHARDS}`);
  t.match(scene.batch(online(0), { bot: 'third' }), {
    reason: 'too-many-shards',
    error: /third.*at most 10/,
  });
  t.match(scene.register('a', { bot: 'third' }), { reason: 'too-many-shards' });
  t.equal(scene.world.bots.size, 2);
  t.equal(scene.bot('second').shardCount, 4);
  t.same(rejected(scene, online(0, 5), { bot: 'first' }), [], 'who was there goes on');
  t.end();
});

void t.test('nor does a declared count lead beyond it: it is dropped in words, and the rest counts', (t) => {
  const scene = new Scene(learning({ maxLearntShards: 10 }));
  t.match(scene.batch(online(0, 2), { shardCount: 11 }), { ok: true, accepted: 2, dropped: NO_SHARDS });
  t.equal(scene.bot().shardCount, 3);
  t.match(scene.register('a', { shardCount: 11 }), { ok: true });
  scene.beatRows('a', rowsOf(online(1, 12)), 11);
  t.match(scene.world.clusters.get('a'), {
    noCountAtRegister: NO_SHARDS,
    droppedAtBeat: [
      `shard count dropped: ${NO_SHARDS}`,
      `shards dropped: id: shard 12 is outside 0..9 of bot 'main'; ${NO_SHARDS}`,
    ],
  });
  scene.beatRows('a', rowsOf(online(1)), 10);
  t.equal(scene.bot().shardCount, 10, 'up to it is fine');
  t.same(scene.world.clusters.get('a')?.droppedAtBeat, []);
  t.end();
});

void t.test('bots of a fixed count never count against what is learnt', (t) => {
  const configuredBots = [{ key: 'main', shardCount: 16_384, name: 'My Bot' }];
  const scene = new Scene(rulesWith({ learnBots: true, maxLearntShards: 2, configuredBots }));
  t.same(rejected(scene, online(0, 16_383)), []);
  t.same(rejected(scene, online(0, 1), { bot: 'other' }), []);
  t.equal(rejected(scene, online(2), { bot: 'other' }).length, 1);
  scene.tell({ type: 'set-bot', at: scene.at, bot: 'other', name: null, shardCount: 9 });
  t.same(rejected(scene, online(8), { bot: 'other' }), [], 'an operator has a say');
  t.same(rejected(scene, online(0), { bot: 'third' }), []);
  t.end();
});

const NO_CLAIMS = 'this server keeps at most 3 claims of shards (SHARDLIGHT_MAX_CLAIMS)';

void t.test('claims are kept up to a bound; who has one keeps it', (t) => {
  const scene = new Scene(rulesWith({ maxClaims: 3 }));
  scene.register('a');
  scene.beat('a', online(0, 1));
  t.same(rejected(scene, online(0, 1)), [NO_CLAIMS]);
  t.match(scene.glance(3, 'online'), { ok: false, reason: 'too-many-claims', error: NO_CLAIMS });
  t.match(scene.someShards('a', online(0, 2, 3)), {
    accepted: 1,
    rejected: [
      { index: 1, error: NO_CLAIMS },
      { index: 2, error: NO_CLAIMS },
    ],
  });
  scene.beat('a', online(0, 1, 2));
  t.same(scene.world.clusters.get('a')?.droppedAtBeat, [`shards dropped: ${NO_CLAIMS}`]);
  t.equal(scene.world.claims.size, 3);
  scene.beat('a', online(1));
  t.same(rejected(scene, online(1)), [], 'what is released makes room');
  scene.beat('a', online(1));
  t.same(scene.world.clusters.get('a')?.droppedAtBeat, []);
  t.end();
});

void t.test('fleets are kept up to a bound, and an identity may have been in so many', (t) => {
  const scene = new Scene(rulesWith({ maxFleets: 3, maxFleetsPerIdentity: 2 }));
  const register = (identity: string, fleet: string): unknown => scene.register(identity, { fleet });
  t.match(register('a', 'one'), { number: 1 });
  t.match(register('a', 'two'), { number: 1 });
  t.match(register('a', 'three'), { reason: 'too-many-fleets', error: /2 fleets.*MAX_FLEETS_PER_IDENTITY/ });
  t.match(register('b', 'three'), { number: 1 });
  t.match(register('b', 'four'), { reason: 'too-many-fleets', error: /at most 3 .SHARDLIGHT_MAX_FLEETS/ });
  t.match(register('c', 'four'), { reason: 'too-many-fleets' });
  t.match(register('c', 'three'), { number: 2 }, 'one that is there is open');
  t.match(register('a', 'one'), { number: 1 }, 'and so is going back');
  scene.tell({ type: 'prune', at: scene.at, identities: ['a', 'b', 'c'] });
  t.match(register('c', 'four'), { reason: 'too-many-fleets' }, 'numbers are kept for good');
  t.end();
});

void t.test('operators see which bounds are reached', (t) => {
  const scene = new Scene(learning({ maxClusters: 1, maxClaims: 3, maxLearntShards: 2, maxFleets: 2 }));
  t.same(fullOf(scene.world), []);
  scene.register('a');
  scene.batch(online(0, 1));
  t.same(fullOf(scene.world), ['SHARDLIGHT_MAX_CLUSTERS', 'SHARDLIGHT_MAX_LEARNT_SHARDS']);
  scene.beat('a', online(0));
  scene.register('a', { fleet: 'eu' });
  t.same(fullOf(scene.world).slice(2), ['SHARDLIGHT_MAX_CLAIMS', 'SHARDLIGHT_MAX_FLEETS']);
  const total = totalRow(
    outlineOf(scene.world, () => undefined),
    1,
    fullOf(scene.world),
  );
  t.equal(total.full?.length, 4);
  t.end();
});

void t.test('what was kept comes back whole, even above the bounds of today', (t) => {
  const before = new Scene(learning());
  for (const bot of ['first', 'second']) before.batch(online(0, 1, 2), { bot, shardCount: 3 });
  for (const fleet of ['one', 'two', 'three']) before.register('a', { fleet, bot: 'first' });
  before.beat('a', online(0, 1, 2));
  const rules = learning({ maxLearntShards: 1, maxClaims: 1, maxFleets: 1, maxFleetsPerIdentity: 1 });
  const events = [registration('b', before.at, { fleet: 'four', bot: 'second' })];
  const after = before.restart({ rules, events });
  t.same([after.bot('first').shardCount, after.bot('second').shardCount], [3, 3]);
  t.equal(after.world.claims.size, 9);
  t.same([...after.world.numbers.keys()].sort(), ['four', 'one', 'three', 'two']);
  t.match(after.register('b', { fleet: 'four', bot: 'second' }), { ok: true, number: 1 });
  after.batch(online(0, 1, 2), { bot: 'second', shardCount: 3 });
  t.same(after.states('second'), ['online', 'online', 'online']);
  t.equal(rejected(after, online(3), { bot: 'second' }).length, 1, 'and does not grow');
  t.end();
});
