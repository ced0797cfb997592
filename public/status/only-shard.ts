// Bots that are one shard: its latency and since when it is online, which the view does not carry.
import { isOneShard } from '../shared/bots.js';
import { shardViewOf } from '../shared/shard.js';
import type { PackedView } from '../shared/page-data.js';
import type { BotView, ShardView } from '../shared/wire.js';
import { fetchShard, isOutdated, withDetails, type Details } from './details.js';
import type { Page } from './page.js';

/** A latency that is said must not be much older. */
const ASK_AGAIN_MS = 60_000;

const known = new Map<string, Details>();

/** What the server wrote into the page. */
export function keepPacked({ bots }: PackedView, view: { bots: BotView[]; at: number }): void {
  for (const { key, only } of bots) {
    const bot = view.bots.find((one) => one.key === key);
    if (!bot || !only) continue;
    const { since, latencyMs } = only;
    known.set(key, { fetched: { ...shardViewOf(bot, 0), since, latencyMs }, askedAt: view.at });
  }
}

/** Undefined for a bot that has more than one shard. */
export function onlyShardOf(bot: BotView | undefined): ShardView | undefined {
  if (!bot || !isOneShard(bot)) return undefined;
  return withDetails(bot, 0, known.get(bot.key)?.fetched ?? null);
}

/** To be called now and then, while somebody looks. */
export function keepOnlyShards({ view, now }: Page): void {
  if (document.hidden) return;
  for (const bot of view.bots.filter(isOneShard)) {
    const details = known.get(bot.key) ?? { fetched: null, askedAt: 0 };
    const isOld = now() - details.askedAt > ASK_AGAIN_MS;
    if (isOld || isOutdated(bot, 0, details, now())) void askAgain(bot, now());
  }
}

async function askAgain(bot: BotView, now: number): Promise<void> {
  const fetched = known.get(bot.key)?.fetched ?? null;
  known.set(bot.key, { fetched, askedAt: now });
  known.set(bot.key, { fetched: await fetchShard(bot.key, 0), askedAt: now });
}
