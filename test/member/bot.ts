// A real discord.js bot as a process of its own: logs in to the gateway under test and reports to the server under test.
import { Client, GatewayIntentBits, Options } from 'discord.js';
import { report } from '../../server/member/index.js';

interface Task {
  gateway: number;
  url: string;
  shards: number[];
  shardCount: number;
  stateDir: string;
  bot?: string;
  identity?: string;
}

const { gateway, url, shards, shardCount, ...options } = JSON.parse(process.argv[2]!) as Task;

const client = new Client({
  intents: [GatewayIntentBits.Guilds],
  shards,
  shardCount,
  waitGuildTimeout: 100,
  rest: { api: `http://127.0.0.1:${gateway}/api` },
  makeCache: Options.cacheEverything(),
});
client.on('error', () => undefined);
client.on('shardError', () => undefined);
report(client, { url, ...options });
client.login('a.b.c').catch((error: unknown) => console.error(String(error)));
process.on('message', (message) => {
  if (message === 'destroy') void client.destroy();
  if (message === 'login') void client.login('a.b.c');
});
