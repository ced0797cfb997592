// Flips as sentences: one for what happened at once for one reason.
import t from 'tap';
import type { FlipRow } from '../../public/shared/operator-wire.js';
import { groupFlips, groupOfFlip, sentenceOf, shortRanges } from '../../public/operator/flips.js';
import { NOW } from './clusters.js';

const flip = (shard: number, change: Partial<FlipRow> = {}): FlipRow => ({
  at: NOW,
  bot: 'main',
  shard,
  from: 'online',
  to: 'unhealthy',
  cause: null,
  planned: false,
  ...change,
});

const sentences = (flips: FlipRow[]): string[] => groupFlips(flips).map(sentenceOf);

void t.test('a cluster that goes is one sentence with all its shards', (t) => {
  const flips = Array.from({ length: 16 }, (_, i) => flip(31 - i, { cause: 'asia #2', at: NOW + i }));
  t.same(sentences(flips), ['asia #2 went down, 16 shards of main']);
  t.equal(shortRanges(groupFlips(flips)[0]!.shards), '16–31');
  t.equal(groupOfFlip(groupFlips(flips)[0]!), 'down');
  t.end();
});

void t.test('other seconds, bots, causes and outcomes are other sentences, the latest first', (t) => {
  t.same(
    sentences([
      flip(1, { at: NOW + 2_000, from: 'unhealthy', to: 'online' }),
      flip(2, { at: NOW + 2_000, from: 'starting', to: 'online' }),
      flip(1, { bot: 'demo' }),
      flip(1),
      flip(1, { to: 'offline', planned: true }),
      flip(7, { to: 'resuming' }),
      flip(8, { to: 'resuming' }),
    ]),
    [
      'Shard 1 of main came back online',
      'Shard 2 of main came online',
      'Shard 1 of demo stopped responding',
      'Shard 1 of main stopped responding',
      'Shard 1 of main was stopped on purpose',
      '2 shards of main began resuming',
    ],
  );
  t.equal(groupOfFlip(groupFlips([flip(1)])[0]!), 'degraded');
  t.end();
});

void t.test('many ranges are cut short', (t) => {
  t.equal(shortRanges([5, 1, 2, 3]), '1–3, 5');
  t.equal(shortRanges([0, 2, 4, 6], 2), '0, 2, …');
  t.end();
});
