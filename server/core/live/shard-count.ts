// How many shards a bot has (RULES 9): an operator's word, else configured, else declared by the newest holder with Online claims, else guessed.
import { UNKNOWN } from '../../../public/shared/states.js';
import { fixedCount, MAX_SHARD_COUNT } from '../registry/registry.js';
import { tellBot } from '../tell.js';
import { makeRoom, type Bot, type Holder, type World } from '../world.js';

/** The shards a bot takes, seen or not. */
const extentOf = ({ shardCount, largestId }: Bot): number => Math.max(shardCount, largestId + 1);

/** How many shards were learnt, of all bots or of all but one. Those of a fixed count were given by the operator. */
export function learntShards(world: World, except?: Bot): number {
  let sum = 0;
  for (const bot of world.bots.values()) if (bot !== except && fixedCount(bot) === null) sum += extentOf(bot);
  return sum;
}

/** How far a bot may grow by reports. What it has, it keeps, as a state file may bring more than today's bound. */
const mostShards = (world: World, bot: Bot): number =>
  Math.max(extentOf(bot), world.rules.maxLearntShards - learntShards(world, bot));

/** The first shard id that is out of range; while the count is a guess, every possible id may prove it wrong. */
export function shardLimit(world: World, bot: Bot, declaredNow: number | null): number {
  const fixed = fixedCount(bot);
  if (fixed !== null) return fixed;
  const limit = declaredNow ?? (bot.declared ? bot.shardCount : MAX_SHARD_COUNT);
  return limit <= extentOf(bot) ? limit : Math.min(limit, mostShards(world, bot));
}

/** It is the bound on learnt shards that keeps the bot from growing beyond that limit. */
export const isCapped = (world: World, bot: Bot, limit: number): boolean =>
  fixedCount(bot) === null && limit < MAX_SHARD_COUNT && limit === mostShards(world, bot);

/** In words, at the bound (RULES 36). */
export const noMoreShards = ({ rules }: World): string =>
  `this server learns at most ${rules.maxLearntShards} shards (SHARDLIGHT_MAX_LEARNT_SHARDS); name the bot and its shard count in SHARDLIGHT_BOTS`;

/** An operator fixes the count, or (null) gives it back to configuration and reports. */
export function fixCount(bot: Bot, shardCount: number | null): void {
  if (shardCount === bot.setShardCount) return;
  bot.setShardCount = shardCount;
  bot.recountDue = true;
  if (fixedCount(bot) !== null) return;
  bot.declared = false;
  bot.lastDeclared = lastDeclared(bot);
}

/** What a holder declared last, Online or not. */
const lastDeclared = (bot: Bot): number | null => newestCount([...bot.clusters, ...bot.anonymous.values()]);

/** The count that was declared last. Of two at one moment the larger one holds: the order of holders must decide nothing. */
function newestCount(holders: Holder[]): number | null {
  const [first, ...others] = holders.filter((one) => one.declaredCount !== null);
  if (!first) return null;
  const isNewer = (a: Holder, b: Holder): boolean =>
    a.declaredAt === b.declaredAt ? a.declaredCount! > b.declaredCount! : a.declaredAt > b.declaredAt;
  return others.reduce((a, b) => (isNewer(b, a) ? b : a), first).declaredCount;
}

/** The holder says how many shards its bot has. Why that is not taken, in words; null: it is. */
export function declare(world: World, holder: Holder, shardCount: number | null, at: number): string | null {
  if (shardCount === null || shardCount === holder.declaredCount) return null;
  const { bot } = holder;
  const isGrowth = fixedCount(bot) === null && shardCount > extentOf(bot);
  if (isGrowth && shardCount > mostShards(world, bot)) return noMoreShards(world);
  withdraw(holder);
  holder.declaredCount = shardCount;
  holder.declaredAt = at;
  holder.bot.lastDeclared = shardCount;
  holder.bot.recountDue = true;
  enlist(holder);
  return null;
}

/** One more or one fewer of the holder's claims is live and Online. */
export function noteOnline(holder: Holder, step: 1 | -1): void {
  const wasOnline = holder.online > 0;
  holder.online += step;
  if (wasOnline === holder.online > 0 || holder.declaredCount === null) return;
  holder.bot.recountDue = true;
  if (wasOnline) withdraw(holder);
  else enlist(holder);
}

function enlist(holder: Holder): void {
  if (holder.online === 0 || holder.declaredCount === null) return;
  const { declarers } = holder.bot;
  const sameMind = declarers.get(holder.declaredCount);
  if (sameMind) sameMind.add(holder);
  else declarers.set(holder.declaredCount, new Set([holder]));
}

function withdraw(holder: Holder): void {
  if (holder.declaredCount === null) return;
  const { declarers } = holder.bot;
  const sameMind = declarers.get(holder.declaredCount);
  if (sameMind?.delete(holder) && sameMind.size === 0) declarers.delete(holder.declaredCount);
}

/** A shard beyond all known ones is claimed. */
export function noteShard(bot: Bot, shard: number): void {
  if (shard <= bot.largestId) return;
  bot.largestId = shard;
  if (!bot.declared) bot.recountDue = true;
}

/** Brings count and certainty up to date, once at the end of an event. True: one of them is another. */
export function recount(world: World, bot: Bot): boolean {
  if (!bot.recountDue) return false;
  bot.recountDue = false;
  const { shardCount, certain } = bot;
  const chosen = choose(bot);
  bot.declared ||= chosen !== null;
  if (chosen !== null || !bot.declared) setCount(bot, chosen ?? bot.largestId + 1);
  const agreed = [...bot.declarers.keys()].every((count) => count === bot.shardCount);
  bot.certain = bot.declared && agreed;
  if (bot.shardCount === shardCount && bot.certain === certain) return false;
  tellBot(world, bot, shardCount);
  return true;
}

/** The declared count that holds; null: stay with what we have. */
function choose(bot: Bot): number | null {
  const fixed = fixedCount(bot);
  if (fixed !== null) return fixed;
  if (bot.declarers.size === 0) return bot.declared ? null : bot.lastDeclared;
  if (bot.declarers.size === 1) return [...bot.declarers.keys()][0]!;
  return newestCount([...bot.declarers.values()].flatMap((sameMind) => [...sameMind]));
}

/** Shards beyond the new count keep their claims, unseen. */
export function setCount(bot: Bot, shardCount: number): void {
  if (shardCount === bot.shardCount) return;
  makeRoom(bot, shardCount);
  bot.shardCount = shardCount;
  bot.counts.fill(0);
  for (let shard = 0; shard < shardCount; shard++) bot.counts[bot.state[shard] ?? UNKNOWN]!++;
}
