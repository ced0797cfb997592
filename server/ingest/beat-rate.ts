// How often an identity may beat from one household. Who that is costs a tenth of a beat to ask, so it is asked once a second.
import type { Bucket, Limiter } from '../http/limiter.js';
import type { Request } from '../http/message.js';

/** Seconds until the identity may beat again from there; 0: now. `caller` says its household when it is asked. */
export type TakeBeat = (identity: string, caller: Pick<Request, 'household'>, now: number) => number;

/** Where an identity was heard from, the last time that anybody asked. Whole numbers only: a beat reads no other object. */
interface Heard {
  /** Which second that was. */
  second: number;
  /** How many more beats of that second need not be asked for: lent by the bucket, and given back what is left. */
  lent: number;
  bucket: Bucket;
}

const ASK_EVERY_MS = 1_000;
const MAX_IDENTITIES = 10_000;

/**
 * Within a second of being asked, a beat is taken to come from the same household, while more than half of that bucket is
 * there: somebody else who uses the identity can take half of it, never all. Unknown identities share their household's.
 */
export function createBeatRate(limiter: Limiter, knows: (identity: string) => boolean): TakeBeat {
  let heard = new Map<string, Heard>();
  return (identity, caller, now) => {
    const second = Math.floor(now / ASK_EVERY_MS);
    const last = heard.get(identity);
    if (last && last.second === second && last.lent > 0) return (last.lent--, 0);
    const { household } = caller;
    if (!knows(identity)) return limiter.take(household, now);
    last?.bucket.giveBack(last.lent);
    const bucket = limiter.bucketOf(`${identity} ${household}`, now);
    const waitSeconds = bucket.take(now);
    if (heard.size >= MAX_IDENTITIES) heard = new Map(); // asking again is all that it costs, and what was lent
    heard.set(identity, { second, lent: bucket.lend(now), bucket });
    return waitSeconds;
  };
}
