// Tells the operator, once a pair, that two holders claim the same Online shard: often two bots that were taken for one.
import type { Change } from '../core/change.js';
import { clusterName, type Holder } from '../core/world.js';

/** Of thousands of clusters there are millions of pairs: beyond so many it begins anew. */
const MOST_PAIRS = 1_000;

/** A listener. `log` takes one line. */
export function doubleClaimNotes(log: (line: string) => void): (changes: Change[]) => void {
  const told = new Set<string>();
  return (changes) => {
    for (const change of changes) {
      if (change.type !== 'double-claim') continue;
      const who = change.holders.map(nameOf).sort().join(' and ');
      const pair = `${change.bot.key}: ${who}`;
      if (told.has(pair)) continue;
      if (told.size >= MOST_PAIRS) told.clear();
      told.add(pair);
      log(
        `${who} both say that shard ${change.shard} of bot "${change.bot.key}" is online on theirs. ` +
          'A restart does that for a moment. If they are different bots, say which is which in SHARDLIGHT_MEMBERS.',
      );
    }
  };
}

function nameOf(holder: Holder): string {
  if (holder.kind === 'cluster') return `${clusterName(holder)} (${JSON.stringify(holder.identity)})`;
  return holder.kind === 'glance' ? 'a Glance bot' : 'the batch route';
}
