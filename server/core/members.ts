// Clusters that talk to us: their number in their fleet, and the bot they belong to (RULES 7 and 8).
import type { PruneEvent, RegisterEvent } from './event.js';
import type { Answer, Change, Refusal } from './change.js';
import { BANNED, isBanned } from './bans.js';
import { beginAnew, release, resettle } from './claims.js';
import { matches } from './glob.js';
import { issueLease, leaseRefusal, NO_LEASE } from './leases.js';
import { noteUp } from './presence.js';
import { withCaps } from './report.js';
import { declare, learntShards, noMoreShards } from './shard-count.js';
import {
  addBot,
  addCluster,
  clusterName,
  DEFAULT_BOT,
  MAX_LEARNT_BOTS,
  removeCluster,
  settleName,
  type Bot,
  type Cluster,
  type World,
} from './world.js';

type Refused = { ok: false; reason: Refusal; error: string };
export type BotChoice = { ok: true; bot: Bot; isNew: boolean } | Refused;

/** The bot of that key, created where reports may create bots. */
export function botOf(world: World, key: string): BotChoice {
  const refusal = botRefusal(world, key);
  if (refusal) return refusal;
  const bot = world.bots.get(key);
  return { ok: true, bot: bot ?? addBot(world, key, key, null), isNew: bot === undefined };
}

/** Why there can be no bot of that key; null: there is one, or may be. */
export function botRefusal(world: World, key: string): Refused | null {
  if (world.bots.has(key)) return null;
  if (!world.rules.learnBots)
    return { ok: false, reason: 'unknown-bot', error: `bot '${key}' does not exist` };
  const learnt = [...world.bots.values()].filter((one) => one.configuredCount === null).length;
  if (learnt < MAX_LEARNT_BOTS) {
    if (learntShards(world) < world.rules.maxLearntShards) return null;
    return {
      ok: false,
      reason: 'too-many-shards',
      error: `there is no room for the bot '${key}': ${noMoreShards(world)}`,
    };
  }
  const error = `bot '${key}' is one too many: this server learns at most ${MAX_LEARNT_BOTS} bots; name it in SHARDLIGHT_BOTS`;
  return { ok: false, reason: 'too-many-bots', error };
}

/** The bot a member belongs to: what it says, else the first matching row, else the first configured bot, else `main`. */
export function keyOfMember(world: World, identity: string, fleet: string, saidBot: string | null): string {
  if (saidBot !== null) return saidBot;
  const row = world.rules.memberRows.find((one) =>
    'fleet' in one ? one.fleet === fleet : matches(one.identity, identity),
  );
  return row?.bot ?? world.rules.configuredBots[0]?.key ?? DEFAULT_BOT;
}

/** The same for who may be known: an operator's word wins, as long as there is that bot. */
function keyOfRegister(world: World, { identity, fleet, bot }: RegisterEvent): string {
  const assigned = world.clusters.get(identity)?.assignedBot ?? null;
  return assigned !== null && world.bots.has(assigned) ? assigned : keyOfMember(world, identity, fleet, bot);
}

/** Why a cluster may not present itself so; null: it may. */
export function registerRefusal(world: World, event: RegisterEvent): Answer | null {
  const known = world.clusters.get(event.identity);
  if (isBanned(world, event.identity)) return BANNED;
  if (!known && world.clusters.size >= world.rules.maxClusters) return FULL;
  const key = keyOfRegister(world, event);
  const refusal = fleetRefusal(world, event.fleet, known) ?? botRefusal(world, key);
  return refusal ?? (known ? leaseRefusal(world, known, event.shownHash) : null);
}

/** A fleet and what was given in it is kept for ever, so there is an end to them (RULES 36). */
function fleetRefusal({ numbers, rules }: World, fleet: string, known?: Cluster): Refused | null {
  if (known?.numbers.has(fleet)) return null;
  const no = (error: string): Refused => ({ ok: false, reason: 'too-many-fleets', error });
  if (known && known.numbers.size >= rules.maxFleetsPerIdentity)
    return no(
      `this identity was in ${known.numbers.size} fleets, and '${fleet}' would be one too many (SHARDLIGHT_MAX_FLEETS_PER_IDENTITY)`,
    );
  if (numbers.has(fleet) || numbers.size < rules.maxFleets) return null;
  return no(
    `fleet '${fleet}' is one too many: this server keeps at most ${rules.maxFleets} (SHARDLIGHT_MAX_FLEETS)`,
  );
}

