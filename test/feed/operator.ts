// The operators' feed: whatever happens, what a watcher has is what a newcomer would get; who resumes, who is sent away.
import { deepStrictEqual, ok } from 'node:assert/strict';
import t from 'tap';
import fc from 'fast-check';
import type {
  OperatorFrame,
  RowKey,
  ScopeRows,
  Scope,
  ScopePatch,
  ScopeSnapshot,
} from '../../public/shared/operator-wire.js';
import type { StateName } from '../../public/shared/states.js';
import { MAX_FRAME_BYTES } from '../../public/shared/wire.js';
import { createOperatorFeed, type OperatorFeed } from '../../server/feed/operator.js';
import { nothingMeasured } from '../../server/core/measures/measured.js';
import type { SocketSession } from '../../server/http/message.js';
import { happeningsWithOperator, perform, wideCast, type Happening } from '../core/happenings.js';
import { beatOf, learning, LEASE, rulesWith, Scene } from '../core/scene.js';
import { holds } from '../holds.js';
import { createStage, type Browser, type Stage } from './stage.js';

interface Play {
  scene: Scene;
  stage: Stage;
  feed: OperatorFeed;
  open: (session?: SocketSession | null) => Browser;
}

function stagePlay(scene = new Scene(learning())): Play {
  const stage = createStage(scene);
  const made = createOperatorFeed({
    world: scene.world,
    addressesOf: (identity) => (identity === 'b' ? ['10.0.0.1', '10.0.0.2'] : undefined),
    epoch: 'this-run',
    ...stage.props,
  });
  const said: OperatorFeed['said'] = (socket, text) => {
    made.said(socket, text);
    stage.turn(); // what is not drawn yet is drawn in the next turn
  };
  const feed = { ...made, said };
  let session: SocketSession | null = null;
  stage.enter({ ...feed, opened: (socket, query) => feed.opened(socket, query, session) });
  const open = (shown: SocketSession | null = null): Browser => {
    session = shown;
    return stage.open();
  };
  return { scene, stage, feed, open };
}

const watch = (feed: OperatorFeed, browser: Browser, scope: string, v = 0, e = ''): void =>
  feed.said(browser, JSON.stringify({ op: 'watch', scope, v, e }));

const framesOf = (browser: Browser): OperatorFrame[] =>
  browser.frames.splice(0).map((text) => JSON.parse(text) as OperatorFrame);

/** What somebody knows who comes now, to a feed that has told nobody anything yet. */
function fresh(scene: Scene, scope: Scope): ScopeRows | null {
  const { stage, feed, open } = stagePlay(scene);
  scene.listeners.pop();
  const browser = open();
  watch(feed, browser, scope);
  stage.leave(browser);
  const [frame] = framesOf(browser);
  return frame?.op === 'snapshot' ? frame.rows : null;
}

/** Keeps the rows of a scope as the page does, and fails on a gap. */
class Watcher {
  rows: ScopeRows | null = null;
  v = 0;
  e = '';
  #browser: Browser | undefined;
  readonly #play: Play;
  readonly scope: Scope;

  constructor(play: Play, scope: Scope) {
    this.#play = play;
    this.scope = scope;
  }

