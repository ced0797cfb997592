// RULES 7–9 in their own words: which bots there are, whose a member is, and how many shards a bot has.
import t from 'tap';
import type { Answer } from '../../server/core/answer.js';
import { matches } from '../../server/core/registry/glob.js';
import type { MemberRow } from '../../server/core/registry/registry.js';
import { learning, LEASE, rulesWith, Scene } from './scene.js';

const reasonOf = (answer: Answer): string | undefined => (answer.ok ? undefined : answer.reason);

void t.test('7: Glance routes never create a bot', (t) => {
  const scene = new Scene(learning());
  t.equal(reasonOf(scene.glance(0, 'online')), 'unknown-bot');
  t.equal(reasonOf(scene.ping(0)), 'unknown-bot');
  t.equal(scene.world.bots.size, 0);
  t.end();
});

void t.test(
  '7: batch and fleet reports create one only while no bots are configured, or learning is on',
  (t) => {
    for (const [rules, creates] of [
      [learning(), true],
      [rulesWith(), false],
      [rulesWith({ learnBots: true }), true],
    ] as const) {
      const scene = new Scene(rules);
      t.equal(scene.batch({ 0: 'online' }, { bot: 'x' }).ok, creates);
      t.equal(scene.register('a', { bot: 'y' }).ok, creates);
      t.same([scene.world.bots.has('x'), scene.world.bots.has('y')], [creates, creates]);
      t.equal(scene.world.clusters.has('a'), creates, 'a member without a bot is none');
    }
    t.end();
  },
);

void t.test('7: at most 64', (t) => {
  const scene = new Scene(rulesWith({ learnBots: true }));
  for (let i = 0; i < 64; i++) t.ok(scene.batch({ 0: 'online' }, { bot: `bot-${i}` }).ok);
  t.equal(reasonOf(scene.batch({ 0: 'online' }, { bot: 'one-more' })), 'too-many-bots');
  t.equal(reasonOf(scene.register('a', { bot: 'one-more' })), 'too-many-bots');
  t.equal(scene.world.bots.size, 65, 'configured ones do not count');
  t.ok(scene.batch({ 1: 'online' }, { bot: 'bot-63' }).ok, 'known ones go on');
  t.end();
});

void t.test('7: shard ids up to 16,384 shards; one beyond never loses the others', (t) => {
  const scene = new Scene(learning());
  t.same(scene.batch({ 0: 'online', 16_383: 'online', 16_384: 'online' }), {
    ok: true,
    accepted: 2,
    rejected: [{ index: 2, error: "id: shard 16384 is outside 0..16383 of bot 'main'" }],
  });
  t.equal(scene.view().shardCount, 16_384);
  t.end();
});

const rows: MemberRow[] = [
  { identity: 'premium-*', bot: 'patron' },
  { fleet: 'asia', bot: 'tiger' },
  { identity: '*-late', bot: 'late' },
];
const bots = ['main', 'patron', 'tiger', 'late', 'own'];
const configuredBots = bots.map((key) => ({ key, shardCount: 4, name: key }));

/** The bot that this member's shards go to. */
function botOfMember(
  rules: Scene['world']['rules'],
  identity: string,
  fleet: string,
  bot: string | null,
): string {
  const scene = new Scene(rules);
  scene.register(identity, { fleet, bot });
  return scene.world.clusters.get(identity)!.bot.key;
}

void t.test(
  "8: a member's bot: its bot field; else the first matching row; else the first configured bot",
  (t) => {
    const rules = rulesWith({ configuredBots, memberRows: rows });
    t.equal(botOfMember(rules, 'premium-1', 'asia', 'own'), 'own', 'its bot field');
    t.equal(botOfMember(rules, 'premium-1', 'eu', null), 'patron', 'identity glob');
    t.equal(botOfMember(rules, 'x', 'asia', null), 'tiger', 'fleet');
    t.equal(botOfMember(rules, 'premium-1', 'asia', null), 'patron', 'the first of several');
    t.equal(botOfMember(rules, 'asia-late', 'asia', null), 'tiger', 'the first of several');
    t.equal(botOfMember(rules, 'x', 'eu', null), 'main', 'the first configured bot');
    t.end();
  },
);

void t.test('8: else `main`', (t) => {
  t.equal(botOfMember(learning(), 'x', 'eu', null), 'main');
  t.equal(botOfMember(learning({ memberRows: rows }), 'premium-1', 'eu', null), 'patron', 'rows come first');
  t.end();
});

void t.test('8: an identity glob: * stands for anything, everything else for itself', (t) => {
  const yes = [
    ['*', ''],
    ['a*', 'a'],
    ['*a', 'ba'],
    ['a*b*c', 'axxbyyc'],
    ['a*b*c', 'abbc'],
    ['a.c', 'a.c'],
    ['', ''],
  ] as const;
  const no = [
    ['a*', 'ba'],
    ['a', 'ab'],
    ['a*a', 'a'],
    ['a.c', 'abc'],
    ['a*b*c', 'acb'],
    ['ab*ba', 'aba'],
    ['', 'a'],
  ] as const;
  for (const [glob, text] of yes) t.ok(matches(glob, text), `${glob} ${text}`);
  for (const [glob, text] of no) t.notOk(matches(glob, text), `${glob} ${text}`);
  t.end();
});

