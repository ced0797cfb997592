// The invariants of the house that rest on the core, each by its own words (server/README.md).
import t from 'tap';
import type { WorldRecord } from '../../server/core/record.js';
import { record } from '../../server/core/recording.js';
import { restore } from '../../server/core/restore.js';
import type { World } from '../../server/core/world.js';
import { learning, LEASE, recordOf, rulesWith, rowsOf, Scene, type Said, worldWith } from './scene.js';

void t.test('Numbers are never reused: a fleet counts up, and moving back reclaims the old number', (t) => {
  const scene = new Scene();
  t.match(scene.register('a', { fleet: 'asia' }), { ok: true, number: 1 });
  t.match(scene.register('b', { fleet: 'asia' }), { ok: true, number: 2 });
  t.match(scene.register('a', { fleet: 'eu' }), { ok: true, number: 1 });
  t.match(scene.register('c', { fleet: 'asia' }), { ok: true, number: 3 }, 'asia #1 was given');
  t.match(scene.register('a', { fleet: 'asia' }), { ok: true, number: 1 });
  t.match(
    scene.register('b', { fleet: 'asia' }),
    { ok: true, number: 2 },
    'registering again changes nothing',
  );
  t.end();
});

void t.test('Numbers are never reused, over a restart', (t) => {
  const before = new Scene();
  before.register('a', { fleet: 'asia' });
  before.register('a', { fleet: 'eu' });
  const after = before.restart();
  t.match(after.register('b', { fleet: 'asia' }), { ok: true, number: 2 });
  t.match(after.register('c', { fleet: 'eu' }), { ok: true, number: 2 });
  t.match(after.register('a', { fleet: 'asia' }), { ok: true, number: 1 });
  t.end();
});

/** The record of a world to which `meanwhile` happens after its first piece was written, as a slicing writer may. */
function sliced(scene: Scene, meanwhile: () => void): WorldRecord {
  const pieces = record(scene.world, scene.at, 0).pieces[Symbol.iterator]();
  let text = pieces.next().value as string;
  meanwhile();
  for (let next = pieces.next(); !next.done; next = pieces.next()) text += next.value;
  return JSON.parse(text) as WorldRecord;
}

void t.test('Numbers are never reused, though a cluster registers while the record is being written', (t) => {
  const scene = new Scene();
  scene.register('a');
  const written = sliced(scene, () => scene.register('b'));
  const after = new Scene(rulesWith(), scene.at + 1_000, written);
  const given = written.clusters.map(({ number }) => number);
  const answer = after.register('new');
  t.notOk(answer.ok && 'number' in answer && given.includes(answer.number));
  t.end();
});

void t.test('Numbers are never reused, whatever the fleet is called', (t) => {
  for (const fleet of ['__proto__', 'constructor', '1', ' #2']) {
    const before = new Scene();
    before.register('a', { fleet });
    t.match(before.restart().register('b', { fleet }), { ok: true, number: 2 }, fleet);
  }
  t.end();
});

void t.test(
  'Old facts never undo new ones; an outage starts at lastSeen + lease, not at the sweep that saw it',
  (t) => {
    const sweptOften = new Scene();
    const sweptOnce = new Scene();
    for (const scene of [sweptOften, sweptOnce]) scene.glance(0, 'online');
    for (let i = 0; i < 300; i++) sweptOften.pass(250);
    sweptOnce.pass(300 * 250);
    t.same(sweptOften.flips(), sweptOnce.flips());
    t.equal(sweptOften.since(0), LEASE);
    t.end();
  },
);

void t.test('The public view carries no identity, address, token, guild count or error text', (t) => {
  const scene = new Scene(learning());
  const secret = 'TELLTALE';
  scene.register(`${secret}-10.0.0.5`, { version: secret, shardCount: 4 });
  scene.register(secret, {
    fleet: 'eu',
    version: secret,
    bot: 'main',
    shardCount: 4,
    host: secret,
    scrapeTarget: secret,
    leaseHash: secret,
  });
  const [ready, ill] = rowsOf({ 0: 'online', 1: 'unhealthy' });
  const counts = { guilds: 7_654_321, unavailable: 7_654_321 };
  scene.beatRows(secret, [
    { ...ready!, ...counts },
    { ...ill!, ...counts },
  ]);
  const seen = JSON.stringify([scene.view(), scene.shard(0), scene.shard(1)]);
  t.match(seen, 'eu #1');
  t.notMatch(seen, secret);
  t.notMatch(seen, '7654321');
  t.same(Object.keys(scene.view()).sort(), [
    'certain',
    'clusters',
    'counts',
    'heardAt',
    'key',
    'name',
    'notReady',
    'planned',
    'shardCount',
    'states',
    'usual',
  ]);
  t.same(Object.keys(scene.shard(0)).sort(), [
    'bot',
    'certain',
    'cluster',
    'latencyMs',
    'loading',
    'name',
    'planned',
    'shard',
    'shardCount',
    'since',
    'state',
  ]);
  t.end();
});

