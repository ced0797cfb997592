// Several bots on one page: the worst first, and which of them stands open.
import { changing, notWorking } from './counts.js';
import { isSilent } from './silence.js';
import type { BotView } from './wire.js';

/** A bot that is one shard has no grid: what its shard is like is all there is to say. */
export const isOneShard = ({ shardCount, certain }: Pick<BotView, 'shardCount' | 'certain'>): boolean =>
  shardCount === 1 && certain;

/** Down before silent before changing; within these the larger share first, then the larger number. A tie stays in order. */
export function worstBotsFirst(bots: readonly BotView[], now: number): BotView[] {
  const ranked = bots.map((bot) => ({ bot, rank: rankOf(bot, now) }));
  ranked.sort((a, b) => {
    const place = a.rank.findIndex((value, index) => value !== b.rank[index]);
    return place < 0 ? 0 : b.rank[place]! - a.rank[place]!;
  });
  return ranked.map(({ bot }) => bot);
}

/** Larger is worse. */
function rankOf(bot: BotView, now: number): number[] {
  const { counts, shardCount } = bot;
  const down = notWorking(counts);
  const share = (n: number): number => n / Math.max(1, shardCount);
  return [
    share(down),
    down,
    isSilent(bot, now) ? 1 : 0,
    share(changing(counts)),
    changing(counts),
    share(counts.unknown),
    counts.planned,
  ];
}

/** The one whose grid is open: the worst that has a grid. */
export const openBot = (bots: readonly BotView[], now: number): BotView | undefined =>
  worstBotsFirst(bots, now).find((bot) => !isOneShard(bot));