  come(): void {
    if (this.#browser) return;
    this.#browser = this.#play.open();
    watch(this.#play.feed, this.#browser, this.scope, this.v, this.e);
  }

  leave(): void {
    this.read();
    if (this.#browser) this.#play.stage.leave(this.#browser);
    this.#browser = undefined;
  }

  read(): void {
    for (const frame of this.#browser ? framesOf(this.#browser) : []) this.#take(frame);
  }

  #take(frame: OperatorFrame): void {
    if (frame.op === 'alive') return;
    deepStrictEqual(frame.scope, this.scope);
    if (frame.op === 'missing') {
      this.rows = null;
      this.v = 0;
      this.e = '';
    } else if (frame.op === 'snapshot') {
      this.rows = frame.rows;
      this.v = frame.v;
      this.e = frame.e;
    } else this.#patch(frame);
  }

  #patch({ v, e = this.e, put = {}, gone = [] }: ScopePatch): void {
    ok(this.rows, 'a patch before any snapshot');
    deepStrictEqual(v, this.v + 1, 'no gap');
    this.v = v;
    this.e = e;
    this.rows = { ...this.rows, ...put };
    for (const key of gone) {
      ok(key in this.rows, `${key} is gone, and was never there`);
      Reflect.deleteProperty(this.rows, key);
    }
  }
}

const SCOPES: Scope[] = [
  'global',
  'incidents',
  'fleet:asia',
  'fleet:eu',
  'bot:main',
  'cluster:a',
  'cluster:b',
  'shard:main/1',
  'shard:patron/3',
];

type Act = Happening | 'a snapshot' | 'tick' | 'one comes' | 'one leaves' | 'a while' | 'alive';

const scenarios = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: happeningsWithOperator(wideCast) },
    { weight: 2, arbitrary: fc.constantFrom<Act>('a snapshot', 'tick') },
    { weight: 2, arbitrary: fc.constantFrom<Act>('one comes', 'one leaves') },
    { weight: 1, arbitrary: fc.constantFrom<Act>('a while', 'alive') },
  ),
  { minLength: 1, maxLength: 60, size: 'max' },
);

/** A beat with numbers, and so a point of the trend. */
function tellSnapshot(scene: Scene, i: number): void {
  const measured = { ...nothingMeasured(), latencySeconds: i / 7, guilds: i, loopLagSeconds: i };
  scene.tell(beatOf(i % 3 === 0 ? 'b' : 'a', scene.at, { measured }));
}

function play(scenario: Act[], scope: Scope): void {
  const play = stagePlay();
  const { scene, stage, feed } = play;
  const watchers = [0, 1, 2].map(() => new Watcher(play, scope));
  const others = SCOPES.map((one) => new Watcher(play, one));
  watchers[0]!.come();
  scenario.forEach((act, i) => {
    const one = i % 2 === 0 ? watchers[i % watchers.length]! : others[i % others.length]!;
    if (act === 'tick') stage.wait(250);
    else if (act === 'one comes') one.come();
    else if (act === 'one leaves') one.leave();
    else if (act === 'a snapshot') tellSnapshot(scene, i);
    else if (act === 'a while') stage.wait(30_000);
    else if (act === 'alive') feed.alive();
    else perform(scene, act);
  });
  for (const one of [...watchers, ...others]) one.come();
  stage.wait(1_000);
  for (const one of [...watchers, ...others]) {
    one.read();
    deepStrictEqual(one.rows, fresh(scene, one.scope), one.scope);
  }
}

for (const scope of SCOPES)
  void t.test(`${scope}: snapshot and patches are what a newcomer gets, whatever happens`, (t) => {
    holds(
      t,
      fc.property(scenarios, (scenario) => play(scenario, scope)),
      60,
    );
    t.end();
  });

/** One fleet of two clusters, with a bot of four shards. */
function small(): Play & { browser: Browser } {
  const play = stagePlay(new Scene(rulesWith()));
  play.scene.register('a');
  play.scene.beat('a', { 0: 'online', 1: 'online' });
  play.scene.register('b');
  return { ...play, browser: play.open() };
}

const keysOf = (rows: ScopeRows): RowKey[] => Object.keys(rows).sort() as RowKey[];

void t.test('each scope has the rows that are written in public/README.md', (t) => {
  const { scene, feed, browser } = small();
  const rows = (scope: string): string[] => {
    watch(feed, browser, scope);
    return keysOf((framesOf(browser).at(-1) as ScopeSnapshot).rows);
  };
  t.same(rows('global'), [
    'bot/main',
    'cluster/b',
    'fleet/asia',
    'flip/1',
    'now',
    'strip/main/0',
    'total',
    'trouble/main',
  ]);
  t.same(rows('incidents'), ['bot/main', 'now']);
  t.same(rows('fleet:asia'), ['bot/main', 'cluster/a', 'cluster/b', 'fleet/asia', 'flip/1', 'now']);
  t.same(rows('bot:main'), ['bot/main', 'cluster/a', 'cluster/b', 'flip/1', 'now', 'strip/main/0']);
  t.same(rows('cluster:a'), [
    'bot/main',
    'cluster/a',
    'detail',
    'flip/1',
    'now',
    'shard/main/0',
    'shard/main/1',
  ]);
  scene.glance(1, 'online');
  t.same(rows('shard:main/1'), [
    'bot/main',
    'claim/cluster:a',
    'claim/glance',
    'flip/2',
    'now',
    'shard/main/1',
  ]);
  t.end();
});

