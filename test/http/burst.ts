// One household is answered so often in a turn of the event loop, and others are not held up.
import t from 'tap';
import { createBurst, MOST_A_TURN } from '../../server/http/burst.js';

void t.test('so many of one household in a turn; the next turn begins anew', (t) => {
  const due: (() => void)[] = [];
  let connections = 1;
  const fits = createBurst(
    () => connections,
    (run) => due.push(run),
  );
  for (let i = 0; i < MOST_A_TURN; i++) if (!fits('a')) t.fail(`request ${i}`);
  t.equal(fits('a'), false);
  connections = MOST_A_TURN + 2;
  t.equal(fits('a'), true, 'one on each connection is never too many');
  t.equal(fits('a'), false);
  t.equal(fits('b'), true, 'others have their own');
  t.equal(due.length, 1);
  due.pop()!();
  t.equal(fits('a'), true);
  t.equal(due.length, 1);
  t.end();
});
