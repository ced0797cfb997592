// The world as the state file keeps it (schema version 2), written in pieces and read back whole.
import { HELD, NONE, RAN_OUT_BEFORE } from './claim-table.js';
import { addClaim, settleRestored } from './claims.js';
import type { Flip } from './flips.js';
import { incidentRecords, leave, noteFlip, restoreIncidents, type IncidentRecord } from './incidents.js';
import { botOf, keyOfMember } from './members.js';
import { noteRecovery, restoreRecoveries, type RecoveryLengths } from './recoveries.js';
import { setCount } from './shard-count.js';
import {
  addCluster,
  anonymousHolder,
  makeRoom,
  MAX_SHARD_COUNT,
  type AnonymousHolder,
  type Bot,
  type Cluster,
  type Holder,
  type World,
} from './world.js';

export const RECORD_VERSION = 2;

/** [shard, state, since, last seen, 1 if the lease had run out] */
export type ClaimRecord = [shard: number, state: number, since: number, seenAt: number, ranOut: number];

/** A fleet and a number in it; pairs, for a fleet may be called anything. */
export type NumberRecord = [fleet: string, number: number];

export interface HolderRecord {
  seenAt: number;
  declaredCount: number | null;
  declaredAt: number;
  claims: ClaimRecord[];
}

export interface BotRecord {
  key: string;
  name: string;
  shardCount: number;
  declared: boolean;
  heardAt: number | null;
  /** The state after the last flip, one character a shard. */
  flippedTo: string;
  glance: HolderRecord | null;
  batch: HolderRecord | null;
  /** Missing in files written before there were any: then they are read out of the flips. */
  history?: HistoryRecord;
}

/** In the bot's own piece, so that it fits `flippedTo`. */
export interface HistoryRecord {
  /** How many incidents the bot ever had. */
  count: number;
  incidents: IncidentRecord[];
  recoveries: RecoveryLengths;
}

export interface ClusterRecord extends HolderRecord {
  identity: string;
  fleet: string;
  number: number;
  numbers: NumberRecord[];
  version: string;
  saidBot: string | null;
  bot: string;
  firstSeenAt: number;
  leaseHash: string;
}

export interface WorldRecord {
  version: typeof RECORD_VERSION;
  savedAt: number;
  bots: BotRecord[];
  clusters: ClusterRecord[];
  flips: Flip[];
  numbers: NumberRecord[];
}

/** The record's JSON in pieces of at most one bot, one cluster or 500 flips, so that a writer can pause between them. */
export function* recordPieces(world: World, savedAt: number): Generator<string> {
  yield `{"version":${RECORD_VERSION},"savedAt":${savedAt},"bots":[`;
  yield* joined(world.bots.values(), (bot) => JSON.stringify(botRecord(world, bot)));
  yield '],"clusters":[';
  yield* joined(world.clusters.values(), (cluster) => JSON.stringify(clusterRecord(world, cluster)));
  yield '],"flips":[';
  yield* joined(chunks(world.flips.list(), 500), (flips) =>
    flips.map((flip) => JSON.stringify(flip)).join(','),
  );
  // Last, so that they cover every cluster above, those that registered meanwhile included.
  yield `],"numbers":${JSON.stringify([...world.numbers])}}\n`;
}

function* joined<T>(items: Iterable<T>, write: (item: T) => string): Generator<string> {
  let separator = '';
  for (const item of items) {
    yield separator + write(item);
    separator = ',';
  }
}

function* chunks<T>(items: T[], size: number): Generator<T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}

function botRecord(world: World, bot: Bot): BotRecord {
  const holder = (kind: AnonymousHolder['kind']): HolderRecord | null => {
    const known = bot.anonymous.get(kind);
    return known ? holderRecord(world, known) : null;
  };
  return {
    key: bot.key,
    name: bot.name,
    shardCount: bot.shardCount,
    declared: bot.declared,
    heardAt: bot.heardAt,
    flippedTo: bot.flippedTo.subarray(0, bot.largestId + 1).join(''),
    glance: holder('glance'),
    batch: holder('batch'),
    history: {
      count: bot.incidents.count,
      incidents: incidentRecords(bot.incidents),
      recoveries: bot.recoveries.lengths,
    },
  };
}

