// A real Prometheus: it scrapes us, finds the bots by our list, and scrapes them.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { beat, environment, register, snapshotOf, up } from './compat/member.js';
import { freePort, serve, until } from './harness.js';

const isHere = spawnSync('prometheus', ['--version']).status === 0;

/** A bot's own metrics, for whoever asks. */
async function botMetrics(t: Test): Promise<number> {
  const text = 'discord_guilds{cluster="asia-0"} 2500\n';
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nConnection: close\r\n';
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(`${head}Content-Length: ${text.length}\r\n\r\n${text}`));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return (server.address() as AddressInfo).port;
}

const configuration = (port: number): string => `
global: { scrape_interval: 1s }
scrape_configs:
  - job_name: shardlight
    authorization: { credentials: tok }
    static_configs: [{ targets: ['127.0.0.1:${port}'] }]
  - job_name: bots
    http_sd_configs:
      - url: http://127.0.0.1:${port}/api/fleet/targets
        refresh_interval: 1s
        authorization: { credentials: tok }
`;

/** Resolves with the address of its API. */
async function prometheus(t: Test, configured: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'shardlight-'));
  await writeFile(join(folder, 'prometheus.yml'), configured);
  const address = `127.0.0.1:${await freePort()}`;
  const options = [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`];
  const child = spawn('prometheus', [...options, `--web.listen-address=${address}`], { stdio: 'ignore' });
  t.teardown(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
    await rm(folder, { recursive: true, force: true });
  });
  return `http://${address}/api/v1`;
}

interface Found {
  metric: Record<string, string>;
  value: [at: number, text: string];
}

/** Undefined as long as it is not up, or knows nothing of it. */
async function ask(api: string, query: string): Promise<Found | undefined> {
  try {
    const answer = await fetch(`${api}/query?query=${encodeURIComponent(query)}`);
    return ((await answer.json()) as { data: { result: Found[] } }).data.result[0];
  } catch {
    return undefined;
  }
}

void t.test(
  'Prometheus scrapes us, and the bots that we list',
  { skip: isHere ? false : 'prometheus (apt package prometheus) is not here' },
  async (t) => {
    const server = await serve(t, environment);
    const scrape = `127.0.0.1:${await botMetrics(t)}`;
    await register(server, 'asia-0', { fleet: 'asia', scrape_target: scrape });
    await beat(server, 'asia-0', snapshotOf(up('0')));
    const api = await prometheus(t, configuration(server.port));
    const answer = (query: string): Promise<Found> => until(() => ask(api, query));
    t.match(await answer('argus_fleet_clusters{status="up"} == 1'), { metric: { fleet: 'asia' } });
    t.match(await answer('shardlight_shards{state="online"} == 1'), { metric: { bot: 'main' } });
    t.match(await answer('discord_guilds'), {
      metric: { fleet: 'asia', cluster: 'asia-0', instance: scrape, job: 'bots' },
      value: [Number, '2500'],
    });
    t.match(await answer('sum(up)'), { value: [Number, '2'] });
  },
);
