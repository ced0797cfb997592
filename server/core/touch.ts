// What an event is about to change, so that a record that is being written has it as it was.
import type { Event } from './event.js';
import { keyOfRegister } from './registry/judge.js';
import type { Bot, Cluster, World } from './world.js';

type Touch = (one: Bot | Cluster) => void;

/** A sweep touches what ran out, when it finds it. */
export function touchAll(world: World, event: Event, touch: Touch): void {
  switch (event.type) {
    case 'status':
    case 'health':
    case 'batch':
    case 'learn':
      return touchBot(world, event.bot, touch);
    case 'set-bot':
      touchBot(world, event.bot, touch);
      return world.bots.get(event.bot)?.clusters.forEach(touch);
    case 'register':
      touchBot(world, keyOfRegister(world, event), touch);
      return touchCluster(world, event.identity, touch);
    case 'assign':
      touchBot(world, event.bot, touch);
      return touchCluster(world, event.identity, touch);
    case 'beat':
    case 'shards':
    case 'oversize':
    case 'goodbye':
    case 'release':
    case 'forget':
    case 'lease-used':
      return touchCluster(world, event.identity, touch);
    case 'prune':
      return event.identities.forEach((identity) => touchCluster(world, identity, touch));
    case 'gap':
    case 'rules':
      world.bots.forEach(touch);
      return world.clusters.forEach(touch);
    case 'ban': // whom it is about follows from the bans
    case 'clock':
    case 'sweep':
  }
}

function touchBot(world: World, key: string | null, touch: Touch): void {
  const bot = key === null ? undefined : world.bots.get(key);
  if (bot) touch(bot);
}

function touchCluster(world: World, identity: string, touch: Touch): void {
  const cluster = world.clusters.get(identity);
  if (!cluster) return;
  touch(cluster.bot);
  touch(cluster);
}
