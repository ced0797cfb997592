// What a cluster says once it has a number: that it lives, how its shards are, and that it stops.
import { OFFLINE, STOPPING } from '../../../public/shared/states.js';
import type { Answer, Refused } from '../answer.js';
import { release, resettle, revive } from './claims.js';
import type { BeatEvent, GoodbyeEvent, OversizeEvent, ShardRow, ShardsEvent } from '../event.js';
import { measure } from '../measures/measures.js';
import { sayName } from './members.js';
import { noteUp, setStatus } from './presence.js';
import { BANNED, isBanned } from '../registry/bans.js';
import { unknownMember } from '../registry/judge.js';
import { isFirstUse, leaseRefusal, NO_LEASE, type LeaseHashes } from '../registry/leases.js';
import { conclude, heard, OK, sayRow, sayRows, whyNot, withCaps } from './report.js';
import { noteSender } from './senders.js';
import { declare, isCapped, shardLimit } from './shard-count.js';
import { revise, tell } from '../tell.js';
import type { Bot, Cluster, World } from '../world.js';

type Speaker = { ok: true; cluster: Cluster } | { ok: false; answer: Refused };

type Shown = Pick<BeatEvent, 'identity' | 'shownHash'>;

/** Why it may not speak; null: it may. */
export const speakerRefusal = (world: World, shown: Shown): Refused | null =>
  refusalOf(world, world.clusters.get(shown.identity), shown);

function refusalOf(
  world: World,
  cluster: Cluster | undefined,
  { identity, shownHash }: Shown,
): Refused | null {
  if (cluster?.isBanned) return BANNED;
  if (cluster) return leaseRefusal(world, asUsed(cluster), shownHash);
  return isBanned(world, identity) ? BANNED : unknownMember(world, { identity });
}

/** A lease that was seen in use voids the one before it, though the log does not say so yet. */
const asUsed = (cluster: Cluster): LeaseHashes =>
  cluster.formerLeaseHash !== null && isInUse(cluster)
    ? { leaseHash: cluster.leaseHash, formerLeaseHash: null }
    : cluster;

const isInUse = ({ leaseHash, usedLeaseHash }: Cluster): boolean =>
  usedLeaseHash !== NO_LEASE && usedLeaseHash === leaseHash;

/** Why it may not speak of shards of that bot; null: it may. */
export function shardsRefusal(world: World, event: Shown & Pick<ShardsEvent, 'bot'>): Refused | null {
  const cluster = world.clusters.get(event.identity);
  const refusal = refusalOf(world, cluster, event);
  const own = cluster?.bot.key;
  if (refusal || own === event.bot) return refusal;
  const error = `bot: this identity reports for '${own}', not for '${event.bot}'`;
  return { ok: false, reason: 'unknown-bot', error };
}

/** The cluster that speaks, where it may. */
function speaker(world: World, shown: Shown): Speaker {
  const cluster = world.clusters.get(shown.identity);
  const refusal = refusalOf(world, cluster, shown);
  if (refusal) return { ok: false, answer: refusal };
  noteUse(cluster!, shown.shownHash);
  return { ok: true, cluster: cluster! };
}

function noteUse(cluster: Cluster, shownHash: string | null): void {
  if (shownHash !== null && isFirstUse(cluster, shownHash)) cluster.usedLeaseHash = shownHash;
}

export function beat(world: World, event: BeatEvent): Answer {
  const found = speaker(world, event);
  if (!found.ok) {
    noteRefused(world, event);
    return found.answer;
  }
  const { cluster } = found;
  if (event.at < cluster.seenAt) return OK; // old facts never undo new ones
  heard(world, cluster, event.at);
  const noCount = declare(world, cluster, event.shardCount, event.at);
  if (noteSender(cluster.senders, event.sender)) tellTwo(world, cluster);
  sayName(world, cluster.bot, event.name);
  const isBack = noteUp(world, cluster, event.at);
  const noRows = event.rows ? sayAll(world, cluster, event.rows, event.at) : null;
  if (!event.rows) reviveAll(world, cluster, event.at);
  if (isBack) resettle(world, cluster, event.at);
  cluster.oversizedAt = 0;
  cluster.droppedAtBeat = withCaps(event.dropped, noCount, noRows);
  measure(cluster.measures, event.measured, event.at, world.rules.heartbeatMs);
  conclude(world, cluster.bot, event.at);
  return OK;
}

