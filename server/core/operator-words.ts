// What an operator's word does: a dead cluster is forgotten, a bot gets a name or a shard count, a cluster another bot.
import { member } from './beats.js';
import type { Answer, Change, Outcome } from './change.js';
import { release } from './claims.js';
import type { AssignEvent, ForgetEvent, SetBotEvent } from './event.js';
import { retire } from './incidents.js';
import { botOf, changeBot, keyOfMember, prune } from './members.js';
import { OK, recounted } from './report.js';
import { fixCount, fixedCount, recount } from './shard-count.js';
import { settleName, type Bot, type Cluster, type World } from './world.js';

const refused = (answer: Answer): Outcome => ({ answer, changes: [] });

export function unknownMember(world: World, event: { identity: string } | SetBotEvent): Answer | null {
  const found = 'identity' in event ? member(world, event.identity) : null;
  return found && !found.ok ? found.answer : null;
}

/** An operator's word creates no bot; null is none. */
export function unknownBot(world: World, key: string | null): Answer | null {
  if (key === null || world.bots.has(key)) return null;
  return { ok: false, reason: 'unknown-bot', error: `bot '${key}' does not exist` };
}

export function forgetRefusal(world: World, event: ForgetEvent): Answer | null {
  const unknown = unknownMember(world, event);
  if (unknown) return unknown;
  const cluster = world.clusters.get(event.identity);
  if (cluster?.status !== 'up' || cluster.isBanned) return null; // a ban keeps it from coming back
  const error =
    'this cluster is up: stop it first, else its next report would bring it back under another number';
  return { ok: false, reason: 'still-up', error };
}

export function forget(world: World, event: ForgetEvent): Outcome {
  const refusal = forgetRefusal(world, event);
  if (refusal) return refused(refusal);
  const { at, identity } = event;
  const changes = prune(world, { type: 'prune', at, identities: [identity] });
  return recounted([...world.bots.values()], at, OK, changes);
}

/** A shard count acts as one that was configured (RULES 9). */
export function setBot(world: World, { at, bot: key, name, shardCount }: SetBotEvent): Outcome {
  const bot = world.bots.get(key);
  if (!bot) return refused(unknownBot(world, key)!);
  bot.setName = name;
  settleName(bot);
  fixCount(bot, shardCount);
  const changes: Change[] = [{ type: 'bot-set', bot }, ...recount(bot)];
  retire(bot.incidents, bot.shardCount, at);
  changes.push(...releaseBeyond(world, bot, at));
  return recounted([bot], at, OK, changes);
}

/** Reports about shards beyond a fixed count are not heard any more: what they said goes with it. */
function releaseBeyond(world: World, bot: Bot, at: number): Change[] {
  const limit = fixedCount(bot);
  if (limit === null || bot.largestId < limit) return [];
  return [...bot.clusters, ...bot.anonymous.values()].flatMap((holder) =>
    [...holder.claims.keys()].flatMap((shard) => (shard < limit ? [] : release(world, holder, shard, at))),
  );
}

export function assign(world: World, event: AssignEvent): Outcome {
  const refusal = unknownBot(world, event.bot) ?? unknownMember(world, event);
  const cluster = world.clusters.get(event.identity);
  if (refusal || !cluster) return refused(refusal ?? OK);
  cluster.assignedBot = event.bot;
  const former = cluster.bot;
  const changes = settleBot(world, cluster, event.at);
  changes.push({ type: 'member', cluster });
  const bots = former === cluster.bot ? [former] : [former, cluster.bot];
  return recounted(bots, event.at, OK, changes);
}

/** To the bot that the operator or the rules say; where there is none, it stays. */
function settleBot(world: World, cluster: Cluster, at: number): Change[] {
  const { identity, fleet, saidBot, assignedBot } = cluster;
  const choice = botOf(world, assignedBot ?? keyOfMember(world, identity, fleet, saidBot));
  if (!choice.ok || choice.bot === cluster.bot) return [];
  const isNew: Change[] = choice.isNew ? [{ type: 'bot', bot: choice.bot }] : [];
  return [...isNew, ...changeBot(world, cluster, choice.bot, at)];
}
