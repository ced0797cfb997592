// Flips as events: one for what happened for one reason, however many shards and seconds it took.
import t from 'tap';
import type { FlipRow } from '../../public/shared/operator-wire.js';
import { eventsOf, groupOfEvent, sentenceOf, shortRanges } from '../../public/operator/flips.js';
import { NOW } from './clusters.js';

const flip = (shards: string, count: number, change: Partial<FlipRow> = {}): FlipRow => ({
  at: NOW,
  bot: 'main',
  shards,
  count,
  from: 'online',
  to: 'unhealthy',
  cause: null,
  planned: false,
  ...change,
});

const at = (ms: number): Partial<FlipRow> => ({ at: NOW + ms });

/** Told oldest first; rows come the other way round. */
const said = (...flips: FlipRow[]): string[] =>
  eventsOf(flips.reverse()).map((one) => `${sentenceOf(one)} ${shortRanges(one.shards)}`);

void t.test('a cluster that goes is one sentence with all its shards', (t) => {
  const flips = [flip('16-23', 8, { cause: 'asia #2' }), flip('24-31', 8, { cause: 'asia #2', ...at(900) })];
  t.same(said(...flips), ['asia #2 went silent 16–31']);
  t.equal(groupOfEvent(eventsOf(flips)[0]!), 'down');
  t.end();
});

void t.test('what goes on for minutes is one event while it does not rest for a minute', (t) => {
  const waves = [0, 50_000, 100_000].map((ms, i) => flip(`${i}`, 1, at(ms)));
  t.same(said(...waves), ['3 shards of main stopped responding 0–2']);
  t.same(said(...waves, flip('9', 1, at(161_000))), [
    'Shard 9 of main stopped responding 9',
    '3 shards of main stopped responding 0–2',
  ]);
  t.end();
});

void t.test('a restart is one event, and so is a recovery: on the way is said of who is on it', (t) => {
  const begun = flip('0-2', 3, { to: 'starting' });
  t.same(said(begun), ['3 shards of main began restarting 0–2']);
  t.same(said(begun, flip('0-1', 2, { from: 'starting', to: 'online', ...at(5_000) })), [
    '2 shards of main restarted 0–1',
    'Shard 2 of main began restarting 2',
  ]);
  t.same(
    said(
      flip('7', 1),
      flip('7', 1, { from: 'unhealthy', to: 'starting', ...at(5_000) }),
      flip('7', 1, { from: 'starting', to: 'online', ...at(9_000) }),
    ),
    ['Shard 7 of main came back 7', 'Shard 7 of main stopped responding 7'],
  );
  t.same(said(flip('0-7', 8, { from: 'unknown', to: 'online' })), ['8 shards of main came online 0–7']);
  t.end();
});

void t.test('other bots, causes and outcomes are other events, the latest first', (t) => {
  t.same(
    said(
      flip('1', 1),
      flip('1', 1, { bot: 'demo', ...at(1) }),
      flip('2', 1, { to: 'offline', ...at(2) }),
      flip('3', 1, { to: 'offline', planned: true, ...at(3) }),
      flip('4-5', 2, { to: 'offline', planned: true, cause: 'asia #2', ...at(4) }),
      flip('1', 1, { from: 'unhealthy', to: 'online', ...at(5) }),
      flip('6', 1, { to: 'unknown', ...at(6) }),
    ),
    [
      'Shard 6 of main became unknown 6',
      'Shard 1 of main came back 1',
      'asia #2 was stopped on purpose 4–5',
      'Shard 3 of main was stopped on purpose 3',
      'Shard 2 of main went offline 2',
      'Shard 1 of demo stopped responding 1',
      'Shard 1 of main stopped responding 1',
    ],
  );
  t.end();
});

void t.test('shards that are not named are counted', (t) => {
  t.same(said(flip('0,2', 16)), ['16 shards of main stopped responding 0, 2']);
  t.end();
});

void t.test('many ranges are cut short', (t) => {
  t.equal(shortRanges([5, 1, 2, 3]), '1–3, 5');
  t.equal(shortRanges([0, 2, 4, 6], 2), '0, 2, …');
  t.end();
});
