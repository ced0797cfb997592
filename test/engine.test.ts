// The engine's one door, the clock it lives by, and the operator's note of double claims.
import t from 'tap';
import { createClock } from '../server/clock.js';
import type { Fact } from '../server/core/fact.js';
import type { BatchEvent, RegisterEvent, StatusEvent } from '../server/core/event.js';
import { doubleClaimNotes } from '../server/telemetry/double-claims.js';
import type { Follower } from '../server/engine.js';
import { beatOf, learning, registration, rulesWith, Scene, T0 } from './core/scene.js';
import { live } from './log/live.js';
import { MemoryLog } from './log/memory-log.js';

const register = (identity: string): RegisterEvent => registration(identity, T0);

const status = (state: number): StatusEvent => ({ type: 'status', at: T0, bot: 'main', shard: 0, state });

const memoryLog = (): MemoryLog => new MemoryLog(() => T0);

void t.test('An event is applied whole, synchronously, in order', async (t) => {
  const seen: string[] = [];
  const followers: Follower[] = [
    ({ facts, event }) => seen.push(`first: ${facts.map(({ type }) => type).join()} of ${event.type}`),
    () => seen.push(`second: shard 0 is ${scene.state(0)}`),
  ];
  const { scene, submit } = await live(memoryLog(), { followers });
  t.same(submit(status(3)), { ok: true });
  t.same(submit(status(6)), { ok: true });
  t.same(seen, [
    'first: shard,said of status',
    'second: shard 0 is online',
    'first: shard,said of status',
    'second: shard 0 is resuming',
  ]);
});

void t.test('what changes nothing is told to nobody; a refusal neither', async (t) => {
  const told: (readonly Fact[])[] = [];
  const { submit } = await live(memoryLog(), { followers: [({ facts }) => void told.push(facts)] });
  void submit({ type: 'sweep', at: T0 + 1 });
  t.match(submit(status(99)), { ok: false, reason: 'unknown-state' });
  t.same(told, []);
});

void t.test('what a follower submits comes after what it is told', async (t) => {
  const seen: string[] = [];
  const answers: unknown[] = [];
  const followers: Follower[] = [
    ({ event: { type } }) => {
      seen.push(`first: ${type}`);
      if (type === 'status') answers.push(submit({ type: 'health', at: T0, bot: 'main', shard: 0 }));
    },
    ({ event: { type } }) => seen.push(`second: ${type}`),
  ];
  const { submit } = await live(memoryLog(), { followers });
  void submit(status(3));
  t.same(seen, ['first: status', 'second: status', 'first: health', 'second: health']);
  t.same(await Promise.all(answers), [{ ok: true }]);
});

void t.test('13: what is refused already is not written', async (t) => {
  const log = memoryLog();
  const { submit } = await live(log, { rules: rulesWith({ maxClusters: 0 }) });
  t.match(await submit(register('a')), { ok: false, reason: 'too-many-clusters' });
  t.match(await submit({ type: 'release', at: T0, identity: 'a' }), { ok: false, reason: 'unknown-member' });
  t.same(
    log.kept().events.map(({ type }) => type),
    ['rules'],
  );
});

void t.test('13: what is refused only when its turn comes is refused on replay, too', async (t) => {
  const rules = rulesWith({ maxClusters: 1 });
  const log = memoryLog();
  const { submit } = await live(log, { rules });
  const [first, second] = await Promise.all(['a', 'b'].map(async (identity) => submit(register(identity))));
  t.match(first, { ok: true, number: 1 });
  t.match(second, { ok: false, reason: 'too-many-clusters' });
  const again = await live(new MemoryLog(() => T0, log.kept()), { rules });
  t.same([...again.scene.world.clusters.keys()], ['a']);
});

