// Puts what the state file keeps back into a fresh world. What happened meanwhile nobody knows: a gap says so (RULES 25).
import { OFFLINE, ONLINE } from '../../public/shared/states.js';
import { noteBans } from './bans.js';
import { HELD, NONE, RUN_OUT } from './claim-table.js';
import { addClaim, doubt } from './claims.js';
import type { Flip } from './flips.js';
import { leave, noteFlip, restoreIncidents } from './incidents.js';
import { measure } from './measures.js';
import { botOf, keyOfMember } from './members.js';
import type { BotRecord, ClaimRecord, ClusterRecord, HolderRecord, WorldRecord } from './record.js';
import { noteRecovery, restoreRecoveries } from './recoveries.js';
import { settleAll } from './settle.js';
import { fixedCount, noteOnline, recount, setCount } from './shard-count.js';
import {
  addCluster,
  anonymousHolder,
  holderOf,
  leaseMs,
  makeRoom,
  MAX_SHARD_COUNT,
  settleName,
  type Bot,
  type Holder,
  type World,
} from './world.js';

/**
 * Puts a record into a fresh world, as it was. What config no longer allows (a bot, shards beyond a count) is left out;
 * numbers stay taken. The caller says how long ago that was, by a gap.
 */
export function restore(world: World, record: WorldRecord): void {
  const { rules } = world;
  world.rules = { ...rules, maxLearntShards: Infinity }; // what is there stays, even above today's bound
  putBack(world, record);
  world.rules = rules;
}

function putBack(world: World, record: WorldRecord): void {
  const { savedAt, unheardBefore = savedAt - world.rules.clusterLeaseMs } = record;
  world.unheardBefore = Math.max(0, heardBy(savedAt, unheardBefore));
  const given = record.clusters.flatMap(({ numbers }) => numbers);
  for (const [fleet, number] of [...record.numbers, ...given])
    world.numbers.set(fleet, Math.max(world.numbers.get(fleet) ?? 0, number));
  for (const bot of record.bots) restoreBot(world, bot, savedAt);
  for (const cluster of record.clusters) restoreCluster(world, cluster, savedAt);
  world.bans = new Set(record.bans ?? []);
  noteBans(world);
  restoreHistories(world, record);
  if (record.unheardBefore === undefined) doubtOverdue(world, savedAt);
  for (const bot of world.bots.values()) settleAll(world, bot, savedAt);
  for (const flip of record.flips) world.flips.add(flip);
  for (const bot of world.bots.values()) {
    recount(bot);
    bot.incidents.isNews = bot.recoveries.isNews = false;
  }
}

/** Incidents and recoveries; of shards that nobody speaks of any more nobody can say that they are back. */
function restoreHistories(world: World, { bots, flips, savedAt }: WorldRecord): void {
  for (const { key, history } of bots) {
    const bot = world.bots.get(key);
    if (!bot) continue;
    if (history) {
      restoreIncidents(bot.incidents, history.count, history.incidents);
      restoreRecoveries(bot.recoveries, history.recoveries);
    } else readOut(bot, flips);
    for (const shard of [...bot.incidents.byShard.keys()])
      if ((bot.firstClaim[shard] ?? NONE) === NONE) leave(bot.incidents, shard, savedAt);
  }
}

function readOut(bot: Bot, flips: Flip[]): void {
  for (const flip of flips) {
    if (flip.bot !== bot.key) continue;
    noteFlip(bot.incidents, flip);
    noteRecovery(bot.recoveries, flip);
  }
  bot.recoveries.under.clear(); // a restart interrupts them
}

/** A record takes a while to write, and what is volatile in it goes on meanwhile. */
const WRITTEN_WITHIN_MS = 60_000;

/** A time from the future was read off a clock that was wrong: its silence would count from then only. */
const heardBy = (savedAt: number, at: number): number => (at > savedAt + WRITTEN_WITHIN_MS ? savedAt : at);

