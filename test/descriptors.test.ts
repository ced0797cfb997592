// Descriptors that run out: who is let go on, what is said, and how it recovers.
import t from 'tap';
import {
  createDescriptorWatch,
  systemDescriptors,
  type DescriptorWatch,
} from '../server/http/descriptors.js';

interface Stage {
  watch: DescriptorWatch;
  /** So many are free, the reserve not counted. */
  free: (count: number) => void;
  pass: (ms: number) => void;
  said: string[];
  done: string[];
  /** Whether it can listen again. */
  mayListen: { now: boolean };
}

function stage(limit = 1_000): Stage {
  let left = 500;
  let taken = 0;
  let at = 0;
  const said: string[] = [];
  const done: string[] = [];
  const mayListen = { now: true };
  const watch = createDescriptorWatch({
    source: {
      limit,
      take: () => {
        if (taken === left) throw new Error('EMFILE');
        return taken++;
      },
      giveBack: () => taken--,
    },
    now: () => at,
    warn: (line) => said.push(line),
    stopListening: () => done.push('stop'),
    listenAgain: () => {
      done.push('listen');
      return mayListen.now ? Promise.resolve() : Promise.reject(new Error('cannot listen'));
    },
  });
  const free = (count: number): void => void (left = taken + count);
  return { watch, free, pass: (ms) => (at += ms), said, done, mayListen };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

void t.test('few left: new viewers are refused, and nobody else', (t) => {
  const { watch, free, pass, said, done } = stage();
  watch.look();
  t.ok(watch.hasRoom());
  free(199);
  pass(5_000);
  watch.look();
  t.notOk(watch.hasRoom());
  t.match(said, [
    /^Fewer than 200 of the 1000 file descriptors of this process are free\. .*Raise the limit/,
  ]);
  free(200);
  pass(5_000);
  watch.look();
  t.ok(watch.hasRoom());
  t.same([said.length, done], [1, []]);
  t.end();
});

void t.test(
  'none left: it gives its reserve to the disk and accepts nobody, until many are free',
  async (t) => {
    const { watch, free, pass, said, done, mayListen } = stage();
    watch.look();
    free(0);
    watch.look();
    t.same(done, ['stop']);
    t.notOk(watch.hasRoom());
    t.match(said, [/^Connections have used up the 1000 file descriptors of this process.*LimitNOFILE/]);
    free(199);
    watch.look();
    t.same(done, ['stop']);
    free(200);
    mayListen.now = false;
    pass(60_000);
    watch.look();
    await settled();
    t.match(said[1], /cannot listen\. It goes on trying/);
    mayListen.now = true;
    watch.look();
    await settled();
    watch.look();
    t.same(done, ['stop', 'listen', 'listen'], 'and then it is over');
  },
);

void t.test(
  'the system says how many there may be, and gives them',
  { skip: process.platform !== 'linux' && 'it looks at /proc' },
  (t) => {
    const source = systemDescriptors();
    t.ok(source.limit! > 0);
    const [one, two] = [source.take(), source.take()];
    t.not(one, two);
    for (const descriptor of [one, two]) source.giveBack(descriptor);
    const again = source.take();
    t.equal(again, one, 'what is given back is free');
    source.giveBack(again);
    t.end();
  },
);
