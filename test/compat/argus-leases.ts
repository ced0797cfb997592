// Argus members and their secrets, goodbyes, scrape targets, limits and moves: where Shardlight differs, and where it does not.
import t from 'tap';
import { forget, post, serve, startServer, testClock, type TestServer } from '../harness.js';
import { ask } from '../http/raw.js';
import { bearer, beat, environment, register, send, shard, snapshotOf, up, view } from './member.js';

const strict = { ...environment, ARGUS_FLEET_REQUIRE_LEASE: '1' };
const CONTRACT_409 = 'identity is leased to another holder\n';

const statusOf = async (server: TestServer, path: string, body: unknown): Promise<number> =>
  (await send(server, path, body)).status;

void t.test('with leases required, an identity belongs to whoever has its secret', async (t) => {
  const server = await serve(t, strict);
  const { lease } = await register(server, 'a');
  t.equal(await beat(server, 'a', {}, { lease }), 204);
  for (const other of [
    {},
    { lease: 'x' },
    { lease: '' },
    { lease: 7 },
    { lease: null },
    { lease: `${lease}x` },
  ]) {
    const refused = await send(server, 'heartbeat', { identity: 'a', ...other });
    t.equal(refused.status, 409, JSON.stringify(other));
    t.equal(await refused.text(), CONTRACT_409);
    t.equal(await statusOf(server, 'register', { identity: 'a', ...other }), 409);
    t.equal(await statusOf(server, 'goodbye', { identity: 'a', ...other }), 409);
  }
  t.equal(await statusOf(server, 'register', { identity: 'b' }), 200, 'others are free to come');
});

void t.test('a lost register reply locks nobody out', async (t) => {
  const server = await serve(t, strict);
  const { lease: first } = await register(server, 'a');
  await beat(server, 'a', {}, { lease: first });
  await register(server, 'a', { lease: first }); // the reply is lost
  t.equal(await beat(server, 'a', {}, { lease: first }), 204);
  const { lease: second } = await register(server, 'a', { lease: first });
  t.equal(await beat(server, 'a', {}, { lease: second }), 204);
  t.equal(await beat(server, 'a', {}, { lease: first }), 409, 'once the new one was used');
});

void t.test('leases outlive a change of the server, and not one of the pepper', async (t) => {
  const server = await serve(t, { ...strict, ARGUS_FLEET_SECRET_PEPPER: 'one' });
  const { lease } = await register(server, 'a');
  await beat(server, 'a', {}, { lease });
  t.equal(await beat(server, 'a', {}, { lease }), 204);
});

void t.test('an operator frees an identity, and nobody else can', async (t) => {
  const server = await serve(t, { ...strict, SHARDLIGHT_OPERATOR_TOKEN: 'op' });
  await register(server, 'a').then(({ lease }) => beat(server, 'a', {}, { lease }));
  t.equal(await statusOf(server, 'register', { identity: 'a' }), 409);
  const url = `${server.base}/api/operator/release-lease`;
  t.equal((await post(url, { identity: 'a' }, bearer)).status, 401, 'the shared token never acts');
  const operator = { authorization: 'Bearer op' };
  t.equal((await post(url, { identity: 'x' }, operator)).status, 404);
  for (const odd of ['', '{}', '{"identity":7}', '[]', `{"identity":"${'x'.repeat(129)}"}`]) {
    const refused = await post(url, odd, { 'content-type': 'application/json', ...operator });
    t.equal(refused.status, 400, odd);
    t.match(await refused.json(), { error: /identity/ });
  }
  t.equal((await post(url, { identity: 'a' }, operator)).status, 204);
  const { lease } = await register(server, 'a');
  t.equal(await beat(server, 'a', {}, { lease }), 204);
});

void t.test('a goodbye: shards stop, and nothing is an outage', async (t) => {
  const clock = testClock();
  const server = await serve(t, environment, clock);
  t.equal(await statusOf(server, 'goodbye', { identity: 'a' }), 404);
  await register(server, 'a');
  await beat(server, 'a', snapshotOf(up('0'), up('1')));
  clock.advance(1_000);
  const answer = await ask(
    server.port,
    'POST /fleet/goodbye',
    { Authorization: 'Bearer tok' },
    '{"identity":"a"}',
  );
  t.equal(answer.status, 204);
  t.equal(answer.headers.get('content-length'), undefined);
  t.equal((await shard(server, 0)).state, 'stopping');
  clock.advance(45_001);
  while ((await shard(server, 0)).state === 'stopping');
  t.match(await shard(server, 0), { state: 'offline' });
  t.same((await view(server)).incidents, [], 'stopped on purpose');
});

