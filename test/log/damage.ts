// Damage on disk: whichever single bit flips, the start notices it, or it changes nothing.
import { deepStrictEqual, equal, match } from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import t from 'tap';
import fc from 'fast-check';
import type { DurableEvent } from '../../server/core/event.js';
import { record } from '../../server/core/recording.js';
import { crc32 as ours } from '../../server/log/checksum.js';
import { eventLine, headLine, readJournalLines } from '../../server/log/journal-lines.js';
import { openLog } from '../../server/log/open.js';
import { readStateBytes, writeState } from '../../server/log/state-file.js';
import { learning, registration, Scene, T0 } from '../core/scene.js';
import { holds } from '../holds.js';
import { freshPath, olderHead, reading, refusedLine } from './rig.js';

const events: DurableEvent[] = [
  registration('asia-0', T0, { fleet: 'asia', bot: 'main', leaseHash: 'f00d' }),
  { type: 'prune', at: T0, identities: ['asia-1'] },
  registration('Грета', T0 + 1, { fleet: 'eu', shardCount: 16 }),
  { type: 'set-bot', at: T0, bot: 'main', name: 'Main', shardCount: 16 },
];

/** Calls `check` with the bytes once for each bit, that one flipped. How often it said that the flip was noticed. */
function flipEach(bytes: Buffer, check: (flipped: Buffer, bit: number) => boolean): number {
  let noticed = 0;
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    if (check(bytes, bit)) noticed++;
    bytes[bit >> 3]! ^= 1 << (bit & 7);
  }
  return noticed;
}

void t.test('the checksum is the one that everybody calls CRC-32', (t) => {
  t.equal(ours(Buffer.from('123456789')), 0xcbf43926);
  if (typeof crc32 === 'function')
    holds(
      t,
      fc.property(fc.uint8Array(), (bytes) => equal(ours(bytes), crc32(bytes))),
    );
  t.end();
});

void t.test('any bit of a journal', (t) => {
  const bytes = Buffer.from(
    olderHead(7) + events.map((event, i) => eventLine(8 + i, event)).join('') + refusedLine(8),
  );
  const whole = readJournalLines(Buffer.from(bytes));
  const noticed = flipEach(bytes, (flipped, bit) => {
    const read = readJournalLines(flipped);
    if (read.ok) deepStrictEqual(read, whole, `bit ${bit}`);
    else match(read.problem, /^line \d: /);
    return !read.ok;
  });
  t.ok(noticed > bytes.length * 7, `${noticed} of ${bytes.length * 8}, the others in the names of checksums`);
  t.end();
});

function someScene(): Scene {
  const scene = new Scene(learning());
  scene.batch({ 0: 'online', 1: 'offline' }, { bot: 'demo' });
  scene.register('asia-0', { fleet: 'asia', bot: 'main' });
  scene.beat('asia-0', { 0: 'online', 1: 'resuming' });
  return scene;
}

void t.test('any bit of a state file', async (t) => {
  const path = await freshPath(t);
  const scene = someScene();
  await writeState(path, record(scene.world, scene.at, 0).pieces, false);
  const bytes = await readFile(path);
  const whole = readStateBytes(Buffer.from(bytes), 'discord');
  t.ok(whole.ok && whole.state && !whole.state.imported);
  const noticed = flipEach(bytes, (flipped, bit) => {
    const read = readStateBytes(flipped, 'discord');
    if (read.ok) deepStrictEqual(read, whole, `bit ${bit}`);
    return !read.ok;
  });
  t.ok(noticed > bytes.length * 7, `${noticed} of ${bytes.length * 8}`);
});

void t.test('a damaged file refuses the start, stays as it is, and the words say what to do', async (t) => {
  for (const [suffix, file] of [
    ['', 'state file'],
    ['.journal', 'journal'],
  ] as const) {
    const path = await freshPath(t);
    const scene = someScene();
    await writeState(path, record(scene.world, scene.at, 7).pieces, false);
    await writeFile(`${path}.journal`, headLine(7) + eventLine(8, events[0]!));
    const damaged = await readFile(path + suffix);
    damaged[damaged.indexOf('asia')]! ^= 1;
    await writeFile(path + suffix, damaged);
    const log = await openLog(path, reading, T0);
    t.match(log, {
      ok: false,
      file: `the ${file} ${path}${suffix}`,
      why: /not as it was written .*: the disk damaged it/,
      todo: /restore a backup/,
    });
    t.same(await readFile(path + suffix), damaged);
  }
});
