// What clusters measured, over a restart: kept beside the state, and never a reason to wait or not to start.
import { copyFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import t, { type Test } from 'tap';
import { nothingMeasured, type Measured } from '../../server/core/measures/measured.js';
import type { Submit } from '../../server/engine.js';
import { FileLog } from '../../server/log/file-log.js';
import { takeLock } from '../../server/log/lock.js';
import { openLogOrThrow } from '../../server/log/open.js';
import { bearer, beat, environment, register, snapshotOf, up } from '../compat/member.js';
import { beatOf, registration, T0, type Scene } from '../core/scene.js';
import { forget, startServer, testClock, until } from '../harness.js';
import { live } from './live.js';
import { freshPath, oddDisk, reading, silent, type OddDisk } from './rig.js';

interface Row {
  values: unknown;
  history: unknown[];
}

const rowOf = async (base: string): Promise<unknown> => {
  const answer = await fetch(`${base}/api/fleet/cluster?fleet=asia&number=1`, { headers: bearer });
  const { values, history, ...others } = (await answer.json()) as Row & Record<string, unknown>;
  return { values, history, others };
};

void t.test(
  'what clusters measured goes on after a restart, and begins anew where its file is broken',
  async (t) => {
    const clock = testClock();
    const first = await startServer(environment, clock);
    t.teardown(() => forget(first));
    await register(first, 'a', { fleet: 'asia' });
    for (let beats = 0; beats < 3; beats++) {
      clock.advance(15_000);
      const total = { name: 'discord_interactions_total', labels: {}, value: 150 * beats };
      const guilds = { name: 'discord_guilds', labels: {}, value: 100 + beats };
      await beat(first, 'a', snapshotOf(up('0'), guilds, total));
    }
    const before = await rowOf(first.base);
    t.match(JSON.stringify(before), /"interactions_rate":10[,.}]/, 'rates, too');
    await first.stop();
    t.notOk(first.log.some((line) => line.includes('WARN')));

    const second = await startServer(environment, clock, first.statePath);
    t.same(await rowOf(second.base), before);
    await second.stop();

    await writeFile(`${first.statePath}.measures`, 'no measures at all');
    const opened = await openLogOrThrow(first.statePath, reading, clock.now());
    opened.lock.unlock();
    t.match(opened.notes, [/^What clusters measured, in .*, begins anew: it holds no measures/]);
    const third = await startServer(environment, clock, first.statePath);
    t.match(await rowOf(third.base), { history: [] });
    await third.stop();
  },
);

interface Rig {
  log: FileLog;
  scene: Scene;
  submit: Submit;
  disk: OddDisk;
  warned: string[];
  /** A minute passes: what was planned for then begins. */
  minute: () => void;
  /** How many saves of measures are planned. */
  planned: () => number;
  /** How often the file was written. */
  written: () => number;
}

async function rig(t: Test, path: string): Promise<Rig> {
  const disk = oddDisk();
  const warned: string[] = [];
  const due: (() => void)[] = [];
  const log = new FileLog({
    opened: await openLogOrThrow(path, reading, T0),
    clock: () => T0,
    schedule: (ms, run) => void (ms === 60_000 && due.push(run)),
    ...silent,
    say: { ...silent.say, warn: (line) => warned.push(line) },
    disk,
  });
  t.teardown(() => log.close());
  const { scene, submit } = await live(log, { followers: [log.note] });
  return {
    ...{ log, scene, submit, disk, warned },
    minute: () => due.splice(0).forEach((run) => run()),
    planned: () => due.length,
    written: () => disk.done.filter((what) => what === 'rename state.json.measures.tmp').length,
  };
}

const saying = (guilds: number): Measured => ({ ...nothingMeasured(), guilds });
const arrivalOf = ({ scene }: Rig): number => scene.world.clusters.get('a')!.measures.counters!.at;
const filesBeside = async (path: string): Promise<string[]> => (await readdir(dirname(path))).sort();

