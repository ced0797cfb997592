// What an operator's word does: a dead cluster is forgotten, a bot gets a name or a shard count, a cluster another bot.
import { release, resettle } from './live/claims.js';
import type { AssignEvent, BanEvent, ReleaseEvent, SetBotEvent } from './event.js';
import { retire } from './past/incidents.js';
import { botNamed, changeBot } from './live/members.js';
import { isBanned } from './registry/bans.js';
import { botRefusal, keyOfMember } from './registry/judge.js';
import { releaseLease } from './registry/leases.js';
import { fixedCount } from './registry/registry.js';
import { fixCount, recount } from './live/shard-count.js';
import { formerOf, revise, tell, tellBot, tellMember } from './tell.js';
import { settleName } from './names.js';
import { ANONYMOUS, type Bot, type Cluster, type World } from './world.js';

/** A shard count acts as one that was configured (RULES 9). */
export function setBot(world: World, { at, bot: key, name, shardCount }: SetBotEvent): void {
  const bot = world.bots.get(key)!;
  bot.setName = name;
  fixCount(bot, shardCount);
  if (settleName(bot)) tellBot(world, bot, bot.shardCount);
  revise(world, bot);
  tell(world, { type: 'word', act: 'set-bot', subject: key });
  recount(world, bot);
  retire(bot.incidents, bot.shardCount, at);
  releaseBeyond(world, bot, at);
}

/** Reports about shards beyond a fixed count are not heard any more: what they said goes with it. */
export function releaseBeyond(world: World, bot: Bot, at: number): void {
  const limit = fixedCount(bot);
  if (limit === null || bot.largestId < limit) return;
  const clusters = [...bot.clusters].sort((a, b) => (a.identity < b.identity ? -1 : 1)); // as in any world that knows the same
  const others = ANONYMOUS.flatMap((kind) => bot.anonymous.get(kind) ?? []);
  for (const holder of [...clusters, ...others])
    for (const shard of [...holder.claims.keys()]) if (shard >= limit) release(world, holder, shard, at);
}

export function assign(world: World, event: AssignEvent): void {
  const cluster = world.clusters.get(event.identity)!;
  cluster.assignedBot = event.bot;
  revise(world, cluster);
  tell(world, { type: 'word', act: 'assign', subject: event.identity });
  settleBot(world, cluster, event.at);
}

/** To the bot that the operator or the rules say; where there is none, it stays. */
export function settleBot(world: World, cluster: Cluster, at: number): void {
  const key = cluster.assignedBot ?? keyOfMember(world, cluster);
  if (key !== cluster.bot.key && !botRefusal(world, key)) moveTo(world, cluster, botNamed(world, key), at);
}

export function moveTo(world: World, cluster: Cluster, bot: Bot, at: number): void {
  const former = formerOf(cluster);
  changeBot(world, cluster, bot, at);
  tellMember(world, cluster, former);
}

export function released(world: World, event: ReleaseEvent): void {
  const cluster = world.clusters.get(event.identity)!;
  releaseLease(cluster);
  revise(world, cluster);
  tell(world, { type: 'word', act: 'release', subject: event.identity });
  resettle(world, cluster, event.at);
}

export function ban(world: World, { banned, glob }: BanEvent): void {
  if (banned) world.bans.add(glob);
  else world.bans.delete(glob);
  tell(world, { type: 'word', act: banned ? 'ban' : 'allow', subject: glob });
  for (const cluster of world.clusters.values()) {
    const was = cluster.isBanned;
    cluster.isBanned = isBanned(world, cluster.identity);
    if (cluster.isBanned !== was) revise(world, cluster);
  }
}
