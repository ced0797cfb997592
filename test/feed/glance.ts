// The old Glance socket, frame by frame, as its page expects it (protocols/glance.md, RULES 17).
import t from 'tap';
import { createGlanceFeed, type GlanceFeed } from '../../server/feed/glance.js';
import { learning, LEASE, rulesWith, Scene, type Said } from '../core/scene.js';
import type { StateName } from '../../public/shared/states.js';
import { createStage, type Stage } from './stage.js';

interface Old {
  scene: Scene;
  stage: Stage;
  feed: GlanceFeed;
  /** Lets a tick pass and gives what the page got since. */
  next: () => string[];
  page: ReturnType<Stage['open']>;
}

/** An old page, connected after `before`, its hello read. */
function oldPage(scene = new Scene(), before: () => void = () => undefined): Old {
  const stage = createStage(scene);
  const feed = createGlanceFeed({ world: scene.world, ...stage.props });
  stage.enter(feed);
  before();
  stage.wait(100);
  const page = stage.open();
  const next = (): string[] => {
    stage.wait(100);
    return page.frames.splice(0);
  };
  page.frames.splice(0);
  return { scene, stage, feed, next, page };
}

const update = (shard: number, state: number, cluster = 'main'): string =>
  `{"op":"state_update","payload":{"cluster":"${cluster}","shard":${shard},"state":${state}}}`;
const ping = (shard: number, cluster = 'main'): string =>
  `{"op":"health_ping","payload":{"cluster":"${cluster}","shard":${shard}}}`;
const pingOnline = (shard: number): string =>
  `{"op":"health_ping","payload":{"cluster":"main","shard":${shard},"state":3}}`;

void t.test('exactly one hello, first, with "len" first and a key only for shards that had a status', (t) => {
  const configuredBots = [
    { key: 'main', shardCount: 4, name: 'My Bot' },
    { key: 'patron_1', shardCount: 2, name: 'Patron' },
  ];
  const { scene, stage } = oldPage(new Scene(rulesWith({ configuredBots }), 1_795_225_265_895));
  scene.glance(0, 'online');
  scene.glance(2, 'unknown');
  t.same(stage.open().frames, [
    '{"op":"hello","payload":{"main":{"len":4,"0":{"state":3,"last_healthy":1795225265.995},' +
      '"2":{"state":0,"last_healthy":1795225265.995}},"patron_1":{"len":2}}}',
  ]);
  t.end();
});

void t.test('never a bot with len 0', (t) => {
  const scene = new Scene(learning());
  scene.register('a');
  const { stage } = oldPage(scene);
  t.same(stage.open().frames, ['{"op":"hello","payload":{}}']);
  t.end();
});

void t.test('a status is a state_update, changed or not', (t) => {
  const { scene, next } = oldPage();
  scene.glance(0, 'starting');
  t.same(next(), [update(0, 4)]);
  scene.glance(0, 'starting');
  t.same(next(), [update(0, 4)]);
  scene.glance(1, 'unknown');
  t.same(next(), [update(1, 0)], 'the first status of a shard, though it looks the same');
  t.end();
});

void t.test('a sign of life is a health_ping without a state', (t) => {
  const { scene, next } = oldPage(undefined);
  scene.glance(0, 'starting');
  next();
  scene.ping(0);
  t.same(next(), [ping(0)]);
  t.end();
});

void t.test('a health_ping has a state only when Unhealthy became Online', (t) => {
  const { scene, next } = oldPage();
  scene.glance(0, 'starting');
  scene.pass(LEASE + 1);
  next();
  scene.ping(0);
  t.same(next(), [pingOnline(0)]);
  scene.ping(0);
  t.same(next(), [ping(0)]);
  t.end();
});

void t.test("17: a lease's end is state_update 1", (t) => {
  const { scene, next } = oldPage();
  scene.glance(0, 'online');
  scene.glance(1, 'offline');
  next();
  scene.pass(LEASE + 1);
  t.same(next(), [update(0, 1)]);
  t.end();
});

void t.test('17: a changed shard count closes the socket', (t) => {
  const scene = new Scene(learning());
  scene.batch({ 0: 'online' });
  const { page, next } = oldPage(scene);
  scene.batch({ 1: 'online' });
  t.same(page.closed, { code: 1001, reason: '' });
  t.same(next(), [], 'without a word about what the page does not know');
  t.end();
});

void t.test('17: a new bot closes the socket', (t) => {
  const { scene, page, next } = oldPage(new Scene(rulesWith({ learnBots: true })));
  scene.glance(0, 'online');
  scene.batch({ 0: 'online' }, { bot: 'new' });
  t.same(page.closed, { code: 1001, reason: '' });
  t.same(next(), []);
  t.end();
});

void t.test('17: pings of one tick are published together', (t) => {
  const { scene, stage, next } = oldPage();
  scene.glance(0, 'online');
  scene.glance(1, 'online');
  next();
  const before = stage.published.length;
  scene.ping(0); // after quiet: at once
  stage.wait(10);
  for (const shard of [0, 1, 0]) scene.ping(shard);
  stage.wait(10);
  t.equal(stage.published.length, before + 1);
  t.same(next(), [ping(0), ping(1), ping(0)], 'each shard once a tick');
  t.end();
});

void t.test('17: states of one tick come in their order, the last one last', (t) => {
  const { scene, next } = oldPage();
  for (const state of ['online', 'starting', 'online'] as const) scene.glance(0, state);
  t.equal(next().at(-1), update(0, 3));
  t.end();
});