void t.test('each minute in which something changed, and at the stop', async (t) => {
  const path = await freshPath(t);
  const { log, submit, minute, planned, written } = await rig(t, path);
  await submit(registration('a', T0));
  minute();
  await log.saveNow();
  t.notOk((await filesBeside(path)).includes('state.json.measures'), 'nobody measured anything yet');
  for (let i = 0; i < 3; i++) void submit(beatOf('a', T0 + i, { measured: saying(i) }));
  t.equal(planned(), 1, 'many beats are one save');
  minute();
  await until(() => written() === 1);
  void submit(beatOf('a', T0 + 10, { measured: saying(10) }));
  await until(() => planned() === 1); // when the first is over
  await log.close(); // as a crash
  const second = await rig(t, path);
  t.equal(arrivalOf(second), T0 + 2, 'what was measured in the minute before a crash is lost');
  void second.submit(beatOf('a', T0 + 20, { measured: saying(20) }));
  await second.log.finish();
  t.equal(second.written(), 1);
  await second.log.close();
  t.equal(arrivalOf(await rig(t, path)), T0 + 20);
});

void t.test(
  'a disk that fails is told of once, and tried again; the trends of before go after that',
  async (t) => {
    const path = await freshPath(t);
    await copyFile('test/fixtures/older-trends.bin', `${path}.trend`);
    await writeFile(`${path}.trend.tmp`, 'a crash left it');
    const { log, submit, disk, warned, minute, planned, written } = await rig(t, path);
    await submit(registration('a', T0));
    void submit(beatOf('a', T0, { measured: saying(1) }));
    disk.room = 100;
    for (let i = 0; i < 2; i++) {
      minute();
      await until(() => planned() === 1);
    }
    t.match(warned, [/^What clusters measured cannot be written to .*state\.json\.measures: ENOSPC/]);
    t.equal(warned.length, 1);
    t.ok((await filesBeside(path)).includes('state.json.trend'));
    t.match(log.health, { isFailing: false }, 'the state is not held up');
    disk.room = Infinity;
    minute();
    await until(() => written() === 1);
    const lockAndJournal = ['state.json.journal', 'state.json.lock'];
    await until(async () => !(await filesBeside(path)).some((name) => name.includes('trend')));
    t.same(await filesBeside(path), [...lockAndJournal, 'state.json.measures']);
    disk.room = 100;
    await t.rejects(log.finish(), { code: 'ENOSPC' }, 'of the state');
    t.equal(warned.length, 2, 'another failure is told of anew');
  },
);

void t.test('trends of the version before come back at a start, and their last values', async (t) => {
  const path = await freshPath(t);
  const first = await rig(t, path);
  await first.submit(registration('a', T0));
  await first.log.finish();
  await first.log.close();
  await copyFile('test/fixtures/older-trends.bin', `${path}.trend`);
  const second = await rig(t, path);
  t.match(second.scene.world.clusters.get('a')!.measures, { trend: { length: 60 }, values: { 2: 70 } });
  await second.log.finish();
  await second.log.close();
  t.same(await filesBeside(path), [
    'state.json',
    'state.json.journal',
    'state.json.lock',
    'state.json.measures',
  ]);
  const third = await rig(t, path);
  t.match(third.scene.world.clusters.get('a')!.measures, { trend: { length: 60 }, values: { 2: 70 } });
});

void t.test('what another process has by now is left alone', async (t) => {
  const path = await freshPath(t);
  const { log, submit, minute, planned } = await rig(t, path);
  await submit(registration('a', T0));
  void submit(beatOf('a', T0, { measured: saying(1) }));
  await rm(`${path}.lock`);
  const other = takeLock(path, T0);
  t.ok(other.ok);
  minute();
  await until(() => planned() === 1);
  await t.rejects(log.finish(), /another Shardlight/);
  t.notOk((await filesBeside(path)).includes('state.json.measures'));
  if (other.ok) other.unlock();
});
