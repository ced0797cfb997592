// Shards lose their connection at once: a whole cluster, some neighbours, and single ones. They resume one by one.
import { OFFLINE, RESUMING, type State } from '../../../public/shared/states.js';
import type { Dice } from '../dice.js';
import { aurora, biscuit, comet, type Member } from '../fleet.js';
import { roundAt, whenOf, type Rhythm } from '../rhythm.js';
import { NOTHING, type Act } from '../scenario.js';

const OFFLINE_MS = 12_000;
const COMING_BACK_MS = 12_000;
const NEXT_AFTER_MS = 1_500;
const RESUMING_MS = 1_500;
const NEIGHBOURS = 5;
/** Of the clusters that are not hit as a whole, so many lose one shard. */
const SINGLES = 0.2;

export const outage = (rhythm: Rhythm): Act => ({
  when: whenOf(rhythm, OFFLINE_MS + COMING_BACK_MS + RESUMING_MS),
  what: `a cluster of Aurora, ${NEIGHBOURS} shards of Biscuit and single ones go offline for ${OFFLINE_MS / 1_000} s, and resume one by one`,
  play: (member, atMs, dice) => {
    const now = roundAt(rhythm, atMs);
    const hit = now && hitBy(member, now.round, dice);
    if (!hit) return NOTHING;
    const nextAfterMs = Math.min(NEXT_AFTER_MS, COMING_BACK_MS / hit.count);
    return {
      stateOf: (place) => {
        const order = place - hit.first;
        if (order < 0 || order >= hit.count) return undefined;
        return comingBack(now.intoMs - OFFLINE_MS - order * nextAfterMs);
      },
    };
  },
});

const comingBack = (sinceMs: number): State | undefined =>
  sinceMs < 0 ? OFFLINE : sinceMs < RESUMING_MS ? RESUMING : undefined;

/** Places in the member's list. */
interface Hit {
  first: number;
  count: number;
}

function hitBy({ bot, index, identity, memberCount, shards }: Member, round: number, dice: Dice): Hit | null {
  const some = (count: number): Hit => ({
    first: Math.floor(dice('hit', identity, round) * (shards.length - count + 1)),
    count,
  });
  switch (bot.key) {
    case aurora.key:
      if (index === Math.floor(dice('cluster', round) * memberCount))
        return { first: 0, count: shards.length };
      return dice('single', identity, round) < SINGLES ? some(1) : null;
    case biscuit.key:
      return some(NEIGHBOURS);
    default:
      return bot.key === comet.key && index === round % memberCount ? some(1) : null;
  }
}
