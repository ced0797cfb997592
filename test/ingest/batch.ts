// The batch route: many shards of one bot at once, and one bad row never loses the good ones.
import t from 'tap';
import { readRow } from '../../server/ingest/fields.js';
import { stateNames } from '../../public/shared/states.js';
import type { PublicView, ShardView } from '../../public/shared/wire.js';
import { post, serve, testClock, type TestServer } from '../harness.js';

interface Reply {
  status: number;
  body: unknown;
}

async function report(
  { base }: TestServer,
  bot: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const response = await post(`${base}/api/bots/${bot}/shards`, body, headers);
  return { status: response.status, body: await response.json() };
}

const view = async ({ base }: TestServer): Promise<PublicView> =>
  (await (await fetch(`${base}/api/view`)).json()) as PublicView;

const shard = async ({ base }: TestServer, id: number): Promise<ShardView> =>
  (await (await fetch(`${base}/api/bots/main/shards/${id}`)).json()) as ShardView;

const accepted = (count: number, ...rejected: [index: number, error: string][]): Reply => ({
  status: 200,
  body: { accepted: count, rejected: rejected.map(([index, error]) => ({ index, error })) },
});

const refused = (status: number, error: string): Reply => ({ status, body: { error } });

const ROW_STATE = `state: must be 0 to 6 or one of ${stateNames.join(', ')}`;
const ROW_ID = 'id: must be a whole number from 0 to 16383';
const COUNT = 'shard_count: must be a whole number from 1 to 16384';
const BOT = 'bot: must be 1 to 64 characters of A-Z, a-z, 0-9, "_" and "-"';

void t.test('states are said by name or by number', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:14' });
  const byName = stateNames.map((state, id) => ({ id, state }));
  const byNumber = stateNames.map((_, state) => ({ id: 7 + state, state }));
  t.same(await report(server, 'main', { shards: [...byName, ...byNumber] }), accepted(14));
  t.equal((await view(server)).bots[0]?.states, '01234560123456');
});

void t.test('a row that is wrong is told by its place and its field, and the others count', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4' });
  const rows: [row: unknown, error: string | null][] = [
    [{ id: 0, state: 'online' }, null],
    [{ id: 'one', state: 'online' }, ROW_ID],
    [{ id: 1.5, state: 'online' }, ROW_ID],
    [{ id: -1, state: 'online' }, ROW_ID],
    [{ id: 16_384, state: 'online' }, ROW_ID],
    [{ id: 1e300, state: 'online' }, ROW_ID],
    [{ state: 'online' }, ROW_ID],
    [{ id: 4, state: 'online' }, "id: shard 4 is outside 0..3 of bot 'main'"],
    [{ id: 1, state: 'Online' }, ROW_STATE],
    [{ id: 1, state: 7 }, ROW_STATE],
    [{ id: 1, state: -1 }, ROW_STATE],
    [{ id: 1, state: 1.5 }, ROW_STATE],
    [{ id: 1, state: '3' }, ROW_STATE],
    [{ id: 1, state: 'constructor' }, ROW_STATE],
    [{ id: 1, state: null }, ROW_STATE],
    [{ id: 1 }, ROW_STATE],
    [null, 'must be an object'],
    ['online', 'must be an object'],
    [[0, 3], 'must be an object'],
    [{ id: 3, state: 3 }, null],
  ];
  const wrong = rows.flatMap(([, error], i): [number, string][] => (error === null ? [] : [[i, error]]));
  const reply = await report(server, 'main', { shards: rows.map(([row]) => row) });
  t.same(reply, accepted(2, ...wrong));
  t.equal((await view(server)).bots[0]?.states, '3003');
});

void t.test('an optional field that is wrong is dropped and told, and its row counts', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4' });
  const GUILDS = 'must be a whole number from 0 to 10000000, or null';
  const odd: [more: object, error: string][] = [
    [{ latency_ms: '41' }, 'latency_ms: must be a number of milliseconds, or null'],
    [{ latency_ms: 4, guilds: -1 }, `guilds: ${GUILDS}`],
    [{ latency_ms: 4, unavailable: 1.5 }, `unavailable: ${GUILDS}`],
    [{ latency_ms: {}, guilds: [] }, 'latency_ms: must be a number of milliseconds, or null'],
  ];
  const shards = odd.map(([more], id) => ({ id, state: 3, ...more }));
  const dropped = odd.map(([, error], index) => ({ index, error }));
  for (const count of [0, 16_385, 2.5, '4', true]) {
    const reply = await report(server, 'main', { shard_count: count, shards });
    const told = { accepted: 4, rejected: [], dropped: [{ index: null, error: COUNT }, ...dropped] };
    t.same(reply, { status: 200, body: told }, `${count}`);
  }
  t.equal((await view(server)).bots[0]?.states, '3333');
  t.equal(server.log.filter((line) => line.includes('dropped')).length, 1, 'said once');
});

