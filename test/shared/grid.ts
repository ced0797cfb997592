// The grid by clusters: who stands where, how a cluster is, where the arrows lead, and the same for reading.
import fc from 'fast-check';
import t from 'tap';
import { brotliCompressSync } from 'node:zlib';
import { groupsOf, healthOf } from '../../public/shared/groups.js';
import { englishUtc } from '../../public/shared/languages.js';
import { linesByState } from '../../public/shared/lines.js';
import { botSection } from '../../public/shared/section.js';
import { grid, head } from '../../public/shared/grid.js';
import { verdictOf } from '../../public/shared/verdict.js';
import type { ClusterView } from '../../public/shared/wire.js';
import { nextPlace, type Shape } from '../../public/status/keys.js';
import { botOf, MINUTE, NOW, viewOf } from './views.js';

const voice = englishUtc();

const clustersOf = (count: number, size: number): ClusterView[] =>
  Array.from({ length: Math.ceil(count / size) }, (_, i) => ({
    name: `asia #${i}`,
    shards: `${i * size}-${Math.min(count, (i + 1) * size) - 1}`,
  }));

void t.test('every shard stands in the grid once, whatever the clusters say', (t) => {
  const someIds = fc.uniqueArray(fc.nat(40), { maxLength: 9 });
  fc.assert(
    fc.property(fc.array(someIds, { maxLength: 6 }), fc.integer({ min: 1, max: 32 }), (lists, count) => {
      const clusters = lists.map((ids, i) => ({ name: `c #${i}`, shards: ids.join(',') }));
      const ids = groupsOf({ clusters, states: '3'.repeat(count) }).flatMap((group) => group.ids);
      return JSON.stringify(ids.sort((a, b) => a - b)) === JSON.stringify([...Array(count).keys()]);
    }),
  );
  t.end();
});

