// The side file of trends: whole or ignored, private, and never in the way.
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { nothingMeasured } from '../../server/core/measured.js';
import { METRIC_KEYS } from '../../public/shared/metrics.js';
import { pointsOf } from '../../server/core/trend.js';
import { readTrends, restoreTrends, writeTrends, type Trends } from '../../server/log/trend-file.js';
import { beatOf, learning, Scene } from '../core/scene.js';
import { oddDisk } from './rig.js';

const BEAT = 15_000;
const noTrends: Trends = new Map();

async function pathIn(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'shardlight-'));
  t.teardown(() => rm(folder, { recursive: true }));
  return join(folder, 'state.json.trend');
}

/** These clusters, and what they said so far: their guilds, from 1 upwards. */
function sceneOf(beats: Record<string, number>): Scene {
  const scene = new Scene(learning({ maxClusters: 10_000 }));
  for (const [identity, count] of Object.entries(beats)) {
    scene.register(identity);
    for (let guilds = 1; guilds <= count; guilds++) {
      scene.pass(BEAT);
      scene.tell(beatOf(identity, scene.at, { measured: { ...nothingMeasured(), guilds } }));
    }
  }
  return scene;
}

const historyOf = (scene: Scene, identity: string): [at: number, guilds: number][] => {
  const { trend } = scene.world.clusters.get(identity)!.measures;
  return trend
    ? [...pointsOf(trend)].map(({ at, values }) => [at, values[METRIC_KEYS.indexOf('guilds')]!])
    : [];
};

void t.test('trends come back as they were, and with them the last values', async (t) => {
  const path = await pathIn(t);
  const before = sceneOf({ a: 100, 'b "ü\u{1F680}': 3, silent: 0 });
  await writeTrends(path, before.world, true);
  t.equal((await stat(path)).mode & 0o777, 0o600);
  t.same(await readdir(join(path, '..')), ['state.json.trend'], 'and nothing beside it');
  const after = before.restart();
  const read = await readTrends(path);
  restoreTrends(after.world, (read.ok && read.trends) || noTrends);
  for (const identity of before.world.clusters.keys())
    t.same(historyOf(after, identity), historyOf(before, identity), identity);
  t.equal(historyOf(after, 'a').length, 60);
  t.equal(after.world.clusters.get('a')?.measures.values[METRIC_KEYS.indexOf('guilds')], 100);
});

void t.test('clusters that are gone or have begun a trend of their own are left alone', async (t) => {
  const path = await pathIn(t);
  await writeTrends(path, sceneOf({ a: 5, gone: 5 }).world, false);
  const scene = sceneOf({ a: 1 });
  const own = historyOf(scene, 'a');
  const read = await readTrends(path);
  restoreTrends(scene.world, (read.ok && read.trends) || noTrends);
  t.same(historyOf(scene, 'a'), own);
});

void t.test('a disk that takes only a part leaves the file of before, and nothing beside it', async (t) => {
  const path = await pathIn(t);
  const disk = oddDisk();
  await writeTrends(path, sceneOf({ a: 5 }).world, false, disk);
  disk.room = 100;
  await t.rejects(writeTrends(path, sceneOf({ a: 50 }).world, false, disk), { code: 'ENOSPC' });
  const read = await readTrends(path);
  t.equal(read.ok && read.trends?.get('a')?.length, 5);
  t.same(await readdir(join(path, '..')), ['state.json.trend']);
});

void t.test('no file is no problem', async (t) => {
  t.same(await readTrends(await pathIn(t)), { ok: true, trends: null });
});

void t.test('what is no whole file of ours is no use, whatever it is', async (t) => {
  const path = await pathIn(t);
  await writeTrends(path, sceneOf({ a: 5, b: 60 }).world, false);
  const whole = await readFile(path);
  const signed = (bytes: Buffer): Buffer =>
    Buffer.concat([bytes, createHash('sha256').update(bytes).digest()]);
  const changed = (at: number, byte: number): Buffer => {
    const copy = Buffer.from(whole);
    copy[at] = byte;
    return copy;
  };
  const head = whole.subarray(0, 10);
  const cases: [what: string, bytes: Buffer, problem: RegExp][] = [
    ['empty', Buffer.alloc(0), /holds no trends/],
    ['something else', Buffer.from('{"version":2}'.repeat(10)), /holds no trends/],
    ['another version', changed(8, 2), /another version/],
    ['other values', changed(9, 10), /another version/],
    ['a byte of it', changed(200, whole[200]! ^ 1), /damaged/],
    ['torn', whole.subarray(0, -100), /damaged/],
    ['longer', Buffer.concat([whole, Buffer.from('x')]), /damaged/],
    ['too many points', signed(Buffer.concat([head, Buffer.from([1, 0, 61, 97])])), /not possible/],
    ['a long name', signed(Buffer.concat([head, Buffer.from([255, 255, 0])])), /not possible/],
    ['points that are missing', signed(Buffer.concat([head, Buffer.from([1, 0, 5, 97])])), /./],
    [
      'not a number',
      signed(Buffer.concat([head, Buffer.from([1, 0, 1, 97]), Buffer.alloc(44, 255)])),
      /not possible/,
    ],
  ];
  for (const [what, bytes, problem] of cases) {
    await writeFile(path, bytes);
    const read = await readTrends(path);
    t.match(read, { ok: false, problem }, what);
  }
  t.equal((await readTrends(join(path, '..'))).ok, false, 'a folder');
});

void t.test('writing leaves the loop to others', async (t) => {
  const path = await pathIn(t);
  const identities = Array.from({ length: 3_000 }, (_, i) => [`cluster-${i}`, 1] as const);
  const scene = sceneOf(Object.fromEntries(identities));
  for (const { measures } of scene.world.clusters.values()) measures.trend!.length = 60;
  let turns = 0;
  let isDone = false;
  const turn = (): void => {
    turns++;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  await writeTrends(path, scene.world, true);
  isDone = true;
  t.ok(turns > 5, `${turns} turns`);
  const read = await readTrends(path);
  t.equal(read.ok && read.trends?.size, 3_000);
});
