// Real nginx and real Caddy with our templates, in front of a real Shardlight: page, sockets, reports, and who asks.
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { caddyfile, nginxSite } from '../../server/cli/templates/proxies.js';
import { PROTOCOL } from '../../public/shared/wire.js';
import { freePort, listen, post, serve, until, type TestServer } from '../harness.js';
import { folder } from '../process/child.js';
import { checkout } from './examples.js';
import { run, whySkipped } from './program.js';
import { caddy, nginx, type Below } from './standing.js';

const TOKEN = 'ingest-token';
const OPERATOR = 'operator-token';

const behind = (t: Test, publicUrl: string): Promise<TestServer> =>
  serve(t, {
    SHARDLIGHT_PUBLIC_URL: publicUrl,
    SHARDLIGHT_HOST: '127.0.0.1',
    SHARDLIGHT_INGEST_TOKEN: TOKEN,
    SHARDLIGHT_OPERATOR_TOKEN: OPERATOR,
    SHARDLIGHT_TRUSTED_PROXY: '127.0.0.1',
    SHARDLIGHT_BOTS: 'main:4',
  });

/** What people, browsers and bots do, through the proxy. */
async function everything(t: Test, server: TestServer, proxy: string): Promise<void> {
  const page = await fetch(`http://${proxy}`); // below a path it leads on to the one with a slash
  t.equal(page.status, 200);
  t.equal(
    page.headers.get('content-security-policy'),
    (await fetch(server.base)).headers.get('content-security-policy'),
  );
  t.ok(page.headers.get('content-security-policy'), 'with our headers');
  const html = await page.text();
  t.match(html, '<!doctype html>');
  for (const [, address = ''] of html.matchAll(/(?:href|src)="(\/[^"]*)"/g)) {
    const linked = await fetch(new URL(address, page.url));
    t.equal(linked.status, 200, address);
    await linked.arrayBuffer(); // what is not read keeps its connection waiting
  }
  const manifest = (await (await fetch(`http://${proxy}/manifest.webmanifest`)).json()) as {
    start_url: string;
  };
  t.equal(new URL(manifest.start_url, page.url).href, page.url);
  const signedIn = await fetch(`http://${proxy}/?token=${OPERATOR}`, { redirect: 'manual' });
  t.equal(new URL(signedIn.headers.get('location')!, page.url).href, `http://${proxy}/operator`);
  const icon = await fetch(`http://${proxy}/favicon.ico`, { redirect: 'manual' });
  for (const { status, headers } of [signedIn, icon])
    t.equal(headers.get('content-length'), '0', `${status} has an end: nobody waits for more`);
  const authorization = { authorization: `Bearer ${OPERATOR}` };
  const sockets = await Promise.all([
    listen(`ws://${proxy}/live?p=${PROTOCOL}`),
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
}

/** A report that is too long is refused by Shardlight, not by the proxy. */
async function tooLong(t: Test, proxy: string): Promise<void> {
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
  const refused = request(`http://${proxy}/fleet/register`, {
    method: 'POST',
    localAddress: STRANGER,
    headers,
  });
  await new Promise((resolve, reject) => {
    refused.on('response', (answer) => resolve(answer.resume())).on('error', reject);
    refused.end();
  });
  return until(() => server.log.find((line) => line.includes('/fleet/register refused to')));
}

type Proxy = typeof nginx;

/** All of it through that proxy, at the top of its host or below a path. */
async function through(t: Test, proxy: Proxy, below: Below): Promise<void> {
  const port = await freePort();
  const server = await behind(t, `http://127.0.0.1:${port}${below.base ?? ''}`);
  const address = await proxy(t, port, `127.0.0.1:${server.port}`, below);
  await everything(t, server, address);
  if (below.base === undefined) await tooLong(t, address);
  t.match(await refusalOf(server, address), `refused to ${STRANGER}`, 'by the address that the proxy saw');
}

void t.test('nginx passes it all on', { skip: whySkipped('nginx', 'nginx-light') }, async (t) => {
  const base = '/status';
  const takesOff = (site: string): string =>
    site.replace('proxy_pass http://shardlight;', 'proxy_pass http://shardlight/;');
  await t.test('at the top of its host', (t) => through(t, nginx, {}));
  await t.test('below a path, which it passes on', (t) => through(t, nginx, { base }));
  await t.test('below a path, which it takes off', (t) => through(t, nginx, { base, rewrite: takesOff }));
  await t.test('below a path of two parts', (t) => through(t, nginx, { base: '/bots/status' }));
});

void t.test('Caddy passes it all on', { skip: whySkipped('caddy', 'caddy') }, async (t) => {
  const base = '/status';
  const takesOff = (site: string): string => site.replace('handle ', 'handle_path ');
  await t.test('at the top of its host', (t) => through(t, caddy, {}));
  await t.test('below a path, which it passes on', (t) => through(t, caddy, { base }));
  await t.test('below a path, which it takes off', (t) => through(t, caddy, { base, rewrite: takesOff }));
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
