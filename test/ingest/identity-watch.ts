// Two processes with one identity are told from one that moved: it is heard from here and there in turns.
import t from 'tap';
import { createIdentityWatch } from '../../server/telemetry/identity-watch.js';

void t.test(
  'an identity that moves is told of once, one that goes back and forth is shown with both addresses',
  (t) => {
    const warnings: string[] = [];
    const watch = createIdentityWatch((line) => warnings.push(line));
    const pairs = ['A', 'A', 'B', 'B', 'A', 'B', 'C'].map((address) => {
      watch.note('asia-0', address);
      return watch.pairOf('asia-0')?.join(' ');
    });
    t.same(pairs, [undefined, undefined, undefined, undefined, 'B A', 'A B', undefined]);
    t.equal(warnings.length, 4, 'each change is');
    t.equal(watch.conflicts(), 4);
    t.equal(watch.pairOf('nobody'), undefined);
    t.end();
  },
);