void t.test(
  'a member that moves gets the next number there, and its old one back when it returns',
  async (t) => {
    const server = await serve(t, environment);
    const numberIn = async (identity: string, fleet: string): Promise<number> =>
      (await register(server, identity, { fleet })).number;
    t.equal(await numberIn('a', 'asia'), 1);
    t.equal(await numberIn('b', 'eu'), 1);
    t.equal(await numberIn('a', 'eu'), 2);
    t.equal(await numberIn('c', 'asia'), 2, 'asia #1 stays taken');
    t.equal(await numberIn('a', 'asia'), 1);
  },
);

void t.test('a beat that is too long is refused, and still a sign of life of whoever it names', async (t) => {
  const clock = testClock();
  const server = await serve(t, { ...strict, ARGUS_FLEET_MAX_BODY_BYTES: '4096' }, clock);
  const { lease } = await register(server, 'a');
  await beat(server, 'a', snapshotOf(up('0')), { lease });
  const heardAt = async (): Promise<number | null> => (await view(server)).bots[0]?.heardAt ?? null;
  const before = await heardAt();
  const long = 'x'.repeat(5_000);
  clock.advance(10_000);
  for (const silent of [
    { identity: 'a', snapshot: long },
    { identity: 'a', lease: 'wrong', snapshot: long },
    { identity: 'nobody', lease, snapshot: long },
    { snapshot: long, identity: 'a', lease },
  ]) {
    t.equal(await statusOf(server, 'heartbeat', silent), 413);
    t.equal(await heardAt(), before, JSON.stringify(silent).slice(0, 60));
  }
  clock.advance(1_000); // how old a view may be
  const answer = await send(server, 'heartbeat', { identity: 'a', lease, snapshot: long });
  t.equal(answer.status, 413);
  t.match(await answer.text(), /^Maximum request body size 4096 exceeded, actual body size \d+$/);
  t.equal(await heardAt(), clock.now());
});

void t.test('registers and beats are limited, and say when to come again', async (t) => {
  const clock = testClock();
  const server = await serve(
    t,
    { ...environment, ARGUS_FLEET_REGISTER_BURST: '2', ARGUS_FLEET_HEARTBEAT_BURST: '3' },
    clock,
  );
  t.equal(await statusOf(server, 'register', { identity: 'a' }), 200);
  t.equal(await statusOf(server, 'register', { identity: 'b' }), 200);
  const refused = await send(server, 'register', { identity: 'c' });
  t.equal(refused.status, 429);
  t.equal(await refused.text(), 'register rate exceeded\n');
  t.equal(refused.headers.get('retry-after'), '30');
  t.equal(await statusOf(server, 'register', { identity: 'a' }), 200, 'known ones have buckets of their own');
  for (const status of [204, 204, 204, 429]) t.equal(await beat(server, 'a', {}), status);
  t.equal(await beat(server, 'b', {}), 204);
  for (const status of [404, 404, 404, 429]) t.equal(await beat(server, `unknown-${status}`, {}), status);
  clock.advance(20_000);
  t.equal(await beat(server, 'a', {}), 204);
});

void t.test('targets of before that are not allowed any more go with the next start', async (t) => {
  const first = await startServer({});
  const register = (identity: string, target: string): Promise<Response> =>
    post(`${first.base}/fleet/register`, { identity, scrape_target: target });
  await register('near', '10.0.0.5:9191');
  await register('far', '192.0.2.7:9191');
  await first.stop();
  const second = await startServer({ SHARDLIGHT_SCRAPE_ALLOW: '10.0.0.0/8' }, undefined, first.statePath);
  t.teardown(() => second.stop().finally(() => forget(second)));
  const listed = await (await fetch(`${second.base}/api/fleet/targets`)).text();
  t.match(listed, '10.0.0.5:9191');
  t.notMatch(listed, '192.0.2.7');
  t.match(second.log.join('\n'), /scrape targets of 1 cluster .*SHARDLIGHT_SCRAPE_ALLOW/);
});
