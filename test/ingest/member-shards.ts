// The batch route as clusters use it: some shards of theirs, at once, with their identity and lease.
import t from 'tap';
import type { PublicView } from '../../public/shared/wire.js';
import { post, serve, testClock, type TestServer } from '../harness.js';

const LEASE = 45_000;

interface Reply {
  status: number;
  body: unknown;
}

async function report({ base }: TestServer, body: unknown, bot = 'main'): Promise<Reply> {
  const response = await post(`${base}/api/bots/${bot}/shards`, body);
  return { status: response.status, body: await response.json() };
}

async function register({ base }: TestServer, identity: string): Promise<string> {
  const answer = await post(`${base}/fleet/register`, { identity, bot: 'main' });
  return ((await answer.json()) as { lease: string }).lease;
}

const beat = ({ base }: TestServer, identity: string, more: object): Promise<Response> =>
  post(`${base}/fleet/heartbeat`, { identity, ...more });

const states = async ({ base }: TestServer): Promise<string> =>
  ((await (await fetch(`${base}/api/view`)).json()) as PublicView).bots[0]!.states;

const shard = (id: number, state = 'online'): object => ({ id, state });

void t.test('a cluster says some of its shards, and the others are alive by it', async (t) => {
  const clock = testClock();
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4' }, clock);
  await register(server, 'a');
  await beat(server, 'a', { shards: [shard(0), shard(1), shard(2)] });
  clock.advance(LEASE - 1);
  const changed = { identity: 'a', shards: [shard(1, 'resuming')] };
  t.same(await report(server, changed), { status: 200, body: { accepted: 1, rejected: [] } });
  clock.advance(LEASE - 1);
  t.equal(await states(server), '3630');
  const { body } = await report(server, { identity: 'a', shards: [shard(1), shard(4)] });
  t.same(body, { accepted: 1, rejected: [{ index: 1, error: "id: shard 4 is outside 0..3 of bot 'main'" }] });
});

void t.test('whoever is not registered is told to, and nothing is taken from them', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4' });
  const reply = await report(server, { identity: 'a', shards: [shard(0)] });
  t.same(reply, { status: 404, body: { error: 'identity is not registered' } });
  t.equal(await states(server), '0000');
});

void t.test('shards of another bot than its own are refused by name', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4;demo:4' });
  await register(server, 'a');
  t.same(await report(server, { identity: 'a', shards: [shard(0)] }, 'demo'), {
    status: 400,
    body: { error: "bot: this identity reports for 'main', not for 'demo'" },
  });
});

void t.test('with leases required, only with the lease', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4', SHARDLIGHT_REQUIRE_LEASE: '1' });
  const lease = await register(server, 'a');
  await beat(server, 'a', { lease }); // from its first use on nothing else is taken,
  await register(server, 'b'); // once that is in the log
  for (const shown of [{}, { lease: 'x' }, { lease: 7 }, { lease: '' }])
    t.match(await report(server, { identity: 'a', ...shown, shards: [shard(0)] }), { status: 409 });
  t.match(await report(server, { identity: 'a', lease, shards: [shard(0)] }), { status: 200 });
  t.equal(await states(server), '3000');
});

void t.test('an identity that is none is told by its field', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4' });
  const wrong: [identity: unknown, error: string][] = [
    [{}, 'identity: must be text'],
    [['a'], 'identity: must be text'],
    ['x'.repeat(129), 'identity: must be at most 128 characters'],
    ['a\u0000', 'identity: must not hold control characters'],
    ['a\ud800', 'identity: must not hold half of a character (a lone surrogate)'],
    ['\udc00a', 'identity: must not hold half of a character (a lone surrogate)'],
  ];
  for (const [identity, error] of wrong)
    t.same(await report(server, { identity, shards: [] }), { status: 400, body: { error } });
});

void t.test('240 a minute an identity, and its beats have a limit of their own', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4' }, testClock());
  await register(server, 'a');
  const changed = { identity: 'a', shards: [shard(0)] };
  for (let i = 0; i < 240; i++) await report(server, changed);
  t.same(await report(server, changed), {
    status: 429,
    body: { error: 'too many reports of this identity; please try again in 1 s' },
  });
  t.equal((await beat(server, 'a', {})).status, 204);
});
