// Unmodified Argus members: their recorded requests, and the contract's answers where Shardlight does not differ on purpose.
import { readFileSync } from 'node:fs';
import { deflateSync, gzipSync } from 'node:zlib';
import t from 'tap';
import { serve, testClock, type TestServer } from '../harness.js';
import { ask } from '../http/raw.js';
import {
  beat,
  environment,
  latency,
  register,
  replay,
  send,
  shard,
  snapshotOf,
  up,
  view,
  type Sample,
} from './member.js';
import { recorded } from './recorded.js';

void t.test('the recordings are complete: each body has the length that its header says', (t) => {
  for (const name of ['register', 'heartbeat-1', 'heartbeat-2', 'heartbeat-infinity-nan']) {
    const { headers, body } = recorded(name);
    t.equal(new Map(headers).get('Content-Length'), `${body.length}`, name);
  }
  t.end();
});

void t.test('a recorded register gets a number and a lease, and, additive, its bot', async (t) => {
  const answer = await replay(await serve(t, environment), 'register');
  t.equal(answer.status, 200);
  t.equal(answer.headers.get('content-type'), 'application/json; charset=utf-8');
  t.match(answer.body, /^\{"number":1,"lease":"[A-Za-z0-9_-]{43}","bot":"main"\}$/);
});

void t.test('recorded beats get an empty 204 and light up the grid', async (t) => {
  const clock = testClock();
  const server = await serve(t, environment, clock);
  await replay(server, 'register');
  for (const [name, states] of [
    ['heartbeat-1', '3333'],
    ['heartbeat-2', '3323'],
  ] as const) {
    clock.advance(15_000);
    const answer = await replay(server, name);
    t.equal(answer.status, 204);
    t.equal(answer.headers.get('content-type'), undefined);
    t.equal(answer.headers.get('content-length'), undefined);
    t.equal(answer.body, '');
    const [bot] = (await view(server)).bots;
    t.match(bot, { key: 'main', shardCount: 4, certain: true, states, heardAt: clock.now() });
    t.same(bot?.clusters, [{ name: 'asia #1', shards: '0-3' }]);
  }
  t.match(await shard(server, 0), { state: 'online', latencyMs: 82, cluster: 'asia #1' });
  t.match(await shard(server, 2), { state: 'offline', since: clock.now(), latencyMs: null });
  t.match(await shard(server, 3), { state: 'online', since: clock.now() - 15_000, latencyMs: 45.5 });
});

void t.test('a recorded first beat with bare Infinity and NaN is a sign of life', async (t) => {
  const server = await serve(t, environment);
  await register(server, 'a');
  t.equal((await replay(server, 'heartbeat-infinity-nan')).status, 204);
});

void t.test('a latency of Infinity is no latency, and the shard is up all the same', async (t) => {
  const server = await serve(t, environment);
  await register(server, 'a');
  const small = readFileSync(`${process.cwd()}/test/fixtures/snap-small.json`, 'utf8');
  const booting = small.replace('"value": 0.081956', '"value": Infinity');
  t.not(booting, small);
  const response = await send(server, 'heartbeat', `{"identity": "a", "snapshot": ${booting}}`);
  t.equal(response.status, 204);
  t.match(await shard(server, 0), { state: 'online', latencyMs: null });
});

void t.test('an unknown identity gets 404, registers, and is heard', async (t) => {
  const server = await serve(t, environment);
  const answer = await replay(server, 'heartbeat-1');
  t.equal(answer.status, 404);
  t.equal(answer.body, 'identity is not registered\n');
  await replay(server, 'register');
  t.equal((await replay(server, 'heartbeat-1')).status, 204);
});

void t.test('a beat of 120 commands, over 256 KiB, is heard', async (t) => {
  const server = await serve(t, environment);
  await register(server, 'a');
  const commands = Array.from({ length: 5_000 }, (_, i) => ({
    name: 'discord_app_commands_total',
    labels: { command: `command-${i}`, status: 'ok', cluster: 'a' },
    value: i,
  }));
  const snapshot = snapshotOf(...commands, up('0'));
  t.ok(JSON.stringify(snapshot).length > 300_000);
  t.equal(await beat(server, 'a', snapshot), 204);
  t.equal((await shard(server, 0)).state, 'online');
});

void t.test('a sample with an odd label or value is skipped, and the others count', async (t) => {
  const server = await serve(t, environment);
  await register(server, 'a');
  const labels = [1, ['1'], {}, null, 'x', '-1', '1.5', '99999', '16384', '', true];
  const values = [null, 'up', '', {}, [], 'NaN'];
  const samples = [
    ...labels.map((label) => up(label)),
    ...values.map((value) => up('7', value)),
    { name: 'discord_shard_up', labels: 'shard', value: 1 },
    { name: 'discord_shard_up', value: 1 },
    { name: 7, labels: { shard: '5' }, value: 1 },
  ];
  t.equal(
    await beat(server, 'a', snapshotOf(...(samples as Sample[]), up('0'), up('1', '1.0'), up('2', 0.5))),
    204,
  );
  t.equal((await view(server)).bots[0]?.states, '332');
});

