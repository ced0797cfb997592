// When the state is saved: every few seconds while something changes, again after a failure, once more at the end.
import t from 'tap';
import { createSaver, type Saver } from '../../server/log/saver.js';

interface Disk {
  saver: Saver;
  /** inSlices of each save, in order. */
  saves: boolean[];
  /** How long until the next save, for those planned. */
  planned: number[];
  isFull: boolean;
  /** Five seconds pass. */
  later: () => Promise<void>;
}

function disk(): Disk {
  const due: (() => void)[] = [];
  const it: Disk = {
    saves: [],
    planned: [],
    isFull: false,
    later: async () => {
      for (const run of due.splice(0)) run();
      await new Promise((resolve) => setImmediate(resolve));
    },
    saver: createSaver({
      save: async (inSlices) => {
        it.saves.push(inSlices);
        await Promise.resolve();
        if (it.isFull) throw new Error('disk full');
      },
      everyMs: 5_000,
      schedule: (delayMs, run) => {
        it.planned.push(delayMs);
        due.push(run);
      },
    }),
  };
  return it;
}

void t.test('many changes are one save, some seconds later, in slices', async (t) => {
  const { saver, saves, planned, later } = disk();
  for (let i = 0; i < 100; i++) saver.note();
  t.same([saves, planned], [[], [5_000]]);
  await later();
  t.same(saves, [true]);
  await later();
  t.same(saves, [true], 'nothing new, nothing saved');
  saver.note();
  await later();
  t.same(saves, [true, true]);
});

void t.test('what changes during a save is in the next one', async (t) => {
  const { saver, saves, later } = disk();
  saver.note();
  const saving = later();
  saver.note();
  await saving;
  await later();
  t.same(saves, [true, true]);
});

void t.test('what failed is tried again without news, until it works', async (t) => {
  const it = disk();
  it.isFull = true;
  it.saver.note();
  for (let i = 0; i < 3; i++) await it.later();
  t.equal(it.saves.length, 3);
  it.isFull = false;
  await it.later();
  t.equal(it.saves.length, 4);
  await it.later();
  t.equal(it.saves.length, 4);
});

void t.test('a full disk never delays a beat: noting a change neither waits nor throws', async (t) => {
  const it = disk();
  it.isFull = true;
  it.saver.note();
  await it.later();
  t.doesNotThrow(() => {
    t.equal(it.saver.note(), undefined);
  });
});

void t.test('at the end it saves once more, at once and in one go', async (t) => {
  const { saver, saves, later } = disk();
  saver.note();
  await saver.finish();
  t.same(saves, [false]);
  await later();
  t.same(saves, [false], 'and what was planned does not come after it');
});

void t.test('at the end it waits for the save that is under way, so that the last one wins', async (t) => {
  const seen: string[] = [];
  let synced: () => void = () => undefined;
  let run: () => void = () => undefined;
  const saver = createSaver({
    save: async (inSlices) => {
      seen.push(inSlices ? 'in slices' : 'the last');
      if (inSlices) await new Promise<void>((resolve) => (synced = resolve));
      seen.push('done');
    },
    everyMs: 5_000,
    schedule: (_, later) => (run = later),
  });
  saver.note();
  run();
  const finished = saver.finish();
  await new Promise((resolve) => setImmediate(resolve));
  synced();
  await finished;
  t.same(seen, ['in slices', 'done', 'the last', 'done']);
});

void t.test('at the end it says when the last save fails', async (t) => {
  const it = disk();
  it.isFull = true;
  await t.rejects(it.saver.finish(), { message: 'disk full' });
});

void t.test('asked for out of turn it saves at once, or right after the one that is under way', async (t) => {
  const { saver, saves } = disk();
  await saver.saveNow();
  t.same(saves, [true]);
  await Promise.all([saver.saveNow(), saver.saveNow()]);
  t.same(saves, [true, true, true]);
});