void t.test('who comes back within a minute gets what was missed, and no snapshot', (t) => {
  const { scene, stage, feed, browser, open } = small();
  watch(feed, browser, 'cluster:a');
  const [{ v, e }] = framesOf(browser) as [ScopeSnapshot];
  stage.leave(browser);
  for (const state of ['resuming', 'online'] as const) {
    scene.beat('a', { 0: state, 1: 'online' });
    stage.wait(250);
  }
  const back = open();
  watch(feed, back, 'cluster:a', v, e);
  t.match(framesOf(back), [
    { op: 'patch', v: v + 1 },
    { op: 'patch', v: v + 2 },
  ]);
  watch(feed, back, 'cluster:a', v + 2, e);
  t.match(framesOf(back), [{ op: 'alive' }], 'nothing was missed');
  for (const [version, epoch] of [
    [v, 'this-run.99'],
    [v + 3, e],
    [0, ''],
    [v, ''],
  ] as const) {
    watch(feed, back, 'cluster:a', version, epoch);
    t.match(framesOf(back), [{ op: 'snapshot', v: v + 2, e }], `${version} of ${epoch}`);
  }
  stage.leave(back);
  stage.wait(61_000);
  feed.alive();
  const late = open();
  watch(feed, late, 'cluster:a', v + 2, e);
  const [frame] = framesOf(late);
  t.match(frame, { op: 'snapshot' }, 'it was let go');
  t.not((frame as ScopeSnapshot).e, e);
  t.end();
});

void t.test('what is not there is missing, and comes as a snapshot', (t) => {
  const { scene, stage, feed, browser, open } = small();
  watch(feed, browser, 'cluster:c');
  t.match(framesOf(browser), [{ op: 'missing', scope: 'cluster:c' }]);
  scene.register('c');
  stage.wait(250);
  const [came] = framesOf(browser) as [ScopeSnapshot];
  t.match(came, { op: 'snapshot', scope: 'cluster:c', rows: { 'cluster/c': { number: 3 } } });
  const second = open();
  watch(feed, second, 'cluster:c', came.v, came.e);
  t.match(framesOf(second), [{ op: 'alive' }]);
  scene.tell({ type: 'prune', at: scene.at, identities: ['c'] });
  stage.wait(250);
  t.match(framesOf(second), [{ op: 'missing' }]);
  scene.register('c');
  stage.wait(250);
  t.match(framesOf(second), [{ op: 'snapshot', rows: { 'cluster/c': { number: 4 } } }]);
  for (const scope of ['fleet:nowhere', 'bot:other', 'shard:main/4', 'shard:other/0']) {
    watch(feed, second, scope);
    t.match(framesOf(second), [{ op: 'missing', scope }]);
  }
  t.end();
});

void t.test('one patch a scope for all its watchers, at most every 250 ms, the first at once', (t) => {
  const { scene, stage, feed, open } = small();
  const watchers = Array.from({ length: 50 }, () => open());
  for (const one of watchers) watch(feed, one, 'fleet:asia');
  stage.wait(1_000);
  stage.sends = 0;
  stage.published.length = 0;
  for (let i = 0; i < 99; i++) {
    scene.beat('a', { 0: i % 2 ? 'online' : 'resuming' });
    stage.wait(10);
  }
  t.equal(stage.published.length, 4, 'at 0, 250, 500 and 750 ms');
  t.equal(stage.sends, 0, 'and nothing to one alone');
  t.end();
});

void t.test('while nobody watches nothing is looked at', (t) => {
  const { scene, stage, feed, browser } = small();
  let looks = 0;
  const { clusters } = scene.world;
  const values = clusters.values.bind(clusters);
  clusters.values = () => {
    looks++;
    return values();
  };
  const note = (): void => {
    looks = 0;
    feed.note();
    stage.wait(250);
  };
  note();
  t.equal(looks, 0);
  watch(feed, browser, 'global');
  note();
  t.not(looks, 0);
  stage.leave(browser);
  stage.wait(61_000);
  feed.alive();
  note();
  t.equal(looks, 0, 'a minute after the last one left');
  t.end();
});

