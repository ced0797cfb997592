// What another configuration does: bots come and go, clusters move, and what is no longer allowed goes.
import type { Change } from './change.js';
import { release } from './claims.js';
import type { RulesEvent } from './event.js';
import { botNamed, changeBot, prune } from './members.js';
import { releaseBeyond, settleBot } from './operator-words.js';
import type { ConfiguredBot } from './registry/registry.js';
import { settleAll } from './settle.js';
import { addBot, givenAs, settleName, type AnonymousHolder, type Bot, type World } from './world.js';

export function configure(world: World, { at, rules, forbidden }: RulesEvent): Change[] {
  world.rules = rules;
  world.nextLapseAt = -Infinity; // leases may be shorter
  const changes: Change[] = [];
  const former = world.bots;
  world.bots = new Map();
  for (const said of rules.configuredBots) configureBot(world, former.get(said.key), said, changes);
  for (const bot of former.values()) if (!world.bots.has(bot.key)) unconfigure(world, bot, at, changes);
  for (const cluster of [...world.clusters.values()]) {
    changes.push(...settleBot(world, cluster, at));
    if (world.bots.get(cluster.bot.key) !== cluster.bot) rehouse(world, cluster.identity, at, changes);
  }
  for (const { identity, why } of forbidden) forbidTarget(world, identity, why, changes);
  for (const bot of world.bots.values())
    changes.push(...releaseBeyond(world, bot, at), ...settleAll(world, bot, at));
  return changes;
}

function configureBot(world: World, known: Bot | undefined, said: ConfiguredBot, changes: Change[]): void {
  const { key, name, shardCount } = said;
  const bot = known ?? addBot(world, key, name, shardCount);
  world.bots.set(key, bot);
  bot.givenName = givenAs(key, name);
  if (settleName(bot)) changes.push({ type: 'bot-set', bot });
  if (!known) changes.push({ type: 'bot', bot });
  if (bot.configuredCount === shardCount) return;
  bot.configuredCount = shardCount;
  bot.recountDue = true;
}

/** It is one that was learnt from now on, with the count it has; it is gone where none may be learnt. */
function unconfigure(world: World, bot: Bot, at: number, changes: Change[]): void {
  if (!world.rules.learnBots) {
    for (const holder of bot.anonymous.values()) forgetAnonymous(world, holder, at);
    return;
  }
  world.bots.set(bot.key, bot);
  if (bot.configuredCount === null) return;
  bot.configuredCount = null;
  bot.givenName = null;
  bot.recountDue = true;
  if (settleName(bot)) changes.push({ type: 'bot-set', bot });
}

/** Nobody is told: what was said of a bot that is gone concerns nobody. */
function forgetAnonymous(world: World, holder: AnonymousHolder, at: number): void {
  for (const shard of [...holder.claims.keys()]) release(world, holder, shard, at);
  world.freeHolderIds.push(holder.id);
}

/** Its bot is gone, and so is the one it should have: the first takes it in. Its number stays taken where there is none. */
function rehouse(world: World, identity: string, at: number, changes: Change[]): void {
  const [key] = world.bots.keys();
  const cluster = world.clusters.get(identity)!;
  if (key === undefined) changes.push(...prune(world, { at, identities: [identity] }));
  else changes.push(...changeBot(world, cluster, botNamed(world, key, changes), at));
}

function forbidTarget(world: World, identity: string, why: string, changes: Change[]): void {
  const cluster = world.clusters.get(identity);
  if (!cluster) return;
  cluster.scrapeTarget = '';
  cluster.droppedAtRegister = [why];
  changes.push({ type: 'member', cluster });
}
