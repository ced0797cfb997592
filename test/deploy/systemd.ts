// The systemd unit, as systemd itself reads it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { systemdUnit } from '../../server/cli/templates/systemd.js';
import { folder } from '../process/child.js';
import { checkout, published } from './examples.js';
import { run, whySkipped } from './program.js';

const skip = whySkipped('systemd-analyze', 'systemd');

void t.test('systemd has nothing to say about the unit', { skip }, (t) => {
  const place = join(folder(t), 'my bots 100%');
  mkdirSync(place);
  const unit = join(place, 'shardlight.service');
  for (const deployment of [checkout, published]) {
    writeFileSync(
      unit,
      systemdUnit(deployment, { folder: place, command: `${process.execPath} "${place}/main.js"` }),
    );
    t.same(run('systemd-analyze', ['verify', '--man=no', unit]), { code: 0, said: '' });
  }
  writeFileSync(unit, systemdUnit(checkout, { folder: place, command: '/nowhere/shardlight' }));
  t.match(
    run('systemd-analyze', ['verify', '--man=no', unit]),
    { code: 1, said: /not executable/ },
    'it does read it',
  );
  t.end();
});

void t.test('little is left that the service may do: an exposure of at most 1.5 of 10', { skip }, (t) => {
  const unit = join(folder(t), 'shardlight.service');
  writeFileSync(unit, systemdUnit(checkout, { folder: '/opt/shardlight', command: process.execPath }));
  const { code, said } = run('systemd-analyze', [
    'security',
    '--no-pager',
    '--offline=true',
    '--threshold=15',
    unit,
  ]);
  t.equal(code, 0, said.split('\n').at(-2) ?? said);
  t.end();
});