void t.test('guilds and unavailable guilds may be said, left out or null', (t) => {
  const row = { id: 0, state: 'online', latency_ms: 41 };
  const read = (more: object): unknown => readRow({ ...row, ...more });
  const plain = { id: 0, state: 3, latencyMs: 41 };
  t.same(read({}), { ok: true, row: plain });
  t.same(read({ guilds: null, unavailable: null }), { ok: true, row: plain });
  t.same(read({ guilds: 900, unavailable: 3 }), { ok: true, row: { ...plain, guilds: 900, unavailable: 3 } });
  t.same(read({ latency_ms: null, guilds: 900 }), {
    ok: true,
    row: { ...plain, latencyMs: null, guilds: 900 },
  });
  t.end();
});

void t.test('a latency of −1 or null is none, and is no mistake', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:5' });
  const latencies = [41.26, -1, null, 0];
  const shards = latencies.map((latency_ms, id) => ({ id, state: 3, latency_ms }));
  t.same(await report(server, 'main', { shards: [...shards, { id: 4, state: 3 }] }), accepted(5));
  const told = await Promise.all([0, 1, 2, 3, 4].map(async (id) => (await shard(server, id)).latencyMs));
  t.same(told, [41.3, null, null, 0, null]);
});

void t.test('a latency that is too large to be a number is none', (t) => {
  for (const latency of ['1e999', '-1e999', '1e309'])
    for (const more of ['', ',"guilds":5', ',"guilds":null']) {
      const row = JSON.parse(`{"id":0,"state":3,"latency_ms":${latency}${more}}`) as unknown;
      t.match(readRow(row), { ok: true, row: { id: 0, state: 3, latencyMs: null } }, `${latency}${more}`);
    }
  t.end();
});

void t.test('what a report does not say any more is forgotten', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:2' });
  await report(server, 'main', { shards: [{ id: 0, state: 3, latency_ms: 41 }] });
  await report(server, 'main', { shards: [{ id: 0, state: 3 }] });
  t.equal((await shard(server, 0)).latencyMs, null);
});

void t.test('the last of two rows for one shard counts', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:1' });
  t.same(await report(server, 'main', '{"shards":[{"id":0,"state":3},{"id":0,"state":6}]}'), accepted(2));
  t.equal((await view(server)).bots[0]?.states, '6');
});

void t.test('16,384 rows are fine, and one more is not', async (t) => {
  const server = await serve(t, {});
  const shards = Array.from({ length: 16_385 }, (_, id) => ({ id, state: 'online', latency_ms: 41.2 }));
  t.same(await report(server, 'main', { shards }), refused(400, 'shards: must be at most 16384 shards'));
  t.same(await report(server, 'main', { shards: shards.slice(0, -1) }), accepted(16_384));
  t.match((await view(server)).bots, [{ shardCount: 16_384, counts: { online: 16_384 } }]);
  await post(`${server.base}/fleet/register`, { identity: 'a' });
  const beat = await post(`${server.base}/fleet/heartbeat`, { identity: 'a', shards });
  t.same([beat.status, await beat.text()], [400, 'shards: must be at most 16384 shards\n']);
});

void t.test('of the rows that are wrong the first 20 are told, and how many more there are', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:10' });
  const rows = Array.from({ length: 16_384 }, (_, i) => (i % 2 === 0 ? {} : { id: i, state: 'online' }));
  const told = rows
    .slice(0, 25)
    .map((row, index) => ({
      index,
      error: 'id' in row ? `id: shard ${row.id} is outside 0..9 of bot 'main'` : ROW_ID,
    }))
    .filter(({ index }) => index % 2 === 0 || index > 9)
    .slice(0, 20);
  const { body } = await report(server, 'main', { shards: rows });
  t.same(body, { accepted: 5, rejected: told, more: 16_384 - 5 - 20 });
  const odd = Array.from({ length: 10 }, (_, id) => ({ id, state: 3, latency_ms: '' }));
  const { body: many } = await report(server, 'main', { shards: [...odd, ...odd, ...odd] });
  t.equal((many as { dropped: unknown[] }).dropped.length, 20);
});

void t.test('rows are not read of whom nothing is taken', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4', SHARDLIGHT_REQUIRE_LEASE: '1' });
  const shards = [{ id: 'x' }, { id: 0, state: 3, latency_ms: '' }];
  await post(`${server.base}/fleet/register`, { identity: 'a' });
  await post(`${server.base}/fleet/register`, { identity: 'a' }); // its lease is another one
  await post(`${server.base}/fleet/register`, { identity: 'other' });
  const statusOf = async (identity: string): Promise<number> =>
    (await post(`${server.base}/fleet/heartbeat`, { identity, lease: 'wrong', shards })).status;
  t.same([await statusOf('a'), await statusOf('nobody')], [409, 404]);
  for (const [identity, status] of [
    ['a', 409],
    ['nobody', 404],
  ] as const)
    t.match(await report(server, 'main', { identity, lease: 'wrong', shards }), { status });
  t.match(await report(server, 'unknown', { shards }), { status: 400 });
  t.same(
    server.log.filter((line) => line.includes('dropped')),
    [],
  );
});

