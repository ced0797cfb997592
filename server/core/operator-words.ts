// What an operator's word does: a dead cluster is forgotten, a bot gets a name or a shard count, a cluster another bot.
import type { Change, Outcome } from './change.js';
import { release, resettle } from './claims.js';
import type { AssignEvent, BanEvent, ReleaseEvent, SetBotEvent } from './event.js';
import { retire } from './incidents.js';
import { botNamed, changeBot } from './members.js';
import { isBanned } from './registry/bans.js';
import { botRefusal, keyOfMember } from './registry/judge.js';
import { releaseLease } from './registry/leases.js';
import { fixedCount } from './registry/registry.js';
import { OK, recounted } from './report.js';
import { fixCount, recount } from './shard-count.js';
import { ANONYMOUS, settleName, type Bot, type Cluster, type World } from './world.js';

/** A shard count acts as one that was configured (RULES 9). */
export function setBot(world: World, { at, bot: key, name, shardCount }: SetBotEvent): Outcome {
  const bot = world.bots.get(key)!;
  bot.setName = name;
  settleName(bot);
  fixCount(bot, shardCount);
  const changes: Change[] = [{ type: 'bot-set', bot }, ...recount(bot)];
  retire(bot.incidents, bot.shardCount, at);
  changes.push(...releaseBeyond(world, bot, at));
  return recounted([bot], at, OK, changes);
}

/** Reports about shards beyond a fixed count are not heard any more: what they said goes with it. */
export function releaseBeyond(world: World, bot: Bot, at: number): Change[] {
  const limit = fixedCount(bot);
  if (limit === null || bot.largestId < limit) return [];
  const clusters = [...bot.clusters].sort((a, b) => (a.identity < b.identity ? -1 : 1)); // as in any world that knows the same
  const others = ANONYMOUS.flatMap((kind) => bot.anonymous.get(kind) ?? []);
  return [...clusters, ...others].flatMap((holder) =>
    [...holder.claims.keys()].flatMap((shard) => (shard < limit ? [] : release(world, holder, shard, at))),
  );
}

export function assign(world: World, event: AssignEvent): Outcome {
  const cluster = world.clusters.get(event.identity)!;
  cluster.assignedBot = event.bot;
  const former = cluster.bot;
  const changes = settleBot(world, cluster, event.at);
  changes.push({ type: 'member', cluster });
  const bots = former === cluster.bot ? [former] : [former, cluster.bot];
  return recounted(bots, event.at, OK, changes);
}

/** To the bot that the operator or the rules say; where there is none, it stays. */
export function settleBot(world: World, cluster: Cluster, at: number): Change[] {
  const key = cluster.assignedBot ?? keyOfMember(world, cluster);
  if (key === cluster.bot.key || botRefusal(world, key)) return [];
  const changes: Change[] = [];
  const bot = botNamed(world, key, changes);
  changes.push(...changeBot(world, cluster, bot, at));
  return changes;
}

export function released(world: World, event: ReleaseEvent): Outcome {
  const cluster = world.clusters.get(event.identity)!;
  releaseLease(cluster);
  const changes: Change[] = [{ type: 'member', cluster }, ...resettle(world, cluster, event.at)];
  return recounted([cluster.bot], event.at, OK, changes);
}

export function ban(world: World, event: BanEvent): Outcome {
  if (event.banned) world.bans.add(event.glob);
  else world.bans.delete(event.glob);
  return { answer: OK, changes: [{ type: 'bans' }, ...noteBans(world)] };
}

/** Says it to the clusters that are known. */
function noteBans(world: World): Change[] {
  const changes: Change[] = [];
  for (const cluster of world.clusters.values()) {
    const was = cluster.isBanned;
    cluster.isBanned = isBanned(world, cluster.identity);
    if (cluster.isBanned !== was) changes.push({ type: 'member', cluster });
  }
  return changes;
}
