// What changed since operators were last told: whose rows are to be looked at again. Nothing is drawn here.
import type { Bot, Cluster, World } from '../core/world.js';

export interface News {
  clusters: Set<Cluster>;
  bots: Set<Bot>;
  /** Clusters came, went or moved. */
  isMoved: boolean;
}

/** One look at every cluster, of which there are thousands, and not on a beat's way. */
export const newsSince = ({ clusters, bots, listRevision }: World, revision: number): News => ({
  clusters: revisedSince(clusters, revision),
  bots: revisedSince(bots, revision),
  isMoved: listRevision > revision,
});

function revisedSince<T extends { revision: number }>(all: Map<string, T>, revision: number): Set<T> {
  const revised = new Set<T>();
  for (const one of all.values()) if (one.revision > revision) revised.add(one);
  return revised;
}
