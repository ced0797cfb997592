// What all reports have in common: who was heard, a row said, and at the end what it meant for each bot as a whole.
import type { Answer, Change, Outcome, RowError } from './change.js';
import { say } from './claims.js';
import type { ShardRow } from './event.js';
import { retire } from './incidents.js';
import { fixedCount, recount } from './shard-count.js';
import { makeRoom, MAX_SHARD_COUNT, type Bot, type Holder, type World } from './world.js';

export const OK: Answer = { ok: true };

export function heard(bot: Bot, holder: Holder, at: number): void {
  bot.heardAt = Math.max(bot.heardAt ?? 0, at);
  holder.seenAt = Math.max(holder.seenAt, at);
}

/** The first shard id that is out of range; while the count is a guess, every possible id may prove it wrong. */
export function shardLimit(bot: Bot, declaredNow: number | null): number {
  const fixed = fixedCount(bot);
  if (fixed !== null) return fixed;
  return declaredNow ?? (bot.declared ? bot.shardCount : MAX_SHARD_COUNT);
}

export const outOfRange = (bot: Bot, index: number, id: number, limit: number): RowError => ({
  index,
  error: `id: shard ${id} is outside 0..${limit - 1} of bot '${bot.key}'`,
});

/** Adds to `changes`: most rows change nothing, and none should cost a list. */
export function sayRow(world: World, holder: Holder, row: ShardRow, at: number, changes: Change[]): void {
  makeRoom(holder.bot, row.id + 1);
  for (const change of say(world, holder, row, at)) changes.push(change);
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
