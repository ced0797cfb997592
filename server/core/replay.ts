// Applies what the journal holds beyond the state file, in its order: the same numbers and leases come out again.
import type { AssignEvent, DurableEvent } from './event.js';
import { botOf } from './members.js';
import { settleAll } from './settle.js';
import { step } from './step.js';
import type { World } from './world.js';

/**
 * After `restore`, before anybody listens. None of these events was refused when it happened, so none may be now: neither
 * because configuration changed since, nor because a beat that spoke against it is lost. A number depends on the order of
 * the log alone.
 */
export function replay(world: World, events: readonly DurableEvent[]): void {
  if (events.length === 0) return;
  const { rules } = world;
  world.rules = {
    ...rules,
    maxClusters: Infinity,
    maxFleets: Infinity,
    maxFleetsPerIdentity: Infinity,
    requireLease: false,
  };
  for (const event of events) repeat(world, event);
  world.rules = rules;
  const { at } = events.at(-1)!;
  for (const bot of world.bots.values()) settleAll(world, bot, at); // by the rules that hold now
}

function repeat(world: World, event: DurableEvent): void {
  if (event.type === 'forget')
    return void step(world, { ...event, type: 'prune', identities: [event.identity] });
  // A bot that a report created after the state file was written is not in the journal.
  if ((event.type === 'set-bot' || event.type === 'assign') && event.bot !== null) botOf(world, event.bot);
  const { answer } = step(world, event);
  if (answer.ok) return;
  if (event.type === 'assign') keepAssignment(world, event);
  if (event.type !== 'register') return;
  // Its bot is one that config no longer allows: as at restore, the first bot takes it in.
  const [bot] = world.bots.keys();
  if (bot === undefined) return;
  step(world, { ...event, bot });
  const cluster = world.clusters.get(event.identity);
  if (cluster) cluster.saidBot = event.bot;
}

/** To a bot that config no longer allows: as at restore it is remembered, and the rules decide meanwhile. */
function keepAssignment(world: World, { identity, bot }: AssignEvent): void {
  const cluster = world.clusters.get(identity);
  if (cluster) cluster.assignedBot = bot;
}
