// The journal on a real disk, and on one that fails: what was answered is in it, and nothing is glued.
import { deepStrictEqual } from 'node:assert/strict';
import { appendFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import type { DurableEvent } from '../../server/core/event.js';
import { JournalFile } from '../../server/log/journal-file.js';
import { eventLine, headLine, readJournalLines } from '../../server/log/journal-lines.js';
import { Journal } from '../../server/log/journal.js';
import { registration, T0 } from '../core/scene.js';
import { holds } from '../holds.js';
import { until } from '../harness.js';
import { freshPath, oddDisk, type OddDisk, olderHead, refusedLine } from './rig.js';

interface Rig {
  journal: Journal;
  file: JournalFile;
  disk: OddDisk;
  path: string;
  failures: string[];
  /** Identities in the order in which they were applied. */
  applied: string[];
  /** Registers that identity; "applied", or why not. */
  register: (identity: string) => Promise<string>;
  /** What another process would read now. */
  held: () => Promise<string[]>;
}

async function rig(t: Test, bytes = 0, sequence = 0, at?: string): Promise<Rig> {
  const path = at ?? (await freshPath(t));
  const disk = oddDisk();
  const file = new JournalFile(disk, path, bytes);
  const failures: string[] = [];
  const applied: string[] = [];
  const failed = (error: Error): void => void failures.push(error.message);
  const journal = new Journal({ file, sequence, synced: () => undefined, failed });
  t.teardown(() => journal.close());
  return {
    journal,
    file,
    disk,
    path,
    failures,
    applied,
    register: (identity) =>
      journal
        .commit(registration(identity, T0), () => void applied.push(identity))
        .then(
          () => 'applied',
          (error: unknown) => (error as Error).message,
        ),
    held: async () => identitiesIn(await readFile(path)),
  };
}

function identitiesIn(text: Buffer): string[] {
  const read = readJournalLines(text);
  if (!read.ok) throw new Error(read.problem);
  return [...read.contents.events.values()].map((event) =>
    event.type === 'register' ? event.identity : '?',
  );
}

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `cluster-${i}`);

void t.test('13: appended, synced, applied, answered, in that order', async (t) => {
  const { register, disk, applied, held } = await rig(t);
  const heldBefore: string[][] = [];
  disk.ready = async () => {
    t.same(applied, [], 'nothing is applied before it is synced');
    heldBefore.push(await held());
  };
  t.equal(await register('a'), 'applied');
  t.same([heldBefore[0], applied], [['a'], ['a']]);
  t.match(disk.done, ['open state.json', 'datasync', /^open shardlight-/, 'sync directory']);
});

void t.test('one sync serves all that wait for it, and they are applied in log order', async (t) => {
  const { register, disk, applied, held } = await rig(t);
  let isInFlight = false;
  let finish: () => void = () => undefined;
  disk.ready = () => {
    isInFlight = true;
    return new Promise((resolve) => (finish = resolve));
  };
  const first = register('first');
  await until(() => isInFlight);
  const others = names(100).map((name) => register(name));
  disk.ready = () => Promise.resolve();
  finish();
  t.same(await Promise.all([first, ...others]), Array(101).fill('applied'));
  t.equal(disk.done.filter((one) => one === 'datasync').length, 2);
  t.same(applied, ['first', ...names(100)]);
  t.same(await held(), applied);
});

void t.test('only its owner may read it', async (t) => {
  const { register, path } = await rig(t);
  await register('a');
  t.equal((await stat(path)).mode & 0o777, 0o600);
});

void t.test(
  'a full disk takes half a line: nothing is applied, and the next line does not glue onto it',
  async (t) => {
    const { register, disk, failures, applied, held, file } = await rig(t);
    await register('a');
    disk.room = 100;
    t.match(await register('b'), /ENOSPC/);
    t.match(await register('c'), /ENOSPC/);
    t.same([applied, failures.length, file.isFailing], [['a'], 2, true]);
    t.same(await held(), ['a'], 'a crash now would find no more');
    disk.room = Infinity;
    t.equal(await register('d'), 'applied');
    t.same([await held(), file.isFailing], [['a', 'd'], false]);
  },
);

void t.test('after a failed sync the descriptor is not trusted: the file is opened anew', async (t) => {
  const { register, disk, applied, held } = await rig(t);
  await register('a');
  disk.losesSyncs = true;
  t.match(await Promise.all(names(5).map((name) => register(name))), Array(5).fill(/EIO/));
  disk.losesSyncs = false;
  disk.done = [];
  t.equal(await register('c'), 'applied');
  t.same(disk.done, ['open state.json', 'datasync']);
  t.same(applied, ['a', 'c']);
  t.same(
    await held(),
    ['a', 'c'],
    'and of the lines that were not synced nothing is left behind the next one',
  );
});

