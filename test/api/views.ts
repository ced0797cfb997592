// What anybody may ask over HTTP: the view, a lookup, one shard, the pages, and how they are cached and compressed.
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import t from 'tap';
import { post, serve, testClock, type TestServer } from '../harness.js';
import { ask } from '../http/raw.js';

const START = 1_795_225_265_000;
const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

async function read(url: string, headers: Record<string, string> = {}): Promise<unknown> {
  return (await fetch(url, { headers })).json();
}

/** The ID of a server that is on this of four shards. */
const guildOn = (shard: number): string => `${(20_000_000_000n + BigInt(shard)) << 22n}`;

/** A fleet with something to see in every field, and the clock that it was reported by. */
async function fleet(
  t: Parameters<typeof serve>[0],
): Promise<{ server: TestServer; advance: (ms: number) => void }> {
  const clock = testClock(START);
  const server = await serve(
    t,
    { SHARDLIGHT_BOTS: 'main:4:My Bot;demo:1', SHARDLIGHT_TITLE: 'Our bots' },
    clock,
  );
  await post(`${server.base}/fleet/register`, { identity: 'a', fleet: 'asia' });
  const shards = [
    { id: 0, state: 3, latency_ms: 41.26 },
    { id: 1, state: 6, latency_ms: 50 },
  ];
  await post(`${server.base}/fleet/heartbeat`, { identity: 'a', shards });
  clock.advance(1_000);
  await post(`${server.base}/api/status/main/3/2`);
  return { server, advance: clock.advance };
}

void t.test('/api/view is everything, in the documented shape and order', async (t) => {
  const { server } = await fleet(t);
  const text = await (await fetch(`${server.base}/api/view`)).text();
  const { epoch, version } = JSON.parse(text) as { epoch: string; version: number };
  t.match(epoch, /^[A-Za-z0-9_-]{12}$/);
  t.equal(
    text,
    JSON.stringify({
      version,
      epoch,
      at: START + 1_000,
      title: 'Our bots',
      bots: [
        {
          key: 'main',
          name: 'My Bot',
          shardCount: 4,
          certain: true,
          states: '3602',
          counts: {
            unknown: 1,
            unhealthy: 0,
            offline: 1,
            online: 1,
            starting: 0,
            stopping: 0,
            resuming: 1,
            planned: 0,
          },
          heardAt: START + 1_000,
          notReady: [
            [1, START],
            [3, START + 1_000],
          ],
          planned: '',
          clusters: [{ name: 'asia #1', shards: '0-1' }],
          usual: {},
        },
        {
          key: 'demo',
          name: 'demo',
          shardCount: 1,
          certain: true,
          states: '0',
          counts: {
            unknown: 1,
            unhealthy: 0,
            offline: 0,
            online: 0,
            starting: 0,
            stopping: 0,
            resuming: 0,
            planned: 0,
          },
          heardAt: null,
          notReady: [],
          planned: '',
          clusters: [],
          usual: {},
        },
      ],
      incidents: [
        {
          id: 'main-1',
          bot: 'main',
          cause: null,
          state: 'offline',
          shards: '3',
          count: 1,
          down: 1,
          startedAt: START + 1_000,
          endedAt: null,
        },
      ],
    }),
  );
});

void t.test('nothing public names an identity, a lease or a token', async (t) => {
  const server = await serve(t, { SHARDLIGHT_TOKEN: 'top-secret', SHARDLIGHT_HOST: '127.0.0.1' });
  const auth = { authorization: 'Bearer top-secret' };
  const member = { identity: 'host-17.internal', version: '0.4.2', scrape_target: '10.0.0.5:9191' };
  const registered = await post(`${server.base}/fleet/register`, member, auth);
  const { lease } = (await registered.json()) as { lease: string };
  await post(`${server.base}/fleet/heartbeat`, { ...member, lease, shards: [{ id: 0, state: 3 }] }, auth);
  const guild = '81384788765712384';
  for (const path of ['/', '/plain', '/api/view', '/api/bots/main/shards/0', `/api/lookup?guild=${guild}`]) {
    const text = await (await fetch(`${server.base}${path}`)).text();
    t.match(text, /main|this bot/i, path);
    for (const secret of ['host-17', '0.4.2', '10.0.0.5', lease, 'top-secret'])
      t.notMatch(text, secret, path);
  }
});

void t.test('cluster names stay inside when the operator says so', async (t) => {
  const server = await serve(t, { SHARDLIGHT_PUBLIC_CLUSTERS: '0' });
  await post(`${server.base}/fleet/register`, { identity: 'a', fleet: 'asia' });
  await post(`${server.base}/fleet/heartbeat`, { identity: 'a', shards: [{ id: 0, state: 3 }] });
  for (const path of ['/', '/plain', '/api/view', '/api/bots/main/shards/0', '/api/lookup?guild=@me'])
    t.notMatch(await (await fetch(`${server.base}${path}`)).text(), 'asia', path);
});

