// The file of what clusters measured: whole or of no use, private, and never in the way.
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import t from 'tap';
import { METRIC_KEYS } from '../../public/shared/metrics.js';
import { nothingMeasured } from '../../server/core/measures/measured.js';
import type { Measures } from '../../server/core/measures/measures.js';
import { pointsOf } from '../../server/core/measures/trend.js';
import { realDisk } from '../../server/log/disk.js';
import { readKeptMeasures, writeMeasuresFile } from '../../server/log/measures-file.js';
import { beatOf, learning, Scene, T0 } from '../core/scene.js';
import { freshPath, oddDisk } from './rig.js';

const BEAT = 15_000;
const GUILDS = METRIC_KEYS.indexOf('guilds');

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

const write = (statePath: string, { world }: Scene, inSlices = false, disk = realDisk): Promise<void> =>
  writeMeasuresFile(`${statePath}.measures`, world.clusters.values(), inSlices, disk);

const historyOf = ({ trend }: Measures): [at: number, guilds: number][] =>
  [...pointsOf(trend!)].map(({ at, values }) => [at, values[GUILDS]!]);

void t.test('all comes back as it was, in a file for the owner alone', async (t) => {
  const path = await freshPath(t);
  const { world } = sceneOf({ a: 100, 'b "ü\u{1F680}': 3, silent: 0 });
  await writeMeasuresFile(`${path}.measures`, world.clusters.values(), true, realDisk);
  t.equal((await stat(`${path}.measures`)).mode & 0o777, 0o600);
  t.same(await readdir(dirname(path)), ['state.json.measures'], 'and nothing beside it');
  const { measures, notes } = await readKeptMeasures(path);
  t.same(notes, []);
  const measuring = [...world.clusters].filter(([identity]) => identity !== 'silent');
  const expected = new Map(measuring.map(([identity, { measures }]) => [identity, measures]));
  t.ok(isDeepStrictEqual(measures, expected));
  t.equal(historyOf(measures.get('a')!).length, 60);
});

void t.test('a disk that takes only a part leaves the file of before, and nothing beside it', async (t) => {
  const path = await freshPath(t);
  const disk = oddDisk();
  await write(path, sceneOf({ a: 5 }), false, disk);
  disk.room = 100;
  await t.rejects(write(path, sceneOf({ a: 50 }), false, disk), { code: 'ENOSPC' });
  t.equal(historyOf((await readKeptMeasures(path)).measures.get('a')!).length, 5);
  t.same(await readdir(dirname(path)), ['state.json.measures']);
});

void t.test('no file is no problem', async (t) => {
  t.same(await readKeptMeasures(await freshPath(t)), { measures: new Map(), notes: [] });
});

const signed = (...parts: (Buffer | number[])[]): Buffer => {
  const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([bytes, createHash('sha256').update(bytes).digest()]);
};

const changed = (whole: Buffer, at: number, byte: number): Buffer => {
  const copy = Buffer.from(whole);
  copy[at] = byte;
  return copy;
};

void t.test('what is no whole file of ours is no use, whatever it is, and is told of', async (t) => {
  const path = await freshPath(t);
  await write(path, sceneOf({ a: 5, b: 60 }));
  const whole = await readFile(`${path}.measures`);
  const head = whole.subarray(0, 13);
  const content = whole.subarray(0, -32);
  const cases: [what: string, bytes: Buffer, problem: RegExp][] = [
    ['empty', Buffer.alloc(0), /holds no measures/],
    ['something else', Buffer.from('{"version":2}'.repeat(10)), /holds no measures/],
    ['another version', changed(whole, 11, 2), /another version/],
    ['other values', changed(whole, 12, 10), /another version/],
    ['a byte of it', changed(whole, 200, whole[200]! ^ 1), /damaged/],
    ['torn', whole.subarray(0, -100), /damaged/],
    ['longer', Buffer.concat([whole, Buffer.from('x')]), /damaged/],
    ['a head that is cut off', signed(head, [1, 0, 1]), /cut off/],
    ['a record that is cut off', signed(content.subarray(0, -1)), /cut off/],
    ['a long record', signed(head, [255, 255, 255, 255]), /cut off/],
    ['no measures', signed(head, [1, 0, 0, 0, 97]), /cut off/],
    ['others', signed(head, [1, 0, 1, 0, 97, 255]), /not possible/],
  ];
  for (const [what, bytes, problem] of cases) {
    await writeFile(`${path}.measures`, bytes);
    const { measures, notes } = await readKeptMeasures(path);
    t.equal(measures.size, 0, what);
    t.match(notes, [/^What clusters measured, in .*state\.json\.measures, begins anew: ./], what);
    t.match(notes[0], problem, what);
  }
  const folder = await freshPath(t);
  await mkdir(`${folder}.measures`);
  t.match(await readKeptMeasures(folder), { notes: [/EISDIR/] }, 'a folder');
});

