// Journal and state file together, on a disk that fails and on one that is really full: beats go on, registers wait, all comes back.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { copyFile, link, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Submit } from '../../server/engine.js';
import { FileLog } from '../../server/log/file-log.js';
import { headLine } from '../../server/log/journal-lines.js';
import { openLog, openLogOrThrow } from '../../server/log/open.js';
import { beatOf, registration, type Scene, T0 } from '../core/scene.js';
import { post, serve, startServer, until } from '../harness.js';
import { live } from './live.js';
import { freshPath, oddDisk, reading, type OddDisk } from './rig.js';

interface Rig {
  submit: Submit;
  scene: Scene;
  log: FileLog;
  disk: OddDisk;
  /** What the operator read. */
  said: string[];
  /** What the metrics were told. */
  metrics: string[];
  /** Five seconds pass, and what was planned for then is done. */
  later: () => Promise<void>;
}

async function rig(t: Test, path: string): Promise<Rig> {
  const opened = await openLogOrThrow(path, reading, T0);
  const begun = { at: T0 + 10_000 };
  const at = { now: () => begun.at };
  const disk = oddDisk();
  const said: string[] = [];
  const metrics: string[] = [];
  const due: (() => void)[] = [];
  const log = new FileLog({
    opened,
    clock: () => at.now(),
    schedule: (ms, run) => void (ms <= 5_000 && due.push(run)),
    say: {
      info: (line) => said.push(line),
      warn: (line) => said.push(line),
      error: (line) => said.push(line),
      linked: (line) => said.push(line),
    },
    metrics: {
      logSynced: () => undefined,
      logFailing: (isFailing) => metrics.push(isFailing ? 'failing' : 'works'),
      stateSaved: () => metrics.push('saved'),
      stateLinked: () => metrics.push('linked'),
    },
    disk,
  });
  t.teardown(() => log.close());
  const { scene, submit } = await live(log, { ...begun, followers: [log.note] });
  at.now = () => scene.at;
  const later = async (): Promise<void> => {
    const { lastSavedAt } = log.health;
    scene.at += 5_000;
    for (const run of due.splice(0)) run();
    await until(() => due.length > 0 || log.health.lastSavedAt !== lastSavedAt); // planned again, as it failed; or done
    const isCut = (): boolean => !log.health.isFailing && log.health.journalBytes <= headLine(99).length; // after the state file
    await until(() => due.length > 0 || isCut());
  };
  return { submit, scene, log, disk, said, metrics, later };
}

const register = (identity: string): ReturnType<typeof registration> => registration(identity, T0 + 10_000);

void t.test('a save drops from the journal what the state file holds', async (t) => {
  const path = await freshPath(t);
  const { submit, later, log } = await rig(t, path);
  t.match(await submit(register('a')), { ok: true, number: 1 });
  t.match(log.health, { syncs: 2, lastSavedAt: null, stateBytes: 0, isFailing: false });
  t.ok(log.health.journalBytes > 200);
  await later();
  t.equal(await readFile(`${path}.journal`, 'utf8'), headLine(2));
  const state = await readFile(path, 'utf8');
  t.match(JSON.parse(state), { sequence: 2, clusters: [{ identity: 'a' }] });
  t.match(log.health, { lastSavedAt: T0 + 15_000, stateBytes: state.length, syncs: 2 });
  t.ok(log.health.syncMsTotal > log.health.lastSyncMs!);
  await log.close();
  const next = await rig(t, path);
  t.match(next.log.health, { lastSavedAt: T0 + 15_000, stateBytes: state.length });
  t.match(await next.submit(register('b')), { ok: true, number: 2 });
});

void t.test('what was in the journal alone is in the next state file without further news', async (t) => {
  const path = await freshPath(t);
  const first = await rig(t, path);
  await first.submit(register('a'));
  await first.log.close();
  const second = await rig(t, path);
  await second.later();
  t.match(JSON.parse(await readFile(path, 'utf8')), { sequence: 2, clusters: [{ identity: 'a' }] });
});

