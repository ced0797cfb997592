// How often identities may beat, and how seldom anybody is asked where they beat from.
import t from 'tap';
import fc from 'fast-check';
import { createLimiter } from '../../server/http/limiter.js';
import { createBeatRate } from '../../server/ingest/beat-rate.js';

const BURST = 60;
const known = new Set(['asia-0', 'asia-1']);

/** Counts how often it was asked for its household. */
class Caller {
  asked = 0;
  readonly #name: string;
  constructor(name: string) {
    this.#name = name;
  }
  get household(): string {
    this.asked++;
    return this.#name;
  }
}

const createRate = (burst = BURST) => createBeatRate(createLimiter(burst), (identity) => known.has(identity));

void t.test('beats of one identity from one household: so many at once, as many a minute', (t) => {
  const take = createRate();
  const home = new Caller('10.0.0.1');
  for (let i = 0; i < BURST; i++) t.equal(take('asia-0', home, 0), 0, `beat ${i}`);
  t.equal(take('asia-0', home, 0), 1);
  t.equal(take('asia-0', home, 999), 1);
  t.equal(take('asia-0', home, 1_000), 0);
  t.equal(take('asia-0', new Caller('10.0.0.2'), 1_000), 0, 'another household has its own');
  t.equal(take('asia-1', home, 1_000), 0, 'and so has another identity');
  t.end();
});

void t.test('nobody is asked again within a second, and then once', (t) => {
  const take = createRate();
  const home = new Caller('10.0.0.1');
  for (const at of [0, 1, 500, 999]) take('asia-0', home, at);
  t.equal(home.asked, 1);
  take('asia-0', home, 1_000);
  take('asia-0', home, 1_999);
  t.equal(home.asked, 2);
  t.end();
});

void t.test('somebody else with the identity can use up half of what a member may send, not all', (t) => {
  const take = createRate();
  const home = new Caller('10.0.0.1');
  const stranger = new Caller('10.0.0.9');
  take('asia-0', home, 0);
  let taken = 0;
  while (take('asia-0', stranger, 1) === 0) taken++;
  t.ok(taken <= BURST * 1.5, `${taken} beats`);
  for (let i = 0; i < BURST / 2 - 1; i++) t.equal(take('asia-0', home, 2), 0, `its own beat ${i}`);
  t.end();
});

void t.test('unknown identities share what their household may send, and are always asked', (t) => {
  const take = createRate();
  const home = new Caller('10.0.0.1');
  for (let i = 0; i < BURST; i++) t.equal(take(`nobody-${i}`, home, 0), 0);
  t.equal(take('nobody', home, 0), 1);
  t.equal(home.asked, BURST + 1);
  t.end();
});

void t.test('all households together never get more than each its own', (t) => {
  const step = fc.record({ from: fc.integer({ min: 0, max: 3 }), afterMs: fc.integer({ min: 0, max: 400 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), fc.integer({ min: 2, max: 20 }), (steps, burst) => {
      const take = createRate(burst);
      const callers = [0, 1, 2, 3].map((i) => new Caller(`10.0.0.${i}`));
      let now = 0;
      let granted = 0;
      for (const { from, afterMs } of steps) {
        now += afterMs;
        if (take('asia-0', callers[from]!, now) === 0) granted++;
      }
      const households = new Set(steps.map(({ from }) => from)).size;
      return granted <= households * (burst + (now * burst) / 60_000) + 1e-6;
    }),
  );
  t.end();
});
