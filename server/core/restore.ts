// Puts a record back into an empty world, exactly: it goes on as if nothing had been. That time passed meanwhile, a gap says.
import { ONLINE } from '../../public/shared/states.js';
import { HELD, UNSAID } from './live/claim-table.js';
import { addClaim } from './live/claims.js';
import { restoreIncidents } from './past/incidents.js';
import type { BotRecord, ClaimRecord, ClusterRecord, HolderRecord, WorldRecord } from './record.js';
import { restoreRecoveries } from './past/recoveries.js';
import { isBanned } from './registry/bans.js';
import { sendersOf } from './live/senders.js';
import { settleAll } from './live/settle.js';
import { noteOnline, setCount } from './live/shard-count.js';
import { takeFacts } from './tell.js';
import { settleName } from './names.js';
import {
  addBot,
  addCluster,
  ANONYMOUS,
  anonymousHolder,
  makeRoom,
  type Bot,
  type Holder,
  type World,
} from './world.js';

/** Nothing is left out and nothing adapted: another configuration comes with the event `rules`. */
export function restore(world: World, record: WorldRecord): void {
  const { rules, leasesFrom, unheardBefore, skewMs, numbers, bans, savedAt, told } = record;
  Object.assign(world, { rules, leasesFrom, unheardBefore, skewMs, nextLapseAt: -Infinity });
  world.numbers = new Map(numbers);
  world.bans = new Set(bans);
  for (const one of record.bots) restoreBot(world, one);
  for (const one of record.clusters) restoreCluster(world, one);
  for (const one of record.bots) finishBot(world, one, savedAt);
  world.told = told;
  world.flips.restore(record.flips, record.flipCount);
}

function restoreBot(world: World, record: BotRecord): void {
  const bot = addBot(world, record.key, record.givenName ?? record.key, record.configuredCount);
  const { setName, setShardCount, saidName, heardAt } = record;
  Object.assign(bot, { setName, setShardCount, saidName, heardAt });
  settleName(bot);
  setCount(bot, record.shardCount);
  makeRoom(bot, record.largestId + 1);
  for (let shard = 0; shard < record.flippedTo.length; shard++)
    bot.flippedTo[shard] = Number(record.flippedTo[shard]);
  restoreIncidents(bot.incidents, record.history.count, record.history.incidents);
  restoreRecoveries(bot.recoveries, record.history.recoveries, record.history.underWay);
  for (const kind of ANONYMOUS) {
    const holder = record[kind];
    if (holder) restoreHolder(world, anonymousHolder(world, bot, kind), holder);
  }
}

function restoreCluster(world: World, record: ClusterRecord): void {
  const bot = world.bots.get(record.bot)!;
  const { identity, fleet, number, version, saidBot, leaseHash, host, scrapeTarget } = record;
  const { firstSeenAt, droppedAtRegister, numbers, senders, status, statusAt, oversizedAt } = record;
  const said = { identity, fleet, number, version, saidBot, leaseHash, host, scrapeTarget };
  const cluster = addCluster(world, bot, firstSeenAt, { ...said, droppedAtRegister });
  cluster.numbers = new Map(numbers);
  cluster.senders = sendersOf(senders);
  cluster.isBanned = isBanned(world, identity);
  const { formerLeaseHash, usedLeaseHash, assignedBot, noCountAtRegister, droppedAtBeat } = record;
  Object.assign(cluster, { formerLeaseHash, usedLeaseHash, assignedBot, noCountAtRegister, droppedAtBeat });
  Object.assign(cluster, { status, statusAt, oversizedAt });
  restoreHolder(world, cluster, record);
}

function restoreHolder(world: World, holder: Holder, record: HolderRecord): void {
  const { seenAt, declaredCount, declaredAt } = record;
  Object.assign(holder, { seenAt, declaredCount, declaredAt });
  for (const claim of record.claims) restoreClaim(world, holder, claim);
}

function restoreClaim(world: World, holder: Holder, record: ClaimRecord): void {
  const [shard, state, since, seenAt, lease, heldFrom, latencyMs, guilds, unavailable] = record;
  makeRoom(holder.bot, shard + 1);
  const { claims } = world;
  const claim = addClaim(world, holder, shard);
  claims.state[claim] = state;
  claims.since[claim] = since;
  claims.heldFrom[claim] = heldFrom;
  claims.seenAt[claim] = seenAt;
  claims.lease[claim] = lease;
  claims.latencyMs[claim] = latencyMs ?? NaN;
  claims.guilds[claim] = guilds ?? UNSAID;
  claims.unavailable[claim] = unavailable ?? UNSAID;
  if (state === ONLINE && lease === HELD) noteOnline(holder, 1);
}

/** Once all claims are back: each shard's state follows from them, and what does not is as it was. */
function finishBot(world: World, record: BotRecord, savedAt: number): void {
  const bot: Bot = world.bots.get(record.key)!;
  settleAll(world, bot, savedAt);
  for (const [shard, since] of record.since) bot.since[shard] = since;
  const { declared, certain, lastDeclared, largestId } = record;
  Object.assign(bot, { declared, certain, lastDeclared, largestId, recountDue: false });
  bot.recoveries.isNews = false;
  takeFacts(world); // they were told when they happened
}
