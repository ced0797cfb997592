// What operators do and ask over HTTP: each action, what bad input gets, what is audited and kept; search; who asks.
import t from 'tap';
import type { SearchView, SessionView } from '../../public/shared/operator-wire.js';
import type { PublicView } from '../../public/shared/wire.js';
import { forget, post, serve, startServer, testClock, until, type TestServer } from '../harness.js';
import { ask } from '../http/raw.js';

const environment = {
  SHARDLIGHT_HOST: '127.0.0.1',
  SHARDLIGHT_INGEST_TOKEN: 'bot',
  SHARDLIGHT_VIEWER_TOKEN: 'see',
  SHARDLIGHT_OPERATOR_TOKEN: 'act',
  SHARDLIGHT_AUDIT_LOG: '1',
};
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

const report = (server: TestServer, path: string, body: unknown): Promise<Response> =>
  post(`${server.base}${path}`, body, bearer('bot'));

const act = (server: TestServer, what: string, body: unknown, token = 'act'): Promise<Response> =>
  post(`${server.base}/api/operator/${what}`, body, bearer(token));

const shardsOf = (count: number): unknown[] =>
  Array.from({ length: count }, (_, id) => ({ id, state: 'online' }));

/** Two clusters of the bot "main", which has four shards, and a bot "patron". */
async function report2(server: TestServer): Promise<void> {
  for (const identity of ['asia-0', 'asia-1'])
    await report(server, '/fleet/register', { identity, fleet: 'asia', bot: 'main' });
  await report(server, '/fleet/heartbeat', { identity: 'asia-0', shards: shardsOf(2), shard_count: 4 });
  await report(server, '/api/bots/patron/shards', { shards: shardsOf(1), shard_count: 1 });
}

const view = async ({ base }: TestServer): Promise<PublicView> =>
  (await (await fetch(`${base}/api/view`)).json()) as PublicView;

const botOf = async (server: TestServer, key: string): Promise<PublicView['bots'][number] | undefined> =>
  (await view(server)).bots.find((bot) => bot.key === key);

void t.test('a dead cluster is forgotten; one that is up is not', async (t) => {
  const clock = testClock();
  const server = await serve(t, environment, clock);
  await report2(server);
  const up = await act(server, 'forget', { identity: 'asia-0' });
  t.equal(up.status, 409);
  t.match(await up.json(), { error: /this cluster is up: stop it first/ });
  t.equal((await act(server, 'forget', { identity: 'nobody' })).status, 404);
  await report(server, '/fleet/goodbye', { identity: 'asia-0' });
  t.equal((await act(server, 'forget', { identity: 'asia-0' })).status, 204);
  t.equal((await act(server, 'forget', { identity: 'asia-0' })).status, 404);
  const again = await report(server, '/fleet/register', { identity: 'asia-0', fleet: 'asia', bot: 'main' });
  t.match(await again.json(), { number: 3 }, 'its number stays taken');
  const log = server.log.join('\n');
  t.match(log, /INFO an operator forgot the cluster "asia-0": its number stays taken/);
  t.match(log, /audit forget identity=asia-0 remote=127\.0\.0\.1 outcome=ok/);
  t.match(log, /audit forget identity=asia-0 remote=127\.0\.0\.1 outcome=denied:still-up/);
});

void t.test('from the banned nothing is taken, and one that still beats is forgotten for good', async (t) => {
  const clock = testClock();
  const server = await startServer(environment, clock);
  await report2(server);
  t.equal((await act(server, 'ban', { glob: 'asia-*', banned: true })).status, 204);
  const answers = async (to: TestServer): Promise<unknown[]> => {
    const all = [
      await report(to, '/fleet/register', { identity: 'asia-0', fleet: 'asia', bot: 'main' }),
      await report(to, '/fleet/heartbeat', { identity: 'asia-0', shards: shardsOf(2) }),
      await report(to, '/fleet/heartbeat', { identity: 'asia-7', shards: shardsOf(2) }),
      await report(to, '/fleet/goodbye', { identity: 'asia-0' }),
      await report(to, '/api/bots/main/shards', { identity: 'asia-0', shards: shardsOf(2) }),
    ];
    return Promise.all(all.map(async (one) => [one.status, (await one.text()).trim()]));
  };
  const text = [403, 'identity is banned'];
  const banned = [text, text, text, text, [403, '{"error":"identity is banned"}']];
  t.same(await answers(server), banned);
  t.match(
    server.log.join('\n'),
    /refused to 127\.0\.0\.1 \(403\): identity is banned .identity asia-0.\. An operator banned it/,
  );
  t.match(server.log.join('\n'), /INFO an operator banned identities like "asia-\*"/);
  t.equal((await act(server, 'forget', { identity: 'asia-0' })).status, 204, 'though it was up');
  t.same((await botOf(server, 'main'))?.states, '0000');
  t.same(await answers(server), banned);
  await server.stop();
  const next = await startServer(environment, clock, server.statePath);
  t.teardown(() => next.stop().finally(() => forget(next)));
  t.same(await answers(next), banned, 'after a restart, too');
  t.match(await (await act(next, 'ban', { glob: 'asia-0', banned: false })).json(), {
    error: "there is no ban of 'asia-0' (banned: asia-*)",
  });
  t.equal((await act(next, 'ban', { glob: 'asia-*', banned: false })).status, 204);
  const again = await report(next, '/fleet/register', { identity: 'asia-0', fleet: 'asia', bot: 'main' });
  t.match(await again.json(), { number: 3 });
});

