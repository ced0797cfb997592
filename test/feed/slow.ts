// RULES 41: who reads slowly is not closed at once. It leaves the others, gets what it missed when it has read, and joins again.
import t from 'tap';
import type { LiveFrame } from '../../public/shared/wire.js';
import { createPublicFeed, type PublicFeed } from '../../server/feed/public.js';
import { createRound } from '../../server/feed/round.js';
import { rulesWith, Scene } from '../core/scene.js';
import { createStage, SOMEBODY, type Browser, type Stage } from './stage.js';

interface Play {
  scene: Scene;
  stage: Stage;
  feed: PublicFeed;
  slow: Browser;
  fast: Browser;
}

function play(shards = 4): Play {
  const scene = new Scene(
    rulesWith({ configuredBots: [{ key: 'main', shardCount: shards, name: 'My Bot' }] }),
  );
  const stage = createStage(scene);
  const { world } = scene;
  const feed = createPublicFeed({ world, title: () => 'T', epoch: 'e', showClusters: true, ...stage.props });
  stage.enter(feed);
  const [slow, fast] = [stage.open(), stage.open()];
  stage.wait(100);
  return { scene, stage, feed, slow, fast };
}

const versionsOf = ({ frames }: Browser): number[] =>
  frames
    .map((text) => JSON.parse(text) as LiveFrame)
    .flatMap((frame) => (frame.op === 'alive' ? [] : [frame.v]));

/** Each a patch of its own. */
function flip({ scene, stage }: Play, times: number): void {
  for (let i = 0; i < times; i++) {
    scene.at += 1;
    scene.glance(0, i % 2 === 0 ? 'offline' : 'online');
    stage.wait(100);
  }
}

void t.test('it gets one frame that waits, then none, and when it has read what it missed', (t) => {
  const all = play();
  const { stage, slow, fast } = all;
  stage.stall(slow);
  flip(all, 4);
  t.same(versionsOf(slow), [1]);
  t.equal(slow.unread?.length, 1, 'as far as its buffer');
  t.equal(slow.topics.size, 0, 'it is told nothing more');
  t.same(versionsOf(fast), [1, 2, 3, 4, 5], 'the others are');
  stage.read(slow);
  stage.wait(100);
  t.same(versionsOf(slow), [1, 2, 3, 4, 5], 'each once, in order');
  t.equal(slow.topics.size, 1);
  const { sends } = stage;
  flip(all, 1);
  t.same(versionsOf(slow), [1, 2, 3, 4, 5, 6]);
  t.equal(stage.sends, sends, 'with the others, and not by itself');
  t.end();
});

void t.test('what the ring has forgotten comes as a snapshot', (t) => {
  const all = play();
  const { stage, slow, feed } = all;
  stage.stall(slow);
  flip(all, 1_200);
  stage.read(slow);
  stage.wait(100);
  t.same(versionsOf(slow), [1, 2, feed.view().version]);
  t.end();
});

void t.test('a large snapshot waits for a slow newcomer, a frame at a time', (t) => {
  const { scene, stage, feed } = play(16_384);
  scene.register('a', { shardCount: 16_384 });
  const every = Array.from({ length: 8_192 }, (_, i) => [2 * i, i % 3 ? 'starting' : 'offline'] as const);
  scene.beat('a', Object.fromEntries(every), 16_384);
  scene.catchUp();
  stage.wait(1_000);
  const slow = stage.open();
  stage.stall(slow);
  stage.wait(100);
  const first = slow.frames.length;
  t.equal(slow.unread?.length, 1);
  for (let turns = 0; slow.topics.size === 0 && turns < 100; turns++) {
    stage.read(slow);
    stage.stall(slow);
    stage.wait(10);
  }
  stage.read(slow);
  t.ok(slow.frames.length > first + 1, `${slow.frames.length} frames`);
  t.equal(versionsOf(slow).at(-1), feed.view().version);
  const versions = versionsOf(slow);
  t.same(
    versions,
    versions.map((_, i) => versions[0]! + i),
    'none is missing, none comes twice',
  );
  t.end();
});

void t.test('who has not read for half a minute is hung up on', (t) => {
  const all = play();
  const { scene, stage, feed, slow, fast } = all;
  stage.stall(slow);
  flip(all, 2);
  scene.at += 29_000;
  feed.look();
  t.equal(slow.closed, null);
  scene.at += 1_000;
  feed.look();
  t.equal(slow.closed?.code, 1006);
  t.equal(fast.closed, null);
  t.end();
});

void t.test('a dropped sign of life is no loss', (t) => {
  const all = play();
  const { stage, feed, slow } = all;
  stage.stall(slow);
  feed.alive();
  stage.wait(1);
  feed.alive();
  t.equal(slow.topics.size, 1);
  stage.read(slow);
  flip(all, 1);
  t.same(versionsOf(slow), [1, 2]);
  t.end();
});

void t.test('16: of thousands a part is told in each turn, in order, each as much as fits a frame', (t) => {
  const turns: (() => void)[] = [];
  const inTurn = new Map<string, number>();
  const got = new Map<string, string[]>();
  let sends = 0;
  let messages = 0;
  const round = createRound(
    'public',
    (topic, text, readers = 0, isRepeat = false) => {
      sends += readers;
      if (!isRepeat) messages++;
      got.set(topic, [...(got.get(topic) ?? []), text]);
      inTurn.set(topic, (inTurn.get(topic) ?? 0) + text.length);
    },
    (_, run) => turns.push(run),
  );
  const sockets = Array.from({ length: 4_000 }, () => ({ ...SOMEBODY }));
  sockets.forEach(round.join);
  const texts = ['a'.repeat(15_000), 'b'.repeat(15_000), 'c', 'd'];
  texts.forEach(round.say);
  let most = 0;
  for (;;) {
    t.ok([...inTurn.values()].every((bytes) => bytes <= 16_000));
    most = Math.max(most, sends);
    const run = turns.shift();
    if (!run) break;
    inTurn.clear();
    sends = 0;
    run();
  }
  t.ok(most <= 1_500, `${most} sends in a turn`);
  t.equal(messages, texts.length, 'each counts once, to however many topics');
  t.equal(got.size, 8);
  for (const some of got.values())
    t.same(
      some.map((text) => text[0]),
      ['a', 'b', 'c', 'd'],
    );
  sockets.forEach(round.leave);
  round.say('e');
  t.notOk([...got.values()].flat().includes('e'), 'nobody is left');
  t.end();
});