void t.test(
  '/api/view may be kept for a second, read from anywhere, and asked for again by its tag',
  async (t) => {
    const { server, advance } = await fleet(t);
    const url = `${server.base}/api/view`;
    const first = await fetch(url);
    t.equal(first.headers.get('content-type'), 'application/json; charset=utf-8');
    t.match(first.headers.get('cache-control'), /^public, max-age=1, stale-while-revalidate=\d+$/);
    t.equal(first.headers.get('access-control-allow-origin'), '*');
    t.equal(first.headers.get('vary'), 'accept-encoding');
    const tag = first.headers.get('etag')!;
    for (const known of [tag, `W/"other", ${tag}`, '*']) {
      const again = await fetch(url, { headers: { 'if-none-match': known } });
      t.equal(again.status, 304, known);
      t.equal(again.headers.get('etag'), tag);
      t.equal(again.headers.get('access-control-allow-origin'), '*');
      t.equal(await again.text(), '');
    }
    advance(1_000);
    await post(`${server.base}/api/health/main/3`);
    t.equal((await fetch(url, { headers: { 'if-none-match': tag } })).status, 200, 'heard again');
  },
);

void t.test('a raw 304 has neither body nor length', async (t) => {
  const { server } = await fleet(t);
  const tag = (await ask(server.port, 'GET /api/view')).headers.get('etag')!;
  const answer = await ask(server.port, 'GET /api/view', { 'If-None-Match': tag });
  t.equal(answer.status, 304);
  t.equal(answer.body, '');
  t.equal(answer.headers.get('content-length'), undefined);
});

void t.test('long answers are compressed as the client can read it', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4096' });
  const { body: plain } = await ask(server.port, 'GET /api/view');
  const cases: [accepted: string, encoding: string | undefined][] = [
    ['br', 'br'],
    ['gzip', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['gzip;q=0.5', 'gzip'],
    ['br;q=0, gzip;q=1.0', 'gzip'],
    ['gzip;q=0', undefined],
    ['deflate', undefined],
    ['identity', undefined],
    ['*', undefined],
  ];
  const unpack = { br: brotliDecompressSync, gzip: gunzipSync };
  for (const [accepted, encoding] of cases) {
    const answer = await ask(server.port, 'GET /api/view', { 'Accept-Encoding': accepted });
    t.equal(answer.headers.get('content-encoding'), encoding, accepted);
    const body = Buffer.from(answer.body, 'latin1');
    const text = encoding === undefined ? body : unpack[encoding as 'br' | 'gzip'](body);
    t.equal(text.toString(), plain, accepted);
    t.equal(Number(answer.headers.get('content-length')), body.length);
  }
});

void t.test('/api/lookup says where a server is, for every bot', async (t) => {
  const { server } = await fleet(t);
  for (const shard of [0, 1, 2, 3]) {
    const guild = guildOn(shard);
    const main = await read(`${server.base}/api/bots/main/shards/${shard}`);
    const demo = await read(`${server.base}/api/bots/demo/shards/0`);
    t.same(await read(`${server.base}/api/lookup?guild=${guild}`), { guild, bots: [main, demo] });
  }
});

void t.test('/api/lookup reads links and @me, and the guild is the ID in them', async (t) => {
  const { server } = await fleet(t);
  const id = '81384788765712384';
  const texts: [text: string, guild: string][] = [
    [id, id],
    [` ${id} `, id],
    [`https://discord.com/channels/${id}`, id],
    [`https://discord.com/channels/${id}/381870553235193857`, id],
    [`https://canary.discord.com/channels/${id}/1/2`, id],
    [`ID: ${id}\u200b`, id],
    ['@me', '@me'],
    ['https://discord.com/channels/@me/381870553235193857', '@me'],
  ];
  for (const [text, guild] of texts)
    t.match(await read(`${server.base}/api/lookup?guild=${encodeURIComponent(text)}`), { guild }, text);
  t.match(await read(`${server.base}/api/lookup?guild=@me`), { bots: [{ shard: 0 }, { shard: 0 }] });
});

