// The engine's one door, the clock it lives by, and the operator's note of double claims.
import t from 'tap';
import { createClock } from '../server/clock.js';
import type { Answer, Change } from '../server/core/change.js';
import type { BatchEvent, DurableEvent, Event, RegisterEvent, VolatileEvent } from '../server/core/event.js';
import { doubleClaimNotes } from '../server/double-claims.js';
import { createEngine, type Commit } from '../server/engine.js';
import { registration, rulesWith, Scene, T0 } from './core/scene.js';

const register = (identity: string): RegisterEvent => registration(identity, T0);

const status = (state: number): VolatileEvent => ({ type: 'status', at: T0, bot: 'main', shard: 0, state });

/** A disk that syncs when it is told to. */
function slowDisk(): {
  commit: Commit;
  asked: string[];
  /** Whether the rule took each of them. */
  taken: boolean[];
  sync: () => void;
  fail: () => void;
} {
  const waiting: { sync: () => void; fail: () => void }[] = [];
  const asked: string[] = [];
  const taken: boolean[] = [];
  return {
    asked,
    taken,
    commit: (event: DurableEvent, apply: () => boolean) => {
      asked.push(event.type === 'register' ? event.identity : event.type);
      return new Promise((resolve, reject) => {
        const sync = (): void => {
          taken.push(apply());
          resolve();
        };
        waiting.push({ sync, fail: () => reject(new Error('disk full')) });
      });
    },
    sync: () => waiting.shift()?.sync(),
    fail: () => waiting.shift()?.fail(),
  };
}

void t.test('An event is applied whole, synchronously, in order', (t) => {
  const scene = new Scene();
  const seen: string[] = [];
  const submit = createEngine(scene.world, [
    (changes, event) => seen.push(`first: ${changes.map(({ type }) => type).join()} of ${event.type}`),
    () => seen.push(`second: shard 0 is ${scene.state(0)}`),
  ]);
  t.same(submit(status(3)), { ok: true });
  t.same(submit(status(6)), { ok: true });
  t.same(seen, [
    'first: shard,status of status',
    'second: shard 0 is online',
    'first: shard,status of status',
    'second: shard 0 is resuming',
  ]);
  t.end();
});

void t.test('what changes nothing is told to nobody; a refusal neither', (t) => {
  const told: Change[][] = [];
  const submit = createEngine(new Scene().world, [(changes) => void told.push(changes)]);
  void submit({ type: 'sweep', at: T0 + 1 });
  t.match(submit(status(99)), { ok: false, reason: 'unknown-state' });
  t.same(told, []);
  t.end();
});

void t.test(
  '13: a durable event is synced before it is applied; the reply is the result of the rule',
  async (t) => {
    const { world } = new Scene();
    const told: string[] = [];
    const { commit, sync, asked } = slowDisk();
    const submit = createEngine(world, [(_, event) => told.push(event.type)], commit);
    const answer = submit(register('a'));
    t.same(asked, ['a']);
    await Promise.resolve();
    t.same([world.clusters.size, told], [0, []], 'not before');
    sync();
    t.match(await answer, { ok: true, number: 1 });
    t.same([world.clusters.size, told], [1, ['register']]);
  },
);

void t.test('13: in log order', async (t) => {
  const { commit, sync } = slowDisk();
  const submit = createEngine(new Scene().world, [], commit);
  const answers = ['a', 'b', 'c'].map((identity) => submit(register(identity)));
  for (let i = 0; i < 3; i++) sync();
  for (const [i, answer] of answers.entries()) t.match(await answer, { ok: true, number: i + 1 });
});

void t.test('13: a failed sync applies nothing and answers not-durable', async (t) => {
  const { world } = new Scene();
  const told: string[] = [];
  const { commit, fail, sync } = slowDisk();
  const submit = createEngine(world, [(_, event) => told.push(event.type)], commit);
  const refused = submit(register('a'));
  fail();
  t.match(await refused, { ok: false, reason: 'not-durable', error: /disk/ });
  t.same([world.clusters.size, world.numbers.size, told], [0, 0, []]);
  const again = submit(register('a'));
  sync();
  t.match(await again, { ok: true, number: 1 }, 'and the next one is applied');
});

