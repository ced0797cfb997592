// Token buckets: so many at once, as many a minute, a bounded number of keys.
import fc from 'fast-check';
import t from 'tap';
import { createLimiter } from '../../server/http/limiter.js';
import { holds } from '../holds.js';

void t.test('so many at once, then one for each share of a minute', (t) => {
  const { take } = createLimiter(60);
  for (let i = 0; i < 60; i++) t.equal(take('a', 0), 0);
  t.equal(take('a', 0), 1, 'the next in a second');
  t.equal(take('a', 999), 1);
  t.equal(take('a', 1_000), 0);
  t.equal(take('a', 1_000), 1);
  t.equal(take('b', 1_000), 0, 'others have buckets of their own');
  for (let i = 0; i < 60; i++) t.equal(take('a', 3_600_000), 0, 'full again, and no fuller');
  t.equal(take('a', 3_600_000), 1);
  t.end();
});

void t.test('what it says to wait is enough, and no second too long', (t) => {
  holds(
    t,
    fc.property(fc.integer({ min: 1, max: 1_000 }), fc.nat(120_000), (burst, pause) => {
      const { take } = createLimiter(burst);
      let wait = 0;
      let taken = 0;
      while (wait === 0) if ((wait = take('a', 0)) === 0) taken++;
      const early = createLimiter(burst);
      for (let i = 0; i < burst; i++) early.take('a', 0);
      const isTooEarly = early.take('a', (wait - 1) * 1_000 - 1) > 0;
      return taken === burst && isTooEarly && take('a', wait * 1_000) === 0 && take('b', pause) === 0;
    }),
  );
  t.end();
});

void t.test('a clock that goes back gives nothing', (t) => {
  const { take } = createLimiter(1);
  t.equal(take('a', 60_000), 0);
  t.ok(take('a', 0) > 0);
  t.ok(take('a', 59_000) > 0, 'one token in 60 s from when it was last asked');
  t.end();
});

void t.test('keys are bounded: those unused for longest are forgotten, those in use never', (t) => {
  const { take } = createLimiter(1, 100);
  t.equal(take('busy', 0), 0);
  t.equal(take('idle', 0), 0);
  for (let i = 0; i < 1_000; i++) {
    t.equal(take(`${i}`, 0), 0);
    if (take('busy', 0) === 0) t.fail('a key in use was forgotten');
  }
  t.equal(take('idle', 0), 0, 'forgotten, and so full');
  t.end();
});