/** In the words of the Argus contract. */
const FULL: Answer = { ok: false, reason: 'too-many-clusters', error: 'fleet cluster cap reached' };

/** A cluster presents itself: known ones keep their number in a fleet, new ones get the next. */
export function register(world: World, event: RegisterEvent): { answer: Answer; changes: Change[] } {
  const refusal = registerRefusal(world, event);
  if (refusal) return { answer: refusal, changes: [] };
  const key = keyOfRegister(world, event);
  const isNewBot = !world.bots.has(key);
  const bot = world.bots.get(key) ?? addBot(world, key, key, null);
  const changes: Change[] = isNewBot ? [{ type: 'bot', bot }] : [];
  sayName(bot, event.name, changes);
  const known = world.clusters.get(event.identity);
  const cluster = known ?? welcome(world, bot, event);
  if (known) changes.push(...welcomeBack(world, known, bot, event));
  cluster.seenAt = Math.max(cluster.seenAt, event.at);
  const noCount = declare(world, cluster, event.shardCount, event.at);
  if (noCount !== null) cluster.droppedAtRegister = withCaps(cluster.droppedAtRegister, noCount, null);
  noteUp(world, cluster, event.at, changes);
  changes.push(...resettle(world, cluster, event.at), { type: 'member', cluster });
  return { answer: { ok: true, number: cluster.number, bot: cluster.bot.key }, changes };
}

/** What a cluster calls its bot; null: it does not say. */
export function sayName(bot: Bot, name: string | null, changes: Change[]): void {
  if (name === null || name === bot.saidName) return;
  bot.saidName = name;
  if (settleName(bot)) changes.push({ type: 'bot-set', bot });
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
  return addCluster(world, bot, at, said);
}

function welcomeBack(world: World, cluster: Cluster, bot: Bot, event: RegisterEvent): Change[] {
  const formerly = clusterName(cluster);
  const changes = bot === cluster.bot ? [] : changeBot(world, cluster, bot, event.at);
  cluster.fleet = event.fleet;
  cluster.number = cluster.numbers.get(event.fleet) ?? nextNumber(world, event.fleet);
  cluster.numbers.set(cluster.fleet, cluster.number);
  cluster.version = event.version;
  cluster.saidBot = event.bot;
  cluster.host = event.host ?? cluster.host;
  cluster.scrapeTarget = event.scrapeTarget ?? cluster.scrapeTarget;
  cluster.droppedAtRegister = event.dropped;
  if (cluster.leaseHash === NO_LEASE) beginAnew(world, cluster, event.at);
  issueLease(cluster, event.shownHash, event.leaseHash);
  return clusterName(cluster) === formerly
    ? changes
    : [...changes, { type: 'cluster', bot, cluster, formerly }];
}

/** It moves to another bot: what it claims there it has yet to say. */
export function changeBot(world: World, cluster: Cluster, bot: Bot, at: number): Change[] {
  const changes = releaseAll(world, cluster, at);
  changes.push({ type: 'cluster', bot: cluster.bot, cluster, formerly: clusterName(cluster) });
  cluster.bot.clusters.delete(cluster);
  cluster.bot = bot;
  bot.clusters.add(cluster);
  cluster.declaredCount = null;
  return changes;
}

const releaseAll = (world: World, cluster: Cluster, at: number): Change[] =>
  [...cluster.claims.keys()].flatMap((shard) => release(world, cluster, shard, at));

function nextNumber(world: World, fleet: string): number {
  const number = (world.numbers.get(fleet) ?? 0) + 1;
  world.numbers.set(fleet, number);
  return number;
}

/** Forgets these clusters; their numbers stay taken. Whether they may be forgotten was asked before. */
export function prune(world: World, { identities, at }: PruneEvent): Change[] {
  return identities.flatMap((identity) => {
    const cluster = world.clusters.get(identity);
    if (!cluster) return [];
    const { bot } = cluster;
    const changes = releaseAll(world, cluster, at);
    removeCluster(world, cluster);
    const formerly = clusterName(cluster);
    return [...changes, { type: 'cluster', bot, cluster, formerly }, { type: 'forgotten', cluster }];
  });
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