void t.test('/api/lookup refuses kindly what is no ID', async (t) => {
  const { server } = await fleet(t);
  const refusals: [text: string | null, words: string][] = [
    [null, 'Paste your server’s ID first'],
    ['', 'Paste your server’s ID first'],
    ['<@81384788765712384>', 'That is the ID of a person'],
    ['<#81384788765712384>', 'That is a mention of a channel'],
    ['<@&81384788765712384>', 'That is a role'],
    ['<:wave:81384788765712384>', 'That is an emoji'],
    ['https://discord.gg/discord-developers', 'An invite doesn’t say'],
    ['https://example.com/8138478876571', 'A server ID has 17 to 20 digits, and this has fewer'],
    ['https://example.com/', 'That link doesn’t lead'],
    ['My Server', 'Many servers can have the same name'],
    ['-5', 'A server ID has 17 to 20 digits, and this has fewer'],
    ['123', 'A server ID has 17 to 20 digits, and this has fewer'],
    ['9'.repeat(21), 'A server ID has 17 to 20 digits, and this has more'],
    ['9'.repeat(10_000), 'A server ID has 17 to 20 digits, and this has more'],
    ['18446744073709551616', 'This number is too large: Discord’s IDs end at 18446744073709551615'],
    ['81384788765712384 81384788765712385', 'There is more than one ID here'],
    ['\u0000', 'Paste your server’s ID first'],
  ];
  for (const [text, words] of refusals) {
    const query = text === null ? '' : `?guild=${encodeURIComponent(text)}`;
    const response = await fetch(`${server.base}/api/lookup${query}`);
    t.equal(response.status, 400, words);
    t.equal(response.headers.get('access-control-allow-origin'), '*');
    const { error } = (await response.json()) as { error: string };
    t.ok(error.startsWith(`guild: ${words}`), error);
  }
});

void t.test('/api/lookup on a server that knows no bot finds none', async (t) => {
  const server = await serve(t, {});
  t.same(await read(`${server.base}/api/lookup?guild=@me`), { guild: '@me', bots: [] });
});

void t.test('one shard is what a lookup says of it', async (t) => {
  const { server } = await fleet(t);
  const shards = `${server.base}/api/bots/main/shards`;
  const main = { bot: 'main', name: 'My Bot', shardCount: 4, certain: true, planned: false, loading: false };
  const nothing = { since: null, latencyMs: null, cluster: null };
  t.same(await read(`${shards}/0`), {
    ...main,
    shard: 0,
    state: 'online',
    since: START,
    latencyMs: 41.3,
    cluster: 'asia #1',
  });
  t.same(await read(`${shards}/2`), { ...main, shard: 2, state: 'unknown', ...nothing });
  t.same(await read(`${shards}/3`), {
    ...main,
    shard: 3,
    state: 'offline',
    ...nothing,
    since: START + 1_000,
  });
  t.match(await read(`${shards}/1`), { state: 'resuming', latencyMs: null, cluster: 'asia #1' });
});

void t.test(
  'a ready shard that waits for servers is still loading them, and how many is nobody’s business',
  async (t) => {
    const { server } = await fleet(t);
    const row = { id: 2, state: 'online', guilds: 1_234, unavailable: 567 };
    await post(`${server.base}/api/bots/main/shards`, { shards: [row] });
    const answer = await (await fetch(`${server.base}/api/bots/main/shards/2`)).text();
    t.match(JSON.parse(answer), { state: 'online', loading: true });
    t.notMatch(answer, /1234|567/);
    await post(`${server.base}/api/bots/main/shards`, { shards: [{ ...row, unavailable: 0 }] });
    t.match(await read(`${server.base}/api/bots/main/shards/2`), { state: 'online', loading: false });
  },
);

void t.test('a shard or bot that is not there is refused in words', async (t) => {
  const { server } = await fleet(t);
  const long = '9'.repeat(400);
  const cases: [path: string, status: number, error: string][] = [
    ['main/shards/4', 400, "shard '4' is outside 0..3 of bot 'main'"],
    ['main/shards/-1', 400, "shard '-1' is outside 0..3 of bot 'main'"],
    [`main/shards/${long}`, 400, `shard '${long.slice(0, 20)}' is outside 0..3 of bot 'main'`],
    ['nope/shards/0', 400, "bot 'nope' does not exist"],
    ['__proto__/shards/0', 400, "bot '__proto__' does not exist"],
    [`${'x'.repeat(500)}/shards/0`, 400, `bot '${'x'.repeat(64)}' does not exist`],
    ['main/shards/one', 404, 'there is nothing at this address'],
  ];
  for (const [path, status, error] of cases) {
    const response = await fetch(`${server.base}/api/bots/${path}`);
    t.same([response.status, await response.json()], [status, { error }], path);
  }
});