void t.test('a frame of another kind ends the socket', (t) => {
  const frames = [
    '',
    'watch',
    '[]',
    '{}',
    'null',
    '{"op":"watch"}',
    '{"op":"look","scope":"global","v":0,"e":""}',
    '{"op":"watch","scope":"","v":0,"e":""}',
    '{"op":"watch","scope":"fleet:","v":0,"e":""}',
    '{"op":"watch","scope":"bot:","v":0,"e":""}',
    '{"op":"watch","scope":"bot:no such!","v":0,"e":""}',
    '{"op":"watch","scope":"shard:main","v":0,"e":""}',
    '{"op":"watch","scope":"shard:main/-1","v":0,"e":""}',
    '{"op":"watch","scope":"shard:main/1e9","v":0,"e":""}',
    '{"op":"watch","scope":"__proto__","v":0,"e":""}',
    '{"op":"watch","scope":["global"],"v":0,"e":""}',
    '{"op":"watch","scope":"global","v":-1,"e":""}',
    '{"op":"watch","scope":"global","v":1.5,"e":""}',
    '{"op":"watch","scope":"global","v":"0","e":""}',
    '{"op":"watch","scope":"global","v":0,"e":null}',
    `{"op":"watch","scope":"global","v":0,"e":"${'x'.repeat(65)}"}`,
    `{"op":"watch","scope":"fleet:${'x'.repeat(300)}","v":0,"e":""}`,
  ];
  for (const text of frames) {
    const { feed, browser } = small();
    feed.said(browser, text);
    t.equal(browser.closed?.code, 4002, text.slice(0, 60));
    t.same(browser.frames, []);
  }
  const { feed, browser } = small();
  for (let i = 0; i < 200; i++) watch(feed, browser, 'global');
  t.equal(browser.closed, null);
  watch(feed, browser, 'global');
  t.equal(browser.closed?.code, 4002, 'nor does anybody click 200 times in 5 s');
  t.end();
});

void t.test('whoever looks at one thing after the other leaves little behind', (t) => {
  const { scene, stage, feed, browser } = small();
  for (let i = 0; i < 300; i++) {
    watch(feed, browser, `cluster:x-${i}`);
    if (i % 100 === 0) feed.alive();
  }
  stage.wait(250);
  stage.published.length = 0;
  for (let i = 0; i < 300; i++) scene.register(`x-${i}`);
  stage.wait(250);
  t.same(
    stage.published.map((text) => (JSON.parse(text) as OperatorFrame & { scope: string }).scope),
    ['cluster:x-299'],
  );
  t.end();
});

void t.test('when a session ends, so do its sockets; a bearer’s stay', (t) => {
  const { scene, stage, feed, open } = small();
  const endsAt = scene.at + 60_000;
  const [tab, otherTab, other, bearer] = [
    open({ id: 'one', endsAt }),
    open({ id: 'one', endsAt }),
    open({ id: 'two', endsAt }),
    open(),
  ];
  feed.endSession('one');
  t.same(
    [tab, otherTab, other, bearer].map((one) => one.closed?.code),
    [4001, 4001, undefined, undefined],
  );
  stage.wait(59_999);
  feed.alive();
  t.equal(other.closed, null);
  stage.wait(1);
  feed.alive();
  t.equal(other.closed?.code, 4001, 'it expired');
  t.equal(bearer.closed, null);
  t.end();
});

