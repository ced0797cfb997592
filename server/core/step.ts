// The rules: one event in, what changed and what to answer out. Whole, synchronous, in order; nothing here can fail or wait.
import type { Change, Outcome } from './change.js';
import { batch, health, status } from './anonymous.js';
import { beat, goodbye, oversize, someShards } from './beats.js';
import { configure } from './configure.js';
import { isDurable, type DurableEvent, type Event, type VolatileEvent } from './event.js';
import { gap } from './gap.js';
import { botNamed, prune, register } from './members.js';
import { assign, ban, released, setBot } from './operator-words.js';
import { judge } from './registry/judge.js';
import { useLease } from './registry/leases.js';
import { OK, recounted } from './report.js';
import { sweep } from './sweep.js';
import { touchAll } from './touch.js';
import type { World } from './world.js';

/** A durable event is judged by what only durable events made: replay is this function, too. */
export function step(world: World, event: Event): Outcome {
  world.flipsLeft = world.mostFlips;
  if (world.touch) touchAll(world, event, world.touch);
  if (!isDurable(event)) return live(world, event);
  const refusal = judge(world, event);
  return refusal ? { answer: refusal, changes: [] } : registered(world, event);
}

function live(world: World, event: VolatileEvent): Outcome {
  switch (event.type) {
    case 'status':
      return status(world, event);
    case 'health':
      return health(world, event);
    case 'batch':
      return batch(world, event);
    case 'beat':
      return beat(world, event);
    case 'shards':
      return someShards(world, event);
    case 'oversize':
      return oversize(world, event);
    case 'goodbye':
      return goodbye(world, event);
    case 'gap':
      return all(world, event, gap(world, event));
    case 'clock':
      world.skewMs = event.skewMs;
      return { answer: OK, changes: [{ type: 'clock' }] };
    case 'sweep':
      return all(world, event, sweep(world, event.at));
  }
}

/** What was judged to be taken. */
function registered(world: World, event: DurableEvent): Outcome {
  switch (event.type) {
    case 'register': {
      const { answer, changes } = register(world, event);
      return recounted([...world.bots.values()], event.at, answer, changes);
    }
    case 'prune':
      return all(world, event, prune(world, event));
    case 'forget':
      return all(world, event, prune(world, { at: event.at, identities: [event.identity] }));
    case 'release':
      return released(world, event);
    case 'set-bot':
      return setBot(world, event);
    case 'assign':
      return assign(world, event);
    case 'ban':
      return ban(world, event);
    case 'learn': {
      const changes: Change[] = [];
      botNamed(world, event.bot, changes);
      return { answer: OK, changes };
    }
    case 'lease-used':
      useLease(world.clusters.get(event.identity)!, event.hash);
      return { answer: OK, changes: [] };
    case 'rules':
      return all(world, event, configure(world, event));
  }
}

/** What it meant for every bot. */
const all = (world: World, { at }: Event, changes: Change[]): Outcome =>
  recounted([...world.bots.values()], at, OK, changes);
