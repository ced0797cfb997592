// Connections use up the file descriptors: the server does not spin, goes on with those that are connected, keeps the disk, and recovers.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { freePort, until } from '../harness.js';
import { folder } from './child.js';

const entry = fileURLToPath(new URL('../../server/cli/main.js', import.meta.url));
const LIMIT = 96;
const TICKS_A_SECOND = 100;

interface Limited {
  port: number;
  pid: number;
  said: () => string;
  cwd: string;
}

async function limited(t: Test): Promise<Limited> {
  const { PATH = '' } = process.env;
  const cwd = folder(t);
  const script = `ulimit -n ${LIMIT} && exec "$0" "$@"`;
  const child = spawn('sh', ['-c', script, process.execPath, entry, '--json'], {
    cwd,
    env: { PATH, SHARDLIGHT_PORT: `${await freePort()}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'close');
  t.teardown(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  let text = '';
  child.stderr.on('data', (some: Buffer) => (text += some.toString()));
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const { port } = JSON.parse(said.toString()) as { port: number };
  return { port, pid: child.pid!, said: () => text, cwd };
}

/** Over the one connection of the agent. */
async function ask({ port }: Limited, agent: Agent, path: string, body?: object): Promise<IncomingMessage> {
  const method = body ? 'POST' : 'GET';
  const headers = { 'content-type': 'application/json' };
  const asked = request({ host: '127.0.0.1', port, path, method, agent, headers });
  asked.end(body ? JSON.stringify(body) : undefined);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response;
}

/** Seconds of a core that it used so far. */
function usedCpu({ pid }: Limited): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}

void t.test(
  'connections that use up the descriptors are shed; the disk and those that are connected go on',
  { skip: process.platform !== 'linux' && 'it looks at /proc' },
  async (t) => {
    const server = await limited(t);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    t.teardown(() => agent.destroy());
    t.equal((await ask(server, agent, '/healthz')).statusCode, 200);
    const flood = Array.from({ length: 2 * LIMIT }, () =>
      connect(server.port, '127.0.0.1').on('error', () => undefined),
    );
    await until(() => server.said().includes(`Connections have used up the ${LIMIT} file descriptors`));
    t.match(server.said(), 'New ones are refused until some are free. Raise the limit: LimitNOFILE');
    const [cpuBefore, from] = [usedCpu(server), performance.now()];
    for (let i = 0; performance.now() - from < 2_000; i++) {
      const { statusCode } = await ask(server, agent, '/fleet/register', { identity: `a${i % 50}` });
      if (statusCode !== 200) t.equal(statusCode, 429, 'taken, or too often');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const share = (usedCpu(server) - cpuBefore) / ((performance.now() - from) / 1_000);
    t.ok(share < 0.4, `${Math.round(100 * share)} % of a core`);
    t.equal(readFileSync(join(server.cwd, 'shardlight-state.json.journal'), 'utf8').includes('"a0"'), true);
    t.notMatch(server.said(), /The disk fails|EMFILE/);
    for (const socket of flood) socket.destroy();
    const isBack = (): Promise<boolean> =>
      fetch(`http://127.0.0.1:${server.port}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      );
    t.ok(await until(isBack));
  },
);
