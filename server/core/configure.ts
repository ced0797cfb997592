// What another configuration does: bots come and go, clusters move, and what is no longer allowed goes.
import { release } from './live/claims.js';
import type { RulesEvent } from './event.js';
import { botNamed, prune } from './live/members.js';
import { moveTo, releaseBeyond, settleBot } from './operator-words.js';
import type { ConfiguredBot } from './registry/registry.js';
import { settleAll } from './live/settle.js';
import { tellBot, tellMember } from './tell.js';
import { givenAs, settleName } from './names.js';
import { addBot, type AnonymousHolder, type Bot, type Cluster, type World } from './world.js';

export function configure(world: World, { at, rules, forbidden }: RulesEvent): void {
  world.rules = rules;
  world.nextLapseAt = -Infinity; // leases may be shorter
  const former = world.bots;
  world.bots = new Map();
  for (const said of rules.configuredBots) configureBot(world, former.get(said.key), said);
  for (const bot of former.values()) if (!world.bots.has(bot.key)) unconfigure(world, bot, at);
  for (const cluster of [...world.clusters.values()]) {
    settleBot(world, cluster, at);
    if (world.bots.get(cluster.bot.key) !== cluster.bot) rehouse(world, cluster, at);
  }
  for (const { identity, why } of forbidden) forbidTarget(world, identity, why);
  for (const bot of world.bots.values()) {
    releaseBeyond(world, bot, at);
    settleAll(world, bot, at);
  }
}

function configureBot(world: World, known: Bot | undefined, said: ConfiguredBot): void {
  const { key, name, shardCount } = said;
  const bot = known ?? addBot(world, key, name, shardCount);
  world.bots.set(key, bot);
  bot.givenName = givenAs(key, name);
  if (settleName(bot) || !known) tellBot(world, bot, known ? bot.shardCount : null);
  if (bot.configuredCount === shardCount) return;
  bot.configuredCount = shardCount;
  bot.recountDue = true;
}

/** It is one that was learnt from now on, with the count it has; it is gone where none may be learnt. */
function unconfigure(world: World, bot: Bot, at: number): void {
  if (!world.rules.learnBots) {
    for (const holder of bot.anonymous.values()) forgetAnonymous(world, holder, at);
    return;
  }
  world.bots.set(bot.key, bot);
  if (bot.configuredCount === null) return;
  bot.configuredCount = null;
  bot.givenName = null;
  bot.recountDue = true;
  if (settleName(bot)) tellBot(world, bot, bot.shardCount);
}

/** Nobody is told: what was said of a bot that is gone concerns nobody. */
function forgetAnonymous(world: World, holder: AnonymousHolder, at: number): void {
  for (const shard of [...holder.claims.keys()]) release(world, holder, shard, at);
  world.freeHolderIds.push(holder.id);
}

/** Its bot is gone, and so is the one it should have: the first takes it in. Its number stays taken where there is none. */
function rehouse(world: World, cluster: Cluster, at: number): void {
  const [key] = world.bots.keys();
  if (key === undefined) prune(world, { at, identities: [cluster.identity] });
  else moveTo(world, cluster, botNamed(world, key), at);
}

function forbidTarget(world: World, identity: string, why: string): void {
  const cluster = world.clusters.get(identity);
  if (!cluster) return;
  cluster.scrapeTarget = '';
  cluster.droppedAtRegister = [why];
  tellMember(world, cluster);
}
