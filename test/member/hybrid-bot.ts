// A bot process as discord-hybrid-sharding spawns it: it says by itself which cluster it is.
import { Client, GatewayIntentBits } from 'discord.js';
import { ClusterClient, getInfo } from 'discord-hybrid-sharding';
import { report } from '../../server/member/index.js';

const { gateway, url, stateDir } = JSON.parse(process.env['BOT_TASK']!) as Record<string, string>;

const { SHARD_LIST, TOTAL_SHARDS } = getInfo();
const client = new Client({
  intents: [GatewayIntentBits.Guilds],
  shards: SHARD_LIST,
  shardCount: TOTAL_SHARDS,
  waitGuildTimeout: 100,
  rest: { api: `http://127.0.0.1:${gateway}/api` },
});
Object.assign(client, { cluster: new ClusterClient(client) });
report(client, { url: url!, stateDir: stateDir!, fleet: 'hybrid' });
client.login('a.b.c').catch((error: unknown) => console.error(String(error)));