void t.test(
  'A slow viewer, a dead webhook or a full disk never delays a beat: registers are refused until there is room again',
  async (t) => {
    const { submit, scene, disk, log, said, metrics, later } = await rig(t, await freshPath(t));
    await submit(register('a'));
    disk.room = 50;
    const beat = (): unknown =>
      submit(beatOf('a', (scene.at += 1_000), { rows: [{ id: 0, state: 3, latencyMs: null }] }));
    t.match(await submit(register('b')), { ok: false, reason: 'not-durable' });
    t.same(beat(), { ok: true }, 'answered in the same turn');
    t.same([scene.states()[0], scene.world.clusters.size], ['online', 1]);
    await later();
    await later();
    t.same(beat(), { ok: true });
    t.match(log.health, { isFailing: true, consecutiveFailures: 2 });
    await later();
    t.equal(log.health.consecutiveFailures, 3);
    t.equal(said.length, 1, 'it is told once');
    t.match(
      said[0],
      /^The disk fails: .*state\.json\.journal cannot be written \(ENOSPC.*Beats go on; registrations are answered 503/,
    );
    disk.room = Infinity;
    await later();
    t.match(log.health, { isFailing: false, consecutiveFailures: 0 }, 'it recovers though nobody registers');
    t.same(said.slice(1), [
      `The disk works again: ${said[0]!.split(' ')[3]!.replace('.journal', '')} and its journal are written.`,
    ]);
    t.same(metrics, ['failing', 'saved', 'works']);
    t.match(await submit(register('b')), { ok: true, number: 2 });
  },
);

void t.test('a disk that loses syncs: nothing is answered that a crash could undo', async (t) => {
  const path = await freshPath(t);
  const { submit, disk, log, later } = await rig(t, path);
  await submit(register('a'));
  disk.losesSyncs = true;
  for (const identity of ['b', 'c']) t.match(await submit(register(identity)), { reason: 'not-durable' });
  await later();
  t.ok(log.health.isFailing);
  disk.losesSyncs = false;
  t.match(await submit(register('d')), { ok: true, number: 2 });
  await log.close();
  const next = await rig(t, path);
  t.same([...next.scene.world.clusters.keys()], ['a', 'd']);
});

void t.test('a disk that failed before anything was kept is tried again by itself', async (t) => {
  const { submit, disk, log, later } = await rig(t, await freshPath(t));
  disk.losesSyncs = true;
  t.match(await submit(register('a')), { reason: 'not-durable' });
  disk.losesSyncs = false;
  t.ok(log.health.isFailing);
  await later();
  t.notOk(log.health.isFailing);
});

void t.test(
  'members register and move while the state file is being written, and all comes back as it was told',
  async (t) => {
    const path = await freshPath(t);
    const { submit, later, log } = await rig(t, path);
    for (let i = 0; i < 200; i++) await submit(register(`before-${i}`));
    let now = 0;
    t.intercept(performance, 'now', { value: () => (now += 10) }); // so slow that each piece is a slice of its own
    const saving = later();
    const events = Array.from({ length: 400 }, (_, i) => ({
      ...register(i % 2 ? `before-${i >> 1}` : `meanwhile-${i}`),
      fleet: 'eu',
    }));
    const answers = await Promise.all(events.map(async (event) => submit(event)));
    t.match(answers.at(-1), { ok: true, number: 400 });
    await saving;
    await log.close(); // as a crash would leave it: what came after the mark is in the journal alone
    t.match(JSON.parse(await readFile(path, 'utf8')), { sequence: 201, clusters: { length: 200 } });
    const next = await rig(t, path);
    const { clusters } = next.scene.world;
    t.match(
      answers,
      events.map(({ identity }) => ({ ok: true, number: clusters.get(identity)?.number })),
    );
  },
);

/** A file system of that size; null where this user may not mount one. */
function tinyDisk(t: Test, size: string): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'shardlight-tiny-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return null;
  }
  t.teardown(() => execFileSync('umount', [folder]));
  return folder;
}

