// The public feed, frame by frame: one patch a tick for everybody, resume, and what a patch says.
import t from 'tap';
import { applyPatch, applySnapshot } from '../../public/shared/patch.js';
import { PROTOCOL, type LiveFrame, type PatchFrame, type SnapshotFrame } from '../../public/shared/wire.js';
import { createPublicFeed, type PublicFeed } from '../../server/feed/public.js';
import { learning, LEASE, rulesWith, Scene, T0 } from '../core/scene.js';
import { createStage, SOMEBODY, type Browser, type Stage } from './stage.js';

const EPOCH = 'this-run';

interface Live {
  scene: Scene;
  stage: Stage;
  feed: PublicFeed;
}

function live(scene = new Scene(), showClusters = true, isHeard = true): Live {
  const stage = createStage(scene);
  const { world } = scene;
  const feed = createPublicFeed({
    world,
    title: () => 'Bot status',
    epoch: EPOCH,
    showClusters,
    ...stage.props,
  });
  stage.enter(feed);
  if (isHeard) feed.opened(SOMEBODY, new URLSearchParams({ p: PROTOCOL }), null);
  return { scene, stage, feed };
}

const framesOf = ({ frames }: Browser): LiveFrame[] => frames.map((text) => JSON.parse(text) as LiveFrame);
const opsOf = (browser: Browser): string[] => framesOf(browser).map(({ op }) => op);
const lastPatch = (stage: Stage): PatchFrame => JSON.parse(stage.published.at(-1)!) as PatchFrame;

void t.test('a viewer without a version gets one snapshot: exactly the view', (t) => {
  const { scene, stage, feed } = live(new Scene(), true, false);
  scene.glance(0, 'resuming');
  const [snapshot, ...others] = framesOf(stage.open());
  t.same(applySnapshot(snapshot as SnapshotFrame), feed.view());
  t.same(others, []);
  t.match(feed.view(), {
    epoch: EPOCH,
    title: 'Bot status',
    bots: [{ states: '6000', notReady: [[0, T0]] }],
  });
  t.end();
});

void t.test('from then on a patch whenever something changed', (t) => {
  const { scene, stage } = live();
  const browser = stage.open();
  scene.glance(0, 'online');
  scene.glance(1, 'offline');
  stage.turn();
  t.same(framesOf(browser)[1], {
    op: 'patch',
    v: 2,
    at: T0,
    bots: [
      {
        key: 'main',
        heardAt: T0,
        shards: { ids: '0-1', states: '32', since: '0' },
      },
    ],
    incidents: [
      {
        id: 'main-1',
        bot: 'main',
        cause: null,
        state: 'offline',
        shards: '1',
        count: 1,
        down: 1,
        startedAt: T0,
        endedAt: null,
      },
    ],
  });
  t.end();
});

void t.test('a patch carries the incidents when one of them changed, those that did not by their id', (t) => {
  const { scene, stage, feed } = live();
  const sent = (): unknown => {
    stage.wait(100);
    return lastPatch(stage).incidents;
  };
  scene.glance(0, 'offline');
  t.match(sent(), [{ id: 'main-1', shards: '0', endedAt: null }]);
  scene.glance(2, 'starting');
  t.equal(sent(), undefined);
  stage.wait(60_000);
  scene.glance(1, 'offline');
  t.match(sent(), [{ id: 'main-2', shards: '1' }, 'main-1']);
  scene.glance(0, 'online');
  t.match(sent(), ['main-2', { id: 'main-1', endedAt: T0 + 60_300 }]);
  t.same(
    feed.view().incidents.map(({ id }) => id),
    ['main-2', 'main-1'],
  );
  t.end();
});

