// The state file on a real disk: replaced atomically, for its owner's eyes, and refused untouched when it is not ours.
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import fc from 'fast-check';
import type { WorldRecord } from '../../server/core/record.js';
import { record } from '../../server/core/recording.js';
import { readState, writeState } from '../../server/log/state-file.js';
import { learning, LEASE, Scene } from '../core/scene.js';
import { freshPath, oddDisk } from './rig.js';

/** A world with something of everything in it. */
function busyScene(clusters = 2): Scene {
  const scene = new Scene(learning());
  scene.batch({ 0: 'online', 1: 'offline' }, { bot: 'demo' });
  scene.glance(0, 'stopping', 'demo');
  for (let i = 0; i < clusters; i++) {
    scene.register(`cluster-${i}`, { fleet: i % 2 ? 'eu' : 'asia', shardCount: clusters });
    scene.beat(`cluster-${i}`, { [i]: 'online' });
  }
  scene.register('cluster-0', { fleet: 'eu', shardCount: clusters });
  scene.pass(LEASE + 1);
  scene.beat('cluster-1', { 1: 'resuming' });
  return scene;
}

const save = (path: string, scene: Scene, inSlices = true): Promise<number> =>
  writeState(path, record(scene.world, scene.at, 0).pieces, inSlices);

async function load(path: string): Promise<WorldRecord> {
  const read = await readState(path, 'discord');
  if (!read.ok || !read.state) throw new Error(read.ok ? 'no file' : read.problem);
  return read.state.record as WorldRecord;
}

void t.test('no file yet is no mistake', async (t) => {
  t.same(await readState(await freshPath(t), 'discord'), { ok: true, state: null });
});

void t.test('what was written is read', async (t) => {
  const path = await freshPath(t);
  const scene = busyScene();
  await save(path, scene);
  const record = await load(path);
  t.same(record, scene.record());
  t.equal(record.version, 3);
  const next = new Scene(learning(), scene.at + 1_000, record);
  const { savedAt, leasesFrom, told } = scene.record();
  t.same({ ...next.record(), savedAt, leasesFrom, told }, scene.record(), 'a short gap changes nothing else');
});

void t.test('Numbers are never reused, whatever the fleet is called, through the file too', async (t) => {
  for (const fleet of ['__proto__', 'constructor', 'toString', '1', 'ü "\n']) {
    const path = await freshPath(t);
    const before = new Scene();
    before.register('a', { fleet });
    await save(path, before);
    const after = new Scene(undefined, before.at + 1_000, await load(path));
    t.match(after.register('b', { fleet }), { ok: true, number: 2 }, fleet);
    t.match(after.register('a', { fleet }), { ok: true, number: 1 }, fleet);
  }
});

void t.test('only its owner may read it, though a leftover of a crash was open to all', async (t) => {
  const path = await freshPath(t);
  await writeFile(`${path}.tmp`, 'x'.repeat(1_000_000));
  await chmod(`${path}.tmp`, 0o666);
  await save(path, busyScene());
  t.equal((await stat(path)).mode & 0o777, 0o600);
  t.same(await load(path), busyScene().record());
  t.same(await readdir(join(path, '..')), ['state.json'], 'nothing is left beside it');
});

void t.test('it is replaced at once: at any moment the old one or the new one is there, whole', async (t) => {
  const path = await freshPath(t);
  await save(path, busyScene(1));
  const seen: number[] = [];
  let isDone = (): boolean => false;
  const writing = save(path, busyScene(400)).finally(() => (isDone = () => true));
  while (!isDone()) seen.push((await load(path)).clusters.length);
  await writing;
  seen.push((await load(path)).clusters.length);
  t.same([...new Set(seen)], [1, 400]);
});

void t.test('a write that fails says so and leaves the old file whole', async (t) => {
  const path = await freshPath(t);
  await save(path, busyScene(1));
  await mkdir(`${path}.tmp`); // so that the new one cannot be written
  await t.rejects(save(path, busyScene(2)), { code: 'EISDIR' });
  t.equal((await load(path)).clusters.length, 1);
});

void t.test('a folder that is not there is said, and none is made', async (t) => {
  const path = join(await freshPath(t), 'nowhere', 'state.json');
  await t.rejects(save(path, busyScene()), { code: 'ENOENT' });
});

/** Reads a file that is not ours, and checks that it is as it was. */
async function refused(t: Test, path: string, name: string): Promise<string> {
  const look = async (): Promise<unknown> => {
    const { mtimeMs, mode } = await stat(path);
    return [await readFile(path), mtimeMs, mode];
  };
  const before = await look();
  const state = await readState(path, 'discord');
  t.same(await look(), before, `${name}: untouched`);
  t.notOk(state.ok, `${name}: refused`);
  return state.ok ? '' : state.problem;
}