void t.test('the trends of the version before are read where there are no measures', async (t) => {
  const path = await freshPath(t);
  const fixture = 'test/fixtures/older-trends.bin';
  await copyFile(fixture, `${path}.trend`);
  const { measures, notes } = await readKeptMeasures(path);
  t.same(notes, []);
  t.same([...measures.keys()], ['a', 'b "ü\u{1F680}', 'gone']);
  const at = (beat: number): number => T0 + beat * BEAT;
  const numbers = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i);
  t.same(
    historyOf(measures.get('a')!),
    numbers(11, 70).map((beat) => [at(beat), beat]),
  );
  t.same(
    historyOf(measures.get('b "ü\u{1F680}')!),
    numbers(1, 3).map((beat) => [at(70 + beat), beat]),
  );
  t.same(measures.get('a')!.values, [Math.fround(0.1), 0, 70, 0, 0, 0, 0, 0, 0], 'and the last values');

  const whole = await readFile(fixture);
  const head = whole.subarray(0, 10);
  for (const [bytes, problem] of [
    [Buffer.alloc(0), /holds no trends/],
    [whole.subarray(0, -1), /damaged/],
    [signed(head, [1, 0]), /cut off/],
    [signed(head, [1, 0, 61, 97], [...Buffer.alloc(61 * 44)]), /not possible/],
    [signed(head, [1, 0, 5, 97]), /not possible/],
    [signed(head, [1, 0, 1, 97], [...Buffer.alloc(44, 255)]), /not possible/],
  ] as const) {
    await writeFile(`${path}.trend`, bytes);
    const broken = await readKeptMeasures(path);
    t.match([broken.measures.size, broken.notes], [0, [/^The trends in .*\.trend begin anew: /]]);
    t.match(broken.notes[0], problem);
  }
  await write(path, sceneOf({ a: 5 }));
  t.same([...(await readKeptMeasures(path)).measures.keys()], ['a'], 'measures come first');
});

void t.test('writing leaves the loop to others', async (t) => {
  const path = await freshPath(t);
  const identities = Array.from({ length: 3_000 }, (_, i) => [`cluster-${i}`, 1] as const);
  const scene = sceneOf(Object.fromEntries(identities));
  for (const { measures } of scene.world.clusters.values())
    Object.assign(measures.trend!, { length: 60, next: 1 });
  let turns = 0;
  let isDone = false;
  const turn = (): void => {
    turns++;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  await write(path, scene, true);
  isDone = true;
  t.ok(turns > 5, `${turns} turns`);
  t.equal((await readKeptMeasures(path)).measures.size, 3_000);
});

void t.test(
  'beats do not wait for it: a slice ends by the clock, at the stop only by what fits a write',
  async (t) => {
    const path = await freshPath(t);
    const scene = sceneOf(Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${i}`, 1])));
    let now = 0;
    t.intercept(performance, 'now', { value: () => (now += 10) }); // so slow that each record is a slice of its own
    const writes = async (inSlices: boolean): Promise<number> => {
      const disk = oddDisk();
      await write(path, scene, inSlices, disk);
      return disk.writes;
    };
    t.ok((await writes(true)) >= 50);
    t.ok((await writes(false)) < 5);
  },
);
