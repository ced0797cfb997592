// Snapshot plus patches are the server's view; ranges and the page's data come back as they went.
import fc from 'fast-check';
import t from 'tap';
import { countStates } from '../../public/shared/counts.js';
import { packView, unpackView } from '../../public/shared/page-data.js';
import { applyAlive, applyPatch, compareClusters } from '../../public/shared/patch.js';
import { countRanges, formatRanges, readRanges } from '../../public/shared/ranges.js';
import { isNotReady } from '../../public/shared/states.js';
import { readColumns, writeColumns } from '../../public/shared/columns.js';
import type { BotView, IncidentView, PatchFrame } from '../../public/shared/wire.js';
import { botOf, incidentOf, NOW, viewOf } from './views.js';

const COUNT = 24;
const change = fc.tuple(fc.nat(COUNT - 1), fc.nat(6), fc.integer({ min: 1, max: NOW }));
const ticks = fc.array(fc.uniqueArray(change, { selector: ([id]) => id }), { maxLength: 8 });

/** What the server holds after a tick, computed the plain way. */
function apply(bot: BotView, changes: [number, number, number][]): BotView {
  const states = bot.states.split('');
  const since = new Map(bot.notReady);
  for (const [id, state, at] of changes) {
    states[id] = `${state}`;
    since.delete(id);
    if (isNotReady(state)) since.set(id, at);
  }
  const text = states.join('');
  return { ...bot, states: text, counts: countStates(text), notReady: [...since].sort(([a], [b]) => a - b) };
}

function frameOf(v: number, changes: [number, number, number][]): PatchFrame {
  const said = new Map(changes.map(([id, state, since]) => [id, { state, since }]));
  const shards = writeColumns([...said.keys()], (id) => said.get(id)!, NOW + v);
  return { op: 'patch', v, at: NOW + v, bots: [{ key: 'main', heardAt: NOW - 4_000, shards }] };
}

void t.test('snapshot + patches = view, for any changes in any ticks, each applied once or twice', (t) => {
  fc.assert(
    fc.property(ticks, fc.boolean(), (all, twice) => {
      let view = viewOf(botOf('0'.repeat(COUNT)));
      let bot = view.bots[0]!;
      all.forEach((changes, index) => {
        bot = apply(bot, changes);
        for (let n = 0; n < (twice ? 2 : 1); n++) view = applyPatch(view, frameOf(813 + index, changes));
      });
      t.same(view.bots[0], bot);
    }),
    { numRuns: 50 },
  );
  t.end();
});

void t.test('a patch replaces, adds and removes clusters, in reading order', (t) => {
  const clusters = [
    { name: 'asia #2', shards: '0-1' },
    { name: 'asia #10', shards: '2' },
  ];
  const view = viewOf(botOf('333', { clusters }));
  const changes = [
    { name: 'asia #2', shards: '' },
    { name: 'asia #9', shards: '0-1' },
  ];
  const next = applyPatch(view, {
    op: 'patch',
    v: 813,
    at: NOW,
    bots: [{ key: 'main', heardAt: null, clusters: changes }],
  });
  t.same(next.bots[0]!.clusters, [
    { name: 'asia #9', shards: '0-1' },
    { name: 'asia #10', shards: '2' },
  ]);
  t.ok(compareClusters('asia #9', 'eu #1') < 0);
  t.end();
});

void t.test('incidents of a patch are the whole list; an id stands for one that is as it was', (t) => {
  const one = (id: string, endedAt: number | null): IncidentView => incidentOf({ id, endedAt });
  const view = { ...viewOf(botOf('33')), incidents: [one('main-2', null), one('main-1', NOW)] };
  const patch: PatchFrame = { op: 'patch', v: 813, at: NOW, bots: [] };
  t.equal(applyPatch(view, patch).incidents, view.incidents);
  const next = applyPatch(view, { ...patch, incidents: [one('main-3', null), one('main-2', NOW), 'main-1'] });
  t.same(next.incidents, [one('main-3', null), one('main-2', NOW), one('main-1', NOW)]);
  t.same(applyPatch(view, { ...patch, incidents: ['main-2'] }).incidents, [one('main-2', null)]);
  t.end();
});

void t.test('a patch replaces how long recoveries usually take', (t) => {
  const view = viewOf(botOf('33', { usual: { offline: 1_000 } }));
  const usual = { offline: 2_000, resuming: 1_000 };
  const patch: PatchFrame = { op: 'patch', v: 813, at: NOW, bots: [{ key: 'main', heardAt: NOW, usual }] };
  t.same(applyPatch(view, patch).bots[0]!.usual, usual);
  t.end();
});

