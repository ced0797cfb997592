// Which shards are in trouble, and whose trouble that is: a cluster's where it speaks for them, else their bot's.
import type { BotTroubleRow } from '../../../public/shared/operator-wire.js';
import { formatRanges } from '../../../public/shared/ranges.js';
import { isNotWorking, OFFLINE, UNHEALTHY, UNKNOWN } from '../../../public/shared/states.js';
import { NONE } from '../live/claim-table.js';
import { hostOf, isLive, isLiveOnline } from '../live/stance.js';
import { shown, type Bot, type Cluster, type World } from '../world.js';

export interface HostedTrouble {
  down: number;
  /** When the first of them went down; 0: none is. */
  downSince: number;
  /** It says no state of them. */
  missing: number;
}

const NO_TROUBLE: HostedTrouble = { down: 0, downSince: 0, missing: 0 };

/** Only its own word counts, and only of shards that the bot has. Nothing is walked while all it has is Online. */
export function hostedTrouble(world: World, { bot, claims, online }: Cluster): HostedTrouble {
  if (claims.size === online) return NO_TROUBLE;
  const trouble = { ...NO_TROUBLE };
  for (const [shard, claim] of claims) {
    if (bot.winner[shard] !== claim || shard >= bot.shardCount) continue;
    const state = bot.state[shard]!;
    if (isNotWorking(state)) {
      trouble.down++;
      trouble.downSince = earlier(trouble.downSince, bot.since[shard]!);
    } else if (state === UNKNOWN && isLive(world, claim)) trouble.missing++;
  }
  return trouble;
}

/** The first 8 ranges of those of them that do not work, or of which it says no state: "0-15,32". */
export function hostedWhich(world: World, { bot, claims }: Cluster): string {
  const down: number[] = [];
  const missing: number[] = [];
  for (const [shard, claim] of claims) {
    if (bot.winner[shard] !== claim || shard >= bot.shardCount) continue;
    const state = bot.state[shard]!;
    if (isNotWorking(state)) down.push(shard);
    else if (state === UNKNOWN && isLive(world, claim)) missing.push(shard);
  }
  return firstRanges(down.length > 0 ? down : missing);
}

const firstRanges = (ids: Iterable<number>): string =>
  formatRanges(ids).split(',').slice(0, MOST_RANGES).join(',');

const earlier = (first: number, at: number): number => (first === 0 ? at : Math.min(first, at));

const MOST_RANGES = 8;

/** Null: nothing is wrong with shards that no cluster speaks for. What a bot that never came lacks is no trouble. */
export function botTrouble(world: World, bot: Bot): BotTroubleRow | null {
  const { down, downSince } = unhostedDown(world, bot);
  const missing = unreported(bot);
  const doubled = [...bot.doubleClaims].filter((shard) => !isClaimedByCluster(world, bot, shard));
  const worst = [down, missing, doubled].find((ids) => ids.length > 0);
  if (!worst) return null;
  return {
    bot: bot.key,
    shards: bot.shardCount,
    shardsDown: down.length,
    downSince: downSince ? shown(world, downSince) : null,
    shardsMissing: missing.length,
    doubleClaims: doubled.length,
    which: firstRanges(worst),
  };
}

function unhostedDown(world: World, bot: Bot): { down: number[]; downSince: number } {
  const down: number[] = [];
  let downSince = 0;
  if (bot.counts[OFFLINE]! + bot.counts[UNHEALTHY]! === 0) return { down, downSince };
  for (let shard = 0; shard < bot.shardCount; shard++) {
    if (!isNotWorking(bot.state[shard]!) || hostOf(world, bot.winner[shard]!)) continue;
    down.push(shard);
    downSince = earlier(downSince, bot.since[shard]!);
  }
  return { down, downSince };
}

function unreported({ counts, heardAt, shardCount, winner }: Bot): number[] {
  const ids: number[] = [];
  if (counts[UNKNOWN] === 0 || heardAt === null) return ids;
  for (let shard = 0; shard < shardCount; shard++) if (winner[shard] === NONE) ids.push(shard);
  return ids;
}

function isClaimedByCluster(world: World, bot: Bot, shard: number): boolean {
  for (let claim = bot.firstClaim[shard]!; claim !== NONE; claim = world.claims.next[claim]!)
    if (isLiveOnline(world, claim) && hostOf(world, claim)) return true;
  return false;
}
