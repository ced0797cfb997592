// RULES 42: what would flip very many shards at once is applied in several events, and comes out as if it had been one.
import { deepStrictEqual } from 'node:assert/strict';
import t from 'tap';
import fc from 'fast-check';
import type { Answer } from '../../server/core/answer.js';
import { RUN_OUT } from '../../server/core/live/claim-table.js';
import { MOST_FLIPS, MOST_IN_LINE } from '../../server/core/live/flip-line.js';
import { isBehind } from '../../server/core/live/sweep.js';
import { holderOf, type World } from '../../server/core/world.js';
import { happeningsWithOperator, perform, wideCast } from './happenings.js';
import { holds } from '../holds.js';
import { learning, LEASE, rulesWith, Scene, type Said } from './scene.js';
import type { StateName } from '../../public/shared/states.js';

const SHARDS = 16_384;
const wide = (): Scene =>
  new Scene(rulesWith({ configuredBots: [{ key: 'main', shardCount: SHARDS, name: 'My Bot' }] }));

const all = (state: StateName, count = SHARDS): Said =>
  Object.fromEntries(Array.from({ length: count }, (_, id) => [id, state]));

const flipped = ({ facts }: Scene): number => facts.filter(({ type }) => type === 'shard').length;

/** As the engine does it: a part after another. How many shards flipped in each of them. */
function parts(scene: Scene): number[] {
  const sizes = [flipped(scene)];
  while (isBehind(scene.world)) {
    scene.tell({ type: 'sweep', at: scene.at });
    sizes.push(flipped(scene));
  }
  return sizes;
}

const FOUR = [MOST_FLIPS, MOST_FLIPS, MOST_FLIPS, MOST_FLIPS];

void t.test('a report or sweep that would flip more than 4,096 shards is applied in several events', (t) => {
  const scene = wide();
  const answer = { ok: true, accepted: SHARDS, rejected: [] };
  t.same(scene.batch(all('online')), answer);
  t.same(parts(scene), FOUR, 'a batch');
  t.same(scene.view().counts, { ...scene.view().counts, online: SHARDS });
  scene.at += 1_000;
  t.same(scene.batch(all('offline')), answer);
  t.same(parts(scene), FOUR);
  t.equal(scene.view().counts.offline, SHARDS);
  const [incident, ...others] = scene.bot().incidents.open;
  t.equal(incident?.down.size, SHARDS, 'one incident for one cause');
  t.same(others, []);
  scene.at += 1_000;
  scene.batch(all('online'));
  scene.catchUp();
  t.equal(scene.bot().incidents.open.size, 0);
  scene.pass(LEASE + 1);
  t.same(parts(scene), FOUR, 'leases that run out');
  t.equal(scene.view().counts.unhealthy, SHARDS);
  t.equal(scene.bot().incidents.open.size, 1);
  t.equal(scene.since(SHARDS - 1), 2_000 + LEASE, 'since the lease ran out');
  t.end();
});

void t.test('and so is what a cluster says, its goodbye, and what is given up', (t) => {
  const scene = wide();
  scene.register('a');
  scene.beat('a', all('online'));
  t.same(parts(scene), FOUR, 'a beat');
  scene.at += 1_000;
  scene.someShards('a', all('resuming', 5_000));
  t.same(parts(scene), [MOST_FLIPS, 5_000 - MOST_FLIPS], 'some shards');
  scene.pass(LEASE + 1);
  scene.catchUp();
  scene.beat('a', null);
  t.same(parts(scene), FOUR, 'a sign of life');
  scene.tell({ type: 'goodbye', at: scene.at, identity: 'a', shownHash: null });
  t.same(parts(scene), FOUR, 'a goodbye');
  scene.at += 1_000;
  scene.beat('a', {});
  t.same(parts(scene), FOUR, 'an empty list');
  t.equal(scene.view().counts.unknown, SHARDS);
  t.end();
});

void t.test('4: old facts never undo new ones, though they wait', (t) => {
  const scene = wide();
  scene.batch(all('online'));
  scene.catchUp();
  scene.at += 1_000;
  scene.batch(all('offline'));
  scene.at += 10;
  t.same(scene.glance(SHARDS - 1, 'online'), { ok: true });
  t.same(scene.batch({ 0: 'online', [SHARDS - 2]: 'starting' }), { ok: true, accepted: 2, rejected: [] });
  scene.catchUp();
  t.same(scene.flips().slice(-3), [
    [1_010, SHARDS - 1, 'offline', 'online', null],
    [1_010, 0, 'offline', 'online', null],
    [1_010, SHARDS - 2, 'offline', 'starting', null],
  ]);
  t.equal(scene.view().counts.offline, SHARDS - 3);
  t.equal(scene.since(1), 1_000);
  t.end();
});

