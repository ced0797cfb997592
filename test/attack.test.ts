// `npm run attack`: every attack is in its table, and what it may not do is told.
import { readdirSync } from 'node:fs';
import t from 'tap';
import { ATTACKS } from '../scripts/attack/attacks.js';
import { faultsOf, MOST_GROWN_BYTES, tableOf, type Result } from '../scripts/attack/result.js';

void t.test('each file of attacks/ is a row, and no two have one name', (t) => {
  t.equal(ATTACKS.length, readdirSync('scripts/attack/attacks').length);
  t.equal(new Set(ATTACKS.map(({ name }) => name)).size, ATTACKS.length);
  t.end();
});

const quiet: Result = {
  name: 'an attack',
  sent: 1_000,
  before: { healthMs: [2, 3], pageMs: [5], failed: 0 },
  during: { healthMs: [4, 5], pageMs: [49], failed: 0 },
  longestStallMs: 8,
  cpuShare: 0.25,
  grownBytes: MOST_GROWN_BYTES,
  line: '2026-11-27T00:00:00.000Z WARN it was refused | so',
  isNamed: true,
  broken: null,
};

void t.test('what an attack may do, and what not', (t) => {
  t.same(faultsOf(quiet), []);
  const slow = { healthMs: [5, 51], pageMs: [51], failed: 2 };
  t.same(
    faultsOf({ ...quiet, during: slow, grownBytes: MOST_GROWN_BYTES + 1, isNamed: false, broken: 'all' }),
    [
      '/healthz took more than 50 ms',
      '/ took more than 50 ms',
      '2 requests of the visitor were not answered with 200',
      'memory grew by more than 32 MB',
      'no line of the log names it',
      'no longer so: all',
    ],
  );
  const slowBefore = { healthMs: [30], pageMs: [90], failed: 0 };
  t.same(faultsOf({ ...quiet, before: slowBefore, during: { ...slow, failed: 0 } }), []);
  t.end();
});

void t.test('the table has a row for each, and no cell is torn', (t) => {
  const [head = '', , aims, row = '', ...others] = tableOf([quiet]).split('\n');
  t.match(aims, '+32 MB');
  t.match(
    row,
    /^\| an attack \| 1,000 \| 5\.0 ms \(3\.0 ms\) \|.*\+32\.0 MB \| WARN it was refused \\\| so \| yes \|$/,
  );
  t.equal(row.split(/(?<!\\)\|/).length, head.split('|').length);
  t.same(others, []);
  t.end();
});