void t.test(
  'at a bound the newest is refused with 403 and the name of the variable, and the log says so',
  async (t) => {
    const server = await serve(t, {
      ...environment,
      SHARDLIGHT_MAX_FLEETS: '1',
      SHARDLIGHT_MAX_LEARNT_SHARDS: '5',
      SHARDLIGHT_MAX_CLAIMS: '4',
      SHARDLIGHT_MAX_FLEETS_PER_IDENTITY: '1',
    });
    await report2(server);
    const refusals: [path: string, body: unknown, error: RegExp][] = [
      ['/fleet/register', { identity: 'b', fleet: 'eu' }, /SHARDLIGHT_MAX_FLEETS\)/],
      ['/fleet/register', { identity: 'asia-0', fleet: 'eu' }, /SHARDLIGHT_MAX_FLEETS_PER_IDENTITY/],
      ['/api/bots/more/shards', { shards: shardsOf(1) }, /SHARDLIGHT_MAX_LEARNT_SHARDS.*SHARDLIGHT_BOTS/],
    ];
    for (const [path, body, error] of refusals) {
      const answer = await report(server, path, body);
      t.equal(answer.status, 403);
      t.match(await answer.text(), error);
    }
    const glance = `${server.base}/api/status/main`;
    t.equal((await post(`${glance}/3/3`, '', bearer('bot'))).status, 204);
    const fifth = await post(`${glance}/2/3`, '', bearer('bot'));
    t.equal(fifth.status, 403);
    t.match(await fifth.json(), { error: /SHARDLIGHT_MAX_CLAIMS/ });
    t.equal(
      server.log.filter((line) => line.includes('SHARDLIGHT_MAX_')).length,
      3,
      'once a minute and kind',
    );
  },
);

void t.test('a bot gets a name and a shard count, and both are cleared again', async (t) => {
  const server = await serve(t, environment);
  await report2(server);
  const set = (name: string | null, shard_count: number | null): Promise<Response> =>
    act(server, 'bot', { bot: 'main', name, shard_count });
  t.equal((await set('  Our Bot ', 8)).status, 204);
  t.match(await until(async () => (await botOf(server, 'main'))?.shardCount === 8 && botOf(server, 'main')), {
    name: 'Our Bot',
    certain: false,
  });
  t.equal((await set(null, null)).status, 204);
  t.match(await until(async () => (await botOf(server, 'main'))?.shardCount === 4 && botOf(server, 'main')), {
    name: 'This bot',
    certain: true,
  });
  const unknown = await act(server, 'bot', { bot: 'other', name: null, shard_count: null });
  t.same([unknown.status, await unknown.json()], [400, { error: "bot 'other' does not exist" }]);
  t.match(server.log.join('\n'), /operator set the bot "main": name "Our Bot", shard count 8/);
  t.match(server.log.join('\n'), /audit set-bot identity=main remote=127\.0\.0\.1 outcome=ok/);
});

