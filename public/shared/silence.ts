// When a bot counts as silent: what it last said may no longer be so, and must not look as if it were.
import type { BotView } from './wire.js';

/** A bot that was not heard for longer is said to be silent: six missed beats. */
export const SILENT_AFTER_MS = 90_000;

/** Not so for a bot that was never heard of: its shards are Unknown anyway. */
export const isSilent = ({ heardAt }: Pick<BotView, 'heardAt'>, now: number): boolean =>
  heardAt !== null && now - heardAt > SILENT_AFTER_MS;
