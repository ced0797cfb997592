// Rounds and turns: when they begin, how that is said, and that nobody is passed over.
import t from 'tap';
import { lastTurnMs, roundAt, whenOf } from '../../scripts/demo/rhythm.js';

const rhythm = { firstAtMs: 20_000, everyMs: 240_000 };

void t.test('a round begins at its time, and over and over', (t) => {
  t.equal(roundAt(rhythm, 19_999), undefined);
  t.same(roundAt(rhythm, 20_000), { round: 0, intoMs: 0 });
  t.same(roundAt(rhythm, 500_001), { round: 2, intoMs: 1 });
  t.equal(whenOf(rhythm, 50_000), '0:20, every 4:00');
  t.equal(whenOf({ firstAtMs: 65_000, everyMs: 97_500 }, 97_500), 'from 1:05 on');
  t.end();
});

void t.test('turns go in order; who had none in a round has one in the next', (t) => {
  const turns = { ...rhythm, turnsPerRound: 2, turnMs: 1_000 };
  const last = (index: number, atMs: number): number | undefined => lastTurnMs(turns, index, 3, atMs);
  t.same(
    [0, 1, 2].map((index) => last(index, 19_999)),
    [undefined, undefined, undefined],
  );
  t.same(
    [0, 1, 2].map((index) => last(index, 21_500)),
    [20_000, 21_000, undefined],
  );
  t.same(
    [0, 1, 2].map((index) => last(index, 259_999)),
    [20_000, 21_000, undefined],
    'a pause',
  );
  t.same(
    [0, 1, 2].map((index) => last(index, 260_000)),
    [20_000, 21_000, 260_000],
  );
  t.same(
    [0, 1, 2].map((index) => last(index, 261_000)),
    [261_000, 21_000, 260_000],
  );
  t.end();
});
