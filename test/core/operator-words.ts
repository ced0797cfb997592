// An operator's word: dead clusters are forgotten, bots get names and shard counts, clusters another bot; and it stays so.
import t from 'tap';
import type { Answer } from '../../server/core/answer.js';
import type { DurableEvent } from '../../server/core/event.js';
import { door } from '../../server/core/door.js';
import { learning, LEASE, rulesWith, Scene, T0 } from './scene.js';

const forget = (scene: Scene, identity: string): Answer =>
  scene.tell({ type: 'forget', at: scene.at, identity });
const setBot = (scene: Scene, bot: string, name: string | null, shardCount: number | null): Answer =>
  scene.tell({ type: 'set-bot', at: scene.at, bot, name, shardCount });
const assign = (scene: Scene, identity: string, bot: string | null): Answer =>
  scene.tell({ type: 'assign', at: scene.at, identity, bot });

/** Two learnt bots, of 4 and 2 shards. */
function twoBots(): Scene {
  const scene = new Scene(learning());
  scene.register('a', { bot: 'main' });
  scene.beat('a', { 0: 'online', 1: 'online' }, 4);
  scene.register('b', { bot: 'other' });
  scene.beat('b', { 0: 'online' }, 2);
  return scene;
}

void t.test('a cluster that is down or stopped is forgotten, and its number stays taken', (t) => {
  const scene = new Scene();
  scene.register('a');
  scene.register('b');
  scene.beat('a', { 0: 'online' });
  t.match(forget(scene, 'a'), { ok: false, reason: 'still-up', error: /stop it first/ });
  t.match(forget(scene, 'nobody'), { ok: false, reason: 'unknown-member' });
  scene.pass(LEASE + 1);
  t.same(forget(scene, 'a'), { ok: true });
  t.notOk(scene.world.clusters.has('a'));
  t.equal(scene.state(0), 'unknown', 'what it claimed goes with it');
  t.match(scene.register('a'), { ok: true, number: 3 });
  scene.tell({ type: 'goodbye', at: scene.at, identity: 'a', shownHash: null });
  t.same(forget(scene, 'a'), { ok: true }, 'stopped');
  t.end();
});

void t.test('refusals are known before anything is made durable', (t) => {
  const scene = twoBots();
  const events: [event: DurableEvent, reason: string | null][] = [
    [{ type: 'forget', at: T0, identity: 'a' }, 'still-up'],
    [{ type: 'forget', at: T0, identity: 'x' }, 'unknown-member'],
    [{ type: 'set-bot', at: T0, bot: 'x', name: null, shardCount: null }, 'unknown-bot'],
    [{ type: 'set-bot', at: T0, bot: 'main', name: null, shardCount: null }, null],
    [{ type: 'assign', at: T0, identity: 'x', bot: 'main' }, 'unknown-member'],
    [{ type: 'assign', at: T0, identity: 'a', bot: 'x' }, 'unknown-bot'],
    [{ type: 'assign', at: T0, identity: 'a', bot: null }, null],
  ];
  for (const [event, reason] of events) {
    const stop = door(scene.world, event);
    t.equal(stop && 'refusal' in stop ? stop.refusal.reason : null, reason, JSON.stringify(event));
  }
  t.end();
});

void t.test('a name is shown until it is cleared', (t) => {
  const scene = new Scene();
  setBot(scene, 'main', 'Our Bot', null);
  t.equal(scene.view().name, 'Our Bot');
  t.equal(scene.restart().view().name, 'Our Bot');
  setBot(scene, 'main', null, null);
  t.equal(scene.view().name, 'My Bot', 'as configured');
  const learnt = twoBots();
  setBot(learnt, 'main', 'Our Bot', null);
  setBot(learnt, 'main', null, null);
  t.equal(learnt.view().name, 'This bot', 'the words for one without a name');
  t.end();
});

void t.test('9: an operator’s shard count acts as configured', (t) => {
  const scene = twoBots();
  setBot(scene, 'main', null, 3);
  t.match(scene.view(), { shardCount: 3, certain: false }, 'a cluster declares 4');
  scene.beat('a', { 0: 'online', 3: 'online' }, 4);
  t.same(scene.states(), ['online', 'unknown', 'unknown'], 'shards beyond it are not heard');
  t.same(scene.tell({ type: 'batch', at: scene.at, bot: 'main', shardCount: 9, rows: [] }), {
    ok: true,
    accepted: 0,
    rejected: [],
  });
  t.equal(scene.view().shardCount, 3, 'whatever is declared');
  t.equal(scene.restart().view().shardCount, 3);
  scene.beat('a', { 0: 'online' }, 3);
  t.equal(scene.view().certain, true);
  t.end();
});

void t.test('a count that shrinks takes incidents and claims of the shards beyond it along', (t) => {
  const scene = new Scene();
  scene.glance(3, 'online');
  scene.glance(3, 'offline');
  t.equal(scene.bot().incidents.open.size, 1);
  setBot(scene, 'main', null, 2);
  t.equal(scene.bot().incidents.open.size, 0);
  t.same(scene.states(), ['unknown', 'unknown']);
  t.match(scene.glance(3, 'online'), { ok: false, reason: 'unknown-shard' });
  setBot(scene, 'main', null, null);
  t.same(scene.states(), ['unknown', 'unknown', 'unknown', 'unknown'], 'as configured');
  t.end();
});