void t.test('on a disk that is really full', async (t) => {
  const folder = tinyDisk(t, '256k');
  if (folder === null) {
    const skip = 'this user may not mount a tmpfs: run the tests as root to have it proven here, too';
    t.pass('a file system of 256 KiB', { skip });
    return;
  }
  const path = join(folder, 'state.json');
  const server = await startServer({ SHARDLIGHT_BOTS: 'main:4' }, undefined, path);
  const send = (what: string, identity: string): Promise<Response> =>
    post(`${server.base}/fleet/${what}`, { identity, fleet: 'asia' });
  t.match(await (await send('register', 'a')).json(), { number: 1 });
  let refused: Response | undefined;
  const given = new Map<string, number>([['a', 1]]);
  const ballast = join(folder, 'ballast');
  try {
    writeFileSync(ballast, Buffer.alloc(1_000_000));
  } catch {
    // it is full now
  }
  for (let i = 0; !refused; i++) {
    const answer = await send('register', `b-${i}`); // some still fit into the last page
    if (answer.status === 503) refused = answer;
    else given.set(`b-${i}`, ((await answer.json()) as { number: number }).number);
  }
  t.match(refused.headers.get('retry-after'), /^\d+$/);
  t.equal((await send('heartbeat', 'a')).status, 204);
  t.equal(server.log.filter((line) => line.includes(' ERROR The disk fails: ')).length, 1);
  const ready = async (): Promise<number> => (await fetch(`${server.base}/readyz`)).status;
  t.equal(await ready(), 200, 'one failure is not the end');
  for (const identity of ['c', 'd']) t.equal((await send('register', identity)).status, 503);
  t.equal(await ready(), 503);
  rmSync(ballast);
  const after = (await (await send('register', 'c')).json()) as { number: number };
  t.equal(after.number, given.size + 1);
  t.equal(await ready(), 200);
  t.equal(server.log.filter((line) => line.includes(' INFO The disk works again: ')).length, 1);
  await server.stop();
  const next = await startServer({ SHARDLIGHT_BOTS: 'main:4' }, undefined, path);
  t.teardown(() => next.stop());
  for (const [identity, number] of [...given, ['c', after.number] as const]) {
    const answer = await post(`${next.base}/fleet/register`, { identity, fleet: 'asia' });
    t.match(await answer.json(), { number }, identity);
  }
});

/** What operators said of the fleet, as far as it is to be seen. */
function wordsIn({ world }: Scene): unknown {
  const { name, setName, setShardCount, shardCount } = world.bots.get('main')!;
  const clusters = [...world.clusters.values()].map(({ identity, number, assignedBot, bot }) => [
    identity,
    number,
    assignedBot,
    bot.key,
  ]);
  return { name, setName, setShardCount, shardCount, clusters, bans: [...world.bans] };
}

for (const [when, isSavedBefore] of [
  ['before the first state file', false],
  ['after it', true],
] as const)
  void t.test(`a crash loses no word of an operator, ${when}`, async (t) => {
    const path = await freshPath(t);
    const { submit, later, log, scene } = await rig(t, path);
    const { at } = scene;
    for (const identity of ['a', 'b', 'c']) await submit(register(identity));
    void submit({ type: 'goodbye', at, identity: 'a', shownHash: null });
    if (isSavedBefore) await later();
    t.same(await submit({ type: 'forget', at, identity: 'a' }), { ok: true });
    t.match(await submit({ type: 'forget', at, identity: 'b' }), { ok: false, reason: 'still-up' });
    await submit({ type: 'set-bot', at, bot: 'main', name: 'First', shardCount: 9 });
    await submit({ type: 'set-bot', at, bot: 'main', name: 'Our "Bot"', shardCount: 2 });
    await submit({ type: 'assign', at, identity: 'c', bot: 'main' });
    for (const glob of ['evil-*', 'x']) await submit({ type: 'ban', at, glob, banned: true });
    await submit({ type: 'ban', at, glob: 'x', banned: false });
    t.match(await submit({ type: 'ban', at, glob: 'x', banned: false }), { reason: 'unknown-ban' });
    await log.close(); // no save: the journal alone has it
    const next = await rig(t, path);
    t.same(wordsIn(next.scene), wordsIn(scene));
    t.match(wordsIn(next.scene), {
      name: 'Our "Bot"',
      shardCount: 2,
      clusters: [
        ['b', 2, null, 'main'],
        ['c', 3, 'main', 'main'],
      ],
      bans: ['evil-*'],
    });
    next.scene.at += 60_000;
    await next.later();
    await next.log.close();
    const third = await rig(t, path);
    t.same(wordsIn(third.scene), wordsIn(scene), 'and the state file keeps it');
    t.match(await third.submit(register('a')), { number: 4 }, 'a number that was forgotten stays taken');
  });

void t.test('an operator has a word while the state file is being written', async (t) => {
  const path = await freshPath(t);
  const { submit, later, log, scene } = await rig(t, path);
  for (let i = 0; i < 200; i++) await submit(register(`${i}`));
  let now = 0;
  t.intercept(performance, 'now', { value: () => (now += 10) }); // each piece is a slice of its own
  const saving = later();
  const { at } = scene;
  for (let i = 0; i < 50; i++) {
    await submit({ type: 'assign', at, identity: `${i * 4}`, bot: 'main' });
    await submit({ type: 'set-bot', at, bot: 'main', name: `Bot ${i}`, shardCount: 1 + (i % 4) });
  }
  await saving;
  await log.close();
  const next = await rig(t, path);
  t.same(wordsIn(next.scene), wordsIn(scene));
});