void t.test('a shard known by its latency alone is online', async (t) => {
  const server = await serve(t, environment);
  await register(server, 'a');
  await beat(server, 'a', snapshotOf(latency('0', 0.04), latency('1', '0.0501'), up('1', false)));
  t.match(await shard(server, 0), { state: 'online', latencyMs: 40 });
  t.match(await shard(server, 1), { state: 'offline' });
});

void t.test('an unsharded bot is shard 0, as its connection goes', async (t) => {
  const server = await serve(t, environment);
  await register(server, 'a');
  for (const [connected, state] of [
    [1, 'online'],
    [0, 'offline'],
  ] as const) {
    await beat(server, 'a', snapshotOf({ name: 'discord_shards_connected', labels: {}, value: connected }));
    t.match(await shard(server, 0), { state, shardCount: 1 });
  }
});

void t.test('a beat without a snapshot keeps what is known alive', async (t) => {
  const clock = testClock();
  const server = await serve(t, environment, clock);
  await register(server, 'a');
  await beat(server, 'a', snapshotOf(up('0')));
  for (const snapshot of [undefined, null, 'none', 7, []]) {
    clock.advance(40_000);
    t.equal(await beat(server, 'a', snapshot), 204);
  }
  t.match((await view(server)).bots, [{ states: '3', heardAt: clock.now() }]);
});

void t.test('what a member may add counts: its bot, its shard count, its shards', async (t) => {
  const server = await serve(t, environment);
  await register(server, 'a', { bot: 'premium', shard_count: 6 });
  const shards = [{ id: 0, state: 'resuming' }, { id: 'one' }, { id: 2, state: 3, latency_ms: 41.26 }, null];
  t.equal(await beat(server, 'a', snapshotOf(up('5')), { shards }), 204);
  t.match((await view(server)).bots, [{ key: 'premium', shardCount: 6, certain: true, states: '603000' }]);
  t.equal((await shard(server, 2, 'premium')).latencyMs, 41.3);
});

void t.test('a shard that is gone from the list is let go', async (t) => {
  const server = await serve(t, environment);
  await register(server, 'a');
  await beat(server, 'a', snapshotOf(up('0'), up('1'), up('2')));
  await beat(server, 'a', snapshotOf(up('0'), up('2')));
  t.match((await view(server)).bots, [{ states: '303', clusters: [{ name: 'cluster #1', shards: '0,2' }] }]);
});

void t.test('numbers count up per fleet, and come back to whoever had them', async (t) => {
  const server = await serve(t, environment);
  const registers: [identity: string, fleet: string | undefined, number: number][] = [
    ['a', 'asia', 1],
    ['b', 'asia', 2],
    ['c', undefined, 1],
    ['a', 'asia', 1],
    ['d', 'eu', 1],
    ['a', 'eu', 2],
    ['e', 'asia', 3],
    ['a', 'asia', 1],
    ['a', 'eu', 2],
  ];
  for (const [identity, fleet, number] of registers)
    t.equal(
      (await register(server, identity, { fleet })).number,
      number,
      `${identity} in ${fleet ?? 'none'}`,
    );
  await beat(server, 'a', snapshotOf(up('0')));
  t.equal((await shard(server, 0)).cluster, 'eu #2');
  await register(server, 'a', { fleet: 'asia' });
  t.same((await view(server)).bots[0]?.clusters, [{ name: 'asia #1', shards: '0' }]);
});

void t.test('every register gives a new lease', async (t) => {
  const server = await serve(t, environment);
  const leases = new Set<string>();
  for (let i = 0; i < 5; i++) leases.add((await register(server, 'a')).lease);
  t.equal(leases.size, 5);
});

void t.test('members go to the bot of the first row that matches them', async (t) => {
  const server = await serve(t, {
    ...environment,
    SHARDLIGHT_BOTS: 'main:4;patron:2;small:1',
    SHARDLIGHT_MEMBERS: 'premium-*:patron;fleet/eu:small',
  });
  await register(server, 'premium-1', { fleet: 'eu' });
  await register(server, 'b', { fleet: 'eu' });
  await register(server, 'c');
  for (const identity of ['premium-1', 'b', 'c']) await beat(server, identity, snapshotOf(up('0')));
  t.same(
    (await view(server)).bots.map((bot) => [bot.key, bot.clusters[0]?.name]),
    [
      ['main', 'cluster #1'],
      ['patron', 'eu #1'],
      ['small', 'eu #2'],
    ],
  );
});

