// The documents that are generated from the table of variables: stale ones fail here, and `npm run fix` mends them.
import { readFileSync } from 'node:fs';
import t from 'tap';
import { envSample, withTable } from '../../scripts/config-docs.js';
import { namesOf, variables, type VariableKey } from '../../server/config.js';
import { loadSettings } from '../../server/settings/read-config.js';

void t.test('.env.sample and the table of the README are what the variables say', (t) => {
  t.equal(readFileSync('.env.sample', 'utf8'), envSample(), 'run npm run fix');
  const readme = readFileSync('README.md', 'utf8');
  t.equal(readme, withTable(readme), 'run npm run fix');
  t.throws(() => withTable('no marks'));
  t.end();
});

void t.test('.env.sample names every variable, and none of its lines sets one', (t) => {
  const sample = envSample();
  for (const key of Object.keys(variables) as VariableKey[])
    t.match(sample, `\n#${namesOf(key)[0]!}=\n`, key);
  t.same(
    sample.split('\n').filter((line) => line !== '' && !line.startsWith('#')),
    [],
  );
  t.same(loadSettings({}).mistakes, []);
  t.end();
});