void t.test('while its name is not on disk nothing is answered', async (t) => {
  const { register, disk, applied } = await rig(t);
  disk.losesNames = true;
  t.match(await register('a'), /EIO/);
  disk.losesNames = false;
  t.equal(await register('b'), 'applied');
  t.same(applied, ['b']);
});

void t.test('a cut finds out whether the disk works again, though there is nothing to cut', async (t) => {
  const { journal, register, disk, file } = await rig(t);
  disk.losesSyncs = true;
  t.match(await register('a'), /EIO/);
  await t.rejects(journal.cut(journal.mark));
  t.ok(file.isFailing);
  disk.losesSyncs = false;
  await journal.cut(journal.mark);
  t.notOk(file.isFailing);
  t.equal(await register('b'), 'applied');
});

void t.test('cut, it keeps what came after, and goes on', async (t) => {
  const { journal, register, path, held } = await rig(t);
  await Promise.all([register('a'), register('b')]);
  const { mark } = journal;
  await register('c');
  await journal.cut(mark);
  t.same(await held(), ['c']);
  t.match(await readFile(path, 'utf8'), headLine(2));
  await register('d');
  t.same(await held(), ['c', 'd']);
  t.equal((await stat(path)).mode & 0o777, 0o600);
  t.same(await readdir(dirname(path)), ['state.json']);
  await journal.cut(journal.mark);
  t.equal(await readFile(path, 'utf8'), headLine(4));
});

void t.test('what nobody wrote to is not cut', async (t) => {
  const { journal, disk, register } = await rig(t);
  await journal.cut(journal.mark);
  t.same(disk.done, []);
  await register('a');
  await journal.cut(journal.mark);
  disk.done = [];
  await journal.cut(journal.mark);
  t.same(disk.done, []);
});

void t.test('a cut that fails leaves a whole journal, and a later one mends it', async (t) => {
  for (const trouble of ['room', 'losesSyncs', 'losesNames'] as const) {
    const { journal, disk, register, held, file } = await rig(t);
    await register('a');
    const { mark } = journal;
    await register('b');
    Object.assign(disk, { [trouble]: trouble === 'room' ? 10 : true });
    await t.rejects(journal.cut(mark), trouble);
    t.same([await held(), file.isFailing], [['a', 'b'], true], trouble);
    Object.assign(disk, { room: Infinity, losesSyncs: false, losesNames: false });
    await journal.cut(mark);
    await register('c');
    t.same([await held(), file.isFailing], [['b', 'c'], false], trouble);
  }
});

void t.test(
  'a cut whose name may be lost is a failure, and nothing is answered until the name is safe',
  async (t) => {
    const { journal, disk, register, held } = await rig(t);
    await register('a');
    const rename = disk.rename;
    disk.rename = async (from, to) => {
      await rename(from, to);
      disk.losesNames = true;
    };
    await t.rejects(journal.cut(journal.mark), /EIO/);
    t.match(await register('b'), /EIO/);
    disk.losesNames = false;
    disk.rename = rename;
    t.equal(await register('c'), 'applied');
    t.same(await held(), ['c']);
    await journal.cut(journal.mark);
    t.same(await held(), []);
  },
);

void t.test('after a crash in the middle of a line the next one does not glue onto it', async (t) => {
  const path = await freshPath(t);
  const whole = headLine(0) + eventLine(1, registration('a', T0));
  await writeFile(path, whole);
  const long = registration('b'.repeat(1_000), T0); // so that something of it is left behind the next line
  await appendFile(path, eventLine(2, long).slice(0, -2));
  const { register, held } = await rig(t, whole.length, 1, path);
  await register('c');
  t.same(await held(), ['a', 'c']);
});

void t.test('a journal that somebody shortened is not written to', async (t) => {
  const { register, path, journal } = await rig(t);
  await register('a');
  await journal.close();
  await writeFile(path, '');
  t.match(await register('b'), /shorter than the \d+ bytes/);
});

void t.test('a disk that hangs piles up no more than so much', async (t) => {
  const { register, disk } = await rig(t);
  let finish: () => void = () => undefined;
  const hung = new Promise<void>((resolve) => (finish = resolve));
  disk.ready = () => hung;
  const answers = Array.from({ length: 10_100 }, (_, i) => register(`${i}`));
  t.match(await answers.at(-1), /10000 events wait/);
  finish();
  t.equal((await Promise.all(answers)).filter((one) => one === 'applied').length, 10_000);
});

const events: DurableEvent[] = [
  registration('a', T0, {
    fleet: 'ü "\n\u2028\ud800',
    bot: 'main',
    shardCount: 4,
    host: 'h',
    scrapeTarget: '',
  }),
  { type: 'prune', at: T0 + 1, identities: ['a', 'b'] },
  { type: 'release', at: T0 + 2, identity: 'a' },
];

