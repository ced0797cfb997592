// What every log has to keep, whatever keeps it. Each implementation runs it.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Test } from 'tap';
import type { Event } from '../../server/core/event.js';
import { nothingMeasured, type Measured } from '../../server/core/measures/measured.js';
import { createMeasures, type Measures } from '../../server/core/measures/measures.js';
import type { Follower, Submit } from '../../server/engine.js';
import type { Log } from '../../server/log/log.js';
import { beatOf, learning, LEASE, registration, registryText, Scene, T0, textOf } from '../core/scene.js';
import { live } from './live.js';

/** A log under test, and what can happen to it. */
export interface LogRig {
  log: Log;
  /** The time comes at which it keeps the whole world. */
  save: () => Promise<void>;
  /** From now on nothing can be made safe; or it can again. */
  fails: (isFailing: boolean) => void;
  /** How often something was made safe. */
  syncs: () => number;
  /** Ends as by kill −9: what comes up after it has what was safe. */
  crash: () => Promise<LogRig>;
  /** Ends as on a signal: what comes up after it has all there was. */
  stop: () => Promise<LogRig>;
}

type Begin = (t: Test, clock: () => number) => Promise<LogRig>;

interface Life {
  rig: LogRig;
  scene: Scene;
  submit: Submit;
}

const rules = learning();
const register = (identity: string, at = T0): ReturnType<typeof registration> => registration(identity, at);
const online = [{ id: 0, state: 3 as const, latencyMs: 12.5 }];

/** Counters that stand there by then, and more. */
const saying = (total: number): Measured => ({
  ...nothingMeasured(),
  interactions: total,
  commands: total,
  durations: { bounds: [0.1, Infinity], counts: [total / 3, total] },
  guilds: 12,
  loopLagSeconds: 0.1,
  libraryVersion: '2.5 ü',
});

const measuresOf = ({ world }: Scene): Map<string, Measures> =>
  new Map([...world.clusters.values()].map(({ identity, measures }) => [identity, measures]));

