// The rules: one event in, what changed and what to answer out. Whole, synchronous, in order; nothing here can fail or wait.
import { batch, health, status } from './anonymous.js';
import { beat, goodbye, member, oversize, released, someShards } from './beats.js';
import type { Answer, Outcome } from './change.js';
import type { DurableEvent, Event, RegisterEvent } from './event.js';
import { gap } from './gap.js';
import { assign, forget, forgetRefusal, setBot, unknownBot, unknownMember } from './operator-words.js';
import { prune, register, registerRefusal } from './members.js';
import { OK, recounted } from './report.js';
import { sweep } from './sweep.js';
import type { World } from './world.js';

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
    case 'shards':
      return someShards(world, event);
    case 'oversize':
      return oversize(world, event);
    case 'goodbye':
      return goodbye(world, event);
    case 'prune':
      return recounted([...world.bots.values()], event.at, OK, prune(world, event));
    case 'release':
      return released(world, event);
    case 'forget':
      return forget(world, event);
    case 'set-bot':
      return setBot(world, event);
    case 'assign':
      return assign(world, event);
    case 'gap':
      return recounted([...world.bots.values()], event.at, OK, gap(world, event));
    case 'clock':
      world.skewMs = event.skewMs;
      return { answer: OK, changes: [{ type: 'clock' }] };
    case 'sweep':
      return recounted([...world.bots.values()], event.at, OK, sweep(world, event.at));
  }
}

/** Why a durable event will be refused, so that it need not be made durable; null: it will be applied. */
export function refusalOf(world: World, event: DurableEvent): Answer | null {
  switch (event.type) {
    case 'register':
      return registerRefusal(world, event);
    case 'release': {
      const found = member(world, event.identity);
      return found.ok ? null : found.answer;
    }
    case 'forget':
      return forgetRefusal(world, event);
    case 'set-bot':
    case 'assign':
      return unknownBot(world, event.bot) ?? unknownMember(world, event);
    case 'prune':
      return null;
  }
}

function registered(world: World, event: RegisterEvent): Outcome {
  const { answer, changes } = register(world, event);
  return recounted([...world.bots.values()], event.at, answer, changes);
}
