// The rules: one event in, what changed and what to answer out. Whole, synchronous, in order; nothing here can fail or wait.
import { batch, health, status } from './anonymous.js';
import { ban, banRefusal } from './bans.js';
import {
  beat,
  goodbye,
  member,
  oversize,
  released,
  shardsRefusal,
  someShards,
  speakerRefusal,
} from './beats.js';
import type { Answer, Outcome } from './change.js';
import type { BatchEvent, BeatEvent, DurableEvent, Event, RegisterEvent, ShardsEvent } from './event.js';
import { gap } from './gap.js';
import { assign, forget, forgetRefusal, setBot, unknownBot, unknownMember } from './operator-words.js';
import { botRefusal, prune, register, registerRefusal } from './members.js';
import { OK, recounted } from './report.js';
import { sweep } from './sweep.js';
import type { World } from './world.js';

export function step(world: World, event: Event): Outcome {
  world.flipsLeft = world.mostFlips;
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
    case 'ban':
      return ban(world, event);
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
    case 'ban':
      return banRefusal(world, event);
    case 'prune':
      return null;
  }
}

/** What decides it: who speaks, and of which bot. */
export type Speaking =
  | Pick<BatchEvent, 'type' | 'bot'>
  | Pick<BeatEvent, 'type' | 'identity' | 'shownHash'>
  | Pick<ShardsEvent, 'type' | 'identity' | 'shownHash' | 'bot'>;

/** Why nothing of a report will be taken, whatever its rows say, so that they need not be read; null: it will be. */
export function reportRefusal(world: World, event: Speaking): Answer | null {
  switch (event.type) {
    case 'batch':
      return botRefusal(world, event.bot);
    case 'beat':
      return speakerRefusal(world, event);
    case 'shards':
      return shardsRefusal(world, event);
  }
}

function registered(world: World, event: RegisterEvent): Outcome {
  const { answer, changes } = register(world, event);
  return recounted([...world.bots.values()], event.at, answer, changes);
}
