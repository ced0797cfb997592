// Details of one shard that the view does not carry, asked of the server by shard: a guild ID is never sent.
import { BASE } from '../shared/base.js';
import { shardViewOf, shownNameOf } from '../shared/shard.js';
import type { BotView, ShardView } from '../shared/wire.js';

/** Null when it cannot be had; what the view says then has to do. */
export async function fetchShard(bot: string, shard: number): Promise<ShardView | null> {
  try {
    const response = await fetch(`${BASE}/api/bots/${encodeURIComponent(bot)}/shards/${shard}`);
    return response.ok ? ((await response.json()) as ShardView) : null;
  } catch {
    return null;
  }
}

/** The shard as the view has it now, with what was fetched as long as it still holds. */
export function withDetails(bot: BotView, shard: number, fetched: ShardView | null): ShardView {
  const current = shardViewOf(bot, shard);
  if (!fetched || shownNameOf(fetched) !== shownNameOf(current) || fetched.shardCount !== current.shardCount)
    return current;
  return {
    ...current,
    since: current.since ?? fetched.since,
    latencyMs: fetched.latencyMs,
    cluster: current.cluster ?? fetched.cluster,
    loading: fetched.loading,
  };
}

const MS_BETWEEN_QUESTIONS = 5_000;

/** Details that were asked for, and when; null: they did not come, or not yet. */
export interface Details {
  fetched: ShardView | null;
  askedAt: number;
}

/** Whether to ask again: they did not come, are of another state, or no change of the view will say that loading ended. */
export function isOutdated(bot: BotView, shard: number, { fetched, askedAt }: Details, now: number): boolean {
  if (now - askedAt < MS_BETWEEN_QUESTIONS) return false;
  return fetched === null || fetched.loading || shownNameOf(fetched) !== shownNameOf(shardViewOf(bot, shard));
}
