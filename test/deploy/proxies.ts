// Real nginx and real Caddy with our templates, in front of a real Shardlight: page, sockets, reports, and who asks.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Deployment } from '../../server/cli/templates/deployment.js';
import { caddyfile, nginxSite } from '../../server/cli/templates/proxies.js';
import { freePort, listen, post, serve, until, type TestServer } from '../harness.js';
import { folder } from '../process/child.js';
import { checkout } from './examples.js';
import { run, whySkipped } from './program.js';

const TOKEN = 'ingest-token';
const OPERATOR = 'operator-token';

const at = (port: number): Deployment => ({ ...checkout, publicUrl: `http://127.0.0.1:${port}` });

/** Runs it until the end of the test; it is up once it answers, whatever it says. */
async function stand(t: Test, base: string, command: string, args: string[], home: string): Promise<void> {
  const child = spawn(command, args, {
    env: { ...process.env, HOME: home, XDG_DATA_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'close');
  t.teardown(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  await until(async () => {
    if (child.exitCode !== null) throw new Error(said);
    return fetch(base).then(
      () => true,
      () => false,
    );
  });
}

/** nginx with nothing in its own configuration but what a site needs around it. Only root may read the test's folder. */
const nginxAround = (site: string, home: string): string => `
daemon off;
user root;
worker_processes 1;
error_log stderr;
pid ${home}/nginx.pid;
events {}
http {
  access_log off;
  client_body_temp_path ${home}/body;
  proxy_temp_path ${home}/proxy;
  fastcgi_temp_path ${home}/fastcgi;
  uwsgi_temp_path ${home}/uwsgi;
  scgi_temp_path ${home}/scgi;
  include ${site};
}
`;

async function nginx(t: Test, upstream: string): Promise<string> {
  const home = folder(t);
  const port = await freePort();
  const site = join(home, 'site.conf');
  const around = join(home, 'nginx.conf');
  writeFileSync(site, nginxSite(at(port), upstream));
  writeFileSync(around, nginxAround(site, home));
  mkdirSync(join(home, 'logs'));
  await stand(t, `http://127.0.0.1:${port}`, 'nginx', ['-p', home, '-e', 'stderr', '-c', around], home);
  return `127.0.0.1:${port}`;
}

/** Without its admin interface, whose port is fixed. */
async function caddy(t: Test, upstream: string): Promise<string> {
  const home = folder(t);
  const port = await freePort();
  const path = join(home, 'Caddyfile');
  writeFileSync(path, `{\n\tadmin off\n}\n${caddyfile(at(port), upstream)}`);
  const args = ['run', '--adapter', 'caddyfile', '--config', path];
  await stand(t, `http://127.0.0.1:${port}`, 'caddy', args, home);
  return `127.0.0.1:${port}`;
}

const behind = (t: Test): Promise<TestServer> =>
  serve(t, {
    SHARDLIGHT_HOST: '127.0.0.1',
    SHARDLIGHT_INGEST_TOKEN: TOKEN,
    SHARDLIGHT_OPERATOR_TOKEN: OPERATOR,
    SHARDLIGHT_TRUSTED_PROXY: '127.0.0.1',
    SHARDLIGHT_BOTS: 'main:4',
  });

/** What people, browsers and bots do, through the proxy. */
async function everything(t: Test, server: TestServer, proxy: string): Promise<void> {
  const page = await fetch(`http://${proxy}/`);
  t.equal(page.status, 200);
  t.equal(
    page.headers.get('content-security-policy'),
    (await fetch(server.base)).headers.get('content-security-policy'),
  );
  t.ok(page.headers.get('content-security-policy'), 'with our headers');
  t.match(await page.text(), '<!doctype html>');
  const authorization = { authorization: `Bearer ${OPERATOR}` };
  const sockets = await Promise.all([
    listen(`ws://${proxy}/live`),
    listen(`ws://${proxy}/live/operator`, authorization),
    listen(`ws://${proxy}/api/feed`),
  ]);
  t.teardown(() => sockets.forEach(({ socket }) => socket.close()));
  sockets[1].socket.send(JSON.stringify({ op: 'watch', scope: 'global', v: 0, e: '' }));
  const reported = await post(
    `http://${proxy}/api/bots/main/shards`,
    { shards: [{ id: 2, state: 'online', latency: 40 }] },
    { authorization: `Bearer ${TOKEN}` },
  );
  t.equal(reported.status, 200);
  for (const { frames } of sockets) t.ok(await until(() => frames.length > 0), 'a frame on each socket');
  const large = await post(`http://${proxy}/api/bots/main/shards`, 'x'.repeat(3_000_000), {
    authorization: `Bearer ${TOKEN}`,
  });
  t.match([large.status, await large.text()], [413, /Maximum request body size/], 'in our words');
}

/** Of this machine, but not the address that is trusted. */
const STRANGER = '127.0.0.2';

/** The line of the log on a stranger who is refused, and who pretends to be somebody else. */
async function refusalOf(server: TestServer, proxy: string): Promise<string> {
  const headers = { authorization: 'Bearer wrong', 'x-forwarded-for': '203.0.113.9' };
  request(`http://${proxy}/fleet/register`, { method: 'POST', localAddress: STRANGER, headers }).end();
  return until(() => server.log.find((line) => line.includes('refused to')));
}

void t.test('nginx passes it all on', { skip: whySkipped('nginx', 'nginx-light') }, async (t) => {
  const server = await behind(t);
  const proxy = await nginx(t, `127.0.0.1:${server.port}`);
  await everything(t, server, proxy);
  t.match(await refusalOf(server, proxy), `refused to ${STRANGER} `, 'by the address that nginx saw');
});

void t.test('Caddy passes it all on', { skip: whySkipped('caddy', 'caddy') }, async (t) => {
  const server = await behind(t);
  const proxy = await caddy(t, `127.0.0.1:${server.port}`);
  await everything(t, server, proxy);
  t.match(await refusalOf(server, proxy), `refused to ${STRANGER} `, 'by the address that Caddy saw');
});

void t.test(
  'no proxy closes a socket that says something every minute',
  { skip: whySkipped('caddy', 'caddy') },
  (t) => {
    const seconds = [...nginxSite(checkout, '127.0.0.1:1').matchAll(/proxy_(?:read|send)_timeout (\d+)s;/g)];
    t.same(
      seconds.map(([, value]) => Number(value) > 60),
      [true, true],
    );
    const path = join(folder(t), 'Caddyfile');
    writeFileSync(path, caddyfile(checkout, '127.0.0.1:1'));
    const { code, said } = run('caddy', ['adapt', '--adapter', 'caddyfile', '--config', path]);
    t.equal(code, 0, said);
    t.notMatch(said, /timeout/, 'unset, Caddy waits for ever');
    t.match(said, '"host":["status.example.com"]');
    t.end();
  },
);
