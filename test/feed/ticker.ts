// When patches go out, and which of them are kept: RULES 16 and the ring.
import t from 'tap';
import { createRing } from '../../server/feed/ring.js';
import { createTicker } from '../../server/feed/ticker.js';

/** A ticker on fake time, and when it flushed. */
function pacer(
  viewers: number,
  pieces = 1,
): {
  flushes: number[];
  noteAt: (at: number) => void;
  runTo: (at: number) => void;
} {
  let now = 0;
  let due: { at: number; run: () => void } | undefined;
  const flushes: number[] = [];
  const schedule = (delayMs: number, run: () => void): void => void (due = { at: now + delayMs, run });
  const ticker = createTicker(
    () => (flushes.push(now), pieces),
    () => viewers,
    () => now,
    schedule,
  );
  const runTo = (at: number): void => {
    while (due && due.at <= at) {
      now = due.at;
      const { run } = due;
      due = undefined;
      run();
    }
    now = at;
  };
  const noteAt = (at: number): void => {
    runTo(at);
    ticker.note();
  };
  return { flushes, noteAt, runTo };
}

void t.test('16: the first change after quiet goes out at once', (t) => {
  const { flushes, noteAt, runTo } = pacer(1);
  noteAt(1_000);
  runTo(1_000);
  t.same(flushes, [1_000]);
  noteAt(1_100);
  runTo(1_100);
  t.same(flushes, [1_000, 1_100], 'a tick later is quiet enough');
  t.end();
});

void t.test('16: then at most every 100 ms', (t) => {
  const { flushes, noteAt, runTo } = pacer(1);
  for (let at = 1_000; at < 1_500; at += 10) noteAt(at);
  runTo(2_000);
  t.same(flushes, [1_000, 1_100, 1_200, 1_300, 1_400, 1_500]);
  t.end();
});

void t.test('16: then at most every viewers × 29 µs', (t) => {
  const { flushes, noteAt, runTo } = pacer(10_000);
  for (let at = 1_000; at < 1_500; at += 10) noteAt(at);
  runTo(2_000);
  t.same(flushes, [1_000, 1_290, 1_580]);
  t.end();
});

void t.test('41: and what was said in pieces counts for each of them', (t) => {
  const { flushes, noteAt, runTo } = pacer(1_000, 10);
  for (let at = 1_000; at < 1_500; at += 10) noteAt(at);
  runTo(2_000);
  t.same(flushes, [1_000, 1_290, 1_580]);
  t.end();
});

void t.test('16: nothing goes out when nothing changes', (t) => {
  const { flushes, runTo } = pacer(1);
  runTo(10_000);
  t.same(flushes, []);
  t.end();
});

void t.test('the ring gives the patches after a version, or says that some are gone', (t) => {
  const ring = createRing(1);
  t.same(ring.since(1), [], 'before the first patch too');
  for (let version = 2; version <= 5; version++) ring.add(version, `p${version}`);
  t.same(ring.since(5), []);
  t.same(ring.since(3), ['p4', 'p5']);
  t.same(ring.since(1), ['p2', 'p3', 'p4', 'p5']);
  for (const version of [0, 6, -1, NaN, Infinity]) t.equal(ring.since(version), undefined, `${version}`);
  t.end();
});

void t.test('the ring keeps 1,024 patches', (t) => {
  const ring = createRing(1);
  for (let version = 2; version <= 1_100; version++) ring.add(version, 'x');
  t.equal(ring.since(1_100 - 1_024)?.length, 1_024);
  t.equal(ring.since(1_100 - 1_025), undefined);
  t.end();
});

void t.test('the ring keeps a million characters', (t) => {
  const ring = createRing(1);
  for (let version = 2; version <= 6; version++) ring.add(version, 'x'.repeat(300_000));
  t.equal(ring.since(3)?.length, 3);
  t.equal(ring.since(2), undefined);
  ring.add(7, 'x'.repeat(2_000_000));
  t.equal(ring.since(6), undefined, 'a patch larger than all of it is not kept');
  t.same(ring.since(7), []);
  t.end();
});