function clusterRecord(world: World, cluster: Cluster): ClusterRecord {
  const { identity, fleet, number, version, saidBot, firstSeenAt, leaseHash } = cluster;
  const numbers = [...cluster.numbers];
  const said = { identity, fleet, number, numbers, version, saidBot, firstSeenAt, leaseHash };
  return { ...said, bot: cluster.bot.key, ...holderRecord(world, cluster) };
}

function holderRecord(world: World, holder: Holder): HolderRecord {
  const { seenAt, declaredCount, declaredAt } = holder;
  const claims = [...holder.claims].map(([shard, claim]): ClaimRecord => {
    const ranOut = world.claims.lease[claim] === HELD ? 0 : 1;
    return [
      shard,
      world.claims.state[claim]!,
      world.claims.since[claim]!,
      world.claims.seenAt[claim]!,
      ranOut,
    ];
  });
  return { seenAt, declaredCount, declaredAt, claims };
}

/**
 * Puts a record into a fresh world. Nothing in it counts as heard: shards are Unknown until a sign of life or the grace
 * lease's end. What config no longer allows (a bot, shards beyond a count) is left out; numbers stay taken.
 */
export function restore(world: World, record: WorldRecord): void {
  for (const [fleet, number] of record.numbers) world.numbers.set(fleet, number);
  for (const bot of record.bots) restoreBot(world, bot);
  for (const cluster of record.clusters) restoreCluster(world, cluster);
  restoreHistories(world, record);
  for (const bot of world.bots.values()) settleRestored(world, bot);
  for (const flip of record.flips) world.flips.add(flip);
  for (const { incidents, recoveries } of world.bots.values()) incidents.isNews = recoveries.isNews = false;
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

function restoreBot(world: World, record: BotRecord): void {
  const choice = botOf(world, record.key);
  if (!choice.ok) return;
  const { bot } = choice;
  bot.heardAt = record.heardAt;
  if (!bot.configured) {
    bot.declared = record.declared;
    bot.certain = record.declared;
    bot.largestId = record.shardCount - 1;
    setCount(bot, record.shardCount);
  }
  makeRoom(bot, Math.min(record.flippedTo.length, MAX_SHARD_COUNT));
  for (let shard = 0; shard < Math.min(record.flippedTo.length, bot.state.length); shard++)
    bot.flippedTo[shard] = Number(record.flippedTo[shard]);
  if (record.glance) restoreHolder(world, anonymousHolder(world, bot, 'glance'), record.glance);
  if (record.batch) restoreHolder(world, anonymousHolder(world, bot, 'batch'), record.batch);
}

function restoreCluster(world: World, record: ClusterRecord): void {
  const { identity, fleet, number, version, saidBot, leaseHash } = record;
  const choice = botOf(world, keyOfMember(world, identity, fleet, saidBot));
  const bot = choice.ok ? choice.bot : [...world.bots.values()][0];
  if (!bot) return;
  const said = { identity, fleet, number, version, saidBot, leaseHash, host: '', scrapeTarget: '' };
  const cluster = addCluster(world, bot, record.firstSeenAt, said);
  cluster.numbers = new Map(record.numbers);
  restoreHolder(world, cluster, bot.key === record.bot ? record : { ...record, claims: [] });
}

/** Times are kept before our start: by that a claim is known not to have been heard from since. */
function restoreHolder(world: World, holder: Holder, record: HolderRecord): void {
  const past = (at: number): number => Math.min(at, world.startedAt - 1);
  holder.seenAt = past(record.seenAt);
  holder.declaredCount = record.declaredCount;
  holder.declaredAt = record.declaredAt;
  const limit = holder.bot.configured ? holder.bot.shardCount : MAX_SHARD_COUNT;
  for (const [shard, state, since, seenAt, ranOut] of record.claims) {
    if (shard >= limit) continue;
    makeRoom(holder.bot, shard + 1);
    const claim = addClaim(world, holder, shard);
    world.claims.state[claim] = state;
    world.claims.since[claim] = past(since);
    world.claims.seenAt[claim] = past(seenAt);
    world.claims.lease[claim] = ranOut === 0 ? HELD : RAN_OUT_BEFORE;
  }
}
