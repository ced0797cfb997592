// Gaps (RULES 25): while nobody could be heard, nobody was silent. A gap opens no incident, whatever caused it.
import { doubt } from './claims.js';
import type { GapEvent } from '../event.js';
import { settleAll } from './settle.js';
import { tell } from '../tell.js';
import { holderOf, leaseMs, type Bot, type World } from '../world.js';

/** Time that passes without an event or a sweep is a gap when it is longer than this. Sweeps come four times a second. */
export const GAP_AFTER_MS = 5_000;

/** Every lease begins anew. Of those that were shorter than the gap, nothing is known until they are heard. */
export function gap(world: World, { from, at }: GapEvent): void {
  const lengthMs = at - from;
  world.leasesFrom = Math.max(world.leasesFrom, at);
  world.nextLapseAt = -Infinity;
  if (lengthMs > world.rules.clusterLeaseMs) world.unheardBefore = at;
  const concerned = new Set<Bot>();
  for (const claim of world.claims.rows()) {
    const holder = holderOf(world, claim);
    if (lengthMs <= leaseMs(world, holder)) continue;
    doubt(world, claim);
    concerned.add(holder.bot);
    holder.bot.recoveries.under.delete(world.claims.shard[claim]!); // how long it took, nobody saw
  }
  for (const bot of world.bots.values()) if (concerned.has(bot)) settleAll(world, bot, at);
  tell(world, { type: 'gap', from, unknown: [...concerned].map(({ key }) => key) });
}
