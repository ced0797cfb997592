// What all reports have in common: who was heard, a row said, and at the end what it meant for each bot as a whole.
import type { Answer, RowError } from './answer.js';
import type { Change, Outcome } from './change.js';
import { say } from './claims.js';
import type { ShardRow } from './event.js';
import { retire } from './incidents.js';
import { isCapped, noMoreShards, recount } from './shard-count.js';
import { makeRoom, type Bot, type Holder, type World } from './world.js';

export const OK = { ok: true } as const;

export function heard(bot: Bot, holder: Holder, at: number): void {
  bot.heardAt = Math.max(bot.heardAt ?? 0, at);
  holder.seenAt = Math.max(holder.seenAt, at);
}

/** Of the rows that are refused, so many are told why. */
const MOST_TOLD = 20;

/** What a holder says of some shards. Told are the first that are refused: the others are as many as are missing in `accepted`. */
export function sayRows(
  world: World,
  holder: Holder,
  rows: readonly ShardRow[],
  limit: number,
  { at, changes }: { at: number; changes: Change[] },
): { ok: true; accepted: number; rejected: RowError[] } {
  const rejected: RowError[] = [];
  let accepted = 0;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index]!;
    const isTaken = row.id < limit && sayRow(world, holder, row, at, changes);
    if (isTaken) accepted++;
    else if (rejected.length < MOST_TOLD)
      rejected.push({ index, error: whyNot(world, holder.bot, row.id, limit) });
  }
  return { ok: true, accepted, rejected };
}

/** Why a row is refused. */
export function whyNot(world: World, bot: Bot, id: number, limit: number): string {
  if (id < limit) return tooManyClaims(world);
  const isFull = isCapped(world, bot, limit);
  return `id: shard ${id} is outside 0..${limit - 1} of bot '${bot.key}'${isFull ? `; ${noMoreShards(world)}` : ''}`;
}

/** False: it would be one claim too many. Adds to `changes`: most rows change nothing, and none should cost a list. */
export function sayRow(world: World, holder: Holder, row: ShardRow, at: number, changes: Change[]): boolean {
  makeRoom(holder.bot, row.id + 1);
  const said = say(world, holder, row, at);
  if (said === null) return false;
  for (const change of said) changes.push(change);
  return true;
}

/** What was wrong in a report, and what we had no room for. */
export function withCaps(
  dropped: readonly string[],
  noCount: string | null,
  noRows: string | null,
): readonly string[] {
  if (noCount === null && noRows === null) return dropped;
  const count = noCount === null ? [] : [`shard count dropped: ${noCount}`];
  return [...dropped, ...count, ...(noRows === null ? [] : [`shards dropped: ${noRows}`])];
}

/** The end of an event: what it meant for each bot as a whole. */
export function recounted(bots: Bot[], at: number, answer: Answer, changes: Change[]): Outcome {
  for (const bot of bots) {
    const recounts = recount(bot);
    if (recounts.length > 0) {
      retire(bot.incidents, bot.shardCount, at);
      changes.push(...recounts);
    }
    noteHistory(bot, changes);
  }
  return { answer, changes };
}

/** What is new of the bot's incidents and recoveries, told once. */
function noteHistory(bot: Bot, changes: Change[]): void {
  const { incidents, recoveries } = bot;
  if (incidents.isNews) changes.push({ type: 'incident', bot });
  if (recoveries.isNews) changes.push({ type: 'usual', bot });
  incidents.isNews = recoveries.isNews = false;
}

/** In words, at the bound (RULES 36). */
export const tooManyClaims = ({ rules }: World): string =>
  `this server keeps at most ${rules.maxClaims} claims of shards (SHARDLIGHT_MAX_CLAIMS)`;