function restoreBot(world: World, record: BotRecord, savedAt: number): void {
  const choice = botOf(world, record.key);
  if (!choice.ok) return;
  const { bot } = choice;
  bot.heardAt = record.heardAt === null ? null : heardBy(savedAt, record.heardAt);
  bot.setName = record.setName;
  bot.saidName = record.saidName;
  settleName(bot);
  bot.setShardCount = record.setShardCount;
  if (bot.configuredCount === null) {
    bot.declared = record.declared;
    bot.certain = record.declared;
    if (record.setShardCount === null) bot.largestId = record.shardCount - 1;
  }
  setCount(bot, fixedCount(bot) ?? record.shardCount);
  makeRoom(bot, Math.min(record.flippedTo.length, MAX_SHARD_COUNT));
  for (let shard = 0; shard < Math.min(record.flippedTo.length, bot.state.length); shard++)
    bot.flippedTo[shard] = Number(record.flippedTo[shard]);
  if (record.glance) restoreHolder(world, anonymousHolder(world, bot, 'glance'), record.glance, savedAt);
  if (record.batch) restoreHolder(world, anonymousHolder(world, bot, 'batch'), record.batch, savedAt);
}

function restoreCluster(world: World, record: ClusterRecord, savedAt: number): void {
  const { identity, fleet, number, version, saidBot, leaseHash, host, scrapeTarget } = record;
  const assigned = record.assignedBot === null ? undefined : world.bots.get(record.assignedBot);
  const choice = botOf(world, assigned?.key ?? keyOfMember(world, identity, fleet, saidBot));
  const bot = choice.ok ? choice.bot : [...world.bots.values()][0];
  if (!bot) return;
  const droppedAtRegister = record.dropped ?? [];
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
  const cluster = addCluster(world, bot, heardBy(savedAt, record.firstSeenAt), said);
  cluster.numbers = new Map(record.numbers);
  cluster.formerLeaseHash = record.formerLeaseHash;
  cluster.assignedBot = record.assignedBot;
  cluster.status = record.status;
  cluster.statusAt = heardBy(savedAt, record.statusAt);
  cluster.oversizedAt = heardBy(savedAt, record.oversizedAt);
  if (record.measured) measure(cluster.measures, record.measured, record.seenAt, world.rules.heartbeatMs);
  const isSameBot = record.bot === null || record.bot === bot.key;
  restoreHolder(world, cluster, isSameBot ? record : { ...record, claims: [] }, savedAt);
}

function restoreHolder(world: World, holder: Holder, record: HolderRecord, savedAt: number): void {
  holder.seenAt = heardBy(savedAt, record.seenAt);
  holder.declaredCount = record.declaredCount;
  holder.declaredAt = heardBy(savedAt, record.declaredAt);
  const limit = fixedCount(holder.bot) ?? MAX_SHARD_COUNT;
  for (const claim of record.claims) if (claim[0] < limit) restoreClaim(world, holder, claim, savedAt);
}

function restoreClaim(world: World, holder: Holder, record: ClaimRecord, savedAt: number): void {
  const [shard, state, since, lastSeenAt, lease, heldFrom = since] = record;
  const seenAt = heardBy(savedAt, lastSeenAt);
  makeRoom(holder.bot, shard + 1);
  const { claims } = world;
  const claim = addClaim(world, holder, shard);
  // Older files keep since when it said what it said, and no word of when the lease ran out after that.
  const isOlder = lease === RUN_OUT && state !== OFFLINE && since <= seenAt;
  claims.state[claim] = state;
  claims.since[claim] = isOlder ? seenAt + leaseMs(world, holder) : heardBy(savedAt, since);
  claims.heldFrom[claim] = heardBy(savedAt, heldFrom);
  claims.seenAt[claim] = seenAt;
  claims.lease[claim] = lease;
  if (state === ONLINE && lease === HELD) noteOnline(holder, 1);
}

/** In older files what nobody had heard since the start before looks as if its lease held, though it is long over. */
function doubtOverdue(world: World, savedAt: number): void {
  const { claims } = world;
  for (const claim of claims.rows()) {
    const holder = holderOf(world, claim);
    if (claims.lease[claim] !== HELD || claims.seenAt[claim]! + leaseMs(world, holder) >= savedAt) continue;
    doubt(world, claim);
  }
}