void t.test('a member is assigned to a bot, whatever it says, until that is cleared', async (t) => {
  const server = await serve(t, environment);
  await report2(server);
  t.equal((await act(server, 'assign', { identity: 'asia-0', bot: 'patron' })).status, 204);
  await report(server, '/fleet/register', { identity: 'asia-0', fleet: 'asia', bot: 'main' });
  const cluster = async (): Promise<unknown> =>
    (await fetch(`${server.base}/api/fleet/cluster?fleet=asia&number=1`, { headers: bearer('see') })).json();
  t.match(await cluster(), { cluster: { bot: 'patron' } });
  t.equal((await act(server, 'assign', { identity: 'asia-0', bot: null })).status, 204);
  t.match(await cluster(), { cluster: { bot: 'main' } });
  t.equal((await act(server, 'assign', { identity: 'nobody', bot: 'main' })).status, 404);
  t.equal((await act(server, 'assign', { identity: 'asia-0', bot: 'other' })).status, 400);
  t.match(server.log.join('\n'), /operator assigned "asia-0" to the bot "patron"/);
  t.match(server.log.join('\n'), /audit assign identity=asia-0 .* outcome=denied:unknown-bot/);
});

/** TAP takes some of these characters for line ends. */
const printable = (value: unknown): string =>
  JSON.stringify([value])
    .slice(0, 40)
    .replace(/[^ -~]/g, '?');

void t.test('each field that is not what it should be is named', async (t) => {
  const server = await serve(t, environment);
  await report2(server);
  const good = {
    forget: { identity: 'asia-0' },
    'release-lease': { identity: 'asia-0' },
    bot: { bot: 'main', name: 'Our Bot', shard_count: 8 },
    assign: { identity: 'asia-0', bot: 'main' },
    ban: { glob: 'evil-*', banned: true },
  };
  const bad: Record<string, unknown[]> = {
    identity: [undefined, null, '', 7, ['asia-0'], { a: 1 }, 'x'.repeat(129)],
    bot: [7, '', 'Ma in', 'a b', ['main'], 'x'.repeat(65)],
    name: [undefined, 7, '', '   ', 'a\nb', 'a\u0000b', 'a\u2028b', 'x'.repeat(101), ['a']],
    shard_count: [undefined, '8', 0, -1, 1.5, 16_385, 1e300, [8]],
    glob: [undefined, null, '', 7, ['*'], { a: 1 }, '*'.repeat(129)],
    banned: [undefined, null, 1, 'true', []],
  };
  for (const [what, body] of Object.entries(good))
    for (const field of Object.keys(body))
      for (const value of bad[field]!) {
        const answer = await act(server, what, { ...body, [field]: value });
        const { error } = (await answer.json()) as { error: string };
        t.equal(answer.status, 400, `${what}: ${field} ${printable(value)}`);
        t.match(error, new RegExp(`^${field} must be .*; send JSON like \\{`));
      }
  for (const body of ['', '{', 'null', '[]', '"asia-0"', '7', '{"__proto__":{"identity":"asia-0"}}'])
    for (const what of Object.keys(good)) {
      const answer = await act(server, what, body);
      t.equal(answer.status, 400, `${what}: ${body}`);
      t.match(await answer.json(), { error: /send JSON like/ });
    }
  t.equal((await botOf(server, 'main'))?.name, 'This bot', 'nothing came of it');
});

void t.test('only operators act', async (t) => {
  const server = await serve(t, environment);
  await report2(server);
  for (const what of ['forget', 'bot', 'assign', 'release-lease', 'ban'])
    for (const token of ['see', 'bot', 'wrong'])
      t.equal((await act(server, what, { identity: 'asia-1' }, token)).status, 401, `${what} as ${token}`);
  const closed = await serve(t, { ...environment, SHARDLIGHT_OPERATOR_TOKEN: '' });
  const answer = await act(closed, 'forget', { identity: 'asia-1' }, 'see');
  t.equal(answer.status, 401);
  t.match(await answer.json(), { error: /set SHARDLIGHT_OPERATOR_TOKEN/ });
});

void t.test('what an operator said is there after a restart', async (t) => {
  const server = await startServer(environment);
  await report2(server);
  await act(server, 'bot', { bot: 'main', name: 'Our Bot', shard_count: 6 });
  await act(server, 'assign', { identity: 'asia-1', bot: 'patron' });
  await report(server, '/fleet/goodbye', { identity: 'asia-0' });
  await act(server, 'forget', { identity: 'asia-0' });
  await server.stop();
  const next = await startServer(environment, undefined, server.statePath);
  t.teardown(() => next.stop().finally(() => forget(next)));
  t.match(await botOf(next, 'main'), { name: 'Our Bot', shardCount: 6 });
  const { hits } = await searchFor(next, 'asia');
  t.same(
    hits.map((hit) => (hit.kind === 'cluster' ? hit.identity : hit.kind)),
    ['fleet', 'asia-1'],
  );
});