void t.test('whoever lost its lock to another writes nothing more, and gives no number', async (t) => {
  const path = await freshPath(t);
  const { submit, log, later, said, metrics, scene } = await rig(t, path);
  t.match(await submit(register('a')), { ok: true, number: 1 });
  await later();
  await rm(`${path}.lock`);
  t.match(await openLog(path, reading, T0), { ok: false }, 'the file itself is locked, after a save too');
  await rm(`${path}.lock`);
  await copyFile(path, `${path}.copy`);
  await rename(`${path}.copy`, path);
  const other = await rig(t, path);
  t.match(await other.submit(register('b')), { ok: true, number: 2 });
  const files = await Promise.all([readFile(path, 'utf8'), readFile(`${path}.journal`, 'utf8')]);
  void submit({ type: 'health', at: scene.at, bot: 'main', shard: 0 });
  void submit(beatOf('a', (scene.at += 1_000)));
  await later();
  t.match(said, [/^Another Shardlight uses .*state\.json by now \(process \d+ on .*Stop one of the two/]);
  t.match([metrics.at(-1), log.health], ['failing', { isFailing: true }]);
  t.match(await submit(register('c')), { ok: false, reason: 'not-durable' });
  await t.rejects(log.finish(), /another Shardlight uses this state file by now/);
  t.same(await Promise.all([readFile(path, 'utf8'), readFile(`${path}.journal`, 'utf8')]), files);
  t.equal(said.length, 1, 'said once');
});

void t.test(
  'no descriptor that is free is no fault of the disk, and is said with the limit to raise',
  async (t) => {
    const { submit, disk, said, log } = await rig(t, await freshPath(t));
    await log.saveNow(); // the journal is cut, and no longer open
    const error = Object.assign(new Error('EMFILE: too many open files, open'), { code: 'EMFILE' });
    disk.open = () => Promise.reject(error);
    t.match(await submit(register('a')), { ok: false, reason: 'not-durable' });
    t.match(said, [/^No file descriptor is free to write .*EMFILE.*the disk is fine.*LimitNOFILE/]);
  },
);

void t.test(
  'a hard link made while we run is no second door to the file, and is noticed by the save',
  async (t) => {
    const path = await freshPath(t);
    const { submit, log, later, said, metrics } = await rig(t, path);
    await submit(register('a'));
    await later();
    t.same(said, []);
    await link(path, `${path}.too`);
    t.match(await openLog(`${path}.too`, reading, T0), { ok: false, why: /same file under another name/ });
    await submit(register('b'));
    await later();
    t.match(said, [
      /^Somebody made a hard link to .*state\.json, or moved it: .*Never start another Shardlight with it/,
    ]);
    t.equal(metrics.filter((one) => one === 'linked').length, 1);
    await submit(register('c'));
    await later();
    t.equal(said.length, 1, 'the next file has one name');
    await log.finish();
    const kept = JSON.parse(await readFile(path, 'utf8')) as { clusters: unknown[] };
    const link0 = JSON.parse(await readFile(`${path}.too`, 'utf8')) as { clusters: unknown[] };
    t.same([kept.clusters.length, link0.clusters.length], [3, 1], 'the link stays as it was');
  },
);

void t.test('a link at every save is one line a minute, which says how many were left out', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:1' });
  const { statePath, clock } = server;
  const lines = (): string[] => server.log.filter((line) => line.includes('hard link'));
  const saveLinked = async (name: string): Promise<void> => {
    await post(`${server.base}/api/status/main/0/3`);
    t.ok(await server.save());
    await link(statePath, `${statePath}.${name}`);
    t.ok(await server.save());
  };
  for (const name of ['1', '2', '3']) await saveLinked(name);
  t.equal(lines().length, 1);
  clock.advance(60_000);
  await saveLinked('4');
  t.match(
    lines()[1],
    /WARN Somebody made a hard link to .*\(2 more like this one since the last were left out\)$/,
  );
  t.match(await (await fetch(`${server.base}/metrics`)).text(), 'shardlight_state_links_total 4');
});