void t.test('a patch carries how long recoveries usually take when that changed', (t) => {
  const { scene, stage, feed } = live();
  const recoverIn = (ms: number): unknown => {
    scene.glance(0, 'resuming');
    stage.wait(ms);
    scene.glance(0, 'online');
    stage.wait(100);
    const [bot] = lastPatch(stage).bots;
    return bot && 'usual' in bot ? bot.usual : undefined;
  };
  t.same([2_000, 2_000, 2_000, 2_000].map(recoverIn), [undefined, undefined, undefined, undefined]);
  t.same([2_000, 2_400, 9_000].map(recoverIn), [{ resuming: 2_000 }, undefined, undefined]);
  t.same(feed.view().bots[0]!.usual, { resuming: 2_000 });
  t.end();
});

void t.test('No work is done per socket except the send: one patch is published once, encoded once', (t) => {
  const { scene, stage } = live();
  const browsers = Array.from({ length: 500 }, () => stage.open());
  const { sends } = stage;
  scene.glance(0, 'online');
  stage.turn();
  t.equal(stage.published.length, 1);
  t.equal(stage.sends, sends);
  t.ok(browsers.every(({ frames }) => frames.at(-1) === stage.published[0]));
  t.end();
});

void t.test(
  'A slow viewer, a dead webhook or a full disk never delays a beat: nothing is sent before the beat is answered',
  (t) => {
    const { scene, stage } = live();
    const browser = stage.open();
    scene.glance(0, 'online');
    t.equal(browser.frames.length, 1);
    stage.turn();
    t.equal(browser.frames.length, 2);
    t.end();
  },
);

void t.test('viewers who come at the same version get the very same snapshot, built once', (t) => {
  const { stage, feed } = live();
  const [a, b] = [stage.open(), stage.open()];
  t.equal(a.frames[0], b.frames[0]);
  t.equal(feed.view(), feed.view());
  t.end();
});

void t.test('what a shard goes through within a tick nobody needs: the last state wins', (t) => {
  const { scene, stage } = live();
  stage.open();
  for (const state of ['starting', 'online', 'offline', 'online'] as const) scene.glance(0, state);
  stage.turn();
  t.equal(stage.published.length, 1);
  t.match(lastPatch(stage), { bots: [{ shards: { ids: '0', states: '3' } }] });
  t.end();
});

void t.test('signs of life that change nothing send nothing', (t) => {
  const { scene, stage } = live();
  scene.register('a');
  scene.beat('a', { 1: 'online' });
  scene.glance(0, 'online');
  stage.turn();
  const before = stage.published.length;
  scene.pass(1_000);
  scene.register('a');
  scene.beat('a', { 1: 'online' });
  scene.beat('a', null);
  scene.glance(0, 'online');
  scene.ping(0);
  scene.batch({});
  stage.wait(10_000);
  t.equal(stage.published.length, before);
  t.end();
});

void t.test('a viewer who was away gets what it missed', (t) => {
  const { scene, stage } = live();
  scene.glance(0, 'online');
  stage.turn();
  scene.glance(1, 'online');
  stage.wait(100);
  scene.glance(2, 'online');
  stage.wait(100);
  const away = stage.open({ v: '2', e: EPOCH });
  t.same(away.frames, stage.published.slice(1, 2), 'one frame a turn');
  stage.turn();
  t.same(away.frames, stage.published.slice(1));
  t.same(
    opsOf(stage.open({ v: '4', e: EPOCH })),
    ['alive'],
    'who missed nothing hears that the connection lives',
  );
  t.end();
});

void t.test('a viewer who missed nothing gets no snapshot, though nothing ever changed', (t) => {
  const { stage } = live();
  t.same(opsOf(stage.open({ v: '1', e: EPOCH })), ['alive']);
  t.end();
});

void t.test('a viewer of another epoch, or with a version that is none, gets a snapshot', (t) => {
  const { scene, stage } = live();
  scene.glance(0, 'online');
  stage.turn();
  for (const query of [
    { v: '2', e: 'another' },
    { v: '2' },
    { v: '2', e: '' },
    { v: '99', e: EPOCH },
    { v: 'x', e: EPOCH },
    { v: '', e: EPOCH },
    { v: '-1', e: EPOCH },
    { e: EPOCH },
  ] as Record<string, string>[])
    t.same(opsOf(stage.open(query)), ['snapshot'], JSON.stringify(query));
  t.end();
});

