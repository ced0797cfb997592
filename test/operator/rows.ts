// The rows of a scope: a snapshot and its patches come to what the server has, whatever is lost or said twice.
import fc from 'fast-check';
import t from 'tap';
import type {
  FlipRow,
  OperatorFrame,
  ScopeRow,
  RowKey,
  ScopeRows,
  ScopePatch,
} from '../../public/shared/operator-wire.js';
import {
  applyFrame,
  emptyScope,
  entriesOf,
  flipsOf,
  pointsOf,
  readFrame,
  stripOf,
  type ScopeState,
} from '../../public/operator/rows.js';

const NOW = 1_795_225_265_000;
const SCOPE = 'global';

const snapshot = (rows: ScopeRows, v = 1): OperatorFrame => ({
  op: 'snapshot',
  scope: SCOPE,
  v,
  e: 'e1',
  at: NOW,
  rows,
});
const patch = (v: number, put: ScopeRows, gone: RowKey[] = []): ScopePatch => ({
  op: 'patch',
  scope: SCOPE,
  v,
  at: NOW,
  put,
  gone,
});

function applied(frames: OperatorFrame[], from: ScopeState = emptyScope(SCOPE)): ScopeState {
  let state = from;
  for (const frame of frames) {
    const next = applyFrame(state, frame);
    if (next === 'gap') throw new Error('a patch is missing');
    state = next;
  }
  return state;
}

const key = fc.constantFrom<RowKey>('strip/main/0', 'strip/main/1', 'point/1', 'point/2', 'flip/9', 'total');
const rows = fc.dictionary(key, fc.string()) as unknown as fc.Arbitrary<ScopeRows>;
const change = fc.record({ put: rows, gone: fc.array(key, { maxLength: 3 }) });

void t.test('a snapshot and its patches come to the rows of the server', (t) => {
  fc.assert(
    fc.property(rows, fc.array(change, { maxLength: 8 }), (first, changes) => {
      const truth = new Map(Object.entries(first) as [RowKey, ScopeRow][]);
      const frames = changes.map(({ put, gone }, i) => {
        for (const one of gone) truth.delete(one);
        for (const [one, row] of Object.entries(put) as [RowKey, ScopeRow][]) truth.set(one, row);
        return patch(i + 2, put, gone);
      });
      const { rows: known, v } = applied([snapshot(first), ...frames]);
      return (
        v === changes.length + 1 && JSON.stringify([...known].sort()) === JSON.stringify([...truth].sort())
      );
    }),
  );
  t.end();
});

void t.test('what was applied before changes nothing, and a missing patch is noticed', (t) => {
  fc.assert(
    fc.property(rows, change, ({ ...first }, { put, gone }) => {
      const state = applied([snapshot(first), patch(2, put, gone)]);
      return applyFrame(state, patch(2, { total: 'odd' })) === state;
    }),
  );
  const state = applied([snapshot({})]);
  t.equal(applyFrame(state, patch(3, {})), 'gap');
  t.end();
});

void t.test(
  'frames of a scope that was left change nothing, and patches before the snapshot wait for it',
  (t) => {
    const state = applied([snapshot({ 'strip/main/0': '33' })]);
    t.equal(applyFrame(state, { ...patch(2, {}), scope: 'fleet:asia' }), state);
    const empty = emptyScope(SCOPE);
    t.equal(applyFrame(empty, patch(7, {})), empty);
    t.end();
  },
);

void t.test('a scope can be missing, and come', (t) => {
  const state = applied([snapshot({ 'strip/main/0': '33' }), { op: 'missing', scope: SCOPE, at: NOW }]);
  t.match(state, { status: 'missing', e: '' });
  t.equal(state.rows.size, 0);
  t.match(applied([snapshot({}, 4)], state), { status: 'loaded', v: 4, e: 'e1' });
  t.match(applied([{ op: 'alive', at: NOW + 5_000 }], state), { at: NOW + 5_000, status: 'missing' });
  t.end();
});

void t.test('a frame that is none is null and nothing throws', (t) => {
  t.equal(readFrame('{"op":"hello"}'), null);
  t.equal(readFrame('null'), null);
  fc.assert(fc.property(fc.string(), (text) => readFrame(text) === null));
  t.match(readFrame('{"op":"alive","at":1}'), { op: 'alive', at: 1 });
  t.end();
});

void t.test('rows of a kind by their key: flips latest first, points oldest first, strips joined', (t) => {
  const flip = (shard: number): FlipRow => ({
    at: NOW,
    bot: 'main',
    shards: `${shard}`,
    count: 1,
    from: 'online',
    to: 'offline',
    cause: null,
    planned: false,
  });
  const { rows: known } = applied([
    snapshot({
      'flip/9': flip(9),
      'flip/10': flip(10),
      'point/200': [2],
      'point/1000': [3],
      'strip/main/1': '22',
      'strip/main/0': '33',
      'strip/main/x/0': '44',
    }),
  ]);
  t.same(
    flipsOf(known).map(({ shards }) => shards),
    ['10', '9'],
  );
  t.same(pointsOf(known), [
    { at: 200, values: [2] },
    { at: 1_000, values: [3] },
  ]);
  t.equal(stripOf(known, 'main'), '3322');
  t.equal(stripOf(known, 'other'), '');
  t.same(entriesOf(known, 'bot'), []);
  t.end();
});