void t.test('a whole bot replaces the old one or is added, and untouched bots stay the same objects', (t) => {
  const view = viewOf(botOf('33'));
  const other = botOf('3', { key: 'demo', name: 'Demo' });
  const { key, name, shardCount, certain, heardAt, usual } = other;
  const bare = { key, whole: { key, name, shardCount, certain, heardAt, usual } };
  const shards = { ids: '0', states: '3' };
  const bots = [bare, { key, heardAt, shards }];
  const next = applyPatch(view, { op: 'patch', v: 813, at: NOW, bots });
  t.same(next.bots, [view.bots[0], other]);
  t.equal(next.bots[0], view.bots[0]);
  t.match(applyPatch(next, { op: 'patch', v: 814, at: NOW, bots: [bare] }).bots[1], { states: '0' });
  t.end();
});

void t.test('an alive frame only makes the times fresher', (t) => {
  const view = viewOf(botOf('33'), botOf('3', { key: 'demo' }));
  const next = applyAlive(view, { op: 'alive', at: NOW + 5_000, heardAt: { main: NOW + 1, demo: null } });
  t.equal(next.version, view.version);
  t.equal(next.bots[0]!.heardAt, NOW + 1);
  t.equal(next.bots[1]!.heardAt, NOW - 4_000);
  t.end();
});

void t.test('ranges come back as they were written', (t) => {
  t.equal(formatRanges([3, 1, 0, 2, 32]), '0-3,32');
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(300)), (ids) => {
      t.equal(countRanges(formatRanges(ids)), ids.length);
      t.same(
        [...readRanges(formatRanges(ids))],
        ids.sort((a, b) => a - b),
      );
    }),
    { numRuns: 50 },
  );
  t.end();
});

void t.test('the page carries its view: data block + tiles = view', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: fc.nat(7).map(String), minLength: 1, maxLength: 60 }), (states) => {
      const usual = { starting: 41_000 };
      const view = viewOf(botOf(states, { clusters: [{ name: 'asia #2', shards: '0' }], usual }));
      const { version, epoch, at } = view;
      t.same(
        unpackView(packView(view), { version, epoch, at }, () => states),
        view,
      );
    }),
    { numRuns: 50 },
  );
  t.end();
});

void t.test('shards in columns come back as they went, whichever were asked for', (t) => {
  const shard = fc.record({ state: fc.nat(7), since: fc.integer({ min: NOW - 5, max: NOW + 1 }) });
  const fleet = fc.array(shard, { minLength: 1, maxLength: 400 });
  const shape = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.nat(3));
  fc.assert(
    fc.property(fleet, shape, (shards, [stride, offset]) => {
      const ids = shards.flatMap((_, id) => (id % stride === offset ? [id] : [])).reverse();
      const columns = writeColumns(ids, (id) => shards[id]!, NOW);
      const read = [...readColumns(columns, NOW)];
      for (const [id, state, since] of read)
        t.same([state, since], [shards[id]!.state, isNotReady(state) ? shards[id]!.since : undefined]);
      const said = new Set(read.map(([id]) => id));
      t.ok(ids.every((id) => said.has(id)));
    }),
    { numRuns: 100 },
  );
  t.end();
});

void t.test('what is alike costs nothing: all shards at once, or cluster by cluster', (t) => {
  const sizeOf = (sinceOf: (id: number) => number): number =>
    JSON.stringify(
      writeColumns(
        Array.from({ length: 16_384 }, (_, id) => id),
        (id) => ({ state: 2, since: sinceOf(id) }),
        NOW,
      ),
    ).length;
  t.same(
    writeColumns([0, 1, 2, 5], () => ({ state: 6, since: NOW - 10 }), NOW),
    { ids: '0-2,5', states: '6*4 ', since: '-10 0*3' },
  );
  t.ok(sizeOf(() => NOW) < 100);
  t.ok(sizeOf((id) => NOW - (((id >> 4) * 7_919) % 45_000)) < 16_000, 'a beat for each 16');
  const others = writeColumns(
    Array.from({ length: 8_192 }, (_, i) => 2 * i),
    (id) => ({ state: id % 2 === 0 ? 2 : 3, since: NOW }),
    NOW,
  );
  t.equal(others.ids, '0-16382', 'every second one: those between are said, too');
  t.end();
});

void t.test('a cluster that lists more than a frame holds comes in parts', (t) => {
  const view = viewOf(botOf('3333333'));
  const clusters = [
    { name: 'a #1', shards: '0,2' },
    { name: 'a #1', more: '4,6' },
  ];
  const patch: PatchFrame = { op: 'patch', v: 813, at: NOW, bots: [{ key: 'main', heardAt: NOW, clusters }] };
  t.same(applyPatch(view, patch).bots[0]!.clusters, [{ name: 'a #1', shards: '0,2,4,6' }]);
  t.end();
});
