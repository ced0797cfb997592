// Tells the operator of rows that were refused because there are as many claims as may be: a beat has no place to answer that.
import { clusterName } from '../core/names.js';
import type { World } from '../core/world.js';

const MINUTE_MS = 60_000;

/** To be called now and then: one line a minute, while there is something to tell. */
export function refusedClaimNotes(world: World, log: (line: string) => void, now: () => number): () => void {
  let told = 0;
  let toldAt = -Infinity;
  return () => {
    const { count, last } = world.refusedClaims;
    if (count === told || !last || now() - toldAt < MINUTE_MS) return;
    const rows = count - told === 1 ? 'a row' : `${count - told} rows`;
    const who =
      last.kind === 'cluster'
        ? `${clusterName(last)} (${JSON.stringify(last.identity)})`
        : `a report that names no cluster, for bot "${last.bot.key}"`;
    log(
      `${rows} about shards refused, the last of ${who}: this server keeps at most ${world.rules.maxClaims} claims of shards ` +
        '(SHARDLIGHT_MAX_CLAIMS). If these are your bots, raise it; else see which clusters you do not know, ban and forget them',
    );
    told = count;
    toldAt = now();
  };
}