void t.test('what waits in line has a bound: beyond it, it is applied at once', (t) => {
  const scene = wide();
  for (let times = 0; times < 6; times++) {
    scene.at += 1_000;
    scene.batch(all(times % 2 === 0 ? 'online' : 'offline'));
  }
  const waiting = 6 * SHARDS - MOST_FLIPS;
  t.equal(scene.world.line.length, waiting);
  scene.tell({ type: 'sweep', at: scene.at });
  t.equal(scene.world.line.length, MOST_IN_LINE);
  scene.catchUp();
  t.equal(scene.view().counts.offline, SHARDS);
  t.equal(scene.world.flips.count, 6 * SHARDS);
  t.end();
});

/** The claims whose lease ran out. */
function ranOut(world: World): string[] {
  const { lease, shard } = world.claims;
  return [...world.claims.rows()].flatMap((claim) => {
    const holder = holderOf(world, claim);
    const name = holder.kind === 'cluster' ? holder.identity : holder.kind;
    return lease[claim] === RUN_OUT ? [`${holder.bot.key}/${shard[claim]} ${name}`] : [];
  });
}

void t.test('leases run out in an order by values: when they did, bot, shard, holder', (t) => {
  const configuredBots = ['main', 'other'].map((key) => ({ key, shardCount: 3, name: key }));
  const claims: ((scene: Scene) => Answer)[] = [
    (scene) => scene.batch({ 1: 'online' }),
    (scene) => scene.batch({ 0: 'online' }),
    (scene) => scene.batch({ 0: 'online', 2: 'online' }, { bot: 'other' }),
    (scene) => scene.beat('b', { 2: 'online' }),
    (scene) => scene.beat('a', { 2: 'online' }),
  ];
  const order = (said: typeof claims): unknown[] => {
    const scene = new Scene(rulesWith({ configuredBots }));
    for (const identity of ['a', 'b']) scene.register(identity, { fleet: 'asia' });
    for (const one of said) one(scene);
    scene.at += 5;
    scene.batch({ 0: 'online' }, { bot: 'other' });
    scene.world.mostFlips = 1;
    const lapsed = new Set<string>();
    scene.listeners.push(() => ranOut(scene.world).forEach((one) => lapsed.add(one)));
    scene.pass(LEASE + 1);
    scene.catchUp();
    return [...lapsed];
  };
  const first = order(claims);
  t.same(first, ['main/0 batch', 'main/1 batch', 'main/2 a', 'main/2 b', 'other/2 batch', 'other/0 batch']);
  t.same(order([...claims].reverse()), first);
  t.end();
});

void t.test(
  'who is heard between two parts of a sweep does not fall silent, and who is gone is left alone',
  (t) => {
    const scene = new Scene();
    for (const identity of ['a', 'b', 'c']) scene.register(identity);
    scene.beat('a', { 0: 'online' });
    scene.beat('b', { 1: 'online' });
    scene.beat('c', { 2: 'online', 3: 'online' });
    scene.world.mostFlips = 1;
    scene.pass(LEASE + 1);
    scene.beat('b', null);
    scene.beat('c', { 3: 'online' });
    parts(scene);
    t.same(scene.states(), ['unhealthy', 'online', 'unknown', 'online']);
    t.same(
      scene.flips().filter(([, , , to]) => to === 'unhealthy'),
      [[LEASE, 0, 'online', 'unhealthy', 'asia #1']],
    );
    t.end();
  },
);

void t.test('in how many events it is applied makes no difference', (t) => {
  holds(
    t,
    fc.property(fc.array(happeningsWithOperator(wideCast), { minLength: 1, maxLength: 30 }), (happenings) => {
      const after = (mostFlips: number): unknown => {
        const scene = new Scene(learning());
        scene.world.mostFlips = mostFlips;
        for (const happening of happenings) {
          perform(scene, happening);
          scene.tell({ type: 'sweep', at: scene.at });
          scene.catchUp();
        }
        const { bots, clusters, flips } = scene.record();
        return { bots, clusters, flips };
      };
      deepStrictEqual(after(1), after(Infinity));
    }),
  );
  t.end();
});
