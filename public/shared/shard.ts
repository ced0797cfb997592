// One shard as the public view knows it: what a lookup answers before any detail was asked for.
import { sinceOf } from './counts.js';
import { readRanges } from './ranges.js';
import { nameOf } from './states.js';
import type { BotView, ClusterView, ShardView } from './wire.js';

export function shardViewOf(bot: BotView, shard: number): ShardView {
  return {
    bot: bot.key,
    name: bot.name,
    shard,
    shardCount: bot.shardCount,
    certain: bot.certain,
    state: nameOf(Number(bot.states[shard] ?? 0)),
    since: sinceOf(bot.notReady, shard) ?? null,
    latencyMs: null,
    cluster: clusterOf(bot.clusters, shard),
    loading: false,
  };
}

function clusterOf(clusters: ClusterView[], shard: number): string | null {
  for (const cluster of clusters)
    for (const id of readRanges(cluster.shards)) if (id === shard) return cluster.name;
  return null;
}
