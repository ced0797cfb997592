// Large changes come in pieces: each fits, one comes in a turn, and together they are the view.
import fc from 'fast-check';
import t from 'tap';
import { countStates } from '../../public/shared/counts.js';
import { applyPatch, applySnapshot, compareClusters } from '../../public/shared/patch.js';
import { formatRanges } from '../../public/shared/ranges.js';
import { isNotReady, stateNames, STOPPED, wireState } from '../../public/shared/states.js';
import {
  MAX_FRAME_BYTES,
  type BotView,
  type IncidentView,
  type LiveFrame,
  type PatchFrame,
  type PublicView,
  type SnapshotFrame,
} from '../../public/shared/wire.js';
import { applyFrame, type Known } from '../../public/status/frames.js';
import { saidOf } from '../../server/core/views/view.js';
import { framesOf, piecesOf, wholeNews, type News } from '../../server/feed/pieces.js';
import { createPublicFeed } from '../../server/feed/public.js';
import { rulesWith, Scene, type Said } from '../core/scene.js';
import { incidentOf, NOW } from '../shared/views.js';
import { createStage, type Browser, type Stage } from './stage.js';

const ROOM = 2_500;

const shard = fc.record({ state: fc.nat(7), since: fc.integer({ min: NOW - 1e6, max: NOW }) });

/** A bot of any states, one of its clusters with every third shard. */
const botWith = (key: string, shards: { state: number; since: number }[]): BotView => {
  const shown = shards.map(({ state }) => state).join('');
  const third = shards.flatMap((_, id) => (id % 3 === 0 ? [id] : []));
  const rest = shards.flatMap((_, id) => (id % 3 === 1 ? [{ name: `asia #${id}`, shards: `${id}` }] : []));
  return {
    ...{
      key,
      name: `${key} 日本`,
      shardCount: shards.length,
      certain: true,
      heardAt: NOW,
      usual: { offline: 1_000 },
    },
    states: shards.map(({ state }) => wireState(state)).join(''),
    counts: countStates(shown),
    notReady: shards.flatMap(({ state, since }, id) =>
      isNotReady(state) ? [[id, since] as [number, number]] : [],
    ),
    planned: formatRanges(shards.flatMap(({ state }, id) => (state === STOPPED ? [id] : []))),
    clusters: [{ name: 'asia #0', shards: formatRanges(third) }, ...rest].sort((a, b) =>
      compareClusters(a.name, b.name),
    ),
  };
};

const bots = fc
  .array(fc.array(shard, { minLength: 1, maxLength: 900 }), { minLength: 1, maxLength: 3 })
  .map((all) => all.map((shards, i) => botWith(`bot-${i}`, shards)));
const incidents = fc
  .uniqueArray(fc.nat(40), { maxLength: 20 })
  .map((ids) => ids.map((id) => incidentOf({ id: `bot-0-${id}`, cause: `asia #${id}` })));

const viewWith = (v: number, all: BotView[], list: IncidentView[]): PublicView => ({
  ...{ version: v, epoch: 'e', at: NOW, title: 'Bots', bots: all, incidents: list },
});

function read(known: Known, frames: string[]): PublicView {
  let now = known;
  for (const [i, text] of frames.entries()) {
    if (Buffer.byteLength(text) > ROOM) throw new Error(`${Buffer.byteLength(text)} B`);
    const next = applyFrame(now, JSON.parse(text) as LiveFrame);
    if (next === 'gap') throw new Error(`a gap before piece ${i}`);
    if (i < frames.length - 1 && next.view !== known.view) throw new Error(`piece ${i} is seen`);
    now = next;
  }
  return now.view;
}

const nothing: Known = { view: viewWith(0, [], []), coming: null };

void t.test('view + pieces = view, for any view and any change of it, and each piece fits', (t) => {
  fc.assert(
    fc.property(bots, bots, incidents, incidents, (before, after, old, late) => {
      const first = viewWith(100, before, old);
      const all = piecesOf({ ...first, bots: before.map(wholeNews) }, ROOM);
      t.same(read(nothing, framesOf(all, 100 - all.length, 'e')), first);

      // The bots of the same size change shard by shard, the others begin anew.
      const news: News = {
        at: NOW,
        incidents: late.map((one) => (old.some(({ id }) => id === one.id) ? one.id : one)),
        bots: after.map((bot) => {
          const known = before.find(({ key }) => key === bot.key);
          if (known?.shardCount !== bot.shardCount) return wholeNews(bot);
          const { key, heardAt, clusters, states } = bot;
          const shards = Array.from(states, (_, id) => id).reverse();
          return { key, heardAt, clusters, shards, said: saidOf(bot) };
        }),
      };
      const pieces = piecesOf(news, ROOM);
      const kept = before.slice(after.length);
      t.same(
        read({ view: first, coming: null }, framesOf(pieces, 100)),
        viewWith(100 + pieces.length, [...after, ...kept], late),
      );
    }),
    { numRuns: 60 },
  );
  t.end();
});

