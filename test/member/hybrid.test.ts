// Real discord-hybrid-sharding: two cluster processes of two shards each, told apart without a word of configuration.
import { fileURLToPath } from 'node:url';
import { ClusterManager } from 'discord-hybrid-sharding';
import t from 'tap';
import type { FleetRollup } from './fleet-view.js';
import { serve, testClock } from '../harness.js';
import { Gateway } from './gateway.js';
import { folder, watch, WITHOUT_RATES } from './watch.js';

void t.test('two clusters, each with its shards and its name', async (t) => {
  const gateway = await Gateway.start({ shards: 4 });
  t.teardown(() => gateway.stop());
  const server = await serve(t, { ...WITHOUT_RATES, SHARDLIGHT_BOTS: 'main:4:My Bot' }, testClock());
  const seen = await watch(t, server);
  process.env['BOT_TASK'] = JSON.stringify({ gateway: gateway.port, url: server.base, stateDir: folder(t) });
  const manager = new ClusterManager(fileURLToPath(new URL('hybrid-bot.js', import.meta.url)), {
    totalShards: 4,
    totalClusters: 2,
    mode: 'process',
    token: 'a.b.c',
    respawn: false,
  });
  t.teardown(() => manager.clusters.forEach((cluster) => void cluster.kill({ force: true })));
  await manager.spawn({ delay: 0, timeout: -1 });
  for (const shard of [0, 1, 2, 3]) await seen.sees(shard, 'online');
  const { fleets } = (await (await fetch(`${server.base}/api/fleet/view`)).json()) as FleetRollup;
  const clusters = fleets[0]!.clusters.sort((a, b) => (a.identity < b.identity ? -1 : 1));
  t.match(clusters, [{ identity: 'main-0' }, { identity: 'main-1' }]);
  t.same(
    clusters.map(({ shards }) => shards.map((shard) => shard.shard_id)),
    [
      ['0', '1'],
      ['2', '3'],
    ],
  );
  manager.clusters.get(1)!.kill({ force: true });
  await seen.sees(2, 'stopping');
  await seen.sees(0, 'online'); // the other cluster goes on
});