async function searchFor({ base }: TestServer, q: string, token = 'see'): Promise<SearchView> {
  const url = `${base}/api/operator/search?q=${encodeURIComponent(q)}`;
  return (await (await fetch(url, { headers: bearer(token) })).json()) as SearchView;
}

void t.test('search finds fleets, clusters and shards, best first', async (t) => {
  const server = await serve(t, { ...environment, SHARDLIGHT_BOTS: 'main:64;patron:4:Patron Bot' });
  for (const [identity, fleet] of [
    ['asia-0', 'asia'],
    ['asia-1', 'asia'],
    ['eu-asia', 'eu'],
    ['ASIA', 'us'],
  ])
    await report(server, '/fleet/register', { identity, fleet });
  const found = async (q: string): Promise<string[]> =>
    (await searchFor(server, q)).hits.map((hit) =>
      hit.kind === 'fleet'
        ? hit.fleet
        : hit.kind === 'cluster'
          ? hit.identity
          : `${hit.bot}/${hit.shard} ${hit.state}`,
    );
  t.same(await found('asia'), ['asia', 'ASIA', 'asia-0', 'asia-1', 'eu-asia']);
  for (const q of ['asia #2', 'asia 2', 'ASIA#2']) t.same((await found(q))[0], 'asia-1', q);
  t.same(await found('#2'), ['asia-1']);
  t.same(await found('3'), ['main/3 unknown', 'patron/3 unknown']);
  t.same(await found('main 17'), ['main/17 unknown']);
  t.same(await found('Patron Bot/3'), ['patron/3 unknown']);
  t.same(await found('shard 17'), ['main/17 unknown']);
  t.same(await found('patron 4'), [], 'it has four');
  for (const q of ['', ' ', 'zzz', '99999', '81384788765712384', '__proto__', '.*'])
    t.same(await found(q), [], q);
  for (let i = 0; i < 30; i++)
    await report(server, '/fleet/register', { identity: `many-${i}`, fleet: 'many' });
  t.equal((await found('many')).length, 20);
  const long = await ask(server.port, `GET /api/operator/search?q=${'x'.repeat(129)}`, bearer('see'));
  t.equal(long.status, 400);
  t.equal((await ask(server.port, 'GET /api/operator/search?q=asia')).status, 401);
});

async function session(server: TestServer, headers: Record<string, string> = {}): Promise<SessionView> {
  const answer = await ask(server.port, 'GET /api/session', headers);
  t.equal(answer.headers.get('cache-control'), 'no-store');
  return JSON.parse(answer.body) as SessionView;
}

void t.test('who asks, and what is closed to everybody', async (t) => {
  const server = await serve(t, { ...environment, SHARDLIGHT_PUBLIC_URL: 'https://status.example.com' });
  t.same(await session(server), {
    role: null,
    isOpen: false,
    refused: null,
    closed: { viewer: null, operator: null },
    connect: {
      url: 'https://status.example.com',
      namespace: 'discord',
      needsIngestToken: true,
      needsViewerToken: true,
      requireLease: false,
    },
  });
  t.equal((await session(server, bearer('see'))).role, 'viewer');
  t.equal((await session(server, bearer('act'))).role, 'operator');
  t.equal((await session(server, bearer('bot'))).role, null);
  const opened = await ask(server.port, 'GET /?token=act');
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
  t.equal((await session(server, { Cookie: cookie })).role, 'operator');
  t.equal((await session(server, { Cookie: `${cookie}x` })).role, null);

  const open = await session(await serve(t, {}));
  t.match(open, { role: 'operator', isOpen: true, closed: { viewer: null, operator: null } });
  t.match(open.connect, { url: null, needsIngestToken: false, needsViewerToken: false });

  const halfOpen = await session(
    await serve(t, { SHARDLIGHT_INGEST_TOKEN: 'bot', SHARDLIGHT_HOST: '127.0.0.1' }),
  );
  t.match(halfOpen, { role: 'viewer', isOpen: true, closed: { viewer: null, operator: /OPERATOR_TOKEN/ } });
  const shut = await session(
    await serve(t, { SHARDLIGHT_INGEST_TOKEN: 'bot', SHARDLIGHT_HOST: '0.0.0.0' }),
    bearer('bot'),
  );
  t.match(shut, {
    role: null,
    isOpen: false,
    closed: { viewer: /VIEWER_TOKEN/, operator: /OPERATOR_TOKEN/ },
  });
});