const SHARDS = 16_384;
const CLUSTERS = 64;
const EPOCH = 'this-run';

interface Fleet {
  scene: Scene;
  stage: Stage;
  view: () => PublicView;
  alive: () => void;
  /** Every shard gets another state, each at a time of its own, shard by shard or all in one report. */
  flip: (round: number, isMixed: boolean) => void;
}

function fleet(): Fleet {
  const scene = new Scene(
    rulesWith({ configuredBots: [{ key: 'main', shardCount: SHARDS, name: 'My Bot' }] }),
  );
  const stage = createStage(scene);
  const { world } = scene;
  const options = { world, title: () => 'Bot status', epoch: EPOCH, showClusters: true, ...stage.props };
  const feed = createPublicFeed(options);
  stage.enter(feed);
  for (let i = 0; i < CLUSTERS; i++) scene.register(`c${i}`);
  const flip = (round: number, isMixed: boolean): void => {
    for (let i = 0; i < CLUSTERS; i++) {
      const said: Said = {};
      for (let id = i; id < SHARDS; id += CLUSTERS)
        said[id] = stateNames[isMixed ? 1 + ((id * 7 + round + (id >> 5)) % 6) : 2 + (round % 2)]!;
      scene.at += isMixed ? 1 + ((i * 131) % 997) : 0;
      scene.beat(`c${i}`, said);
    }
  };
  return { scene, stage, view: feed.view, alive: feed.alive, flip };
}

function seenBy({ frames }: Browser): PublicView {
  const [first, ...rest] = frames.map((text) => JSON.parse(text) as SnapshotFrame | PatchFrame);
  return rest.reduce<PublicView>(
    (view, frame) => ('bots' in frame ? applyPatch(view, frame) : view),
    applySnapshot(first as SnapshotFrame),
  );
}

const unstamped = (view: PublicView): unknown => ({
  ...view,
  at: 0,
  bots: view.bots.map((bot) => ({ ...bot, heardAt: 0 })),
});

for (const isMixed of [false, true])
  void t.test(
    `no socket gets more than 16,000 B in a turn, whatever 16,384 shards do ${isMixed ? 'each for itself' : 'together'}`,
    (t) => {
      const { stage, view, alive, flip } = fleet();
      flip(0, isMixed);
      stage.wait(100_000);
      const viewers = [stage.open(), stage.open()];
      stage.turn();
      const { version } = view();
      const before = stage.published.length;
      for (const round of [1, 2, 3]) {
        flip(round, isMixed);
        alive();
        stage.wait(500); // some of it is under way
        viewers.push(stage.open(), stage.open({ v: `${version}`, e: EPOCH }));
        stage.wait(100_000);
      }
      t.ok(stage.mostInATurn <= MAX_FRAME_BYTES, `${stage.mostInATurn} B`);
      const there = unstamped(view());
      for (const [i, viewer] of viewers.entries())
        if (i < 2 || i % 2 === 0) t.same(unstamped(seenBy(viewer)), there);
      t.ok(Math.max(...stage.published.map((text) => Buffer.byteLength(text))) <= MAX_FRAME_BYTES);
      if (isMixed) t.ok(stage.published.length > 10, `${stage.published.length} pieces`);
      else t.ok(stage.published.slice(before).join('').length < 4_000, 'what is alike is short');
      t.end();
    },
  );

void t.test('who comes back in the middle of the pieces is shown all of them at once', (t) => {
  const { stage, view, flip } = fleet();
  flip(0, true);
  stage.wait(100_000);
  const before = view();
  flip(1, true);
  stage.wait(100_000);
  const browser = stage.open({ v: `${before.version}`, e: EPOCH });
  t.equal(browser.frames.length, 1);
  stage.turn();
  const frames = browser.frames.map((text) => JSON.parse(text) as PatchFrame);
  t.ok(frames.length > 3);
  t.equal(frames.at(-1)!.more, undefined);
  t.ok(frames.slice(0, -1).some(({ more }) => more));
  let known: Known = { view: before, coming: null };
  for (const frame of frames) known = applyFrame(known, frame) as Known;
  t.same(unstamped(known.view), unstamped(view()));
  t.end();
});
