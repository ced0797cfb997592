// The log never waits for its reader: what does not fit is dropped and counted, and said later.
import t from 'tap';
import { createLinesOut, type LinesOut, type Lost, type Outlet } from '../../server/cli/lines-out.js';

interface Stage {
  out: LinesOut;
  /** What was written, in order. */
  text: () => string;
  lost: Lost[];
  /** The next writes take only so many bytes altogether, then fail like this. */
  fail: (code: string, room?: number) => void;
  mend: () => Promise<void>;
}

function stage(maxBytes?: number): Stage {
  let text = '';
  let error: NodeJS.ErrnoException | null = null;
  let room = Infinity;
  let again: () => void = () => undefined;
  const lost: Lost[] = [];
  const outlet: Outlet = {
    write: (bytes) => {
      if (error && room === 0) return Promise.reject(error);
      const taken = Math.min(bytes.length, room);
      room -= taken;
      text += bytes.toString('utf8', 0, taken);
      return Promise.resolve(taken);
    },
  };
  const out = createLinesOut({
    outlet,
    lost: (loss) => {
      lost.push(loss);
      out.say(`${loss.lines} lost`);
    },
    retry: (run) => (again = run),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
  return {
    out,
    text: () => text,
    lost,
    fail: (code, left = 0) => {
      error = Object.assign(new Error(`${code}: as the system says it`), { code });
      room = left;
    },
    mend: async () => {
      error = null;
      room = Infinity;
      again();
      await out.flush(1_000);
    },
  };
}

void t.test('lines come out whole and in order, however little is taken at a time', async (t) => {
  const { out, text, fail, mend } = stage();
  for (const line of ['one', 'two']) out.say(line);
  await out.flush(1_000);
  t.equal(text(), 'one\ntwo\n');
  fail('EAGAIN', 2);
  for (const line of ['three', 'four']) out.say(line);
  await new Promise(setImmediate);
  t.equal(text(), 'one\ntwo\nth');
  await mend();
  t.equal(text(), 'one\ntwo\nthree\nfour\n');
});

void t.test('beyond its bytes it drops and counts, and says so once there is room', async (t) => {
  for (const [code, why] of [
    ['EAGAIN', null],
    ['ENOSPC', 'ENOSPC: as the system says it'],
  ] as const) {
    const { out, text, lost, fail, mend } = stage(1_000);
    fail(code);
    for (let i = 0; i < 1_000; i++) out.say(`line ${String(i).padStart(4, '0')}`); // 10 bytes each
    await new Promise(setImmediate);
    t.equal(out.droppedLines(), 900);
    t.same(lost, []);
    await mend();
    t.same(lost, [{ lines: 900, bytes: 9_000, why }]);
    const lines = text().trimEnd().split('\n');
    t.same([lines.length, lines[0], lines[99], lines[100]], [101, 'line 0000', 'line 0099', '900 lost']);
    out.say('after');
    await out.flush(1_000);
    t.ok(text().endsWith('after\n'));
    t.equal(lost.length, 1, 'once');
  }
});

void t.test('nobody waits for a disk that is full', async (t) => {
  const { out, fail } = stage();
  fail('ENOSPC');
  out.say('a');
  await out.flush(2 ** 31 - 1);
  t.equal(out.droppedLines(), 0, 'it is kept meanwhile');
});
