// Everything that is printed and can be run can be run: the lines that `init` and the start print, walked from top to bottom.
import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import t from 'tap';
import { isPublished } from '../../public/shared/distribution.js';
import { parseDotEnv } from '../../server/settings/dot-env.js';
import { freePort, until } from '../harness.js';
import { folder } from '../process/child.js';
import { readSources } from '../sources.js';
import { call } from './program.js';

const execute = promisify(execFile);

/** The lines below a title of what `init` prints. */
function linesBelow(said: string, title: string): string[] {
  const part = said.split('\n\n').find((one) => one.startsWith(title));
  if (part === undefined) throw new Error(`"${title}" is not in:\n${said}`);
  return part
    .split('\n')
    .slice(1)
    .map((line) => line.replace(/^ {2}/, ''));
}

void t.test('the printed lines start the server, examine it and report to it', async (t) => {
  const cwd = folder(t);
  const port = await freePort();
  const flags = [
    '--yes',
    '--run',
    'hand',
    '--bots',
    'main:1',
    '--port',
    `${port}`,
    '--url',
    `http://127.0.0.1:${port}`,
  ];
  const { stderr: said } = await call(['init', ...flags], cwd);
  const env = { PATH: process.env.PATH };
  const child = spawn('sh', ['-c', `exec ${linesBelow(said, 'Start it').join(' && ')}`], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let start = '';
  child.stderr.on('data', (chunk: Buffer) => (start += chunk.toString()));
  const ended = new Promise((resolve) => child.on('close', resolve));
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await until(() => /Shardlight is up[^]*Ctrl-C/.test(start));
  for (const url of start.match(/http:\/\/\S+/g) ?? []) t.equal((await fetch(url)).status, 200, url);
  t.match(start, `http://127.0.0.1:${port}/operator\n`);
  t.match(start, `Listening on   127.0.0.1, port ${port}\n`);

  const sh = (line: string): Promise<{ stdout: string }> => execute('sh', ['-c', line], { cwd, env });
  t.match((await sh(`${linesBelow(said, 'See that all is well').join('\n')} --idle 1`)).stdout, '[ok]');
  const read = parseDotEnv(readFileSync(`${cwd}/.env`, 'utf8'));
  const token = read.ok ? read.values['SHARDLIGHT_INGEST_TOKEN']! : '';
  const curl = linesBelow(said, 'Anything that speaks HTTP').join('\n').replace('<ingest token>', token);
  t.match(JSON.parse((await sh(curl)).stdout), { accepted: 1 });
});

void t.test(
  'nothing names a package that the registry does not have',
  { skip: isPublished && 'it is there' },
  (t) => {
    const named = /\bnpx shardlight@|npm (install|i|add)( -{1,2}[\w=-]+)* shardlight\b/;
    const sources = readSources(['server', 'public']).filter(
      ({ path }) => path !== 'public/shared/distribution.ts',
    );
    const texts = [...sources.map(({ path }) => path), 'README.md', 'Dockerfile', '.env.sample'];
    const deploy = readdirSync('scripts/deploy').map((name) => `scripts/deploy/${name}`);
    t.same(
      [...texts, ...deploy].filter((path) => named.test(readFileSync(path, 'utf8'))),
      [],
    );
    t.end();
  },
);