void t.test('clearing a count goes back to what was configured, declared, or seen', (t) => {
  const declared = twoBots();
  setBot(declared, 'main', null, 8);
  t.equal(declared.view().shardCount, 8);
  setBot(declared, 'main', null, null);
  t.match(declared.view(), { shardCount: 4, certain: true });

  const silent = twoBots();
  setBot(silent, 'main', null, 8);
  const after = silent.restart();
  setBot(after, 'main', null, null);
  t.equal(after.view().shardCount, 4, 'declared before the restart');

  const guessed = new Scene(learning());
  guessed.batch({ 2: 'online' });
  setBot(guessed, 'main', null, 8);
  setBot(guessed, 'main', null, null);
  t.match(guessed.view(), { shardCount: 3, certain: false });
  t.end();
});

void t.test('8: an operator’s word on whose cluster it is wins over what the member says', (t) => {
  const scene = twoBots();
  t.same(assign(scene, 'a', 'other'), { ok: true });
  t.same(scene.states('main').slice(0, 2), ['unknown', 'unknown'], 'what it claimed is released');
  scene.beat('a', { 1: 'online' }, 2);
  t.equal(scene.state(1, 'other'), 'online');
  scene.register('a', { bot: 'main' });
  t.equal(scene.world.clusters.get('a')!.bot.key, 'other', 'though it says so again');
  t.equal(scene.restart().world.clusters.get('a')!.bot.key, 'other');
  assign(scene, 'a', null);
  t.equal(scene.world.clusters.get('a')!.bot.key, 'main', 'the rules decide again');
  t.end();
});

void t.test(
  'a bot that config no longer allows leaves its assigned clusters to the rules, and is remembered',
  (t) => {
    const scene = twoBots();
    assign(scene, 'a', 'other');
    const rules = rulesWith();
    const after = scene.restart({ rules });
    t.match(after.world.clusters.get('a'), { bot: { key: 'main' }, assignedBot: 'other' });
    t.match(after.restart({ rules: learning() }).world.clusters.get('a'), { assignedBot: 'other' });
    t.end();
  },
);

/** The world after a crash: the record of before, and what the journal holds. */
function crashed(scene: Scene, events: DurableEvent[], rules = scene.world.rules): Scene {
  return scene.restart({ rules, events });
}

void t.test('replay repeats an operator’s words, whatever lost beats would say', (t) => {
  const at = T0 + 5;
  const scene = twoBots();
  const forgotten = crashed(scene, [{ type: 'forget', at, identity: 'a' }]);
  t.notOk(forgotten.world.clusters.has('a'), 'the record still has it up');

  const events: DurableEvent[] = [
    { type: 'learn', at, bot: 'late' },
    { type: 'set-bot', at, bot: 'late', name: 'Late', shardCount: 3 },
    { type: 'assign', at, identity: 'a', bot: 'late' },
  ];
  const late = crashed(scene, events);
  t.match(late.view('late'), { name: 'Late', shardCount: 3 }, 'a bot that was created after the record');
  t.equal(late.world.clusters.get('a')!.bot.key, 'late');

  const narrowed = crashed(scene, events, rulesWith());
  t.match(narrowed.world.clusters.get('a'), { bot: { key: 'main' }, assignedBot: 'late' });
  t.end();
});

void t.test('since when a cluster is up, down or stopped', (t) => {
  const scene = new Scene();
  const statusAt = (): number => scene.world.clusters.get('a')!.statusAt - T0;
  scene.register('a');
  scene.at += 10;
  scene.beat('a', { 0: 'online' });
  t.equal(statusAt(), 0);
  scene.pass(LEASE * 3);
  t.equal(statusAt(), LEASE + 10, 'not when the sweep saw it');
  scene.beat('a', { 0: 'online' });
  t.equal(statusAt(), scene.at - T0);
  scene.at += 10;
  scene.tell({ type: 'goodbye', at: scene.at, identity: 'a', shownHash: null });
  t.equal(statusAt(), scene.at - T0);
  const after = scene.restart();
  t.equal(after.world.clusters.get('a')!.statusAt, scene.at);
  t.end();
});

void t.test('a flip says which cluster it is about, also when that left', (t) => {
  const scene = new Scene();
  scene.register('a');
  scene.beat('a', { 0: 'online' });
  scene.beat('a', {});
  scene.glance(1, 'online');
  t.same(
    scene.world.flips.list().map(({ shard, host }) => [shard, host]),
    [
      [0, 'a'],
      [0, 'a'],
      [1, undefined],
    ],
  );
  t.same(
    [...scene.world.flips.newest()].map(([number, { shard }]) => [number, shard]),
    [
      [3, 1],
      [2, 0],
      [1, 0],
    ],
  );
  t.end();
});