void t.test('every durable event is read as it was written', (t) => {
  const text = olderHead(7) + events.map((event, i) => eventLine(8 + i, event)).join('') + refusedLine(9);
  const read = readJournalLines(Buffer.from(text));
  t.match(read, {
    ok: true,
    contents: { after: 7, sequence: 10, bytes: Buffer.byteLength(text), torn: null },
  });
  t.same(read.ok && [...read.contents.events], [
    [8, events[0]],
    [10, events[2]],
  ]);
  t.end();
});

void t.test('cut off anywhere, all whole lines are read, and no more', (t) => {
  const lines = [olderHead(0), ...events.map((event, i) => eventLine(i + 1, event)), refusedLine(2)];
  const text = Buffer.from(lines.join(''));
  const check = (length: number): void => {
    const read = readJournalLines(text.subarray(0, length));
    let whole = 0;
    let bytes = 0;
    for (const line of lines) {
      if (bytes + Buffer.byteLength(line) > length) break;
      bytes += Buffer.byteLength(line);
      whole++;
    }
    deepStrictEqual(read.ok && [read.contents.bytes, read.contents.torn], [
      bytes,
      bytes < length ? whole + 1 : null,
    ]);
  };
  holds(t, fc.property(fc.nat(text.length), check));
  t.end();
});

/** Lines as they were before there were checksums. */
const plain = (text: string): string => text.replaceAll(/,"crc":"[\da-f]{8}"\}$/gm, '}');

void t.test('a journal written before there were checksums is read, and goes on with them', (t) => {
  const [one, two] = events.map((event, i) => eventLine(i + 1, event)) as [string, string];
  t.notMatch(plain(headLine(0) + one), /crc/);
  for (const text of [plain(headLine(0) + one + two), plain(headLine(0) + one) + two]) {
    const read = readJournalLines(Buffer.from(text));
    t.match(read, { ok: true, contents: { sequence: 2, torn: null, bytes: Buffer.byteLength(text) } });
    t.same(read.ok && [...read.contents.events.values()], events.slice(0, 2));
  }
  t.end();
});

void t.test('a line in the middle that is not whole makes all of it doubtful', (t) => {
  const [one, two, three] = events.map((event, i) => eventLine(i + 1, event)) as [string, string, string];
  const cases: [name: string, text: string | Buffer, problem: RegExp][] = [
    ['half a line', headLine(0) + one.slice(0, 40) + '\n' + two, /^line 2: it is not JSON/],
    ['zeros', headLine(0) + '\0'.repeat(80) + '\n' + two, /^line 2: it is not JSON/],
    ['an empty line', headLine(0) + '\n' + one, /^line 2: it is not JSON/],
    [
      'no UTF-8',
      Buffer.concat([Buffer.from(headLine(0)), Buffer.from([0x22, 0xff, 0x22, 10]), Buffer.from(one)]),
      /^line 2/,
    ],
    ['a missing line', headLine(0) + one + three + two, /^line 3: event 3 follows event 1: some are missing/],
    ['the same line twice', headLine(0) + one + one + two, /^line 3: event 1 follows event 1/],
    [
      'another event',
      headLine(0) + plain(one).replace('register', 'retire') + two,
      /^line 2: it is no event/,
    ],
    ['a damaged line', headLine(0) + one.replace('register', 'regisTer') + two, /^line 2: .*checksum/],
    ['a damaged last line', headLine(0) + one + two.replace('"b"', '"c"'), /^line 3: .*checksum/],
    ['a damaged last end of line', headLine(0) + one.replace('\n', '\v'), /^line 2: its end was damaged/],
    ['a last line of zeros', headLine(0) + one + '\0\0\n', /^line 3: it is not JSON/],
    ['a last line that is no event', headLine(0) + one + '{"sequence":2}\n', /^line 3: it is no event/],
    ['no head', one + two + three, /^line 1: it is no head/],
    [
      'another version',
      plain(headLine(0)).replace('2', '9') + one,
      /^line 1: a newer Shardlight wrote it .journal version 9; this one reads up to 2/,
    ],
    ['a refusal of nothing', olderHead(0) + refusedLine(4) + one, /^line 2: it refuses what is not there/],
  ];
  for (const [name, text, problem] of cases) {
    const read = readJournalLines(Buffer.from(text));
    t.match(read, { ok: false, problem }, name);
  }
  t.end();
});

void t.test('whatever does not end was cut off, and nothing at all is a journal without events', (t) => {
  const whole = headLine(0) + eventLine(1, events[0]!);
  for (const tail of ['\0\0\0', '{"sequence":2,"ev', '{"sequence":2}', '{'])
    t.match(readJournalLines(Buffer.from(whole + tail)), {
      ok: true,
      contents: { sequence: 1, bytes: Buffer.byteLength(whole), torn: 3 },
    });
  t.match(readJournalLines(Buffer.alloc(0)), { ok: true, contents: { sequence: 0, bytes: 0, torn: null } });
  t.end();
});
