// Which bounds on what reports can make us keep are reached (RULES 36): operators see it before somebody asks why a bot is missing.
import { learntShards } from '../live/shard-count.js';
import type { World } from '../world.js';

/** The variables that set them. */
export function fullOf(world: World): string[] {
  const { rules, clusters, claims, numbers } = world;
  const bounds: [name: string, have: number, most: number][] = [
    ['SHARDLIGHT_MAX_CLUSTERS', clusters.size, rules.maxClusters],
    ['SHARDLIGHT_MAX_LEARNT_SHARDS', learntShards(world), rules.maxLearntShards],
    ['SHARDLIGHT_MAX_CLAIMS', claims.size, rules.maxClaims],
    ['SHARDLIGHT_MAX_FLEETS', numbers.size, rules.maxFleets],
  ];
  return bounds.filter(([, have, most]) => have >= most).map(([name]) => name);
}
