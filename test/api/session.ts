// Signing in and out over HTTP, and a server that shows nothing to those who did not.
import t from 'tap';
import { listen, serve, testClock } from '../harness.js';
import { ask, type RawAnswer } from '../http/raw.js';

const environment = {
  SHARDLIGHT_BOTS: 'main:4:Secret Bot',
  SHARDLIGHT_HOST: '127.0.0.1',
  SHARDLIGHT_TOKEN: 'shared',
  SHARDLIGHT_INGEST_TOKEN: 'bot',
  SHARDLIGHT_VIEWER_TOKEN: 'see',
  SHARDLIGHT_OPERATOR_TOKEN: 'act',
};
const JSON_TYPE = { 'Content-Type': 'application/json' };
const BROWSER = { Accept: 'text/html,*/*;q=0.8' };

/** What a browser sends back. */
const cookieOf = ({ headers }: RawAnswer): string => headers.get('set-cookie')?.split(';')[0] ?? '';

async function signIn(port: number, token: string): Promise<string> {
  const answer = await ask(port, 'POST /api/session', JSON_TYPE, JSON.stringify({ token }));
  t.equal(answer.status, 204);
  return cookieOf(answer);
}

void t.test('a token is exchanged for a cookie, which opens what the token opened', async (t) => {
  const { port } = await serve(t, environment);
  for (const token of ['see', 'shared', 'act']) {
    const Cookie = await signIn(port, token);
    t.notMatch(Cookie, token);
    t.equal((await ask(port, 'GET /api/config', { Cookie })).status, 200, token);
    t.equal((await ask(port, 'GET /metrics', { Cookie })).status, 200, token);
    const report = await ask(port, 'POST /fleet/register', { Cookie }, '{"identity":"a"}');
    t.equal(report.status, 401, 'bots have no cookies');
  }
  for (const token of ['bot', 'wrong', 'é', 'x'.repeat(1_024)]) {
    const answer = await ask(port, 'POST /api/session', JSON_TYPE, JSON.stringify({ token }));
    t.same([answer.status, cookieOf(answer)], [401, ''], token.slice(0, 10));
    t.notMatch(answer.body, token);
  }
  const out = await ask(port, 'DELETE /api/session', { Cookie: await signIn(port, 'see') });
  t.equal(out.status, 204);
  t.match(out.headers.get('set-cookie'), /^shardlight=; Max-Age=0/);
  t.equal((await ask(port, 'GET /api/config', { Cookie: cookieOf(out) })).status, 401);
});

void t.test('only JSON signs in: a form of another site cannot send it', async (t) => {
  const { port } = await serve(t, environment);
  const cases: [type: string, body: string, status: number][] = [
    ['text/plain', '{"token":"see"}', 415],
    ['application/x-www-form-urlencoded', 'token=see', 415],
    ['', '{"token":"see"}', 415],
    ['Application/JSON; charset=utf-8', '{"token":"see"}', 204],
    ['application/json', '{', 400],
    ['application/json', '"see"', 400],
    ['application/json', '{"token":["see"]}', 400],
    ['application/json', '{"token":""}', 400],
    ['application/json', `{"token":"${'x'.repeat(1_025)}"}`, 400],
    ['application/json', 'x'.repeat(4_097), 413],
  ];
  for (const [type, body, status] of cases) {
    const answer = await ask(port, 'POST /api/session', { 'Content-Type': type }, body);
    t.equal(answer.status, status, `${type}: ${body.slice(0, 20)}`);
  }
});

void t.test('ten attempts a minute, right or wrong', async (t) => {
  const clock = testClock();
  const { port } = await serve(t, environment, clock);
  const attempt = async (token: string): Promise<string> => {
    const answer = await ask(port, 'POST /api/session', JSON_TYPE, JSON.stringify({ token }));
    return `${answer.status} ${answer.headers.get('retry-after') ?? ''}`;
  };
  for (let i = 0; i < 10; i++) t.equal(await attempt('wrong'), '401 ');
  t.equal(await attempt('see'), '429 6');
  const link = await ask(port, 'GET /?token=see');
  t.same([link.status, cookieOf(link)], [303, ''], 'nor by the other door');
  t.equal(link.headers.get('location'), '/operator', 'and whether it is wrong is not said');
  clock.advance(6_000);
  t.equal(await attempt('see'), '204 ');
});