void t.test('a dead cluster, and what it took along, is in every scope about it', (t) => {
  const { scene, stage, feed, open } = small();
  const scopes = ['global', 'fleet:asia', 'cluster:a', 'shard:main/1', 'bot:main', 'incidents'];
  const watchers = scopes.map((scope) => {
    const browser = open();
    watch(feed, browser, scope);
    framesOf(browser);
    return browser;
  });
  scene.pass(LEASE + 1);
  stage.wait(250);
  const [global, fleet, cluster, shard, bot, incidents] = watchers.map(
    (one) => (framesOf(one).at(-1) as ScopePatch).put!,
  );
  const flip = { shards: '0-1', count: 2, to: 'unhealthy', cause: 'asia #1', planned: false };
  t.match(global, {
    total: { clusters: 2, clustersUp: 0 },
    'fleet/asia': { clustersUp: 0, worst: { identity: 'a', status: 'down' } },
    'cluster/a': { status: 'down' },
    'strip/main/0': '1100',
    'flip/3': flip, // one, for both shards
    now: { troubles: 3, isDown: true },
  });
  t.match(fleet, { 'cluster/a': { status: 'down', shards: 2, shardsOnline: 0 }, 'flip/3': flip });
  t.match(cluster, { 'cluster/a': { status: 'down' }, 'shard/main/0': { state: 'unhealthy' } });
  t.match(shard, { 'shard/main/1': { state: 'unhealthy' }, 'claim/cluster:a': { state: 'unhealthy' } });
  t.match(bot, { 'cluster/a': { status: 'down', which: '0-1' }, 'strip/main/0': '1100', 'flip/3': flip });
  t.match(incidents, { 'incident/main-1': { cause: 'asia #1', shards: '0-1', down: 2, endedAt: null } });
  t.match(incidents, { now: { isDown: true } }, 'every scope says how much is wrong');
  t.end();
});

/** 1,024 clusters of 16 shards. */
function large(): Play & { flip: (state: StateName) => void } {
  const shardCount = 16_384;
  const play = stagePlay(
    new Scene(
      rulesWith({ configuredBots: [{ key: 'main', shardCount, name: 'My Bot' }], maxClusters: 2_000 }),
    ),
  );
  const { scene } = play;
  const identities = Array.from({ length: 1_024 }, (_, i) => `c${i}`);
  for (const identity of identities) scene.register(identity);
  const flip = (state: StateName): void => {
    identities.forEach((identity, i) => {
      const ids = Array.from({ length: 16 }, (_, n) => i * 16 + n);
      scene.at++;
      scene.beat(identity, Object.fromEntries(ids.map((id) => [id, state])));
    });
  };
  flip('online');
  return { ...play, flip };
}

void t.test(
  '41: no watcher gets more than 16,000 B in a turn, whatever 16,384 shards do, and all have every row',
  (t) => {
    const play = large();
    const { stage, feed, flip, scene } = play;
    const scopes: Scope[] = ['global', 'fleet:asia', 'cluster:c7', 'shard:main/7'];
    const watchers = scopes.map((scope) => new Watcher(play, scope));
    for (const one of watchers) one.come();
    for (const state of ['offline', 'online', 'resuming'] as const) {
      flip(state);
      stage.wait(1_000);
      feed.alive();
      const [first] = watchers;
      first!.leave();
      flip('online');
      first!.come();
      stage.wait(10_000);
    }
    t.ok(stage.mostInATurn <= MAX_FRAME_BYTES, `${stage.mostInATurn} B`);
    for (const one of watchers) {
      one.read();
      const now = new Watcher(stagePlay(scene), one.scope);
      scene.listeners.pop();
      now.come();
      now.read();
      t.same(one.rows, now.rows, one.scope);
    }
    t.end();
  },
);

void t.test('a snapshot in pieces can be come back to once it is whole', (t) => {
  const { stage, feed, open } = large();
  const browser = open();
  feed.opened(browser, new URLSearchParams(), null);
  const frames = (): OperatorFrame[] => framesOf(browser);
  watch(feed, browser, 'fleet:asia');
  const all = frames();
  t.ok(all.length > 10);
  t.match(all[0], { op: 'snapshot', e: '' });
  t.ok(all.slice(1, -1).every((frame) => frame.op === 'patch' && frame.e === undefined));
  t.match(all.at(-1), { op: 'patch', e: /./ });
  const { v, e } = all.at(-1) as { v: number; e: string };
  stage.turn();
  watch(feed, browser, 'fleet:asia', v, e);
  t.match(frames(), [{ op: 'alive' }]);
  t.end();
});