void t.test('8: a member that moves to another bot takes its shards away from the first', (t) => {
  const scene = new Scene(rulesWith({ configuredBots }));
  scene.register('a');
  scene.beat('a', { 0: 'online' });
  scene.register('a', { bot: 'own' });
  t.equal(scene.state(0, 'main'), 'unknown');
  t.same(scene.view('main').clusters, []);
  scene.beat('a', { 0: 'online' });
  t.equal(scene.state(0, 'own'), 'online');
  t.same(scene.view('own').clusters, [{ name: 'asia #1', shards: '0' }]);
  t.end();
});

void t.test('9: shard count: configured', (t) => {
  const scene = new Scene();
  t.same([scene.view().shardCount, scene.view().certain], [4, true]);
  scene.register('a', { shardCount: 4 });
  scene.beat('a', { 0: 'online', 3: 'online', 4: 'online' });
  t.same([scene.view().shardCount, scene.view().certain], [4, true]);
  t.same(scene.states(), ['online', 'unknown', 'unknown', 'online'], 'a shard beyond is not there');
  t.same(scene.batch({ 4: 'online' }), {
    ok: true,
    accepted: 0,
    rejected: [{ index: 0, error: "id: shard 4 is outside 0..3 of bot 'main'" }],
  });
  t.end();
});

void t.test('9: a declared count never moves a configured one, but makes it uncertain', (t) => {
  const scene = new Scene();
  scene.register('a', { shardCount: 8 });
  scene.beat('a', { 0: 'online' });
  t.same([scene.view().shardCount, scene.view().certain], [4, false]);
  t.end();
});

void t.test('9: else declared by the newest cluster with Online claims', (t) => {
  const scene = new Scene(learning());
  scene.register('old', { shardCount: 240 });
  scene.beat('old', { 0: 'online' });
  t.same([scene.view().shardCount, scene.view().certain], [240, true]);
  scene.pass(1_000);
  scene.register('new', { shardCount: 256 });
  scene.beat('new', { 250: 'starting' });
  t.same([scene.view().shardCount, scene.view().certain], [240, true], 'no Online claim yet');
  scene.pass(1_000);
  scene.beat('new', { 250: 'online' });
  scene.beat('old', { 0: 'online' }, 240);
  t.equal(scene.view().shardCount, 256);
  t.equal(scene.state(250), 'online');
  t.end();
});

void t.test('9: while declared counts disagree, certain is false', (t) => {
  const scene = new Scene(learning());
  scene.register('old', { shardCount: 240 });
  scene.beat('old', { 0: 'online' });
  scene.register('new', { shardCount: 256 });
  scene.beat('new', { 1: 'online' });
  t.equal(scene.view().certain, false);
  scene.beat('old', { 0: 'stopping' });
  t.same(
    [scene.view().shardCount, scene.view().certain],
    [256, true],
    'until the old one has no Online claims',
  );
  t.end();
});

void t.test('9: a silent cluster declares nothing', (t) => {
  const scene = new Scene(learning());
  scene.register('old', { shardCount: 240 });
  scene.beat('old', { 0: 'online' });
  scene.pass(LEASE);
  scene.register('new', { shardCount: 256 });
  scene.beat('new', { 1: 'online' });
  t.equal(scene.view().certain, false);
  scene.pass(1);
  t.same([scene.view().shardCount, scene.view().certain], [256, true]);
  scene.pass(LEASE);
  t.equal(scene.view().shardCount, 256, 'and when all are silent, the last count stays');
  t.end();
});

void t.test('9: else largest id + 1, and then it is not certain', (t) => {
  const scene = new Scene(learning());
  scene.batch({ 2: 'online' });
  t.same([scene.view().shardCount, scene.view().certain], [3, false]);
  scene.register('a');
  scene.beat('a', { 6: 'online' });
  t.same([scene.view().shardCount, scene.view().certain], [7, false]);
  t.same(scene.states(), ['unknown', 'unknown', 'online', 'unknown', 'unknown', 'unknown', 'online']);
  t.end();
});

void t.test('9: the batch route may declare too', (t) => {
  const scene = new Scene(learning());
  scene.batch({ 2: 'online' }, { shardCount: 8 });
  t.same([scene.view().shardCount, scene.view().certain], [8, true]);
  t.same(scene.batch({ 8: 'online' }, { shardCount: 8 }), {
    ok: true,
    accepted: 0,
    rejected: [{ index: 0, error: "id: shard 8 is outside 0..7 of bot 'main'" }],
  });
  t.end();
});

void t.test('9: fewer shards than before: the view ends there', (t) => {
  const scene = new Scene(learning());
  scene.batch({ 7: 'online', 0: 'online' }, { shardCount: 8 });
  scene.pass(1_000);
  scene.batch({ 0: 'online' }, { shardCount: 4 });
  t.same(scene.states(), ['online', 'unknown', 'unknown', 'unknown']);
  t.same([scene.view().counts.online, scene.view().counts.unknown], [1, 3]);
  t.end();
});
