// Reports that name no cluster: a Glance status or ping of one shard, and a batch of one bot's shards.
import { isState, OFFLINE, ONLINE, STOPPING, UNHEALTHY } from '../../../public/shared/states.js';
import type { Answer } from '../answer.js';
import { HELD, UNHEARD } from './claim-table.js';
import { revive, say } from './claims.js';
import type { BatchEvent, HealthEvent, StatusEvent } from '../event.js';
import type { SaidFact } from '../fact.js';
import { refused } from '../registry/judge.js';
import { conclude, heard, OK, sayRows, tooManyClaims } from './report.js';
import { declare, shardLimit } from './shard-count.js';
import { tell } from '../tell.js';
import { anonymousHolder, type AnonymousHolder, type Bot, type World } from '../world.js';

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

export function status(world: World, event: StatusEvent): Answer {
  const found = addressed(world, event);
  if (!found.ok) return found.answer;
  if (!isState(event.state)) {
    const error = `state '${event.state}' is not a shard state`;
    return refused('unknown-state', error);
  }
  const { bot, holder } = found;
  heard(world, holder, event.at);
  const row = { id: event.shard, state: event.state, latencyMs: null };
  if (!say(world, holder, row, event.at)) return refused('too-many-claims', tooManyClaims(world));
  tellSaid(world, event, 'status');
  conclude(world, bot, event.at);
  return OK;
}

function tellSaid(
  world: World,
  { bot, shard }: StatusEvent | HealthEvent,
  how: SaidFact['how'],
  isRevived = false,
): void {
  tell(world, { type: 'said', bot, shard, how, isRevived });
}

export function health(world: World, event: HealthEvent): Answer {
  const found = addressed(world, event);
  if (!found.ok) return found.answer;
  const { bot, holder } = found;
  const claim = holder.claims.get(event.shard);
  if (claim === undefined) {
    const error = `shard '${event.shard}' is not known to the system yet, please populate your status`;
    return refused('unpopulated-shard', error);
  }
  heard(world, holder, event.at);
  const wasUnhealthy = bot.state[event.shard] === UNHEALTHY;
  if (goesOnline(world, claim))
    say(world, holder, { id: event.shard, state: ONLINE, latencyMs: null }, event.at);
  else revive(world, claim, event.at);
  tellSaid(world, event, 'ping', wasUnhealthy && bot.state[event.shard] === ONLINE);
  conclude(world, bot, event.at);
  return OK;
}

/** Unhealthy becomes Online by a sign of life, whatever it was before; a said Offline or Stopping stands. */
function goesOnline(world: World, claim: number): boolean {
  const state = world.claims.state[claim]!;
  const lease = world.claims.lease[claim];
  if (lease === HELD || lease === UNHEARD) return state === UNHEALTHY;
  return state !== OFFLINE && state !== STOPPING;
}

export function batch(world: World, event: BatchEvent): Answer {
  const bot = world.bots.get(event.bot);
  if (!bot) return refused('unknown-bot', `bot '${event.bot}' does not exist`);
  const { at, shardCount } = event;
  const holder = anonymousHolder(world, bot, 'batch');
  heard(world, holder, at);
  const dropped = declare(world, holder, shardCount, at);
  const limit = shardLimit(world, bot, dropped === null ? shardCount : null);
  const answer = sayRows(world, holder, event.rows, limit, at);
  conclude(world, bot, at);
  return dropped === null ? answer : { ...answer, dropped };
}