void t.test('13: what is refused already is not written', async (t) => {
  const { commit, asked } = slowDisk();
  const scene = new Scene(rulesWith({ maxClusters: 0 }));
  const submit = createEngine(scene.world, [], commit);
  t.match(await submit(register('a')), { ok: false, reason: 'too-many-clusters' });
  t.match(await submit({ type: 'release', at: T0, identity: 'a' }), { ok: false, reason: 'unknown-member' });
  t.same(asked, []);
});

void t.test(
  '13: what is refused only when its turn comes is told to the log and to who sent it',
  async (t) => {
    const { commit, sync, taken } = slowDisk();
    const scene = new Scene(rulesWith({ maxClusters: 1 }));
    const submit = createEngine(scene.world, [], commit);
    const answers = ['a', 'b'].map((identity) => submit(register(identity)));
    sync();
    sync();
    t.match(await answers[0], { ok: true, number: 1 });
    t.match(await answers[1], { ok: false, reason: 'too-many-clusters' });
    t.same(taken, [true, false]);
  },
);

void t.test(
  'a bug in a listener is no fault of the disk, and what was applied stays in the log',
  async (t) => {
    const { commit, sync, taken } = slowDisk();
    const listener = (): never => {
      throw new Error('a bug');
    };
    const submit = createEngine(new Scene().world, [listener], commit);
    const answer = submit(register('a'));
    sync();
    await t.rejects(Promise.resolve(answer), { message: 'a bug' });
    t.same(taken, [true]);
  },
);

void t.test('13: a volatile event is applied at once, also while a durable one waits', async (t) => {
  const scene = new Scene();
  const { commit, sync } = slowDisk();
  const submit = createEngine(scene.world, [], commit);
  const waiting = submit(register('a'));
  t.same(submit(status(3)), { ok: true });
  t.equal(scene.state(0), 'online');
  sync();
  await waiting;
});

void t.test('25: what comes more than 5 s after the event before it comes after a gap', (t) => {
  const { world } = new Scene();
  const told: [string, unknown][] = [];
  const submit = createEngine(world, []);
  const sweepAt = (at: number): void => {
    void submit({ type: 'sweep', at });
    told.push([`${at}`, world.leasesFrom]);
  };
  for (const at of [1_000, 6_000, 11_001, 11_002]) sweepAt(at);
  sweepAt(10_000); // a durable event that waited for the disk is older than what came meanwhile
  sweepAt(15_003);
  t.same(told, [
    ['1000', 0],
    ['6000', 0],
    ['11001', 11_001],
    ['11002', 11_001],
    ['10000', 11_001],
    ['15003', 11_001],
  ]);
  t.end();
});

void t.test('without a journal everything is applied at once', (t) => {
  const { world } = new Scene();
  const submit = createEngine(world, []);
  t.match(submit(register('a') as Event), { ok: true, number: 1 });
  t.end();
});

/** A clock over a wall clock and a monotonic one that the test sets. */
function clocks(): { set: (wall: number, monotonic: number) => number } {
  const at = { wall: 1_000, monotonic: 0 };
  const clock = createClock({ wall: () => at.wall, monotonic: () => at.monotonic });
  return {
    set: (wall, monotonic) => {
      Object.assign(at, { wall, monotonic });
      return clock();
    },
  };
}

void t.test('the clock follows the wall clock', (t) => {
  const { set } = clocks();
  t.equal(set(1_000, 0), 1_000);
  t.equal(set(1_250, 250), 1_250);
  t.equal(set(61_250, 350), 61_250, 'forward, however far');
  t.end();
});

