// The line of totals: what nobody measures is not counted.
import t from 'tap';
import { isAnyMeasured, metrics } from '../../public/operator/grades.js';

void t.test('where no cluster measures anything there is no line of zeros', (t) => {
  const zeros = metrics.map(() => 0);
  t.notOk(isAnyMeasured(zeros));
  t.notOk(isAnyMeasured(metrics.map(() => null)));
  t.ok(isAnyMeasured([...zeros.slice(1), 7]), 'one value is enough');
  t.end();
});
