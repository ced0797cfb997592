// The fleet's table: how it sorts and filters, which rows are drawn, and where keys lead.
import fc from 'fast-check';
import t from 'tap';
import { clusterColumns, columnOf, filtered, nextSort, sorted } from '../../public/operator/columns.js';
import { nextRow, scrollTo, windowOf } from '../../public/operator/windowing.js';
import { inOrder } from '../../public/operator/views/steady.js';
import { clusterOf, withValue } from './clusters.js';

const fleet = [
  clusterOf({ number: 1, values: withValue(0, 0.2), version: '0.4.1', since: null }),
  clusterOf({ number: 2, values: withValue(0, 0.9), status: 'down' }),
  clusterOf({ number: 10, values: withValue(0, NaN), version: '' }),
  clusterOf({ number: 3, values: withValue(0, 0.1), status: 'stopped' }),
];

const order = (column: string, descending: boolean): number[] =>
  sorted(fleet, { column, descending }).map(({ number }) => number);

void t.test('every column sorts both ways, and what is not known stays last', (t) => {
  t.same(order('latency', true), [2, 1, 3, 10]);
  t.same(order('latency', false), [3, 1, 2, 10]);
  t.same(order('number', false), [1, 2, 3, 10]);
  t.same(order('status', false), [2, 3, 1, 10]);
  t.equal(order('version', false).at(-1), 10);
  t.equal(order('since', true).at(-1), 1);
  t.same(
    sorted(fleet, null).map(({ number }) => number),
    [2, 3, 1, 10],
    'the worst first',
  );
  t.same(sorted(fleet, { column: 'nonsense', descending: true }), sorted(fleet, null));
  for (const { key } of clusterColumns) t.equal(order(key, true).length, fleet.length, key);
  t.end();
});

void t.test('filters by every word in number, identity, status, version, bot and notes', (t) => {
  const found = (find: string): number[] => filtered(fleet, find).map(({ number }) => number);
  t.same(found('#1'), [1, 10]);
  t.same(found('  DOWN '), [2]);
  t.same(found('asia-3 stopped'), [3]);
  t.same(found('0.4.1'), [1]);
  t.same(found('nothing like this'), []);
  t.equal(found('').length, 4);
  t.same(filtered([clusterOf({ notes: ['double-claim'] })], 'double').length, 1);
  t.end();
});

void t.test('a click on a head sorts, turns, and ends it', (t) => {
  const latency = columnOf('latency')!;
  const down = nextSort(null, latency);
  const up = nextSort(down, latency);
  t.same(
    [down, up, nextSort(up, latency)],
    [{ column: 'latency', descending: true }, { column: 'latency', descending: false }, null],
  );
  t.same(nextSort(down, columnOf('identity')!), { column: 'identity', descending: false });
  t.end();
});

void t.test('down and stopped clusters have values without grades', (t) => {
  const grade = (status: 'up' | 'down'): unknown =>
    columnOf('latency')!.grade?.(clusterOf({ status, values: withValue(0, 2) }));
  t.same([grade('up'), grade('down')], ['bad', 'neutral']);
  const shards = columnOf('shards')!.grade!;
  t.same(
    [0, 3, 16].map((shardsDown) => shards(clusterOf({ shardsDown }))),
    ['neutral', 'warn', 'bad'],
  );
  t.end();
});

const sight = fc.record({
  scrollTop: fc.integer({ min: -50, max: 300_000 }),
  height: fc.integer({ min: 0, max: 2_000 }),
  rowHeight: fc.constant(36),
  count: fc.integer({ min: 0, max: 5_000 }),
});

void t.test('few rows are drawn, and all that are in sight', (t) => {
  fc.assert(
    fc.property(sight, (where) => {
      const { from, to } = windowOf(where);
      const top = Math.max(0, where.scrollTop);
      const first = Math.floor(top / 36);
      const last = Math.min(where.count, Math.ceil((top + where.height) / 36));
      const isDrawn = first >= where.count || (from <= first && to >= last);
      return from >= 0 && from <= to && to <= where.count && to - from <= where.height / 36 + 20 && isDrawn;
    }),
  );
  t.end();
});

void t.test('a row that is asked for comes into sight', (t) => {
  fc.assert(
    fc.property(sight, fc.nat(4_999), (where, row) => {
      const at = scrollTo(row, { ...where, height: where.height + 36 });
      return row * 36 >= at && row * 36 + 36 <= at + where.height + 36;
    }),
  );
  t.end();
});

void t.test('keys lead to rows that exist', (t) => {
  t.same(
    ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', 'a'].map((key) => nextRow(key, 5, 100, 20)),
    [6, 4, 25, 0, 0, 99, undefined],
  );
  t.equal(nextRow('ArrowDown', 99, 100, 20), 99);
  t.end();
});

void t.test('rows that keep their places: who is gone leaves, who is new stands at the end', (t) => {
  t.same(inOrder(['a', 'b', 'c'], ['c', 'new', 'a']), ['a', 'c', 'new']);
  t.same(inOrder([], ['b', 'a']), ['b', 'a']);
  t.end();
});