void t.test('17: other dialects ping a shard at most once per lease', (t) => {
  const { scene, next } = oldPage();
  scene.register('a');
  scene.beat('a', { 0: 'online', 1: 'online' });
  t.same(next().sort(), [ping(0), ping(1), update(0, 3), update(1, 3)].sort());
  const beatEvery = 15_000;
  const got: string[][] = [];
  for (let i = 0; i < 6; i++) {
    scene.pass(beatEvery - 100);
    scene.beat('a', { 0: 'online', 1: 'online' });
    got.push(next());
  }
  t.same(got, [[], [], [ping(0), ping(1)], [], [], [ping(0), ping(1)]]);
  t.end();
});

void t.test('17: a batch pings the shards that it reports, not those it is silent about', (t) => {
  const { scene, next } = oldPage();
  scene.batch({ 0: 'online', 1: 'online' });
  next();
  scene.pass(LEASE + 1);
  next();
  scene.batch({ 0: 'online' });
  t.same(
    next().filter((frame) => frame.includes('"shard":1')),
    [],
  );
  t.end();
});

void t.test("another dialect's change of a state is a state_update", (t) => {
  const { scene, next } = oldPage();
  scene.register('a');
  scene.beat('a', { 0: 'online' });
  next();
  scene.pass(1_000);
  scene.beat('a', { 0: 'offline' });
  t.same(next(), [update(0, 2)]);
  scene.beat('a', {});
  t.same(next(), [update(0, 0)]);
  t.end();
});

void t.test('an update that another holder outvotes says what counts', (t) => {
  const { scene, next } = oldPage();
  scene.register('a');
  scene.beat('a', { 0: 'online' });
  next();
  scene.glance(0, 'offline');
  t.same(next(), [update(0, 3)]);
  t.end();
});

void t.test('no update for a bot that the page does not know, nor for a shard out of range', (t) => {
  const { scene, next } = oldPage();
  scene.glance(0, 'online', 'nope');
  scene.glance(4, 'online');
  scene.batch({ 4: 'online' });
  t.same(next(), []);
  t.end();
});

void t.test('what is restored is in the hello, and comes back by a ping', (t) => {
  const before = new Scene();
  before.glance(0, 'online');
  const after = before.restart({ downMs: LEASE + 1 });
  const { stage } = oldPage(after);
  t.same(stage.open().frames, [
    '{"op":"hello","payload":{"main":{"len":4,"0":{"state":0,"last_healthy":1795225265}}}}',
  ]);
  t.end();
});

void t.test('a page that left is sent nothing; nothing is kept for nobody', (t) => {
  const { scene, stage, page, next } = oldPage();
  stage.leave(page);
  scene.glance(0, 'online');
  t.same(next(), []);
  t.same(stage.published, []);
  t.end();
});

void t.test('5: no frame carries an identity or version', (t) => {
  const { scene, next } = oldPage();
  scene.register('TELLTALE', { version: 'TELLTALE' });
  scene.beat('TELLTALE', { 0: 'online' });
  t.notMatch(next().join(), 'TELLTALE');
  t.end();
});

const allOf = (count: number, state: StateName): Said =>
  Object.fromEntries(Array.from({ length: count }, (_, id) => [id, state]));

/** Every shard of a large bot has its status, and an old page comes. */
function largeFleet(): Old {
  const configuredBots = [{ key: 'main', shardCount: 16_384, name: 'My Bot' }];
  const scene = new Scene(rulesWith({ configuredBots }));
  return oldPage(scene, () => {
    scene.batch(allOf(16_384, 'online'));
    scene.catchUp();
  });
}

void t.test('41: a hello of 16,384 shards is one message, and no turn has more than 16,000 B of it', (t) => {
  const { stage } = largeFleet();
  const page = stage.open();
  stage.turn();
  t.equal(page.frames.length, 1);
  const { payload } = JSON.parse(page.frames[0]!) as { payload: { main: Record<string, { state: number }> } };
  t.equal(Object.keys(payload.main).length, 1 + 16_384);
  t.ok(stage.mostInATurn <= 16_000, `${stage.mostInATurn} B`);
  t.end();
});

void t.test('41: nor when all shards flip at once, update by update', (t) => {
  const { stage, scene, page, next } = largeFleet();
  next();
  scene.batch(allOf(16_384, 'offline'));
  scene.catchUp();
  stage.wait(100);
  const updates = page.frames.filter((text) => text.includes('state_update'));
  t.same(
    updates,
    Array.from({ length: 16_384 }, (_, id) => update(id, 2)),
  );
  t.ok(stage.mostInATurn <= 16_000, `${stage.mostInATurn} B`);
  t.end();
});

void t.test(
  'what happens while a long hello is on its way follows it; after too much the page comes anew',
  (t) => {
    const { stage, scene, next } = largeFleet();
    scene.batch({ 0: 'online' }); // and with it the sign of life, which is told once a lease
    next();
    const page = stage.open();
    scene.batch({ 7: 'offline' });
    stage.wait(1_000);
    t.same(page.frames.slice(1), [update(7, 2)]);
    scene.batch({ 8: 'offline' });
    stage.wait(1_000);
    t.same(page.frames.slice(2), [update(8, 2)], 'once');
    const late = stage.open();
    scene.batch(allOf(1_000, 'resuming'));
    stage.wait(1_000);
    t.equal(late.closed?.code, 1001);
    t.equal(page.closed, null);
    t.end();
  },
);