/** `name`: which log it is. */
export function contract(t: Test, name: string, begin: Begin): void {
  const test = (sentence: string, run: (t: Test, clock: { now: number }) => Promise<void>): void =>
    void t.test(`${name}: ${sentence}`, (t) => run(t, { now: T0 }));
  const lifeOf = async (rig: LogRig, clock: { now: number }, followers: Follower[] = []): Promise<Life> => ({
    rig,
    ...(await live(rig.log, { rules, at: clock.now, followers })),
  });
  const born = async (t: Test, clock: { now: number }, followers: Follower[] = []): Promise<Life> =>
    lifeOf(await begin(t, () => clock.now), clock, followers);

  test('applied in one order, own answers in it', async (t, clock) => {
    const { rig, submit, scene } = await born(t, clock);
    const answers = await Promise.all(
      ['a', 'b', 'a', 'c'].map(async (identity) => submit(register(identity))),
    );
    t.match(answers, [{ number: 1 }, { number: 2 }, { number: 1 }, { number: 3 }]);
    t.same([...scene.world.clusters.keys()], ['a', 'b', 'c']);
    t.equal(rig.log.position, 5, 'the configuration, and four registers');
    const next = await rig.crash();
    await lifeOf(next, clock);
    t.equal(next.log.position, 5);
  });

  test('an acknowledged durable event is there after kill −9', async (t, clock) => {
    const { rig, submit, scene } = await born(t, clock);
    await submit(register('a'));
    await rig.save();
    for (const identity of ['b', 'c']) t.match(await submit(register(identity)), { ok: true });
    await submit({ type: 'ban', at: T0, glob: 'evil-*', banned: true });
    const next = await lifeOf(await rig.crash(), clock);
    t.equal(registryText(next.scene.world), registryText(scene.world));
  });

  test('a refused one changes nothing, now or on replay', async (t, clock) => {
    const { rig, submit, scene } = await born(t, clock);
    const calm = await born(t, clock); // nothing is refused there
    for (const one of [submit, calm.submit]) await one(register('a'));
    const refused = await submit({ type: 'forget', at: T0, identity: 'nobody' });
    t.match(refused, { reason: 'unknown-member' }, 'at the door');
    const [pruned, assigned] = await Promise.all([
      submit({ type: 'prune', at: T0, identities: ['a'] }),
      submit({ type: 'assign', at: T0, identity: 'a', bot: null }),
    ]);
    t.match([pruned, assigned], [{ ok: true }, { reason: 'unknown-member' }], 'when its turn comes');
    await calm.submit({ type: 'prune', at: T0, identities: ['a'] });
    t.equal(registryText(scene.world), registryText(calm.scene.world));
    const next = await lifeOf(await rig.crash(), clock);
    t.equal(registryText(next.scene.world), registryText(calm.scene.world));
  });

  test('numbers never twice', async (t, clock) => {
    const { rig, submit } = await born(t, clock);
    for (const identity of ['a', 'b']) await submit(register(identity));
    await submit({ type: 'prune', at: T0, identities: ['b'] });
    await rig.save();
    const next = await lifeOf(await rig.crash(), clock);
    t.match(await next.submit(register('c')), { number: 3 });
    t.match(await next.submit(register('b')), { number: 4 });
  });

  test('one sync serves many', async (t, clock) => {
    const { rig, submit } = await born(t, clock);
    const before = rig.syncs();
    await Promise.all(Array.from({ length: 100 }, async (_, i) => submit(register(`${i}`))));
    t.ok(rig.syncs() - before <= 3, `${rig.syncs() - before} syncs for 100 registers`);
  });

  test('full or away: not durable, nothing applied, and none twice when it returns', async (t, clock) => {
    const { rig, submit, scene } = await born(t, clock);
    rig.fails(true);
    t.match(await submit(register('a')), { ok: false, reason: 'not-durable' });
    t.equal(scene.world.clusters.size, 0);
    t.match(submit({ type: 'sweep', at: T0 + 1 }), { ok: true }, 'what is volatile goes on');
    rig.fails(false);
    t.match(await submit(register('a')), { number: 1 });
    const next = await lifeOf(await rig.crash(), clock);
    t.match(await next.submit(register('b')), { number: 2 });
  });

  test('a volatile event is applied at once, also while a durable one waits', async (t, clock) => {
    const { submit, scene } = await born(t, clock);
    await submit(register('a'));
    const waiting = submit(register('b'));
    t.same(submit(beatOf('a', T0, { rows: online })), { ok: true });
    t.same([scene.state(0), scene.world.clusters.size], ['online', 1]);
    t.match(await waiting, { number: 2 });
  });

  test('each fact is told once, in order; after a restart from the record on', async (t, clock) => {
    const told: string[] = [];
    const follow: Follower = ({ facts, event }) =>
      void told.push(...facts.map(({ type }) => `${type} of ${event.type}`));
    const { rig, submit, scene } = await born(t, clock, [follow]);
    await submit(register('a'));
    void submit(beatOf('a', T0, { rows: online }));
    t.equal(told[0], 'bot of register');
    t.equal(told.filter((one) => one === 'bot of beat').length, 1, 'its shard count');
    await rig.save();
    const { told: count } = scene.world;
    const next = await lifeOf(await rig.crash(), clock);
    t.equal(next.scene.world.told, count + 1, 'the gap of the start is the next one');
  });

  test('a secured fact is there after kill −9', async (t, clock) => {
    const { rig, submit, scene } = await born(t, clock);
    await submit(register('a'));
    void submit(beatOf('a', T0, { rows: online }));
    let isSecure = false;
    const secured = rig.log.secure(scene.world.told).then(() => (isSecure = true));
    await Promise.resolve();
    t.notOk(isSecure, 'a crash could still take it back');
    await rig.save();
    await secured;
    const next = await lifeOf(await rig.crash(), clock);
    t.equal(next.scene.state(0), 'online');
    await next.rig.log.secure(0);
  });

  test('a submit from a follower waits its turn', async (t, clock) => {
    const seen: string[] = [];
    const follow: Follower = ({ event: { type } }) => {
      seen.push(type);
      if (type === 'beat') void life.submit({ type: 'goodbye', at: T0, identity: 'a', shownHash: null });
      seen.push(`after ${type}`);
    };
    const life = await born(t, clock, [follow]);
    await life.submit(register('a'));
    void life.submit(beatOf('a', T0, { rows: online }));
    t.same(seen.slice(2), ['beat', 'after beat', 'goodbye', 'after goodbye']);
  });

  test('a gap lapses nobody', async (t, clock) => {
    const { rig, submit } = await born(t, clock);
    await submit(register('a'));
    void submit(beatOf('a', T0, { rows: online }));
    await rig.save();
    clock.now += 3_600_000;
    const next = await lifeOf(await rig.crash(), clock);
    t.equal(next.scene.state(0), 'unknown');
    t.equal(next.scene.bot().incidents.count, 0);
    const { submit: again } = next;
    void again({ type: 'sweep', at: clock.now });
    void again({ type: 'sweep', at: (clock.now += 100 * LEASE) });
    t.equal(next.scene.bot().incidents.count, 0, 'nor does one while it runs');
  });

  test('record ≡ world at its position, though written amid events', async (t, clock) => {
    const { rig, submit } = await born(t, clock);
    const twin = await born(t, clock); // the same happens to it, and it is looked at meanwhile
    const both = (event: Event): unknown => Promise.all([submit(event), twin.submit(event)]);
    for (let i = 0; i < 20; i++) {
      await both(register(`${i}`));
      await both(beatOf(`${i}`, T0, { rows: [{ id: i, state: 3, latencyMs: i / 3 }] }));
    }
    const worlds = [textOf(twin.scene.world, T0)];
    const saving = rig.save();
    for (let i = 0; i < 20; i++) {
      void both(beatOf(`${i}`, T0 + 1, { rows: [{ id: i, state: 4, latencyMs: 1 }] }));
      worlds.push(textOf(twin.scene.world, T0));
      await nextTurn();
    }
    await saving;
    const { record } = (await rig.crash()).log;
    const asKept = { ...record, sequence: 0 };
    t.ok(
      worlds.some((text) => isDeepStrictEqual(JSON.parse(text), asKept)),
      'one moment of it, whole',
    );
  });

  test('record ≡ world at its position, after a stop also what was measured', async (t, clock) => {
    const { rig, submit, scene } = await born(t, clock);
    const beat = (identity: string, total: number): unknown =>
      submit(beatOf(identity, clock.now, { rows: online, measured: saying(total) }));
    for (const identity of ['a', 'b', 'gone', 'silent']) await submit(register(identity, clock.now));
    for (let i = 0; i < 70; i++) {
      clock.now += LEASE / 3;
      for (const identity of i < 3 ? ['a', 'b', 'gone'] : ['a']) beat(identity, i * 1.1);
      if (i === 3) await submit({ type: 'prune', at: clock.now, identities: ['gone'] });
    }
    const text = textOf(scene.world, clock.now);
    const measures = measuresOf(scene);
    t.match(measures.get('a'), { latest: { libraryVersion: '2.5 ü' }, trend: { length: 60 } });
    const next = await rig.stop();
    t.same({ ...next.log.record, sequence: 0 }, JSON.parse(text));
    const life = await lifeOf(next, clock);
    t.ok(isDeepStrictEqual(measuresOf(life.scene), measures), 'each number, and nobody else');
    clock.now += 1_000;
    for (const on of [submit, life.submit])
      void on(beatOf('a', clock.now, { rows: online, measured: saying(100) }));
    t.ok(isDeepStrictEqual(measuresOf(life.scene), measuresOf(scene)), 'and they go on alike');
    t.ok(measuresOf(scene).get('a')!.counters!.interactionsRate > 10);
  });

  test('what was measured before somebody was forgotten is not put back', async (t, clock) => {
    const { rig, submit } = await born(t, clock);
    await submit(register('a'));
    void submit(beatOf('a', T0, { rows: online, measured: saying(1) }));
    const second = await lifeOf(await rig.stop(), clock);
    t.ok(measuresOf(second.scene).get('a')!.latest);
    clock.now += 1_000;
    await second.submit({ type: 'prune', at: clock.now, identities: ['a'] });
    await second.submit(register('a', clock.now));
    await second.rig.save();
    const third = await lifeOf(await second.rig.crash(), clock);
    t.ok(isDeepStrictEqual(measuresOf(third.scene).get('a'), createMeasures()));
  });

  test('time never falls: what is older than what was heard changes nothing', async (t, clock) => {
    const { submit, scene } = await born(t, clock);
    await submit(register('a', T0 + 1_000));
    void submit(beatOf('a', T0 + 1_000, { rows: online }));
    for (const type of ['goodbye', 'oversize'] as const)
      void submit({ type, at: T0, identity: 'a', shownHash: null });
    t.same([scene.state(0), scene.world.clusters.get('a')?.status], ['online', 'up']);
  });
}