void t.test('HEAD answers what GET does, without its body', async (t) => {
  const { server } = await fleet(t);
  const html = await (await fetch(`${server.base}/`)).text();
  const script = /src="(\/assets\/[^"]+)"/.exec(html)![1]!;
  const icon = /href="(\/favicon[^"]+)"/.exec(html)![1]!;
  const paths = [
    '/',
    '/?guild=x',
    '/plain',
    '/api/view',
    '/api/lookup?guild=@me',
    '/api/lookup',
    script,
    icon,
  ];
  for (const path of [
    ...paths,
    '/api/bots/main/shards/0',
    '/api/bots/main/shards/9',
    '/live',
    '/api/feed',
    '/nope',
  ]) {
    const got = await ask(server.port, `GET ${path}`);
    const asked = await ask(server.port, `HEAD ${path}`);
    t.equal(asked.status, got.status, path);
    t.same(withoutDate(asked.headers), withoutDate(got.headers), path);
    t.equal(asked.body, '', path);
  }
});

const withoutDate = (headers: Map<string, string>): [string, string][] =>
  [...headers].filter(([name]) => name !== 'date').sort(([a], [b]) => (a < b ? -1 : 1));

void t.test('every answer forbids sniffing, framing and scripts, and none says what serves it', async (t) => {
  const { server } = await fleet(t);
  for (const line of [
    'GET /',
    'GET /api/view',
    'GET /nope',
    'POST /fleet/register',
    'PUT /',
    'POST /api/status/main/0/3',
  ]) {
    const { headers } = await ask(server.port, line);
    t.equal(headers.get('x-content-type-options'), 'nosniff', line);
    t.equal(headers.get('x-frame-options'), 'DENY', line);
    t.equal(headers.get('referrer-policy'), 'no-referrer', line);
    t.match(headers.get('content-security-policy'), "default-src 'none'", line);
    for (const name of ['server', 'uwebsockets']) t.notOk(headers.has(name), `${line}: ${name}`);
  }
});

void t.test(
  'the page is HTML under a policy that allows its own script, and asks again each time',
  async (t) => {
    const { server } = await fleet(t);
    const page = await fetch(`${server.base}/`);
    t.equal(page.status, 200);
    t.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
    t.equal(page.headers.get('cache-control'), 'no-cache');
    t.match(
      page.headers.get('content-security-policy'),
      /script-src 'self' 'sha256-[^;]+; style-src 'sha256-/,
    );
    const html = await page.text();
    t.match(html, 'Our bots');
    const script = await fetch(`${server.base}${/src="(\/assets\/[^"]+)"/.exec(html)![1]!}`);
    t.equal(script.status, 200);
    t.equal(script.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    t.equal(
      (await fetch(`${server.base}/`, { headers: { 'if-none-match': page.headers.get('etag')! } })).status,
      304,
    );
  },
);

void t.test(
  'the page answers a lookup, and two people on other servers of one shard get the same page',
  async (t) => {
    const { server } = await fleet(t);
    const of = async (guild: string): Promise<string> =>
      (await fetch(`${server.base}/?guild=${guild}`)).text();
    const guild = guildOn(3);
    const page = await of(guild);
    t.match(page, 'It is on shard 3 of 4 of My Bot.');
    t.notMatch(page, guild);
    t.equal(page, await of(`${BigInt(guild) + 1n}`));
    t.match(await of('%3C%40123%3E'), 'That is the ID of a person');
    t.match(await of('%3Cscript%3Ealert(1)%3C/script%3E'), 'Many servers can have the same name');
  },
);

void t.test('what was refused stays in the field, as text, on a page that nobody keeps', async (t) => {
  const { server } = await fleet(t);
  for (const [typed, shown] of [
    ['12345', '12345'],
    ['12346', '12346'],
    ['"><script>$&', '&quot;&gt;&lt;script&gt;$&amp;'],
  ] as const) {
    const answer = await fetch(`${server.base}/?guild=${encodeURIComponent(typed)}`);
    t.ok((await answer.text()).includes(`<input id=guild value="${shown}" name=guild`), typed);
    t.equal(answer.headers.get('cache-control'), 'private, no-store');
  }
  t.notMatch(await (await fetch(server.base)).text(), 'id=guild value');
});

void t.test('/plain is text for terminals', async (t) => {
  const { server } = await fleet(t);
  const plain = await fetch(`${server.base}/plain`);
  t.equal(plain.headers.get('content-type'), 'text/plain; charset=utf-8');
  t.match(await plain.text(), /^Our bots\n.*\nAs of 2026-11-21 01:41:06 UTC\n/);
});

void t.test('an unknown address is a page for browsers and JSON for programs', async (t) => {
  const { server } = await fleet(t);
  const page = await fetch(`${server.base}/nope`, { headers: BROWSER });
  t.equal(page.status, 404);
  t.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
  t.match(page.headers.get('content-security-policy'), 'script-src');
  t.match(await page.text(), 'href="/"');
  const json = await fetch(`${server.base}/nope`);
  t.equal(json.status, 404);
  t.same(await json.json(), { error: 'there is nothing at this address' });
});