void t.test('a viewer who comes between a change and its patch gets both, and ends up the same', (t) => {
  const { scene, stage } = live();
  scene.glance(0, 'online');
  const browser = stage.open();
  stage.turn();
  const [snapshot, patch] = framesOf(browser) as [SnapshotFrame, PatchFrame];
  t.equal(patch.v, snapshot.v + 1);
  t.end();
});

void t.test('a page that speaks another protocol is sent away, and asks for the view instead', (t) => {
  const { scene, stage } = live();
  const old = stage.open({ v: '1', e: EPOCH, p: '' });
  t.match(old.closed, { code: 4009, reason: /reload the page/ });
  stage.leave(old);
  scene.glance(0, 'online');
  stage.turn();
  t.same(old.frames, []);
  t.end();
});

void t.test('a bot that is new, or whose shard count or certainty changed, comes whole', (t) => {
  const scene = new Scene(learning());
  const { stage } = live(scene);
  const wholeOf = (): unknown => {
    stage.wait(100);
    const patch = lastPatch(stage);
    const [bot] = patch.bots;
    if (!bot || !('whole' in bot)) return undefined;
    const nothing = { version: 0, epoch: '', at: 0, title: '', bots: [], incidents: [] };
    return [applyPatch(nothing, patch).bots[0]!.states, bot.whole.certain];
  };
  scene.batch({ 0: 'online' });
  t.same(wholeOf(), ['3', false]);
  scene.batch({ 1: 'online' });
  t.same(wholeOf(), ['33', false]);
  scene.batch({ 1: 'online' }, { shardCount: 2 });
  t.same(wholeOf(), ['33', true]);
  scene.batch({ 1: 'resuming' });
  t.equal(wholeOf(), undefined);
  t.end();
});

void t.test('clusters: what each hosts, when that changed; none without shards', (t) => {
  const { scene, stage } = live();
  scene.register('a');
  scene.register('b');
  scene.beat('a', { 0: 'online', 1: 'online', 3: 'online' });
  stage.wait(100);
  t.match(lastPatch(stage).bots[0], { clusters: [{ name: 'asia #1', shards: '0-1,3' }] });
  scene.pass(1_000);
  scene.beat('b', { 3: 'online' });
  stage.wait(100);
  t.match(lastPatch(stage).bots[0], {
    clusters: [
      { name: 'asia #1', shards: '0-1' },
      { name: 'asia #2', shards: '3' },
    ],
  });
  scene.beat('b', {});
  stage.wait(100);
  t.match(lastPatch(stage).bots[0], {
    clusters: [
      { name: 'asia #2', shards: '' },
      { name: 'asia #1', shards: '0-1,3' },
    ],
  });
  t.end();
});

void t.test('a cluster that moves to another fleet takes its old name away', (t) => {
  const { scene, stage } = live();
  scene.register('a');
  scene.beat('a', { 0: 'online' });
  stage.wait(100);
  scene.register('a', { fleet: 'eu' });
  stage.wait(100);
  t.match(lastPatch(stage).bots[0], {
    clusters: [
      { name: 'asia #1', shards: '' },
      { name: 'eu #1', shards: '0' },
    ],
  });
  t.end();
});

void t.test('a cluster that moves to another bot and fleet at once takes its old name away there', (t) => {
  const configuredBots = ['main', 'own'].map((key) => ({ key, shardCount: 4, name: key }));
  const { scene, stage } = live(new Scene(rulesWith({ configuredBots })));
  scene.register('a');
  scene.beat('a', { 0: 'online' });
  stage.wait(100);
  scene.register('a', { fleet: 'eu', bot: 'own' });
  stage.wait(100);
  const main = lastPatch(stage).bots.find(({ key }) => key === 'main');
  t.match(main, { shards: { ids: '0', states: '0' }, clusters: [{ name: 'asia #1', shards: '' }] });
  t.end();
});