void t.test('shards without a cluster come last, under a name of their own', (t) => {
  const bot = botOf('333333', { clusters: [{ name: 'asia #0', shards: '2-3' }] });
  t.same(groupsOf(bot), [
    { name: 'asia #0', ids: [2, 3] },
    { name: null, ids: [0, 1, 4, 5] },
  ]);
  t.match(grid(bot, voice), /asia #0.*<li class=online>3<\/ol>.*Other shards.*<li class=online>0/s);
  t.notMatch(grid(botOf('333'), voice), '<h3>');
  t.end();
});

void t.test('a cluster says how many of its shards are online, and calls a restart a restart', (t) => {
  const said = (states: string): string =>
    head({ name: 'asia #0', ids: [0, 1, 2, 3] }, states, voice).replace(/<.?h3>/g, '');
  t.equal(said('3333'), '<b translate=no>asia #0</b> <span>0–3</span>', 'when all are, which ones they are');
  t.equal(
    said('3465'),
    '<b translate=no>asia #0</b> <span class=changing>restarting, 1 of 4 online</span><progress aria-hidden=true max=4 value=1></progress>',
  );
  t.equal(
    said('3462'),
    '<b translate=no>asia #0</b> <span class=down>2 of 4 online</span>'.replace('2 of', '1 of'),
  );
  t.equal(healthOf([0, 1], '31').group, 'degraded');
  t.equal(healthOf([0, 1], '04').group, 'unknown');
  t.end();
});

void t.test('clusters stand in 4 or 8 columns, and large ones in the width of the page', (t) => {
  const html = (count: number, size: number): string =>
    grid(botOf('3'.repeat(count), { clusters: clustersOf(count, size) }), voice);
  t.match(html(12, 4), '<div class="clusters small"><div class="cluster r1">');
  t.match(html(48, 16), '<div class="clusters"><div class="cluster r2">');
  t.match(html(128, 64), '<div class="cluster r8">');
  t.match(html(500, 250), '<div class=cluster><h3>');
  t.match(
    html(600, 300),
    '<details class=cluster><summary><h3>',
    'a bot of more than 512 shards folds what is well',
  );
  t.match(html(600, 300), 'tiles wide block');
  t.end();
});

void t.test('3,584 shards in 224 clusters stay under 30 KB', (t) => {
  const states = Array.from({ length: 3_584 }, (_, id) => `${((id * 2654435761) >>> 7) % 7}`).join('');
  const html = botSection(
    botOf(states, { clusters: clustersOf(3_584, 16) }),
    voice,
    {
      now: NOW,
      ticking: false,
    },
    { standing: 'alone' },
  );
  t.ok(brotliCompressSync(html).length < 24_000, 'beside the rest of the page');
  t.end();
});

// Two rows of three clusters and a last one of ten: 16, 16, 16 / 16, 16, 16 / 10
const shape: Shape = {
  sizes: [16, 16, 16, 16, 16, 16, 10],
  row: (group) => Math.floor(group / 3),
  columns: () => 8,
};

void t.test('arrows move within a cluster, and on into the one below, above or beside', (t) => {
  const from = (key: string, place: number): number | undefined => nextPlace(key, place, shape);
  t.equal(from('ArrowDown', 3), 11, 'the row below');
  t.equal(from('ArrowDown', 11), 48 + 3, 'the cluster below');
  t.equal(from('ArrowUp', 48 + 3), 11, 'and back');
  t.equal(from('ArrowDown', 80 + 12), 96 + 4, 'a shorter row of clusters: its last one');
  t.equal(from('ArrowDown', 96 + 6), 96 + 9, 'a shorter row of tiles: its last one');
  t.equal(from('ArrowDown', 96 + 9), 96 + 9, 'the end');
  t.equal(from('ArrowUp', 5), 5, 'the top');
  t.equal(from('ArrowRight', 15), 16);
  t.same([from('ArrowLeft', 0), from('Home', 50), from('End', 3), from('a', 3)], [0, 0, 105, undefined]);
  t.end();
});

void t.test('no key leads out of the grid', (t) => {
  const keys = fc.constantFrom('ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight', 'Home', 'End');
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(keys, sizes, fc.integer({ min: 1, max: 4 }), fc.nat(), (key, sizes, across, seed) => {
      const count = sizes.reduce((sum, size) => sum + size, 0);
      const row = (group: number): number => Math.floor(group / across);
      const next = nextPlace(key, seed % count, { sizes, row, columns: () => 8 });
      return next !== undefined && next >= 0 && next < count;
    }),
  );
  t.end();
});

void t.test('the list reads state by state, worst first, and names cluster, shards and since when', (t) => {
  const bot = botOf('32223363', { clusters: clustersOf(8, 4) });
  t.match(linesByState(bot, voice, NOW), [
    {
      state: 'offline',
      n: 3,
      lines: [{ cluster: 'asia #0', shards: '1–3', since: 'since 14:02 UTC (2 minutes)' }],
      more: '',
    },
    { state: 'resuming', n: 1, lines: [{ cluster: 'asia #1', shards: '6' }] },
    {
      state: 'online',
      n: 4,
      lines: [
        { cluster: 'asia #0', shards: '0', since: '' },
        { cluster: 'asia #1', shards: '4–5, 7', since: '' },
      ],
    },
  ]);
  const many = botOf('2'.repeat(400), { clusters: clustersOf(400, 1) });
  t.match(linesByState(many, voice, NOW), [{ more: 'and 100 more' }]);
  t.end();
});

void t.test('a silent bot is never called well', (t) => {
  const silent = botOf('3333', { heardAt: NOW - 5 * MINUTE });
  t.match(verdictOf(viewOf(silent), voice, NOW), {
    group: 'unknown',
    sentence: 'My Bot has been silent since 13:59 UTC. What you see may be out of date.',
    short: 'No signal',
  });
  t.equal(
    verdictOf(viewOf(silent, botOf('32')), voice, NOW).group,
    'down',
    'an outage elsewhere weighs more',
  );
  t.match(
    botSection(silent, voice, { now: NOW, ticking: false }, { standing: 'alone' }),
    '<section class="bot silent"',
  );
  t.end();
});