void t.test('a token in the address is taken out of it', async (t) => {
  const { port, log } = await serve(t, { ...environment, SHARDLIGHT_LOG_LEVEL: 'debug' });
  const good = await ask(port, 'GET /?lang=de&token=see&guild=1', BROWSER);
  t.same([good.status, good.headers.get('location')], [303, '/operator?lang=de&guild=1']);
  t.equal(good.headers.get('cache-control'), 'no-store');
  t.equal((await ask(port, 'GET /api/config', { Cookie: cookieOf(good) })).status, 200);
  const bad = await ask(port, 'GET /?token=hunter2', BROWSER);
  t.same([bad.status, bad.headers.get('location'), cookieOf(bad)], [303, '/operator?wrong=1', '']);
  await ask(port, 'GET /api/config?token=see');
  t.match(log.join('\n'), /DEBUG GET \/\?lang=…&token=…&guild=… 303/);
  t.notMatch(log.join('\n'), /see|hunter2/);
});

void t.test(
  'behind TLS the cookie is bound to its host, and elsewhere it is one that the browser takes',
  async (t) => {
    const { port } = await serve(t, { ...environment, SHARDLIGHT_PUBLIC_URL: 'https://status.example.com' });
    const answer = await ask(port, 'GET /?token=act', { Host: 'status.example.com' });
    t.match(answer.headers.get('set-cookie'), /^__Host-shardlight=.*; Secure$/);
    t.equal(answer.headers.get('location'), '/operator');
    const here = await ask(port, 'GET /?token=act', { Host: '127.0.0.1:9190' });
    t.match(here.headers.get('set-cookie'), /^shardlight=.*; SameSite=Strict$/);
    const form = (Origin: string): Promise<RawAnswer> =>
      ask(port, 'POST /api/session', { ...JSON_TYPE, Origin }, '{"token":"act"}');
    t.match((await form('https://abc.tunnel.example')).headers.get('set-cookie'), /^__Host-shardlight=/);
    t.match((await form('http://192.168.1.5:9190')).headers.get('set-cookie'), /^shardlight=/);
  },
);

void t.test(
  'signed in at any address, a browser watches and acts; what is refused says how it is mended',
  async (t) => {
    const { port } = await serve(t, {
      ...environment,
      SHARDLIGHT_PUBLIC_URL: 'https://status.example.com',
    });
    const Cookie = await signIn(port, 'act');
    for (const Host of ['192.168.1.5:9190', 'abc.tunnel.example', `localhost:${port}`]) {
      const headers = { Cookie, Host, Origin: `http://${Host}` };
      (await listen(`ws://127.0.0.1:${port}/live/operator`, headers)).socket.close();
      const act = 'POST /api/operator/release-lease';
      const answer = await ask(port, act, { ...headers, ...JSON_TYPE }, '{"identity":"a"}');
      t.equal(answer.status, 404, `there is no such cluster, said at ${Host}`);
    }
    const elsewhere = { Cookie, Host: '10.0.0.5:9190', Origin: 'https://a.example' };
    await t.rejects(listen(`ws://127.0.0.1:${port}/live/operator`, elsewhere), /403/);
    const said = await ask(port, 'GET /api/session?from=https://a.example', {
      Cookie,
      Host: '10.0.0.5:9190',
    });
    const { refused, role } = JSON.parse(said.body) as { refused: string; role: string };
    t.equal(role, 'operator');
    t.match(
      refused,
      /^the page is open at https:\/\/a\.example, but its request came to 10\.0\.0\.5:9190: .* restart$/,
    );
    for (const from of ['', 'http://10.0.0.5:9190', 'x'.repeat(301)]) {
      const { body } = await ask(port, `GET /api/session?from=${from}`, { Cookie, Host: '10.0.0.5:9190' });
      t.equal((JSON.parse(body) as { refused: string | null }).refused, null, from.slice(0, 20));
    }
    const strange = await ask(port, 'GET /api/session?from=%22%3E', { Cookie });
    t.match((JSON.parse(strange.body) as { refused: string }).refused, 'a page of another site');
  },
);

void t.test('whoever is signed in acts from our own pages, in JSON', async (t) => {
  const url = 'https://status.example.com';
  for (const PUBLIC_URL of ['', url]) {
    const { port } = await serve(t, { ...environment, SHARDLIGHT_PUBLIC_URL: PUBLIC_URL });
    const Cookie = await signIn(port, 'act');
    const cases: [headers: Record<string, string>, status: number][] = [
      [{ 'Sec-Fetch-Site': 'same-origin', ...JSON_TYPE }, 404], // there is no such cluster
      [{ 'Sec-Fetch-Site': 'same-origin', Origin: url, 'Content-Type': 'text/plain' }, 415],
      [{ 'Sec-Fetch-Site': 'cross-site', Origin: url, ...JSON_TYPE }, 403],
      [{ 'Sec-Fetch-Site': 'same-site', ...JSON_TYPE }, 403],
      [{ 'Sec-Fetch-Site': 'none', ...JSON_TYPE }, 403],
      [{ Origin: url, ...JSON_TYPE }, PUBLIC_URL === '' ? 403 : 404],
      [{ Origin: 'https://evil.example', ...JSON_TYPE }, 403],
      [{ Origin: 'http://localhost', ...JSON_TYPE }, 404], // the host that was asked
      [{ Origin: 'null', ...JSON_TYPE }, 403],
      [JSON_TYPE, 403],
    ];
    for (const [headers, status] of cases) {
      const act = 'POST /api/operator/release-lease';
      const answer = await ask(port, act, { Cookie, ...headers }, '{"identity":"a"}');
      t.equal(answer.status, status, JSON.stringify(headers));
    }
  }
});

