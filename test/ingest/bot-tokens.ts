// A token of one bot reports for that bot on every route, and for no other (RULES 18).
import t from 'tap';
import { post, serve, type TestServer } from '../harness.js';

const environment = {
  SHARDLIGHT_HOST: '127.0.0.1',
  SHARDLIGHT_BOTS: 'main:4;demo:4',
  SHARDLIGHT_MEMBERS: 'stray-*:demo',
  SHARDLIGHT_BOT_TOKENS: 'main:token-of-main,demo:token-of-demo',
  SHARDLIGHT_INGEST_TOKEN: 'token-of-all',
  SHARDLIGHT_MAX_BODY_BYTES: '2048',
  SHARDLIGHT_AUDIT_LOG: '1',
};
const shards = { shard_count: 4, shards: [{ id: 0, state: 'online' }] };

/** Posts with the token of a bot, and gives the status. */
const asker =
  ({ base }: TestServer, bot: string) =>
  (path: string, body: unknown = ''): Promise<number> =>
    post(`${base}${path}`, body, { Authorization: `Bearer token-of-${bot}` }).then(({ status }) => status);

void t.test("a bot's token reports for that bot alone, whatever route it takes", async (t) => {
  const server = await serve(t, environment);
  const main = asker(server, 'main');
  const all = asker(server, 'all');
  t.equal(await main('/api/bots/main/shards', shards), 200);
  t.equal(await main('/api/bots/demo/shards', shards), 403);
  t.equal(await main('/api/status/main/1/3'), 204);
  t.equal(await main('/api/health/demo/1'), 403);
  t.equal(await all('/api/bots/demo/shards', shards), 200, 'a token of no bot in particular reports for all');
  t.equal(await main('/fleet/register', { identity: 'm', bot: 'main' }), 200);
  t.equal(await main('/fleet/register', { identity: 'd', bot: 'demo' }), 403);
  t.equal(await main('/fleet/heartbeat', { identity: 'm' }), 204);
  t.equal(await main('/fleet/heartbeat', { identity: 'nobody' }), 404);
  const reasons = server.log.filter((line) => line.includes('denied:other-bot'));
  t.match(reasons, [/audit batch/, /audit glance/, /audit register identity=d/]);
  const lines = server.log.filter((line) => line.includes('refused to'));
  t.match(lines, [/SHARDLIGHT_BOT_TOKENS gives to one bot was used for another\. Give that bot/]);
  t.notMatch(server.log.join('\n'), 'token-of');
});

void t.test("a bot's token takes over no cluster of another bot, and keeps none alive", async (t) => {
  const server = await serve(t, environment);
  const main = asker(server, 'main');
  const demo = asker(server, 'demo');
  t.equal(await demo('/fleet/register', { identity: 'd' }), 200);
  for (const path of ['/fleet/register', '/fleet/heartbeat', '/fleet/goodbye'])
    t.equal(await main(path, { identity: 'd' }), 403, path);
  t.equal(await main('/fleet/register', { identity: 'd', bot: 'main' }), 403);
  t.equal(await demo('/api/bots/demo/shards', { ...shards, identity: 'd' }), 200);
  t.equal(await main('/api/bots/main/shards', { ...shards, identity: 'd' }), 400, 'its bot is another');
  server.clock.advance(40_000);
  const tooLong = JSON.stringify({ identity: 'd', snapshot: 'x'.repeat(2_048) });
  t.equal(await main('/fleet/heartbeat', tooLong), 413);
  server.clock.advance(10_000);
  const seen = await fetch(`${server.base}/api/fleet/cluster?fleet=default&number=1`);
  t.match(
    await seen.json(),
    { cluster: { status: 'down' } },
    'a report that is too long was no sign of life',
  );
});

void t.test('a cluster that does not say its bot belongs to that of its token', async (t) => {
  const server = await serve(t, environment);
  const answer = await post(
    `${server.base}/fleet/register`,
    { identity: 'stray-1' },
    { Authorization: 'Bearer token-of-main' },
  );
  t.match(await answer.json(), { bot: 'main' });
});
