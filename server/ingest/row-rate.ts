// How many rows reports without an identity may bring. Whose household that is costs a tenth of a report to ask.
import { createLimiter } from '../http/limiter.js';
import type { Request } from '../http/message.js';
import { MAX_ROWS } from './fields.js';

/** Seconds until that bot's reports may bring so many rows from there; 0: now. `caller` says its household when it is asked. */
export type TakeRows = (bot: string, rows: number, caller: Pick<Request, 'household'>, now: number) => number;

/** The least that a report counts, because an empty one costs something, too. */
const LEAST_ROWS = 16;

/**
 * So many reports of the largest kind a minute. All who report for a bot share its bucket and nobody is asked who they are
 * until half of that is gone; then each household has one of its own, and whoever floods empties theirs.
 */
export function createRowRate(largestReportsAMinute: number): TakeRows {
  const burst = largestReportsAMinute * MAX_ROWS;
  const byBot = createLimiter(burst);
  const byHousehold = createLimiter(burst);
  return (bot, rows, caller, now) => {
    const count = Math.max(LEAST_ROWS, rows);
    if (byBot.bucketOf(bot, now).takeOfTheFirstHalf(count, now)) return 0;
    return byHousehold.bucketOf(caller.household, now).take(now, count);
  };
}
