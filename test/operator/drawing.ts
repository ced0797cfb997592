// What is drawn: axes that can be read, lines, sparklines, and the strips of shards.
import fc from 'fast-check';
import t from 'tap';
import { axisFor } from '../../public/operator/axis.js';
import { linePath, nearest, scaleOf, sparkPath } from '../../public/operator/scale.js';
import { groupsOf, layoutOf, runsOf, shardAt, stripText } from '../../public/operator/strip.js';

void t.test('axes count in numbers that people count in, in one unit', (t) => {
  t.same(axisFor('count', 0, 16, true).labels, ['0', '10', '20']);
  t.same(axisFor('count', 16_531, 16_546, false).labels, ['16,530', '16,535', '16,540', '16,545', '16,550']);
  t.same(axisFor('count', 1_204_000, 1_204_000, false).labels, ['0', '0.5M', '1.0M', '1.5M']);
  t.same(axisFor('seconds', 0.04, 0.35, true).labels, ['0', '200 ms', '400 ms']);
  t.same(axisFor('seconds', 0, 20 * 3_600, true).labels, ['0', '10 h', '20 h']);
  t.same(axisFor('ratio', 0.001, 0.022, true).labels, ['0', '1 %', '2 %', '3 %']);
  t.same(axisFor('per_second', 0, 0, true).labels, ['0', '0.5/s']);
  t.end();
});

const value = fc.double({ min: 0, max: 1e9, noNaN: true });

void t.test('every value is between the ends of its axis, and no two labels are the same', (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom('count', 'seconds', 'ratio', 'per_second' as const),
      value,
      value,
      fc.boolean(),
      (unit, a, b, zero) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        const { steps, labels } = axisFor(unit, low, high, zero);
        const isInside = steps[0]! <= low * (1 + 1e-9) + 1e-12 && steps.at(-1)! >= high * (1 - 1e-9);
        const isSteep = high > 1 && high - low > high / 1_000;
        return (
          isInside &&
          steps.length >= 2 &&
          steps.length <= 6 &&
          (!isSteep || new Set(labels).size === labels.length)
        );
      },
    ),
  );
  t.end();
});

const BOX = { left: 0, right: 100, top: 0, bottom: 10 };

void t.test('a line breaks where a value is missing, and the nearest point is found', (t) => {
  const points = [0, 1, NaN, 2, 0].map((value, i) => ({ at: i * 1_000, value }));
  const scale = scaleOf(points, BOX, 'count', true);
  t.equal(linePath(points, scale), 'M0 10L25 5M75 0L100 10');
  t.same(
    [-5, 13, 60, 500].map((place) => nearest(points, scale, place)),
    [0, 1, 2, 4],
  );
  t.end();
});

void t.test('a sparkline takes its box, and a single point is none', (t) => {
  t.equal(sparkPath('0z', 10, 4), 'M0 4L10 0');
  t.equal(sparkPath('a', 10, 4), '');
  t.equal(sparkPath('', 10, 4), '');
  t.end();
});

void t.test('strips are low for any number of shards, and every place is one shard', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 16_384 }), fc.integer({ min: 320, max: 2_000 }), (count, width) => {
      const layout = layoutOf(count, width);
      const { cell, columns, height } = layout;
      const last = count - 1;
      const x = (last % columns) * cell;
      const y = Math.floor(last / columns) * cell;
      const isFound = shardAt(layout, count, x, y) === last && shardAt(layout, count, 0, 0) === 0;
      const mostHigh = Math.max(80, (Math.ceil(count / (Math.floor(width / 32) * 16)) + 1) * 3);
      return isFound && layout.width <= width && height <= mostHigh && columns % 16 === 0;
    }),
  );
  t.equal(shardAt(layoutOf(10, 400), 10, 399, 0), undefined);
  t.equal(shardAt(layoutOf(10, 400), 10, -1, 0), undefined);
  t.end();
});

void t.test('squares are as large in all strips, as the largest bot has room for', (t) => {
  t.match(layoutOf(240, 719), { columns: 48, rows: 5, cell: 14.875 });
  t.match(layoutOf(16, 719, 240), { columns: 48, rows: 1, cell: 14.875 });
  t.match(layoutOf(240, 328), { columns: 48, rows: 5, cell: 6.75 });
  t.match(layoutOf(16, 719), { columns: 16, rows: 1, cell: 16 });
  t.end();
});

void t.test('neighbours of one state are one rectangle, within their row', (t) => {
  t.same(
    [...runsOf('33322', 4)],
    [
      { state: 3, row: 0, column: 0, length: 3 },
      { state: 2, row: 0, column: 3, length: 1 },
      { state: 2, row: 1, column: 0, length: 1 },
    ],
  );
  fc.assert(
    fc.property(fc.stringMatching(/^[0-6]{0,200}$/), fc.integer({ min: 1, max: 40 }), (states, columns) => {
      const drawn = [...runsOf(states, columns)]
        .map(({ state, length }) => `${state}`.repeat(length))
        .join('');
      return drawn === states;
    }),
  );
  t.end();
});

void t.test('the picture is said in words, what does not work first', (t) => {
  t.equal(stripText('3333'), '4 online');
  t.equal(stripText('33122413'), '3 online, 2 offline (3–4), 2 not responding (2, 6), 1 starting (5)');
  t.same(groupsOf('').length, 0);
  t.end();
});
