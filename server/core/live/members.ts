// Clusters that talk to us: they get their number, and come to their bot (RULES 7 and 8). Whether they may was judged before.
import type { Registered } from '../answer.js';
import type { PruneEvent, RegisterEvent } from '../event.js';
import { beginAnew, release, resettle, settleClaimed } from './claims.js';
import { noteUp } from './presence.js';
import { isBanned } from '../registry/bans.js';
import { keyOfRegister } from '../registry/judge.js';
import { issueLease, NO_LEASE } from '../registry/leases.js';
import { declare } from './shard-count.js';
import { formerOf, reviseLists, tellBot, tellMember } from '../tell.js';
import { settleName } from '../names.js';
import { addBot, addCluster, removeCluster, type Bot, type Cluster, type World } from '../world.js';

/** A cluster presents itself: known ones keep their number in a fleet, new ones get the next. */
export function register(world: World, event: RegisterEvent): Registered {
  const bot = botNamed(world, keyOfRegister(world, event));
  sayName(world, bot, event.name);
  const known = world.clusters.get(event.identity);
  const cluster = known ?? welcome(world, bot, event);
  const former = known && formerOf(known);
  if (known) welcomeBack(world, known, bot, event);
  cluster.seenAt = Math.max(cluster.seenAt, event.at);
  cluster.noCountAtRegister = declare(world, cluster, event.shardCount, event.at);
  noteUp(world, cluster, event.at);
  resettle(world, cluster, event.at);
  tellMember(world, cluster, former);
  return { ok: true, number: cluster.number, bot: cluster.bot.key };
}

/** The bot of that key, which is new where there was none. */
export function botNamed(world: World, key: string): Bot {
  const known = world.bots.get(key);
  if (known) return known;
  const bot = addBot(world, key, key, null);
  tellBot(world, bot, null);
  return bot;
}

/** What a cluster calls its bot; null: it does not say. */
export function sayName(world: World, bot: Bot, name: string | null): void {
  if (name === null || name === bot.saidName) return;
  bot.saidName = name;
  if (settleName(bot)) tellBot(world, bot, bot.shardCount);
}

function welcome(world: World, bot: Bot, event: RegisterEvent): Cluster {
  const { identity, fleet, version, bot: saidBot, leaseHash, at } = event;
  const host = event.host ?? '';
  const scrapeTarget = event.scrapeTarget ?? '';
  const number = nextNumber(world, fleet);
  const droppedAtRegister = event.dropped;
  const said = {
    identity,
    fleet,
    number,
    version,
    saidBot,
    leaseHash,
    host,
    scrapeTarget,
    droppedAtRegister,
  };
  const cluster = addCluster(world, bot, at, said);
  cluster.isBanned = isBanned(world, identity);
  reviseLists(world);
  return cluster;
}

function welcomeBack(world: World, cluster: Cluster, bot: Bot, event: RegisterEvent): void {
  const formerNumber = cluster.number;
  if (bot !== cluster.bot) changeBot(world, cluster, bot, event.at);
  cluster.fleet = event.fleet;
  cluster.number = cluster.numbers.get(event.fleet) ?? nextNumber(world, event.fleet);
  cluster.numbers.set(cluster.fleet, cluster.number);
  if (cluster.number !== formerNumber) settleClaimed(world, cluster, event.at);
  cluster.version = event.version;
  cluster.saidBot = event.bot;
  cluster.host = event.host ?? cluster.host;
  cluster.scrapeTarget = event.scrapeTarget ?? cluster.scrapeTarget;
  cluster.droppedAtRegister = event.dropped;
  if (cluster.leaseHash === NO_LEASE) beginAnew(world, cluster, event.at);
  issueLease(cluster, event.shownHash, event.leaseHash);
}

/** It moves to another bot: what it claims there it has yet to say. */
export function changeBot(world: World, cluster: Cluster, bot: Bot, at: number): void {
  releaseAll(world, cluster, at);
  cluster.bot.clusters.delete(cluster);
  cluster.bot = bot;
  bot.clusters.add(cluster);
  cluster.declaredCount = null;
}

function releaseAll(world: World, cluster: Cluster, at: number): void {
  for (const shard of [...cluster.claims.keys()]) release(world, cluster, shard, at);
}

function nextNumber(world: World, fleet: string): number {
  const number = (world.numbers.get(fleet) ?? 0) + 1;
  world.numbers.set(fleet, number);
  return number;
}

/** Forgets these clusters; their numbers stay taken. Whether they may be forgotten was asked before. */
export function prune(world: World, { identities, at }: Pick<PruneEvent, 'identities' | 'at'>): void {
  for (const identity of identities) {
    const cluster = world.clusters.get(identity);
    if (!cluster) continue;
    releaseAll(world, cluster, at);
    removeCluster(world, cluster);
    tellMember(world, cluster, { ...formerOf(cluster), isForgotten: true });
  }
}

/**
 * The clusters that have been silent for longer than that. After a gap nobody is, for a lease and one more: whoever lives is
 * heard within the first, and of a clock that leapt a day nobody else was silent for a day, either.
 */
export function longSilent(world: World, at: number, retentionMs: number): string[] {
  if (at <= world.leasesFrom + 2 * world.rules.clusterLeaseMs) return [];
  const silent = [...world.clusters.values()].filter(
    (cluster) => cluster.status !== 'up' && at - cluster.seenAt > retentionMs,
  );
  return silent.map((cluster) => cluster.identity);
}
