// The native binary is one that the tests ran with; any other is told loudly at the start, unless the operator knows it.
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { folder, launch, pageOf } from './child.js';

const TOLD =
  /WARN .*uws_other\.node serves HTTP here and sees every token.*SHARDLIGHT_ALLOW_UNKNOWN_BINARY=1/;

/** The program as if it had loaded another binary. */
function withOtherBinary(cwd: string): string {
  const [other, program] = [join(cwd, 'uws_other.node'), join(cwd, 'program.mjs')];
  writeFileSync(other, 'not what was tested');
  writeFileSync(
    program,
    `import { createRequire } from 'node:module';
createRequire(import.meta.url).cache[${JSON.stringify(other)}] = {};
await import(${JSON.stringify(pathToFileURL(resolve('build/server/cli/main.js')).href)});
`,
  );
  return program;
}

const here = `${process.platform}-${process.arch}-${process.versions.node.split('.')[0]}`;
const untested =
  !['linux-x64-20', 'linux-x64-22'].includes(here) &&
  `the binary for ${here} is none of those that are known`;

void t.test('the binary of this machine is one that was tested', { skip: untested }, async (t) => {
  const child = launch(t, folder(t));
  await pageOf(child);
  t.notMatch(child.said(), 'binary');
});

void t.test('another binary is told at the start, and the server serves', async (t) => {
  const cwd = folder(t);
  const child = launch(t, cwd, {}, [], withOtherBinary(cwd));
  await pageOf(child);
  t.match(child.said(), TOLD);
});

void t.test('who knows it need not hear of it', async (t) => {
  const cwd = folder(t);
  const known = { SHARDLIGHT_ALLOW_UNKNOWN_BINARY: '1' };
  const child = launch(t, cwd, known, [], withOtherBinary(cwd));
  await pageOf(child);
  t.notMatch(child.said(), 'binary');
});