void t.test('cluster names can be hidden', async (t) => {
  const { botView, shardView } = await import('../../server/core/views/view.js');
  const scene = new Scene();
  scene.register('a');
  scene.beat('a', { 0: 'online' });
  const hidden = [botView(scene.world, scene.bot(), false), shardView(scene.world, scene.bot(), 0, false)];
  t.notMatch(JSON.stringify(hidden), 'asia');
});

/** Counts how often anything in the world is touched while `act` runs: a cost without a clock. */
function touches(world: World, act: () => void): number {
  let count = 0;
  const walks = new Set<PropertyKey>(['values', 'keys', 'entries', 'forEach', Symbol.iterator]);
  const counted = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (_, key) => {
        count += walks.has(key) && 'size' in target ? (target.size as number) + 1 : 1;
        const value = Reflect.get(target, key) as unknown;
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
      set: (_, key, value) => {
        count++;
        return Reflect.set(target, key, value);
      },
    });
  const countIn = (owner: object): void => {
    for (const [key, value] of Object.entries(owner))
      if (ArrayBuffer.isView(value) || value instanceof Map || value instanceof Set || Array.isArray(value))
        Reflect.set(owner, key, counted(value));
  };
  for (const bot of world.bots.values()) countIn(bot);
  for (const holder of world.holders) countIn(holder);
  countIn(world.claims);
  countIn(world);
  act();
  return count;
}

/** A world of that many clusters with four shards each, and the touches of one more beat of the first. */
function costOfBeat(clusters: number, before: Said, said: Said): number {
  const configuredBots = [{ key: 'main', shardCount: clusters * 4, name: 'main' }];
  const scene = new Scene(rulesWith({ configuredBots }));
  for (let i = 0; i < clusters; i++) {
    scene.register(`${i}`);
    scene.beat(
      `${i}`,
      i === 0
        ? before
        : { [4 * i]: 'online', [4 * i + 1]: 'online', [4 * i + 2]: 'online', [4 * i + 3]: 'online' },
    );
  }
  scene.at += 1_000;
  return touches(scene.world, () => scene.beat('0', said));
}

void t.test('The cost of a beat does not grow with the number of clusters, shards or viewers', (t) => {
  const allUp: Said = { 0: 'online', 1: 'online', 2: 'online', 3: 'online' };
  for (const [name, before, said] of [
    ['the same again', allUp, allUp],
    ['other states', allUp, { 0: 'resuming', 1: 'offline', 2: 'starting', 3: 'unhealthy' }],
    ['fewer shards', allUp, { 0: 'online', 1: 'online' }],
    ['more shards', { 0: 'online' }, allUp],
  ] as const) {
    const few = costOfBeat(2, before, said);
    t.ok(few > 0, name);
    t.equal(costOfBeat(500, before, said), few, name);
  }
  t.end();
});

void t.test('a sweep before any lease can have run out looks at no claim', (t) => {
  const sweepCost = (clusters: number): number => {
    const scene = new Scene(
      rulesWith({ configuredBots: [{ key: 'main', shardCount: clusters, name: 'main' }] }),
    );
    for (let i = 0; i < clusters; i++) {
      scene.register(`${i}`);
      scene.beat(`${i}`, { [i]: 'online' });
    }
    scene.pass(250);
    return touches(scene.world, () => scene.pass(250));
  };
  t.equal(sweepCost(500), sweepCost(2));
  t.end();
});

void t.test(
  'a record of another start is restored whole, or what config allows of it, but never throws',
  (t) => {
    const scene = new Scene(learning());
    scene.register('a', { bot: 'x' });
    scene.beat('a', { 9: 'online' }, 10);
    const written = recordOf(scene.world, scene.at);
    for (const rules of [
      rulesWith(),
      rulesWith({ configuredBots: [] }),
      learning(),
      learning({ memberRows: [{ identity: '*', bot: 'y' }] }),
    ]) {
      const world = worldWith(rules);
      t.doesNotThrow(() => restore(world, written));
    }
    t.end();
  },
);
