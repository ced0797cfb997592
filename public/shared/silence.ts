// When a bot counts as silent: what it last said may no longer be so, and must not look as if it were.
import type { BotView } from './wire.js';

/** A bot that was not heard for longer is said to be silent: six missed beats. */
export const SILENT_AFTER_MS = 90_000;

/** Not so for a bot that was never heard of: its shards are Unknown anyway; nor for one that was stopped on purpose. */
export const isSilent = (bot: BotView, now: number): boolean =>
  bot.heardAt !== null && now - bot.heardAt > SILENT_AFTER_MS && !isStopped(bot);

/** Nothing is left of it that could speak. */
const isStopped = ({ counts: { planned, unknown }, shardCount }: BotView): boolean =>
  planned > 0 && planned + unknown === shardCount;
