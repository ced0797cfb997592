// Time passing: clusters and claims whose lease ran out. Looks at all of them only when one can have run out.
import type { Change } from './change.js';
import { RUN_OUT } from './claim-table.js';
import { lapse } from './claims.js';
import { sweepClusters } from './presence.js';
import { lapsesAt } from './stance.js';
import { holderOf, type Holder, type World } from './world.js';

export function sweep(world: World, at: number): Change[] {
  if (at <= world.nextLapseAt) return [];
  const changes: Change[] = [];
  const lapsed = new Set<Holder>();
  let nextLapseAt = sweepClusters(world, at, changes);
  for (const claim of world.claims.rows()) {
    if (world.claims.lease[claim] === RUN_OUT) continue;
    const runsOutAt = lapsesAt(world, claim);
    if (at > runsOutAt) {
      lapsed.add(holderOf(world, claim));
      changes.push(...lapse(world, claim));
    } else nextLapseAt = Math.min(nextLapseAt, runsOutAt);
  }
  for (const holder of lapsed) changes.push({ type: 'lapsed', holder });
  world.nextLapseAt = nextLapseAt;
  return changes;
}
