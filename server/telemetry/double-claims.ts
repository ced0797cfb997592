// Tells the operator, once a pair, that two holders claim the same Online shard: often two bots that were taken for one.
import type { HolderName } from '../core/fact.js';
import type { Applied } from '../core/step.js';

/** Of thousands of clusters there are millions of pairs: beyond so many it begins anew. */
const MOST_PAIRS = 1_000;

/** A listener. `log` takes one line. */
export function doubleClaimNotes(log: (line: string) => void): (applied: Pick<Applied, 'facts'>) => void {
  const told = new Set<string>();
  return ({ facts }) => {
    for (const fact of facts) {
      if (fact.type !== 'double-claim' || fact.holders.length === 0) continue;
      const who = fact.holders.map(textOf).sort().join(' and ');
      const pair = `${fact.bot}: ${who}`;
      if (told.has(pair)) continue;
      if (told.size >= MOST_PAIRS) told.clear();
      told.add(pair);
      log(
        `${who} both say that shard ${fact.shard} of bot "${fact.bot}" is online on theirs. ` +
          'A restart does that for a moment. If they are different bots, say which is which in SHARDLIGHT_MEMBERS.',
      );
    }
  };
}

function textOf(holder: HolderName): string {
  if ('identity' in holder) return `${holder.name} (${JSON.stringify(holder.identity)})`;
  return holder.dialect === 'glance' ? 'a Glance bot' : 'the batch route';
}