void t.test('7: a report on a bot that nobody knew waits until the bot is safe', async (t) => {
  const log = memoryLog();
  const { scene, submit } = await live(log, { rules: learning() });
  const report = (bot: string): unknown =>
    submit({ type: 'batch', at: T0, bot, shardCount: 1, rows: [{ id: 0, state: 3, latencyMs: null }] });
  const answer = report('late');
  t.notOk(scene.world.bots.has('late'));
  t.match(await answer, { ok: true, accepted: 1 });
  t.match(report('late'), { ok: true, accepted: 1 }, 'and from then on is answered at once');
  t.match(log.kept().events.at(-1), { type: 'learn', bot: 'late' });
  log.safe = () => Promise.reject(new Error('disk full'));
  t.match(await report('another'), { ok: false, reason: 'not-durable', error: /disk/ });
  t.notOk(scene.world.bots.has('another'));
});

void t.test('22: the first use of a lease is in the log, and nobody waits for it', async (t) => {
  const log = memoryLog();
  const { scene, submit } = await live(log, { rules: rulesWith({ requireLease: true }) });
  await submit({ ...register('a'), leaseHash: 'one' });
  await submit({ ...register('a'), shownHash: 'one', leaseHash: 'two' });
  const former = (): unknown => scene.world.clusters.get('a')?.formerLeaseHash;
  t.equal(former(), 'one');
  t.same(submit(beatOf('a', T0, { shownHash: 'two' })), { ok: true });
  await submit(register('b'));
  t.equal(former(), null);
  t.match(log.kept().events.at(-2), { type: 'lease-used', identity: 'a', hash: 'two' });
  t.match(submit(beatOf('a', T0, { shownHash: 'one' })), { ok: false, reason: 'leased' });
});

void t.test('a bug in a follower is the submitter’s to hear, and what was applied stays', async (t) => {
  const log = memoryLog();
  const follower = (): never => {
    throw new Error('a bug');
  };
  const told: string[] = [];
  const followers: Follower[] = [follower, ({ event }) => void told.push(event.type)];
  const { scene, submit } = await live(log, { followers });
  await t.rejects(Promise.resolve(submit(register('a'))), { message: 'a bug' });
  t.same(told, ['register'], 'and the others are told');
  t.ok(scene.world.clusters.has('a'));
  await t.rejects(Promise.resolve(submit(register('b'))), { message: 'a bug' }, 'and it goes on');
});

void t.test('25: what comes more than 5 s after the event before it comes after a gap', async (t) => {
  const { scene, submit } = await live(memoryLog(), { at: T0 });
  const told = [1_000, 6_000, 11_001, 11_002, 10_000, 15_003].map((ms) => {
    void submit({ type: 'sweep', at: T0 + ms }); // the fifth: what waited for the disk is older than what came meanwhile
    return scene.world.leasesFrom && scene.world.leasesFrom - T0;
  });
  t.same(told, [0, 0, 11_001, 11_001, 11_001, 11_001]);
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
  const told: number[] = [];
  const follow: Follower = ({ facts }) => void told.push(facts.filter(({ type }) => type === 'shard').length);
  const { scene, submit } = await live(memoryLog(), {
    rules: rulesWith({ configuredBots }),
    followers: [follow],
  });
  const rows = Array.from({ length: SHARDS }, (_, id) => ({ id, state: 3 as const, latencyMs: null }));
  const batch = (at: number): BatchEvent => ({ type: 'batch', at, bot: 'main', shardCount: null, rows });
  const later: BatchEvent = { ...batch(T0 + 1), rows: [{ id: 0, state: 2, latencyMs: null }] };
  const answers: string[] = [];
  const answered = async (of: string, event: BatchEvent): Promise<void> => {
    const { ok } = await submit(event);
    answers.push(`${of} ${ok}, ${scene.view().counts.online} online`);
  };
  const both = [answered('first', batch(T0)), answered('second', later)];
  t.same(told, [4_096, 0], 'the rest waits, and so does what comes after it');
  await Promise.all(both);
  t.same(told, [4_096, 0, 4_096, 4_096, 4_096, 1]);
  t.same(answers, [`first true, ${SHARDS} online`, `second true, ${SHARDS - 1} online`]);
  t.same(
    submit(batch(T0)),
    { ok: true, accepted: SHARDS, rejected: [] },
    'what flips few is answered at once',
  );
});
