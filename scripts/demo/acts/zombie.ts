// A cluster that hangs: it says nothing for longer than its lease, and goes on as if nothing had been.
import { aurora } from '../fleet.js';
import { CLUSTER_LEASE_MS } from '../leases.js';
import { roundAt, whenOf, type Rhythm } from '../rhythm.js';
import { NOTHING, SILENCE, type Act } from '../scenario.js';

/** Long enough to look at what the page says, too. */
export const SILENT_MS = CLUSTER_LEASE_MS + 20_000;

export const zombie = (rhythm: Rhythm): Act => ({
  when: whenOf(rhythm, SILENT_MS),
  what: `a cluster of Aurora hangs: not responding after ${CLUSTER_LEASE_MS / 1_000} s, back after ${SILENT_MS / 1_000} s`,
  play: ({ bot, index, memberCount }, atMs, dice) => {
    const now = roundAt(rhythm, atMs);
    if (bot.key !== aurora.key || !now || now.intoMs >= SILENT_MS) return NOTHING;
    return index === Math.floor(dice('zombie', now.round) * memberCount) ? SILENCE : NOTHING;
  },
});