void t.test('a cluster that falls silent takes its shards with it', async (t) => {
  const clock = testClock();
  const server = await serve(t, environment, clock);
  await register(server, 'a');
  await beat(server, 'a', snapshotOf(up('0'), up('1', 0)));
  clock.advance(45_001);
  await t.resolves(untilStates(server, '12'));
  t.match(await shard(server, 0), { state: 'unhealthy', since: clock.now() - 1 });
});

async function untilStates(server: TestServer, states: string): Promise<void> {
  while ((await view(server)).bots[0]?.states !== states);
}

interface Gate {
  what: string;
  line?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  status: number;
  error: string;
}

const NO_TOKEN = { Authorization: '' };
const LONG = { status: 413, error: 'Maximum request body size 1048576 exceeded, actual body size 1048577' };
const REGISTER = 'POST /fleet/register';
const HEARTBEAT = 'POST /fleet/heartbeat';
const tooLong = 'x'.repeat(1_048_577);

/** Each but the last of a group makes a later mistake too: the gates have an order. */
const gates: Gate[] = [
  { what: 'no token', headers: NO_TOKEN, body: tooLong, status: 401, error: 'unauthorized' },
  { what: 'a wrong token', headers: { Authorization: 'Bearer x' }, status: 401, error: 'unauthorized' },
  {
    what: 'a token that is not ASCII',
    line: `${REGISTER}?token=%C3%A9`,
    headers: NO_TOKEN,
    status: 401,
    error: 'unauthorized',
  },
  {
    what: 'GET without a token',
    line: 'GET /fleet/register',
    headers: NO_TOKEN,
    status: 401,
    error: 'unauthorized',
  },
  { what: 'GET', line: 'GET /fleet/register', status: 405, error: '405: Method Not Allowed' },
  { what: 'PUT on heartbeat', line: 'PUT /fleet/heartbeat', status: 405, error: '405: Method Not Allowed' },
  { what: 'a body over the cap', body: tooLong, ...LONG },
  { what: 'an empty body', body: '', status: 400, error: 'invalid JSON body' },
  { what: 'no JSON', body: '{', status: 400, error: 'invalid JSON body' },
  {
    what: 'broken UTF-8',
    body: Buffer.from('{"identity":"\xff"}', 'latin1'),
    status: 400,
    error: 'invalid JSON body',
  },
  { what: 'a list', body: '[]', status: 400, error: 'expected a JSON object' },
  { what: 'a number', body: '7', status: 400, error: 'expected a JSON object' },
  { what: 'null', body: 'null', status: 400, error: 'expected a JSON object' },
  { what: 'no identity', body: '{"fleet":7}', status: 400, error: 'identity required' },
  { what: 'an empty identity', body: '{"identity":""}', status: 400, error: 'identity required' },
  { what: 'an identity of 0', body: '{"identity":0}', status: 400, error: 'identity required' },
  {
    what: 'an identity that is a list',
    body: '{"identity":["x"]}',
    status: 400,
    error: 'identity: must be text',
  },
  {
    what: 'a long identity',
    body: `{"identity":"${'x'.repeat(129)}"}`,
    status: 400,
    error: 'identity: must be at most 128 characters',
  },
  {
    what: 'an identity with a line break',
    body: '{"identity":"a\\nb"}',
    status: 400,
    error: 'identity: must not hold control characters',
  },
  {
    what: 'a beat of nobody',
    line: HEARTBEAT,
    body: '{"identity":"a"}',
    status: 404,
    error: 'identity is not registered',
  },
  { what: 'a beat without identity', line: HEARTBEAT, body: '{}', status: 400, error: 'identity required' },
];

void t.test(
  'each gate refuses in its turn, in a line of text or in JSON when that is asked for',
  async (t) => {
    const { port } = await serve(t, environment);
    for (const { what, line = REGISTER, headers = {}, body, status, error } of gates) {
      const given = { Authorization: 'Bearer tok', Accept: '*/*', ...headers };
      const plain = await ask(port, line, given, body);
      const lineEnd = status === 405 || status === 413 ? '' : '\n'; // as aiohttp has them
      t.same([plain.status, plain.body], [status, `${error}${lineEnd}`], what);
      t.equal(plain.headers.get('content-type'), 'text/plain; charset=utf-8', what);
      const json = await ask(port, line, { ...given, Accept: 'application/json' }, body);
      t.same([json.status, json.body], [status, JSON.stringify({ error })], `${what}, in JSON`);
      if (status === 405) t.equal(plain.headers.get('allow'), 'POST');
    }
  },
);