/** Where leases are required, one of two senders is refused: it is a sender all the same. */
function noteRefused(world: World, { identity, sender }: BeatEvent): void {
  const cluster = world.clusters.get(identity);
  if (cluster && noteSender(cluster.senders, sender)) tellTwo(world, cluster);
}

function tellTwo(world: World, cluster: Cluster): void {
  revise(world, cluster);
  tell(world, { type: 'two-senders', identity: cluster.identity });
}

/** What it says of some shards is a sign of life for all of them, as a beat is. */
export function someShards(world: World, event: ShardsEvent): Answer {
  const refusal = shardsRefusal(world, event);
  const cluster = world.clusters.get(event.identity);
  if (refusal || !cluster) return refusal ?? OK;
  noteUse(cluster, event.shownHash);
  const { bot } = cluster;
  if (event.at < cluster.seenAt) return { ok: true, accepted: event.rows.length, rejected: [] };
  heard(world, cluster, event.at);
  const dropped = declare(world, cluster, event.shardCount, event.at);
  const isBack = noteUp(world, cluster, event.at);
  reviveAll(world, cluster, event.at, new Set(event.rows.map(({ id }) => id)));
  const limit = shardLimit(world, bot, cluster.declaredCount);
  const answer = sayRows(world, cluster, event.rows, limit, event.at);
  if (isBack) resettle(world, cluster, event.at);
  conclude(world, bot, event.at);
  return dropped === null ? answer : { ...answer, dropped };
}

const NONE_SAID: ReadonlySet<number> = new Set();

/** All but those of which more is said. */
function reviveAll(world: World, cluster: Cluster, at: number, said = NONE_SAID): void {
  if (cluster.claims.size === 0) return;
  for (const [id, claim] of cluster.claims) if (!said.has(id)) revive(world, claim, at);
}

/** What it said could not be read; that it said something counts. */
export function oversize(world: World, event: OversizeEvent): Answer {
  const found = speaker(world, event);
  if (!found.ok) return found.answer;
  const { cluster } = found;
  if (event.at < cluster.seenAt) return OK;
  heard(world, cluster, event.at);
  const isBack = noteUp(world, cluster, event.at);
  reviveAll(world, cluster, event.at);
  if (isBack) resettle(world, cluster, event.at);
  cluster.oversizedAt = event.at;
  conclude(world, cluster.bot, event.at);
  return OK;
}

/** Its shards are Stopping, and Offline on purpose after one lease; those that were Offline stay so. */
export function goodbye(world: World, event: GoodbyeEvent): Answer {
  const found = speaker(world, event);
  if (!found.ok) return found.answer;
  const { cluster } = found;
  if (event.at < cluster.seenAt) return OK;
  heard(world, cluster, event.at);
  setStatus(world, cluster, 'stopped', event.at);
  for (const [id, claim] of cluster.claims)
    if (world.claims.state[claim] !== OFFLINE)
      sayRow(world, cluster, { id, state: STOPPING, latencyMs: null }, event.at);
  resettle(world, cluster, event.at);
  conclude(world, cluster.bot, event.at);
  return OK;
}

/** The cluster's whole list: a shard that is gone from it is released. Why there was no room for all of it; null: there was. */
function sayAll(world: World, cluster: Cluster, rows: ShardRow[], at: number): string | null {
  const limit = shardLimit(world, cluster.bot, cluster.declaredCount);
  const ids = new Set<number>();
  let refused: number | null = null;
  for (const row of rows) {
    if (row.id < limit && sayRow(world, cluster, row, at)) ids.add(row.id);
    else refused ??= row.id;
  }
  if (cluster.claims.size !== ids.size) {
    const gone = [...cluster.claims.keys()].filter((id) => !ids.has(id));
    for (const id of gone) release(world, cluster, id, at);
  }
  return refused === null ? null : whyNoRoom(world, cluster.bot, refused, limit);
}

/** Null: that shard is simply none of the bot's. */
const whyNoRoom = (world: World, bot: Bot, id: number, limit: number): string | null =>
  id < limit || isCapped(world, bot, limit) ? whyNot(world, bot, id, limit) : null;
