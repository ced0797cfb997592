// The rules: one event in, an answer and what followed out. Whole, synchronous, in order; nothing here can fail or wait.
import type { Answer } from './answer.js';
import { batch, health, status } from './live/anonymous.js';
import { beat, goodbye, oversize, someShards } from './live/beats.js';
import { configure } from './configure.js';
import { isDurable, type DurableEvent, type Event, type RegisterEvent, type VolatileEvent } from './event.js';
import type { Fact } from './fact.js';
import { gap } from './live/gap.js';
import { botNamed, prune, register } from './live/members.js';
import { assign, ban, released, setBot } from './operator-words.js';
import { judge } from './registry/judge.js';
import { useLease } from './registry/leases.js';
import { concludeAll, OK } from './live/report.js';
import { sweep } from './live/sweep.js';
import { reviseAll, takeFacts, tell } from './tell.js';
import { touchAll } from './touch.js';
import type { World } from './world.js';

/** An event that was applied: what it is answered, and what followed. */
export interface Applied {
  event: Event;
  answer: Answer;
  facts: readonly Fact[];
  /** Something is drawn otherwise from now on, though maybe no fact says so: when a cluster was last heard. */
  isNews: boolean;
}

/** A durable event is judged by what only durable events made: replay is this function, too. */
export function step(world: World, event: Event): Applied {
  const { revision } = world;
  world.at = event.at;
  world.flipsLeft = world.mostFlips;
  if (world.touch) touchAll(world, event, world.touch);
  const answer = answerTo(world, event);
  const facts = takeFacts(world);
  return { event, answer, facts, isNews: facts.length > 0 || world.revision !== revision };
}

function answerTo(world: World, event: Event): Answer {
  if (!isDurable(event)) return live(world, event);
  return judge(world, event) ?? registered(world, event);
}

function live(world: World, event: VolatileEvent): Answer {
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
      gap(world, event);
      break;
    case 'clock':
      world.skewMs = event.skewMs;
      reviseAll(world);
      tell(world, { type: 'clock', skewMs: event.skewMs });
      break;
    case 'sweep':
      sweep(world, event.at);
  }
  concludeAll(world, event.at);
  return OK;
}

/** What was judged to be taken. */
function registered(world: World, event: DurableEvent): Answer {
  if (event.type === 'register') {
    const answer = register(world, event);
    concludeAll(world, event.at);
    return answer;
  }
  take(world, event);
  concludeAll(world, event.at);
  return OK;
}

function take(world: World, event: Exclude<DurableEvent, RegisterEvent>): void {
  switch (event.type) {
    case 'prune':
      return prune(world, event);
    case 'forget':
      tell(world, { type: 'word', act: 'forget', subject: event.identity });
      return prune(world, { at: event.at, identities: [event.identity] });
    case 'release':
      return released(world, event);
    case 'set-bot':
      return setBot(world, event);
    case 'assign':
      return assign(world, event);
    case 'ban':
      return ban(world, event);
    case 'learn':
      return void botNamed(world, event.bot);
    case 'lease-used':
      return useLease(world.clusters.get(event.identity)!, event.hash);
    case 'rules':
      return configure(world, event);
  }
}