void t.test('60 of the largest reports a minute, counted by their rows', async (t) => {
  const server = await serve(
    t,
    { SHARDLIGHT_BOTS: 'main:4;other:4', SHARDLIGHT_HEARTBEAT_BURST: '1' },
    testClock(),
  );
  const shards = Array.from({ length: 8_000 }, () => ({ id: 0, state: 3 }));
  const statusOf = async (bot: string): Promise<number> => (await report(server, bot, { shards })).status;
  const main = [
    await statusOf('main'),
    await statusOf('main'),
    await statusOf('main'),
    await statusOf('main'),
  ];
  t.same(main, [200, 200, 200, 429], 'half of the bucket of the bot, then that of the household');
  t.match(await report(server, 'main', { shards }), {
    body: { error: 'too many reports of this bot; please try again in 28 s' },
  });
  t.equal(await statusOf('other'), 200, 'another bot has a bucket of its own');
  server.clock.advance(60_000);
  t.equal(await statusOf('main'), 200);
});

void t.test('an empty list is a sign of life of the bot', async (t) => {
  const clock = testClock();
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:2' }, clock);
  t.same(await report(server, 'main', { shards: [] }), accepted(0));
  t.equal((await view(server)).bots[0]?.heardAt, clock.now());
});

void t.test('a bot is learnt while none is configured, with the count it declares', async (t) => {
  const server = await serve(t, {});
  await report(server, 'new_bot-1', { shard_count: 4, shards: [{ id: 1, state: 3 }] });
  await report(server, 'guess', { shards: [{ id: 2, state: 3 }] });
  t.match((await view(server)).bots, [
    { key: 'new_bot-1', shardCount: 4, certain: true, states: '0300' },
    { key: 'guess', shardCount: 3, certain: false, states: '003' },
  ]);
});

void t.test('rows beyond the declared count are rejected', async (t) => {
  const server = await serve(t, {});
  const shards = [0, 4].map((id) => ({ id, state: 3 }));
  t.same(
    await report(server, 'main', { shard_count: 4, shards }),
    accepted(1, [1, "id: shard 4 is outside 0..3 of bot 'main'"]),
  );
});

void t.test('a configured bot keeps its count, and others are unknown', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'Main:4' });
  const shards = [{ id: 0, state: 3 }];
  t.same(await report(server, 'Main', { shard_count: 8, shards }), accepted(1));
  t.match((await view(server)).bots, [{ key: 'Main', shardCount: 4, states: '3000' }]);
  t.same(await report(server, 'other', { shards }), refused(400, "bot 'other' does not exist"));
});

void t.test('with LEARN_BOTS others are learnt beside the configured ones', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4', SHARDLIGHT_LEARN_BOTS: '1' });
  t.same(await report(server, 'other', { shards: [{ id: 0, state: 3 }] }), accepted(1));
  t.equal((await view(server)).bots.length, 2);
});

void t.test('64 bots are learnt, and the next one is told why not', async (t) => {
  const server = await serve(t, {});
  const shards = [{ id: 0, state: 3 }];
  for (let i = 0; i < 64; i++) t.same(await report(server, `bot-${i}`, { shards }), accepted(1));
  const error =
    "bot 'bot-64' is one too many: this server learns at most 64 bots; name it in SHARDLIGHT_BOTS";
  t.same(await report(server, 'bot-64', { shards }), refused(403, error));
  t.same(await report(server, 'bot-0', { shards }), accepted(1));
});

void t.test('a key that no bot may have is refused', async (t) => {
  const server = await serve(t, {});
  for (const key of ['Ma.in', 'my%20bot', 'a'.repeat(65), 'b%C3%B6t', '%00', 'a%2Fb', '..%2F'])
    t.same(await report(server, key, { shards: [] }), refused(400, BOT), key);
});

void t.test('a body of the wrong shape is refused by the name of its field', async (t) => {
  const server = await serve(t, {});
  const whole = 'the body must be a JSON object like {"shard_count":1,"shards":[{"id":0,"state":"online"}]}';
  const cases: [body: string, error: string][] = [
    ['', 'the body is not valid JSON'],
    ['{"shards":[', 'the body is not valid JSON'],
    ['[]', whole],
    ['null', whole],
    ['"online"', whole],
    ['{}', 'shards: must be a list of shards'],
    ['{"shards":null}', 'shards: must be a list of shards'],
    ['{"shards":{"0":{"state":3}}}', 'shards: must be a list of shards'],
    ['{"shards":"online"}', 'shards: must be a list of shards'],
  ];
  for (const [body, error] of cases) t.same(await report(server, 'main', body), refused(400, error), body);
  t.same((await view(server)).bots, []);
});

void t.test('a report needs a token where one is set', async (t) => {
  const server = await serve(t, { SHARDLIGHT_INGEST_TOKEN: 'secret', SHARDLIGHT_HOST: '127.0.0.1' });
  const body = { shards: [{ id: 0, state: 3 }] };
  const error = 'this needs a token: send it as "Authorization: Bearer <token>"';
  t.same(await report(server, 'main', body), refused(401, error));
  t.same(await report(server, 'main', body, { authorization: 'Bearer x' }), refused(401, error));
  t.same(await report(server, 'main', body, { authorization: 'Bearer secret' }), accepted(1));
});
