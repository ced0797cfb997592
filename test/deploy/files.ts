// The generated files are what the templates say, and init's package variants are sound.
import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { deployFiles } from '../../scripts/deploy-files.js';
import { NODE_FLAGS } from '../../server/cli/runtime.js';

void t.test('the Dockerfile and scripts/deploy are what the templates say', (t) => {
  for (const [path, text] of Object.entries(deployFiles()))
    t.equal(readFileSync(path, 'utf8'), text, `${path}: run npm run fix`);
  t.end();
});

void t.test('the README of scripts/deploy names every file there', (t) => {
  const readme = readFileSync('scripts/deploy/README.md', 'utf8');
  for (const name of readdirSync('scripts/deploy').filter((one) => one !== 'README.md'))
    t.ok(readme.includes(`\`${name}\``), name);
  t.end();
});

void t.test('node is started alike by npm, by npx and by who reads the README', (t) => {
  const start = `node ${NODE_FLAGS.join(' ')}`;
  for (const path of ['package.json', 'README.md'])
    t.match(readFileSync(path, 'utf8'), `${start} dist/`, path);
  const [firstLine] = readFileSync('build/server/cli/main.js', 'utf8').split('\n');
  t.equal(firstLine, `#!/usr/bin/env -S ${start}`);
  t.end();
});
