// The socket of the old Glance page, exactly as that page expects it: one hello, then every update in order.
import { ONLINE, wireState, type State } from '../../public/shared/states.js';
import type { Fact, ShardFact } from '../core/fact.js';
import type { Applied } from '../core/step.js';
import { leaseMs, type Bot, type Holder, type World } from '../core/world.js';
import type { Publish, Socket, SocketHandler } from '../http/message.js';
import { CLOSE_GOING_AWAY, createHellos, helloFrame } from './glance-hello.js';
import { createOutlet } from './outlet.js';
import { createTicker, type Schedule } from './ticker.js';

const TOPIC = 'glance';

export interface GlanceFeed extends SocketHandler {
  note: (applied: Applied) => void;
  /** The old page reloads when its socket closes, and so learns what a frame cannot tell it. */
  dismiss: () => void;
}

export interface GlanceFeedOptions {
  world: World;
  publish: Publish;
  now: () => number;
  schedule: Schedule;
}

export function createGlanceFeed({ world, publish, now, schedule }: GlanceFeedOptions): GlanceFeed {
  const sockets = new Set<Socket>();
  const lastBeatAt = new WeakMap<Holder, number>();
  // In order. A frame said again within a tick is sent once, at its last place.
  const frames = new Set<string>();
  const outlet = createOutlet((frame) => publish(TOPIC, frame), schedule);
  const hellos = createHellos(schedule, (socket) => socket.join(TOPIC));
  const flush = (): number => {
    const count = frames.size;
    for (const frame of frames) outlet.say(frame);
    hellos.missed(frames);
    frames.clear();
    return count;
  };
  const ticker = createTicker(flush, () => sockets.size, now, schedule);
  const push = (frame: string): void => {
    frames.delete(frame);
    frames.add(frame);
    ticker.note();
  };
  /** Beats of other dialects ping their shards at most once a lease. */
  const pingAll = (holder: Holder): void => {
    if (now() - (lastBeatAt.get(holder) ?? -Infinity) < leaseMs(world, holder)) return;
    lastBeatAt.set(holder, now());
    for (const shard of heardShards(world, holder)) push(pingFrame(holder.bot, shard));
  };
  const dismiss = (): void => {
    frames.clear();
    outlet.clear();
    for (const socket of sockets) socket.close(CLOSE_GOING_AWAY, '');
  };
  return {
    note: (applied) => {
      if (sockets.size === 0) return;
      if (applied.facts.some(hasOtherShards)) return dismiss();
      for (const frame of framesOf(world, applied.facts)) push(frame);
      const heard = heardHolder(world, applied);
      if (heard) pingAll(heard);
    },
    opened: (socket) => {
      sockets.add(socket);
      hellos.begin(socket, helloFrame(world));
    },
    closed: (socket) => {
      sockets.delete(socket);
      hellos.end(socket);
    },
    dismiss,
  };
}

/** A bot is new, or its count another. */
const hasOtherShards = (fact: Fact): boolean => fact.type === 'bot' && fact.formerCount !== fact.shardCount;

/** Who reported in another dialect; undefined: nobody, or it was not taken. */
function heardHolder(world: World, { event, answer }: Applied): Holder | undefined {
  if (!answer.ok) return undefined;
  if (event.type === 'batch') return world.bots.get(event.bot)?.anonymous.get('batch');
  return event.type === 'beat' || event.type === 'shards' || event.type === 'oversize'
    ? world.clusters.get(event.identity)
    : undefined;
}

/** A said status is one update, changed or not; a ping that ends an Unhealthy carries the state itself. */
function framesOf(world: World, facts: readonly Fact[]): string[] {
  const revived = new Set<number>();
  const updated = new Set<number>();
  for (const fact of facts) {
    if (fact.type === 'said' && fact.isRevived) revived.add(fact.shard);
    if (isUpdate(world, fact)) updated.add(fact.shard);
  }
  return facts.flatMap((fact) => {
    const bot = 'bot' in fact ? world.bots.get(fact.bot) : undefined;
    if (!bot) return [];
    if (isUpdate(world, fact)) return revived.has(fact.shard) ? [] : [stateFrame(bot, fact.shard)];
    if (fact.type !== 'said') return [];
    if (fact.how === 'ping') return [pingFrame(bot, fact.shard, fact.isRevived ? ONLINE : undefined)];
    return updated.has(fact.shard) ? [] : [stateFrame(bot, fact.shard)];
  });
}

const isUpdate = (world: World, fact: Fact): fact is Fact & ShardFact =>
  fact.type === 'shard' && fact.from !== fact.to && fact.shard < world.bots.get(fact.bot)!.shardCount;

const stateFrame = (bot: Bot, shard: number): string =>
  frame('state_update', { cluster: bot.key, shard, state: wireState(bot.state[shard]!) });

const pingFrame = (bot: Bot, shard: number, state?: State): string =>
  frame('health_ping', { cluster: bot.key, shard, ...(state === undefined ? {} : { state }) });

const frame = (op: string, payload: Record<string, unknown>): string => JSON.stringify({ op, payload });

/** The shards that the holder just spoke of, where its word counts. */
function heardShards({ claims: table }: World, { bot, claims, seenAt }: Holder): number[] {
  return [...claims].flatMap(([shard, claim]) => {
    const isHeard = bot.winner[shard] === claim && table.seenAt[claim] === seenAt;
    return isHeard && shard < bot.shardCount ? [shard] : [];
  });
}
