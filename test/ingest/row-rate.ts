// How many rows reports without an identity may bring, and how seldom anybody is asked where they come from.
import t from 'tap';
import { MAX_ROWS } from '../../server/ingest/fields.js';
import { createRowRate } from '../../server/ingest/row-rate.js';

void t.test('nobody is asked for their household until half of the bucket of the bot is gone', (t) => {
  const take = createRowRate(2);
  let asked = 0;
  const home = {
    get household(): string {
      asked++;
      return 'home';
    },
  };
  t.equal(take('main', MAX_ROWS, home, 0), 0);
  t.equal(asked, 0);
  t.equal(take('main', 1, home, 0), 0);
  t.equal(asked, 1);
  t.end();
});

void t.test('who floods empties the bucket of their own household only', (t) => {
  const take = createRowRate(2);
  const flood = { household: 'flood' };
  while (take('main', MAX_ROWS, flood, 0) === 0);
  t.ok(take('main', 0, flood, 0) > 0 || take('main', MAX_ROWS, flood, 0) > 0);
  t.equal(take('main', MAX_ROWS, { household: 'home' }, 0), 0);
  t.equal(take('other', MAX_ROWS, flood, 0), 0);
  t.end();
});

void t.test('a report without rows counts, too', (t) => {
  const take = createRowRate(1);
  const flood = { household: 'flood' };
  let reports = 0;
  while (take('main', 0, flood, 0) === 0) reports++;
  t.equal(reports, (MAX_ROWS * 1.5) / 16);
  t.end();
});
