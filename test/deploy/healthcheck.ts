// The health check finds Shardlight where its configuration says, under any name of a variable, and says why when it does not.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { freePort, serve } from '../harness.js';
import { folder } from '../process/child.js';
import { unhooked } from '../unhooked.js';

const program = fileURLToPath(new URL('../../server/cli/healthcheck.js', import.meta.url));

/** Without any variable but these. */
async function check(cwd: string, env: Record<string, string>): Promise<{ code: unknown; said: string }> {
  const child = spawn(...unhooked(process.execPath, [program]), {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as unknown[];
  return { code, said };
}

void t.test('a Shardlight that lives is healthy, wherever its port is written', async (t) => {
  const { port } = await serve(t, {});
  const cwd = folder(t);
  const well = { code: 0, said: '' };
  t.same(await check(cwd, { SHARDLIGHT_PORT: String(port) }), well);
  t.same(await check(cwd, { GLANCE_PORT: String(port), GLANCE_HOST: '127.0.0.1' }), well);
  t.same(await check(cwd, { ARGUS_FLEET_PORT: String(port), SHARDLIGHT_HOST: '0.0.0.0' }), well);
  writeFileSync(join(cwd, '.env'), `SHARDLIGHT_PORT=${port}\n`);
  t.same(await check(cwd, {}), well);
  mkdirSync(join(cwd, 'elsewhere'));
  t.same(await check(join(cwd, 'elsewhere'), { SHARDLIGHT_ENV_FILE: '../.env' }), well);
  const secret = { SHARDLIGHT_INGEST_TOKEN_FILE: '.env', SHARDLIGHT_HOST: 'localhost' };
  t.same(await check(cwd, secret), well, 'with a token in a file');
});

void t.test('one that does not answer is not, and the check says why', async (t) => {
  const cwd = folder(t);
  const closed = await check(cwd, { SHARDLIGHT_PORT: String(await freePort()) });
  t.match(closed, { code: 1, said: /^Shardlight is not healthy: .*ECONNREFUSED.*\.\n$/ });
  t.match(await check(cwd, { SHARDLIGHT_PORT: 'x' }), {
    code: 1,
    said: /configuration is wrong: SHARDLIGHT_PORT/,
  });
  t.match(await check(cwd, { SHARDLIGHT_PORT: '0' }), { code: 1, said: /SHARDLIGHT_PORT is 0/ });
  t.match(await check(cwd, { SHARDLIGHT_TOKEN_FILE: 'none' }), { code: 1, said: /SHARDLIGHT_TOKEN_FILE/ });
});
