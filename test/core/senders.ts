// Two processes under one identity are told from one that restarts, by the leases that their beats show.
import t from 'tap';
import type { Fact } from '../../server/core/fact.js';
import { notesOf } from '../../server/core/views/operator-rows.js';
import { areTwo, noSenders, noteSender } from '../../server/core/live/senders.js';
import { step } from '../../server/core/step.js';
import { tagOf } from '../../server/ingest/leases.js';
import { beatOf, rulesWith, Scene, T0 } from './scene.js';

/** After which beat there were two, and whether there still are. */
function heard(leases: string): { since: number[]; still: boolean } {
  const senders = noSenders();
  const since = leases
    .split('')
    .flatMap((one, i) => (noteSender(senders, one === '-' ? 0 : tagOf(one)) ? [i] : []));
  return { since, still: areTwo(senders) };
}

void t.test('an older lease that comes back, and does so again, has another sender', (t) => {
  t.same(heard('aaaa'), { since: [], still: false }, 'one');
  t.same(heard('aabbccdd'), { since: [], still: false }, 'one that registers again and again');
  t.same(heard('aaba'), { since: [], still: false }, 'a beat that was late');
  t.same(heard('abab'), { since: [3], still: true }, 'two');
  t.same(heard('aabbaabbaabb'), { since: [6], still: true }, 'two that beat in pairs');
  t.same(heard('abcabc'), { since: [4], still: true }, 'three');
  t.same(heard('ababab' + 'b'.repeat(8)), { since: [3], still: false }, 'one is gone');
  t.same(heard(`abab${'b'.repeat(8)}aba`), { since: [3, 14], still: true }, 'it is back');
  t.same(heard('------'), { since: [], still: false }, 'without leases nobody can say');
  t.end();
});

void t.test('leases that differ have tags that differ', (t) => {
  const leases = Array.from({ length: 1_000 }, (_, i) => `${(i * 7_919).toString(36).padStart(6, 'x')}-rest`);
  t.equal(new Set(leases.map(tagOf)).size, 1_000);
  t.equal(tagOf(null), 0);
  t.equal(tagOf(''), 0);
  t.end();
});

for (const requireLease of [false, true])
  void t.test(`operators are told of both, leases ${requireLease ? '' : 'not '}required`, (t) => {
    const scene = new Scene(rulesWith({ requireLease }));
    scene.register('a');
    const told = ['first', 'other', 'first', 'other'].flatMap((lease, i): readonly Fact[] => {
      const shownHash = requireLease && lease === 'other' ? 'wrong' : 'c0ffee';
      return step(scene.world, beatOf('a', T0 + i, { sender: tagOf(lease), shownHash })).facts;
    });
    t.equal(told.filter(({ type }) => type === 'two-senders').length, 1);
    const cluster = scene.world.clusters.get('a')!;
    t.same(
      notesOf(scene.world, cluster, () => undefined),
      ['two-senders'],
    );
    t.end();
  });
