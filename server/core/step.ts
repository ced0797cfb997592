// The rules: one event in, what changed and what to answer out. Whole, synchronous, in order; nothing here can fail or wait.
import { isState, OFFLINE, ONLINE, STOPPING, UNHEALTHY } from '../../public/shared/states.js';
import type { Answer, Change, Outcome, RowError } from './change.js';
import { HELD } from './claim-table.js';
import { release, revive, say } from './claims.js';
import type {
  BatchEvent,
  BeatEvent,
  Event,
  HealthEvent,
  ListeningEvent,
  RegisterEvent,
  ShardRow,
  StatusEvent,
} from './event.js';
import { retire } from './incidents.js';
import { botOf, register } from './members.js';
import { declare, recount } from './shard-count.js';
import { sweep } from './sweep.js';
import {
  anonymousHolder,
  makeRoom,
  MAX_SHARD_COUNT,
  type AnonymousHolder,
  type Bot,
  type Cluster,
  type Holder,
  type World,
} from './world.js';

const OK: Answer = { ok: true };

export function step(world: World, event: Event): Outcome {
  switch (event.type) {
    case 'status':
      return status(world, event);
    case 'health':
      return health(world, event);
    case 'batch':
      return batch(world, event);
    case 'register':
      return registered(world, event);
    case 'beat':
      return beat(world, event);
    case 'oversize':
    case 'goodbye':
    case 'prune':
    case 'release':
      return { answer: OK, changes: [] };
    case 'listening':
      return listening(world, event);
    case 'sweep':
      return recounted([...world.bots.values()], event.at, OK, sweep(world, event.at));
  }
}

type Addressed = { ok: true; bot: Bot; holder: AnonymousHolder } | { ok: false; answer: Answer };

/** The Glance holder of an existing shard: these routes never create anything. Words of the Glance contract. */
function addressed(world: World, event: StatusEvent | HealthEvent): Addressed {
  const bot = world.bots.get(event.bot);
  if (!bot) {
    const error = `cluster '${event.bot}' does not exist`;
    return { ok: false, answer: { ok: false, reason: 'unknown-bot', error } };
  }
  if (event.shard < 0 || event.shard >= bot.shardCount) {
    const error = `shard '${event.shard}' falls outside the range of valid shards on cluster '${event.bot}'`;
    return { ok: false, answer: { ok: false, reason: 'unknown-shard', error } };
  }
  return { ok: true, bot, holder: anonymousHolder(world, bot, 'glance') };
}

function status(world: World, event: StatusEvent): Outcome {
  const found = addressed(world, event);
  if (!found.ok) return { answer: found.answer, changes: [] };
  if (!isState(event.state)) {
    const error = `state '${event.state}' is not a shard state`;
    return { answer: { ok: false, reason: 'unknown-state', error }, changes: [] };
  }
  const { bot, holder } = found;
  heard(bot, holder, event.at);
  const row = { id: event.shard, state: event.state, latencyMs: null };
  const changes = say(world, holder, row, event.at);
  return recounted([bot], event.at, OK, [...changes, { type: 'status', bot, shard: event.shard }]);
}

function health(world: World, event: HealthEvent): Outcome {
  const found = addressed(world, event);
  if (!found.ok) return { answer: found.answer, changes: [] };
  const { bot, holder } = found;
  const claim = holder.claims.get(event.shard);
  if (claim === undefined) {
    const error = `shard '${event.shard}' is not known to the system yet, please populate your status`;
    return { answer: { ok: false, reason: 'unpopulated-shard', error }, changes: [] };
  }
  heard(bot, holder, event.at);
  const wasUnhealthy = bot.state[event.shard] === UNHEALTHY;
  const changes = goesOnline(world, claim)
    ? say(world, holder, { id: event.shard, state: ONLINE, latencyMs: null }, event.at)
    : revive(world, claim, event.at);
  const revived = wasUnhealthy && bot.state[event.shard] === ONLINE;
  return recounted([bot], event.at, OK, [...changes, { type: 'ping', bot, shard: event.shard, revived }]);
}

/** Unhealthy becomes Online by a sign of life, whatever it was before; a said Offline or Stopping stands. */
function goesOnline(world: World, claim: number): boolean {
  const state = world.claims.state[claim]!;
  if (world.claims.lease[claim] === HELD) return state === UNHEALTHY;
  return state !== OFFLINE && state !== STOPPING;
}

