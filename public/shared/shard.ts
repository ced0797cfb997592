// One shard as the public view knows it: what a lookup answers before any detail was asked for.
import { shownStates, sinceOf } from './counts.js';
import { readRanges } from './ranges.js';
import { nameOf, stateOf, STOPPED, UNKNOWN, wireName, type ShownName, type State } from './states.js';
import type { BotView, ClusterView, ShardView } from './wire.js';

export function shardViewOf(bot: BotView, shard: number): ShardView {
  const state = Number(shownStates(bot)[shard] ?? UNKNOWN);
  return {
    bot: bot.key,
    name: bot.name,
    shard,
    shardCount: bot.shardCount,
    certain: bot.certain,
    state: wireName(state),
    planned: state === STOPPED,
    since: sinceOf(bot.notReady, shard) ?? null,
    latencyMs: null,
    cluster: clusterOf(bot.clusters, shard),
    loading: false,
  };
}

/** What people see of it. */
export const shownStateOf = ({ state, planned }: Pick<ShardView, 'state' | 'planned'>): State =>
  planned ? STOPPED : (stateOf(state) ?? UNKNOWN);

export const shownNameOf = (shard: Pick<ShardView, 'state' | 'planned'>): ShownName =>
  nameOf(shownStateOf(shard));

function clusterOf(clusters: ClusterView[], shard: number): string | null {
  for (const cluster of clusters)
    for (const id of readRanges(cluster.shards)) if (id === shard) return cluster.name;
  return null;
}
