// What all reports have in common: who was heard, a row said, and at the end what it meant for each bot as a whole.
import type { RowError } from '../answer.js';
import { say } from './claims.js';
import type { ShardRow } from '../event.js';
import { retire, takeNews } from '../past/incidents.js';
import { isCapped, noMoreShards, recount } from './shard-count.js';
import { reviseHolder, tell } from '../tell.js';
import { makeRoom, type Bot, type Holder, type World } from '../world.js';

export const OK = { ok: true } as const;

/** Every report that is taken begins with it. */
export function heard(world: World, holder: Holder, at: number): void {
  const { bot } = holder;
  reviseHolder(world, holder);
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
  at: number,
): { ok: true; accepted: number; rejected: RowError[] } {
  const rejected: RowError[] = [];
  let accepted = 0;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index]!;
    const isTaken = row.id < limit && sayRow(world, holder, row, at);
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

/** False: it would be one claim too many. */
export function sayRow(world: World, holder: Holder, row: ShardRow, at: number): boolean {
  makeRoom(holder.bot, row.id + 1);
  return say(world, holder, row, at);
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
export function conclude(world: World, bot: Bot, at: number): void {
  if (recount(world, bot)) retire(bot.incidents, bot.shardCount, at);
  const { key, incidents, recoveries } = bot;
  for (const news of takeNews(incidents)) tell(world, { type: 'incident', bot: key, ...news });
  if (recoveries.isNews) tell(world, { type: 'usual', bot: key, usual: recoveries.usual });
  recoveries.isNews = false;
}

export function concludeAll(world: World, at: number): void {
  for (const bot of world.bots.values()) conclude(world, bot, at);
}

/** In words, at the bound (RULES 36). */
export const tooManyClaims = ({ rules }: World): string =>
  `this server keeps at most ${rules.maxClaims} claims of shards (SHARDLIGHT_MAX_CLAIMS)`;
