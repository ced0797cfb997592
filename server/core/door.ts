// The door: what is asked of the living world before an event is taken in, and which durable event has to come before it.
import type { Refused } from './answer.js';
import { shardsRefusal, speakerRefusal } from './live/beats.js';
import type { BatchEvent, BeatEvent, DurableEvent, Event, ForgetEvent, ShardsEvent } from './event.js';
import { botRefusal, judge, keyOfRegister, refused } from './registry/judge.js';
import { isFirstUse } from './registry/leases.js';
import { isDurable } from './event.js';
import { learntShards, noMoreShards } from './live/shard-count.js';
import type { World } from './world.js';

export type Door =
  | { refusal: Refused }
  /** `isAwaited`: without it the event would not be taken. */
  | { first: DurableEvent; isAwaited: boolean };

/** Null: the event may go in as it is. Never asked on replay: what went in once is in the log. */
export function door(world: World, event: Event): Door | null {
  if (isDurable(event)) {
    const refusal = refusalOf(world, event);
    return refusal && { refusal };
  }
  switch (event.type) {
    case 'batch':
      return learning(world, event);
    case 'beat':
    case 'shards':
    case 'oversize':
    case 'goodbye':
      return firstUse(world, event);
    case 'status':
    case 'health':
    case 'gap':
    case 'clock':
    case 'sweep':
      return null;
  }
}

/** What is refused already is not written. It is judged again when its turn comes, by the registry alone. */
function refusalOf(world: World, event: DurableEvent): Refused | null {
  const refusal = judge(world, event);
  if (refusal) return refusal;
  if (event.type === 'forget') return stillUp(world, event);
  return event.type === 'register' ? noRoomFor(world, keyOfRegister(world, event)) : null;
}

function stillUp({ clusters }: World, { identity }: ForgetEvent): Refused | null {
  const cluster = clusters.get(identity);
  if (cluster?.status !== 'up' || cluster.isBanned) return null; // a ban keeps it from coming back
  return refused(
    'still-up',
    'this cluster is up: stop it first, else its next report would bring it back under another number',
  );
}

/** Why a report that names it makes no bot of that key; null: there is one, or it will. */
const unknownBot = (world: World, key: string): Refused | null =>
  botRefusal(world, key) ?? noRoomFor(world, key);

/** How many shards were learnt only reports say: the registry does not know. */
const noRoomFor = (world: World, key: string): Refused | null =>
  world.bots.has(key) || learntShards(world) < world.rules.maxLearntShards
    ? null
    : refused('too-many-shards', `there is no room for the bot '${key}': ${noMoreShards(world)}`);

function learning(world: World, { at, bot }: BatchEvent): Door | null {
  if (world.bots.has(bot)) return null;
  const refusal = unknownBot(world, bot);
  return refusal ? { refusal } : { first: { type: 'learn', at, bot }, isAwaited: true };
}

type Shown = Pick<BeatEvent, 'at' | 'identity' | 'shownHash'>;

/** A lease that is shown for the first time voids the one before it. The report counts either way. */
function firstUse({ clusters }: World, { at, identity, shownHash }: Shown): Door | null {
  const cluster = clusters.get(identity);
  if (!cluster || shownHash === null || cluster.isBanned || !isFirstUse(cluster, shownHash)) return null;
  return { first: { type: 'lease-used', at, identity, hash: shownHash }, isAwaited: false };
}

/** What decides it: who speaks, and of which bot. */
export type Speaking =
  | Pick<BatchEvent, 'type' | 'bot'>
  | Pick<BeatEvent, 'type' | 'identity' | 'shownHash'>
  | Pick<ShardsEvent, 'type' | 'identity' | 'shownHash' | 'bot'>;

/** Why nothing of a report will be taken, whatever its rows say, so that they need not be read; null: it will be. */
export function reportRefusal(world: World, event: Speaking): Refused | null {
  switch (event.type) {
    case 'batch':
      return unknownBot(world, event.bot);
    case 'beat':
      return speakerRefusal(world, event);
    case 'shards':
      return shardsRefusal(world, event);
  }
}
