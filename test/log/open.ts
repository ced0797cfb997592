// Opening the log: who else holds it, what is doubtful refuses the start and stays as it is, and what a crash left is taken up.
import { chmod, link, lstat, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { eventLine, headLine } from '../../server/log/journal-lines.js';
import { takeLock } from '../../server/log/lock.js';
import { openLog, type OpenLog } from '../../server/log/open.js';
import { registration, Scene, T0 } from '../core/scene.js';
import { freshPath, reading } from './rig.js';

async function open(t: Test, path: string): Promise<OpenLog> {
  const log = await openLog(path, reading, T0);
  if (log.ok) t.teardown(log.opened.lock.unlock);
  return log;
}

/** A state file that holds the events up to that one. */
const stateAt = (sequence: number): string => {
  const scene = new Scene();
  scene.register('a');
  return JSON.stringify({ ...scene.record(), sequence });
};

const line = (sequence: number): string => eventLine(sequence, registration(`cluster-${sequence}`, T0));

void t.test('one writer: a second one is told who holds it, until that one lets go', async (t) => {
  const path = await freshPath(t);
  const first = await open(t, path);
  if (!first.ok) throw new Error(first.why);
  const second = await open(t, path);
  const since = new Date(T0).toISOString();
  t.match(second, { ok: false, file: `the state file ${path}`, todo: /stop that one first/ });
  t.match(
    second.ok || second.why,
    new RegExp(`another Shardlight uses it: process ${process.pid} on .*, since ${since}`),
  );
  t.equal((await stat(`${path}.lock`)).mode & 0o777, 0o600);
  first.opened.lock.unlock();
  first.opened.lock.unlock();
  t.ok((await open(t, path)).ok);
});

void t.test(
  'one writer, whatever the file is called: a symbolic link is followed, a hard link noticed',
  async (t) => {
    for (const isThere of [true, false]) {
      const path = await freshPath(t);
      if (isThere) await writeFile(path, stateAt(2));
      const links = ['one.json', 'two.json'].map((name) => join(dirname(path), name)) as [string, string];
      await symlink('state.json', links[0]);
      await symlink(links[0], links[1]);
      const first = await open(t, links[1]);
      t.match(first, { ok: true, opened: { statePath: path, sequence: isThere ? 2 : 0 } });
      for (const other of [path, ...links])
        t.match(await open(t, other), { ok: false, why: /another Shardlight uses it/ }, other);
      t.ok((await lstat(links[1])).isSymbolicLink());
    }
    const path = await freshPath(t);
    await writeFile(path, stateAt(2));
    const hard = `${path}.too`;
    await link(path, hard);
    const first = await open(t, path);
    t.ok(first.ok, 'a hard link alone, as backups make them, is no reason not to start');
    t.match(await open(t, hard), { ok: false, why: /same file under another name/, todo: /copy/ });
    if (first.ok) first.opened.lock.unlock();
    t.ok((await open(t, hard)).ok);
  },
);

void t.test('links in a ring are said, not followed for ever', async (t) => {
  const path = await freshPath(t);
  await symlink('state.json', path);
  t.match(await open(t, path), { ok: false, why: /ELOOP/ });
});

void t.test(
  'a lock that somebody deleted is taken again; where another one was faster, that is known',
  async (t) => {
    const path = await freshPath(t);
    const first = takeLock(path, T0);
    if (!first.ok) throw new Error(first.why);
    t.same(await first.check(), { ok: true, note: null });
    await rm(`${path}.lock`);
    t.match(await first.check(), { ok: true, note: /deleted or replaced the lock .*state\.json\.lock/ });
    t.same(await first.check(), { ok: true, note: null });
    t.match(takeLock(path, T0), { ok: false });
    await rm(`${path}.lock`);
    const second = takeLock(path, T0);
    t.ok(second.ok);
    t.match(await first.check(), { ok: false, why: /process \d+ on/ });
    first.unlock();
    if (second.ok) second.unlock();
  },
);

void t.test('a note that says nothing is no reason to take the lock', async (t) => {
  const path = await freshPath(t);
  const lock = takeLock(path, T0);
  t.ok(lock.ok);
  for (const [note, why] of [
    ['', /who it is, it has not written down yet/],
    ['hello', /its note says hello/],
  ] as const) {
    await writeFile(`${path}.lock`, note);
    t.match(takeLock(path, T0), { ok: false, why });
  }
  if (lock.ok) lock.unlock();
});

void t.test('a folder that is not there is said at the start, and none is made', async (t) => {
  const path = `${await freshPath(t)}/lost/state.json`;
  t.match(await open(t, path), {
    ok: false,
    why: /its lock .*state\.json\.lock cannot be taken \(ENOENT/,
    todo: /folder/,
  });
});

void t.test('what follows the state file in the journal is to be replayed, the rest is not', async (t) => {
  const path = await freshPath(t);
  await writeFile(path, stateAt(2));
  const journal = headLine(0) + [1, 2, 3, 4].map(line).join('');
  await writeFile(`${path}.journal`, journal);
  t.match(await open(t, path), {
    ok: true,
    opened: {
      sequence: 4,
      journalBytes: journal.length,
      events: [{ identity: 'cluster-3' }, { identity: 'cluster-4' }],
      notes: [/^2 registrations and the like came from the journal/],
    },
  });
  t.equal(await readFile(`${path}.journal`, 'utf8'), journal);
});

void t.test('a journal that the state file holds altogether begins anew', async (t) => {
  for (const journal of [headLine(0) + [1, 2].map(line).join(''), headLine(2), headLine(0) + line(1), '']) {
    const path = await freshPath(t);
    await writeFile(path, stateAt(2));
    await writeFile(`${path}.journal`, journal);
    t.match(await open(t, path), {
      ok: true,
      opened: { sequence: 2, journalBytes: 0, events: [], notes: [] },
    });
  }
});

void t.test('a journal without a state file is all there is, until there is one', async (t) => {
  const path = await freshPath(t);
  await writeFile(`${path}.journal`, headLine(0) + line(1));
  t.match(await open(t, path), {
    ok: true,
    opened: { record: null, sequence: 1, events: [{ identity: 'cluster-1' }] },
  });
});

void t.test('a torn last line is dropped with a warning that names file and line', async (t) => {
  const path = await freshPath(t);
  const whole = headLine(0) + line(1);
  await writeFile(`${path}.journal`, whole + line(2).slice(0, -20));
  t.match(await open(t, path), {
    ok: true,
    opened: {
      sequence: 1,
      journalBytes: whole.length,
      notes: [
        /./,
        `Line 3 of the journal ${path}.journal is cut off, as by a crash: it was never answered, and is dropped.`,
      ],
    },
  });
});

void t.test('a journal that is doubtful refuses the start, and everything stays as it is', async (t) => {
  const cases: [name: string, state: string | null, journal: string, why: RegExp][] = [
    ['a broken line', stateAt(0), headLine(0) + 'x\n' + line(1), /^line 2: it is not JSON$/],
    ['a later version', stateAt(0), '{"journal":3,"after":0}\n' + line(1), /^line 1: a newer Shardlight/],
    [
      'a state file that was lost',
      null,
      headLine(3) + line(4),
      /^it goes on from event 3, but there is no state file/,
    ],
    ['a state file that was lost, and no event since', null, headLine(3), /but there is no state file/],
    [
      'an older state file',
      stateAt(2),
      headLine(3),
      /but the state file .* ends at event 2: it is an older one$/,
    ],
  ];
  for (const [name, state, journal, why] of cases) {
    const path = await freshPath(t);
    if (state !== null) await writeFile(path, state);
    await writeFile(`${path}.journal`, journal);
    await chmod(`${path}.journal`, 0o640);
    const files = await readdir(dirname(path));
    const log = await open(t, path);
    t.match(log, { ok: false, file: `the journal ${path}.journal`, why, todo: /move/ }, name);
    t.same(await readdir(dirname(path)), [...files, 'state.json.lock'].sort(), name);
    t.equal(await readFile(`${path}.journal`, 'utf8'), journal, name);
    t.equal((await stat(`${path}.journal`)).mode & 0o777, 0o640, name);
    t.ok(takeLock(path, T0).ok, `${name}: and the lock is free again`);
  }
});

void t.test('a state file that is not ours refuses the start, and the lock is free again', async (t) => {
  const path = await freshPath(t);
  await writeFile(path, '{"version":99}');
  t.match(await open(t, path), {
    ok: false,
    file: `the state file ${path}`,
    why: /version/,
    todo: /restore a backup/,
  });
  const lock = takeLock(path, T0);
  t.ok(lock.ok);
  if (lock.ok) lock.unlock();
});

void t.test('a journal that cannot be read refuses the start', async (t) => {
  const path = await freshPath(t);
  await mkdir(`${path}.journal`);
  t.match(await open(t, path), { ok: false, file: `the journal ${path}.journal`, why: /EISDIR/ });
});