void t.test(
  'a file of another version, cut off, empty or of something else is refused and untouched',
  async (t) => {
    const path = await freshPath(t);
    const whole = JSON.stringify(busyScene().record());
    const cases: [name: string, text: string, problem: RegExp][] = [
      ['version 99', whole.replace('"version":3', '"version":99'), /a newer Shardlight wrote it/],
      ['no version', whole.replace('"version":3,', ''), /version/],
      ['cut off', whole.slice(0, -10), /not JSON, or cut off/],
      ['empty', '', /not JSON, or cut off/],
      ['binary', '\u0000\u0001\ufffd', /not JSON, or cut off/],
      ['null', 'null', /no state/],
      ['a list', '[]', /no state/],
      ['a wrong state', whole.replace('[0,3,', '[0,7,'), /claims/],
      ['a wrong shard', whole.replace('[0,3,', '[16384,3,'), /claims/],
      ['half a shard', whole.replace('[0,3,', '[0.5,3,'), /claims/],
      ['a state as text', whole.replace('[0,3,', '[0,"3",'), /claims/],
      ['a time that is none', whole.replace(/\[0,3,\d+/, '[0,3,-1'), /claims/],
      ['a claim too short', whole.replace(/\[0,3,\d+,/, '[0,3,'), /claims/],
      ['a claim that is none', whole.replace(/"claims":\[/, '"claims":[7,'), /claims/],
      ['claims that are none', whole.replace(/"claims":\[.*?\]\]/, '"claims":{}'), /claims/],
      ['a wrong time', whole.replace(/"heardAt":\d+/, '"heardAt":"now"'), /heardAt/],
      ['a missing part', whole.replace(/,"flips":.*/, '}'), /flips/],
    ];
    for (const [name, text, problem] of cases) {
      t.not(text, whole, name);
      await writeFile(path, text);
      t.match(await refused(t, path, name), problem, name);
    }
  },
);

void t.test('a directory in its place is refused', async (t) => {
  const path = await freshPath(t);
  await mkdir(path);
  t.match(await readState(path, 'discord'), { ok: false, problem: /EISDIR/ });
});

void t.test('no JSON whatsoever makes reading throw', async (t) => {
  const path = await freshPath(t);
  const near = fc.record(
    {
      version: fc.constantFrom(3, 2, 1),
      savedAt: fc.jsonValue(),
      numbers: fc.jsonValue(),
      bots: fc.jsonValue(),
      clusters: fc.jsonValue(),
      flips: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  const check = async (value: unknown): Promise<boolean> => {
    await writeFile(path, JSON.stringify(value));
    return !(await readState(path, 'discord')).ok;
  };
  const anything = fc.oneof(near, fc.jsonValue()).filter((value) => JSON.stringify(value).length < 60);
  const details = await fc.check(fc.asyncProperty(anything, check), { numRuns: 100, seed: 1 });
  t.notOk(details.failed, JSON.stringify(details.counterexample));
});

/** How often others got a turn while `work` went on, on a disk and a processor where each look at the clock costs 10 ms. */
async function turnsDuring(t: Test, work: () => Promise<unknown>): Promise<number> {
  let now = 0;
  t.intercept(performance, 'now', { value: () => (now += 10) });
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns++;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await work().finally(() => (isDone = true));
  return turns;
}

void t.test('beats do not wait for it: it is written in slices, and at the stop in one go', async (t) => {
  const path = await freshPath(t);
  const scene = busyScene(400);
  const sliced = await turnsDuring(t, () => save(path, scene, true));
  t.ok(sliced >= 400, `${sliced} turns for others between 400 clusters`);
  const inSlices = await readFile(path, 'utf8');
  await save(path, scene, false);
  t.equal(await readFile(path, 'utf8'), inSlices, 'either way the same');
});

void t.test('no slice is more than one bot, one cluster or 500 flips', (t) => {
  const scene = busyScene(50);
  for (let i = 0; i < 1_200; i++) {
    scene.at++;
    scene.glance(0, i % 2 ? 'online' : 'offline', 'demo');
  }
  const said = Object.fromEntries(Array.from({ length: 2_000 }, (_, id) => [id, 'online' as const]));
  scene.batch(said, { bot: 'large' });
  scene.register('large', { bot: 'large' });
  scene.beat('large', said);
  const pieces = [...record(scene.world, scene.at, 0).pieces];
  const most = (word: string | RegExp): number =>
    Math.max(...pieces.map((piece) => piece.split(word).length - 1));
  t.same([most('"heardAt"'), most('"identity"'), most('"cause"')], [1, 1, 500]);
  t.same(
    pieces.join(''),
    JSON.stringify(JSON.parse(pieces.join(''))) + '\n',
    'together they are JSON as JSON.stringify writes it',
  );
  t.end();
});

void t.test('a disk that is full at the last byte leaves the old file whole', async (t) => {
  const path = await freshPath(t);
  await save(path, busyScene(1));
  const disk = oddDisk();
  const { pieces } = record(busyScene(2).world, 0, 0);
  const text = [...pieces].join('');
  disk.room = Buffer.byteLength(text) - 1;
  await t.rejects(writeState(path, [text], true, disk), { code: 'ENOSPC' });
  t.equal((await load(path)).clusters.length, 1);
  t.same(await readdir(join(path, '..')), ['state.json']);
});

void t.test('what is kept of a cluster comes back', async (t) => {
  const path = await freshPath(t);
  const before = new Scene();
  before.register('a', { host: 'h', scrapeTarget: '10.0.0.5:9191', leaseHash: 'one' });
  before.register('a', { shownHash: 'one', leaseHash: 'two' });
  before.at += 5;
  before.tell({ type: 'oversize', at: before.at, identity: 'a', shownHash: null });
  before.tell({ type: 'goodbye', at: before.at, identity: 'a', shownHash: null });
  await save(path, before);
  const after = new Scene(undefined, before.at + 1_000, await load(path));
  const kept = (scene: Scene): unknown => {
    const { host, scrapeTarget, leaseHash, formerLeaseHash, status, oversizedAt } =
      scene.world.clusters.get('a')!;
    return { host, scrapeTarget, leaseHash, formerLeaseHash, status, oversizedAt };
  };
  t.same(kept(after), kept(before));
  t.match(kept(after), { host: 'h', formerLeaseHash: 'one', status: 'stopped', oversizedAt: before.at });
});
