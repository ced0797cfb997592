// Whether a cluster is there: up while it beats, down when its lease runs out, stopped when it said so (RULES 3, 4, 25 and 27).
import { OFFLINE, STOPPING } from '../../../public/shared/states.js';
import { beginAnew } from './claims.js';
import type { ClusterStatus } from '../fact.js';
import { revise, tell } from '../tell.js';
import type { Cluster, World } from '../world.js';

/**
 * A sign of life. One that was down or had stopped meets those who came meanwhile as a newcomer. True: it was, so that its
 * word counts otherwise from now on; the caller resettles its shards when all is said.
 */
export function noteUp(world: World, cluster: Cluster, at: number): boolean {
  const isBack = cluster.status !== 'up';
  if (isBack) beginAnew(world, cluster, at);
  world.nextLapseAt = Math.min(world.nextLapseAt, at + world.rules.clusterLeaseMs);
  setStatus(world, cluster, 'up', at);
  return isBack;
}

export function setStatus(world: World, cluster: Cluster, to: ClusterStatus, at: number): void {
  const from = cluster.status;
  if (from === to) return;
  cluster.status = to;
  cluster.statusAt = at;
  revise(world, cluster);
  tell(world, { type: 'cluster', identity: cluster.identity, from, to, since: at });
}

/** When a cluster's silence stops being fine, as that of its claims does. */
const fallsSilentAt = ({ leasesFrom, rules }: World, { seenAt }: Cluster): number =>
  Math.max(seenAt, leasesFrom) + rules.clusterLeaseMs;

/** It was up when a gap longer than its lease began, and was not heard since. */
export const isUnheardCluster = ({ unheardBefore }: World, { status, seenAt }: Cluster): boolean =>
  status === 'up' && seenAt < unheardBefore;

/** Its last word was that what it has is stopping: it stopped on purpose, and needs no goodbye for that. */
function hasStopped({ claims: { state } }: World, { claims }: Cluster): boolean {
  const said = [...claims.values()].map((claim) => state[claim]!);
  return said.includes(STOPPING) && said.every((one) => one === STOPPING || one === OFFLINE);
}

function fallSilent(world: World, cluster: Cluster, silentAt: number): void {
  world.touch?.(cluster);
  if (hasStopped(world, cluster)) setStatus(world, cluster, 'stopped', cluster.seenAt);
  else setStatus(world, cluster, 'down', silentAt);
}

/** Clusters whose lease ran out are down, or have stopped. The next moment at which one can run out. */
export function sweepClusters(world: World, at: number): number {
  let nextLapseAt = Infinity;
  for (const cluster of world.clusters.values()) {
    if (cluster.status !== 'up') continue;
    const silentAt = fallsSilentAt(world, cluster);
    if (at > silentAt) fallSilent(world, cluster, silentAt);
    else nextLapseAt = Math.min(nextLapseAt, silentAt);
  }
  return nextLapseAt;
}