function batch(world: World, event: BatchEvent): Outcome {
  const choice = botOf(world, event.bot);
  if (!choice.ok) return { answer: choice, changes: [] };
  const { bot, isNew } = choice;
  const holder = anonymousHolder(world, bot, 'batch');
  heard(bot, holder, event.at);
  declare(holder, event.shardCount, event.at);
  const limit = shardLimit(bot, event.shardCount);
  const changes: Change[] = isNew ? [{ type: 'bot', bot }] : [];
  const rejected: RowError[] = [];
  event.rows.forEach((row, index) => {
    if (row.id < limit) sayRow(world, holder, row, event.at, changes);
    else
      rejected.push({ index, error: `id: shard ${row.id} is outside 0..${limit - 1} of bot '${bot.key}'` });
  });
  changes.push({ type: 'beat', holder });
  const accepted = event.rows.length - rejected.length;
  return recounted([bot], event.at, { ok: true, accepted, rejected }, changes);
}

/** The first shard id that is out of range; while the count is a guess, every possible id may prove it wrong. */
function shardLimit(bot: Bot, declaredNow: number | null): number {
  if (bot.configured) return bot.shardCount;
  return declaredNow ?? (bot.declared ? bot.shardCount : MAX_SHARD_COUNT);
}

function registered(world: World, event: RegisterEvent): Outcome {
  const { answer, changes } = register(world, event);
  return recounted([...world.bots.values()], event.at, answer, changes);
}

function beat(world: World, event: BeatEvent): Outcome {
  const cluster = world.clusters.get(event.identity);
  if (!cluster) {
    const error = 'identity is not registered';
    return { answer: { ok: false, reason: 'unknown-member', error }, changes: [] };
  }
  if (event.at < cluster.seenAt) return { answer: OK, changes: [] }; // old facts never undo new ones
  heard(cluster.bot, cluster, event.at);
  declare(cluster, event.shardCount, event.at);
  const changes = event.rows
    ? sayAll(world, cluster, event.rows, event.at)
    : [...cluster.claims.values()].flatMap((claim) => revive(world, claim, event.at));
  changes.push({ type: 'beat', holder: cluster });
  return recounted([cluster.bot], event.at, OK, changes);
}

/** The cluster's whole list: a shard that is gone from it is released. */
function sayAll(world: World, cluster: Cluster, rows: ShardRow[], at: number): Change[] {
  const limit = shardLimit(cluster.bot, cluster.declaredCount);
  const changes: Change[] = [];
  const ids = new Set<number>();
  for (const row of rows) {
    if (row.id >= limit) continue;
    ids.add(row.id);
    sayRow(world, cluster, row, at, changes);
  }
  if (cluster.claims.size === ids.size) return changes;
  const gone = [...cluster.claims.keys()].filter((id) => !ids.has(id));
  return [...changes, ...gone.flatMap((id) => release(world, cluster, id, at))];
}

/** Adds to `changes`: most rows change nothing, and none should cost a list. */
function sayRow(world: World, holder: Holder, row: ShardRow, at: number, changes: Change[]): void {
  makeRoom(holder.bot, row.id + 1);
  for (const change of say(world, holder, row, at)) changes.push(change);
}

/** The grace lease of what was restored begins. */
function listening(world: World, event: ListeningEvent): Outcome {
  world.listeningAt = event.at;
  world.nextLapseAt = -Infinity;
  return { answer: OK, changes: [] };
}

function heard(bot: Bot, holder: Holder, at: number): void {
  bot.heardAt = Math.max(bot.heardAt ?? 0, at);
  holder.seenAt = Math.max(holder.seenAt, at);
}

/** The end of an event: what it meant for each bot as a whole. */
function recounted(bots: Bot[], at: number, answer: Answer, changes: Change[]): Outcome {
  for (const bot of bots) {
    const recounts = recount(bot);
    if (recounts.length > 0) retire(bot.incidents, bot.shardCount, at);
    changes.push(...recounts, ...history(bot));
  }
  return { answer, changes };
}

/** What is new of the bot's incidents and recoveries, told once. */
function history(bot: Bot): Change[] {
  const { incidents, recoveries } = bot;
  const changes: Change[] = [];
  if (incidents.isNews) changes.push({ type: 'incident', bot });
  if (recoveries.isNews) changes.push({ type: 'usual', bot });
  incidents.isNews = recoveries.isNews = false;
  return changes;
}