void t.test('the clock never goes back: it goes on at its pace until the wall clock has caught up', (t) => {
  const { set } = clocks();
  t.equal(set(10_000, 9_000), 10_000);
  t.equal(set(5_000, 9_100), 10_000, 'somebody set the wall clock back');
  t.equal(set(5_500, 9_600), 10_500);
  t.equal(set(4_000, 9_700), 10_600, 'and again');
  t.equal(set(10_700, 9_750), 10_700, 'caught up');
  t.equal(set(10_800, 9_800), 10_800);
  t.equal(set(10_790, 9_900), 10_800, 'back once more');
  t.equal(set(10_799, 9_950), 10_850);
  t.end();
});

void t.test('the clock gives whole milliseconds', (t) => {
  const { set } = clocks();
  t.equal(set(999, 0.75), 1_000);
  t.equal(set(999, 1.5), 1_000);
  t.equal(set(999, 1.75), 1_001, 'and loses none of the parts');
  t.end();
});

void t.test(
  '8: two identities that claim the same Online shard are told to the operator, once a pair',
  (t) => {
    const scene = new Scene();
    const lines: string[] = [];
    scene.listeners.push(doubleClaimNotes((line) => lines.push(line)));
    scene.register('premium-0');
    scene.register('main-0');
    scene.beat('premium-0', { 0: 'online', 1: 'online' });
    scene.beat('main-0', { 0: 'online', 1: 'online' });
    t.equal(lines.length, 1);
    t.match(
      lines[0],
      /^asia #1 \("premium-0"\) and asia #2 \("main-0"\) both say that shard 0 of bot "main" is online/,
    );
    t.match(lines[0], 'SHARDLIGHT_MEMBERS');
    scene.glance(0, 'online');
    scene.beat('main-0', {});
    scene.beat('main-0', { 0: 'online', 1: 'online' });
    t.notOk(lines.slice(1).some((line) => /^asia #1 .* and asia #2 .* both/.test(line)));
    t.end();
  },
);

void t.test('42: a large report is answered once all of it is applied, a part a turn', async (t) => {
  const SHARDS = 16_384;
  const configuredBots = [{ key: 'main', shardCount: SHARDS, name: 'My Bot' }];
  const scene = new Scene(rulesWith({ configuredBots }));
  const turns: (() => void)[] = [];
  const told: number[] = [];
  const submit = createEngine(
    scene.world,
    [(changes) => told.push(changes.filter(({ type }) => type === 'shard').length)],
    undefined,
    (run) => turns.push(run),
  );
  const rows = Array.from({ length: SHARDS }, (_, id) => ({ id, state: 3 as const, latencyMs: null }));
  const batch = (at: number): BatchEvent => ({ type: 'batch', at, bot: 'main', shardCount: null, rows });
  const later: VolatileEvent = { ...batch(T0 + 1), rows: [{ id: 0, state: 2, latencyMs: null }] };
  const answers: string[] = [];
  const answered = (of: string, answer: Answer | Promise<Answer>): Promise<unknown> =>
    Promise.resolve(answer).then(({ ok }) =>
      answers.push(`${of} ${ok}, ${scene.view().counts.online} online`),
    );
  const first = submit(batch(T0));
  t.ok(first instanceof Promise);
  const both = [answered('first', first), answered('second', submit(later))];
  t.same(told, [4_096, 0], 'the rest waits, and so does what comes after it');
  for (const part of [4_096, 4_096, 4_096]) {
    t.equal(turns.length, 1, 'one turn is asked for at a time');
    turns.shift()!();
    t.equal(told.at(-1), part);
  }
  t.same(answers, [], 'before the last part');
  turns.shift()!();
  await Promise.all(both);
  t.same(turns, []);
  t.same(answers, [`first true, ${SHARDS - 1} online`, `second true, ${SHARDS - 1} online`]);
  t.same(
    submit(batch(T0)),
    { ok: true, accepted: SHARDS, rejected: [] },
    'what flips few is answered at once',
  );
});