void t.test('hidden clusters are in no frame, and change nothing', (t) => {
  const { scene, stage } = live(new Scene(), false);
  const browser = stage.open();
  scene.register('a');
  scene.beat('a', { 0: 'online' });
  stage.wait(100);
  scene.register('a', { fleet: 'eu' });
  stage.wait(100);
  t.equal(stage.published.length, 1);
  scene.pass(LEASE + 1);
  stage.wait(100);
  t.match(lastPatch(stage), { incidents: [{ cause: null, shards: '0' }] });
  t.notMatch(browser.frames.join(), /asia|eu/);
  t.end();
});

void t.test('5: no frame carries an identity, address, token, guild count or error text', (t) => {
  const { scene, stage } = live(new Scene(learning()));
  const browser = stage.open();
  const secret = 'TELLTALE';
  scene.register(secret, {
    fleet: 'eu',
    version: secret,
    shardCount: 2,
    host: secret,
    scrapeTarget: secret,
    leaseHash: secret,
  });
  scene.beat(secret, { 0: 'online', 1: 'offline' });
  stage.wait(100);
  scene.pass(LEASE + 1);
  scene.register(secret, { fleet: 'asia', version: secret, bot: 'own' });
  stage.wait(100);
  stage.open();
  t.match(browser.frames.join(), 'eu #1');
  t.notMatch(browser.frames.join(), secret);
  t.end();
});

void t.test('alive: the connection lives, and when each bot was heard; no new version', (t) => {
  const { scene, stage, feed } = live(new Scene(), true, false);
  feed.alive();
  t.equal(stage.published.length, 0, 'nobody is there');
  const browser = stage.open();
  const { version } = feed.view();
  scene.glance(0, 'unknown');
  stage.wait(5_000);
  feed.alive();
  t.same(framesOf(browser).at(-1), { op: 'alive', at: T0 + 5_000, heardAt: { main: T0 } });
  t.equal(feed.view().version, version);
  t.end();
});

void t.test('the view is the same object until something was heard or changed, for a second at most', (t) => {
  const { scene, stage, feed } = live();
  const first = feed.view();
  stage.wait(999);
  t.equal(feed.view(), first);
  stage.wait(1);
  t.not(feed.view(), first);
  const second = feed.view();
  scene.glance(0, 'online');
  stage.turn();
  t.not(feed.view(), second);
  t.match(feed.view(), { version: 2, bots: [{ states: '3000' }] });
  t.end();
});

void t.test('a clean stop sends everybody away, each to come back at another moment', (t) => {
  const { stage, feed } = live();
  const browsers = Array.from({ length: 100 }, () => stage.open());
  feed.dismiss();
  t.ok(browsers.every(({ closed }) => closed?.code === 1012));
  const waits = browsers.map(({ closed }) => Number(closed?.reason));
  t.equal(new Set(waits).size, 100);
  t.ok(waits.every((ms) => ms >= 1_000 && ms <= 3_000));
  t.end();
});

void t.test('a viewer whose socket closed is sent nothing more', (t) => {
  const { scene, stage, feed } = live();
  const browser = stage.open();
  stage.leave(browser);
  scene.glance(0, 'online');
  stage.turn();
  feed.dismiss();
  t.equal(browser.frames.length, 1);
  t.equal(browser.closed, null);
  t.end();
});

void t.test('the title follows the bots, for viewers who are there and for those who come', (t) => {
  const scene = new Scene(learning());
  const stage = createStage(scene);
  const title = (): string => `${scene.world.bots.size} bots`; // main's default title depends on them too
  const feed = createPublicFeed({
    world: scene.world,
    title,
    epoch: EPOCH,
    showClusters: true,
    ...stage.props,
  });
  stage.enter(feed);
  const browser = stage.open();
  scene.batch({ 0: 'online' });
  stage.turn();
  t.equal(feed.view().title, '1 bots');
  t.match(browser.frames.join(), '"1 bots"');
  t.end();
});