void t.test('an identity may be a number, and extra fields are ignored', async (t) => {
  const server = await serve(t, environment);
  const odd = {
    identity: 42,
    fleet: null,
    version: null,
    scrape_target: '10.0.0.5:9191',
    lease: 7,
    more: [{}],
  };
  t.match(await (await send(server, 'register', odd)).json(), { number: 1 });
  t.equal(await beat(server, '42', {}), 204);
});

void t.test('a new identity beyond the cap is turned away, and known ones still register', async (t) => {
  const server = await serve(t, { ...environment, ARGUS_FLEET_MAX_CLUSTERS: '2' });
  for (const identity of ['a', 'b', 'a']) await register(server, identity);
  const refused = await send(server, 'register', { identity: 'c' });
  t.equal(refused.status, 403);
  t.equal(await refused.text(), 'fleet cluster cap reached\n');
});

void t.test('an address with a slash too many is the same address', async (t) => {
  const { port } = await serve(t, environment);
  for (const path of ['//fleet/register', '/fleet/register/', '//fleet//register//']) {
    const answer = await ask(port, `POST ${path}`, { Authorization: 'Bearer tok' }, '{"identity":"a"}');
    t.equal(answer.status, 200, path);
  }
});

void t.test(
  'a token counts as a bearer in any case or in the query, and a bearer rules the query out',
  async (t) => {
    const { port } = await serve(t, environment);
    const cases: [authorization: string | null, query: string, status: number][] = [
      ['Bearer tok', '', 200],
      ['bearer tok', '', 200],
      ['BEARER shared-secret', '', 200],
      [null, '?token=tok', 200],
      [null, '?x=1&token=shared-secret', 200],
      ['Basic dG9rOg==', '?token=tok', 200],
      ['Bearer tok', '?token=wrong', 200],
      ['Bearer wrong', '?token=tok', 401],
      ['Basic dG9rOg==', '', 401],
      [null, '?token=', 401],
      [null, '?token=TOK', 401],
      [null, '?token=tok%20', 401],
      [null, '?Token=tok', 401],
    ];
    for (const [authorization, query, status] of cases) {
      const headers = authorization === null ? {} : { Authorization: authorization };
      const answer = await ask(port, `${REGISTER}${query}`, headers, '{"identity":"a"}');
      t.equal(answer.status, status, `${authorization ?? 'no header'} ${query}`);
    }
  },
);

void t.test('a packed body is unpacked', async (t) => {
  const server = await serve(t, environment);
  const body = '{"identity":"a"}';
  const packed = { gzip: gzipSync(body), deflate: deflateSync(body), identity: Buffer.from(body) };
  for (const [encoding, bytes] of Object.entries(packed)) {
    const headers = { Authorization: 'Bearer tok', 'Content-Encoding': encoding };
    t.equal((await ask(server.port, REGISTER, headers, bytes)).status, 200, encoding);
  }
});

void t.test("an Argus plane's own environment starts the server", async (t) => {
  const clock = testClock();
  const server = await serve(
    t,
    {
      ARGUS_FLEET_HOST: '127.0.0.1',
      ARGUS_FLEET_PORT: '9190',
      ARGUS_FLEET_INGEST_TOKEN: 'new, old ,',
      ARGUS_FLEET_VIEWER_TOKEN: 'viewer',
      ARGUS_FLEET_HEARTBEAT_INTERVAL: '10',
      ARGUS_FLEET_TTL_FACTOR: '2',
      ARGUS_FLEET_STATE: '/data/argus-fleet-state.json',
      ARGUS_FLEET_MAX_BODY_BYTES: '2048',
      ARGUS_FLEET_PROMETHEUS_URL: 'http://prometheus:9090',
      ARGUS_FLEET_CORS_ORIGINS: '',
      ARGUS_FLEET_INSECURE: 'no',
      ARGUS_NAMESPACE: 'acme',
    },
    clock,
  );
  for (const [token, status] of [
    ['old', 200],
    ['new', 200],
    ['viewer', 401],
    ['new, old', 401],
  ] as const) {
    const headers = { authorization: `Bearer ${token}` };
    t.equal((await send(server, 'register', { identity: 'a' }, headers)).status, status, token);
  }
  const headers = { authorization: 'Bearer new' };
  const snapshot = snapshotOf({ name: 'acme_shard_up', labels: { shard: '0' }, value: 1 }, up('1'));
  await send(server, 'heartbeat', { identity: 'a', snapshot }, headers);
  t.equal((await view(server)).bots[0]?.states, '3');
  t.equal((await send(server, 'heartbeat', { identity: 'a', x: 'x'.repeat(2_048) }, headers)).status, 413);
  clock.advance(20_001);
  await untilStates(server, '1');
});