void t.test('a tokenless loopback server acts for programs, and not for pages of elsewhere', async (t) => {
  const { port } = await serve(t, {});
  const act = (headers: Record<string, string>): Promise<RawAnswer> =>
    ask(port, 'POST /api/operator/release-lease', headers, '{"identity":"a"}');
  t.equal((await act({})).status, 404, 'there is no such cluster');
  t.equal((await act({ Origin: 'https://evil.example' })).status, 403);
  const rebound = { Origin: 'http://evil.example', Host: 'evil.example', ...JSON_TYPE };
  t.equal((await act(rebound)).status, 403, 'nor where its DNS led it here');
  t.equal((await act({ ...rebound, 'Sec-Fetch-Site': 'same-origin' })).status, 403);
  t.equal((await act({ Origin: 'http://localhost', ...JSON_TYPE })).status, 404);
  t.equal((await act({ 'Sec-Fetch-Site': 'cross-site', ...JSON_TYPE })).status, 403);
  t.equal((await act({ 'Sec-Fetch-Site': 'same-origin', ...JSON_TYPE })).status, 404);
});

const hidden = { ...environment, SHARDLIGHT_PUBLIC: '0', SHARDLIGHT_CORS_ORIGINS: 'https://ops.example.com' };
const pages = [
  '/',
  '/plain',
  '/card.png',
  '/favicon.ico',
  '/manifest.webmanifest',
  '/api/view',
  '/api/lookup?guild=@me',
  '/api/bots/main/shards/0',
];

void t.test('a private server shows nothing without the viewer role', async (t) => {
  const { port } = await serve(t, hidden);
  for (const path of [...pages, '/live', '/api/feed'])
    for (const headers of [
      {},
      { Authorization: 'Bearer bot' },
      { Cookie: 'shardlight=viewer.9999999999.x' },
    ]) {
      const answer = await ask(port, `GET ${path}`, headers);
      t.equal(answer.status, 401, path);
      t.notMatch(answer.body, 'Secret');
      t.notOk(answer.headers.has('access-control-allow-origin'));
    }
  const page = await ask(port, 'GET /?lang=de', BROWSER);
  t.equal(page.status, 401);
  t.match(page.headers.get('content-type'), 'text/html');
  t.equal(page.headers.get('cache-control'), 'no-store');
  t.match(page.body, 'Diese Seite ist privat');
  t.notMatch(page.body, 'Secret');
  const script = /src="(\/assets\/[^"]+)"/.exec(
    (await ask(port, 'GET /?', { Authorization: 'Bearer see' })).body,
  );
  for (const path of ['/robots.txt', script![1]!, '/healthz'])
    t.equal((await ask(port, `GET ${path}`)).status, 200, path);
});

void t.test('a private server shows all to who has it, and no cache keeps it', async (t) => {
  const { base, port } = await serve(t, hidden);
  const Cookie = cookieOf(await ask(port, 'GET /?token=see', BROWSER));
  const ways: [what: string, headers: Record<string, string>][] = [
    ['a bearer', { Authorization: 'Bearer see' }],
    ['a cookie', { Cookie }],
    ['an operator', { Authorization: 'Bearer act' }],
  ];
  for (const [what, headers] of ways)
    for (const path of pages) {
      const answer = await ask(port, `GET ${path}`, headers);
      t.ok([200, 302].includes(answer.status), `${path} by ${what}`);
      t.equal(answer.headers.get('cache-control'), 'private, no-cache', path);
    }
  t.equal((await ask(port, 'GET /api/view?token=see')).status, 200);
  const read = await ask(port, 'GET /api/view', {
    Authorization: 'Bearer see',
    Origin: 'https://ops.example.com',
  });
  t.equal(read.headers.get('access-control-allow-origin'), 'https://ops.example.com');

  const socket = base.replace('http', 'ws');
  for (const path of ['/live', '/api/feed']) {
    await t.rejects(listen(`${socket}${path}`), /401/);
    await t.rejects(listen(`${socket}${path}`, { Cookie, 'Sec-Fetch-Site': 'cross-site' }), /403/);
    for (const headers of [{ Cookie }, { Authorization: 'Bearer see' }]) {
      const { socket: opened } = await listen(`${socket}${path}`, headers);
      opened.close();
    }
    (await listen(`${socket}${path}?token=see`)).socket.close();
  }
});
