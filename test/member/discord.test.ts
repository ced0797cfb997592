// Real discord.js on a small gateway, seen at the public page's socket: what its shards go through is what people see.
import t from 'tap';
import type { Test } from 'tap';
import { freePort, forget, serve, startServer, testClock, until, type TestServer } from '../harness.js';
import { Gateway } from './gateway.js';
import { folder, startBot, watch, WITHOUT_RATES, type Bot, type Watch } from './watch.js';

const SHARDS = [0, 1, 2, 3];
const LEASE = 45_000;
const FOUR = { ...WITHOUT_RATES, SHARDLIGHT_BOTS: 'main:4:My Bot' };

interface Scene {
  gateway: Gateway;
  server: TestServer;
  seen: Watch;
  bot: Bot;
  advance: (ms: number) => void;
}

async function gatewayOf(t: Pick<Test, 'teardown'>): Promise<Gateway> {
  const gateway = await Gateway.start({ shards: 4 });
  t.teardown(() => gateway.stop());
  return gateway;
}

/** Four shards of one process, Online. */
async function online(t: Test): Promise<Scene> {
  const gateway = await gatewayOf(t);
  const clock = testClock();
  const server = await serve(t, FOUR, clock);
  const seen = await watch(t, server);
  const bot = startBot(t, gateway, server.base, { shards: SHARDS, shardCount: 4, stateDir: folder(t) });
  for (const shard of SHARDS) await seen.sees(shard, 'online');
  return { gateway, server, seen, bot, advance: clock.advance };
}

void t.test('starting, online, resuming, online', async (t) => {
  const gateway = await gatewayOf(t);
  const server = await serve(t, FOUR, testClock());
  const seen = await watch(t, server);
  gateway.hold(2);
  const bot = startBot(t, gateway, server.base, { shards: SHARDS, shardCount: 4, stateDir: folder(t) });
  await seen.sees(2, 'starting');
  await seen.sees(1, 'online');
  gateway.release(2);
  await seen.sees(2, 'online');
  gateway.hold(2);
  gateway.close(2, 4000);
  await seen.sees(2, 'resuming');
  gateway.release(2);
  await seen.sees(2, 'online');
  t.same(seen.of(2), ['unknown', 'starting', 'online', 'resuming', 'online']);
  t.equal(gateway.resumed, 1);
  t.equal(bot.said(), '');
});

void t.test('an invalid session is a new start', async (t) => {
  const { gateway, seen } = await online(t);
  gateway.hold(1);
  gateway.invalidate(1, false);
  await seen.sees(1, 'starting');
  gateway.release(1);
  await seen.sees(1, 'online');
  t.equal(gateway.identified, 5);
});

void t.test('a heartbeat that nobody answers ends in a resume, by discord.js itself', async (t) => {
  const { gateway, seen } = await online(t);
  gateway.hold(3);
  gateway.mute(3);
  await seen.sees(3, 'resuming');
  gateway.release(3);
  await seen.sees(3, 'online');
  t.ok(gateway.resumed >= 1);
});

for (const code of [4004, 4014])
  void t.test(`close code ${code} is the end of the shard: offline`, async (t) => {
    const { gateway, seen } = await online(t);
    gateway.close(0, code);
    await seen.sees(0, 'offline');
    t.equal(seen.of(1).at(-1), 'online', 'the others stay');
  });

void t.test('guilds that are not there yet are counted, and never named', async (t) => {
  const { gateway, server, seen } = await online(t);
  const shard = async (): Promise<unknown> => (await fetch(`${server.base}/api/bots/main/shards/0`)).json();
  await until(async () => ((await shard()) as { loading: boolean }).loading);
  gateway.sendGuilds(0);
  await until(async () => !((await shard()) as { loading: boolean }).loading);
  t.equal(seen.of(0).at(-1), 'online');
});

void t.test('SIGTERM: stopping, and the process ends by the signal', async (t) => {
  const { seen, bot } = await online(t);
  bot.process.kill('SIGTERM');
  await seen.sees(0, 'stopping');
  const { signal } = await bot.exited;
  t.equal(signal, 'SIGTERM');
  t.same(
    SHARDS.map((id) => seen.of(id).at(-1)),
    ['stopping', 'stopping', 'stopping', 'stopping'],
  );
});

void t.test('client.destroy() is a planned stop, too', async (t) => {
  const { seen, bot } = await online(t);
  bot.process.send('destroy');
  await seen.sees(3, 'stopping');
  t.equal(bot.process.exitCode, null);
});

void t.test('a client that logs in again after destroy() is reported again', async (t) => {
  const { seen, bot } = await online(t);
  bot.process.send('destroy');
  for (const shard of SHARDS) await seen.sees(shard, 'stopping'); // else one patch may say of both only the last
  bot.process.send('login');
  for (const shard of SHARDS) await seen.sees(shard, 'online');
  t.equal(bot.said(), '');
});

void t.test('a process that is killed is not responding when its lease is over', async (t) => {
  const { seen, bot, advance } = await online(t);
  bot.process.kill('SIGKILL');
  await bot.exited;
  advance(LEASE + 1);
  await seen.sees(0, 'unhealthy');
  t.same(
    seen.of(0),
    ['unknown', 'starting', 'online', 'unhealthy'].filter((state) => seen.of(0).includes(state as never)),
  );
});

// Who had nothing to say meanwhile is back with their next beat, 15 s later at most.
void t.test('a server that comes back is told everything, without a storm', async (t) => {
  const gateway = await gatewayOf(t);
  const port = `${await freePort()}`;
  const environment = { ...FOUR, SHARDLIGHT_PORT: port };
  const first = await startServer(environment);
  const bots = [0, 1].map((n) =>
    startBot(t, gateway, first.base, {
      shards: SHARDS.filter((id) => id % 2 === n),
      shardCount: 4,
      stateDir: folder(t),
      identity: `bot-${n}`,
    }),
  );
  const before = await watch(t, first);
  for (const shard of SHARDS) await before.sees(shard, 'online');
  await first.stop();
  gateway.hold(0);
  gateway.close(0, 4000); // a change that nobody can be told of now
  await until(() => bots[0]!.said().includes('reports do not arrive'));
  const second = await startServer(environment, undefined, first.statePath);
  t.teardown(() => second.stop().finally(() => forget(second)));
  const after = await watch(t, second);
  await after.sees(0, 'resuming');
  gateway.release(0);
  for (const shard of SHARDS) await after.sees(shard, 'online');
  await until(() => bots[0]!.said().includes('reports arrive again'));
  t.ok(bots[0]!.said().split('\n').length < 6, 'a few lines, not one an attempt');
});
