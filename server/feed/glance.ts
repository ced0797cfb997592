// The socket of the old Glance page, exactly as that page expects it: one hello, then every update in order.
import { ONLINE, wireState, type State } from '../../public/shared/states.js';
import type { Change } from '../core/change.js';
import { leaseMs, type Bot, type Holder, type World } from '../core/world.js';
import type { Publish, Socket, SocketHandler } from '../http/message.js';
import { CLOSE_GOING_AWAY, createHellos, helloFrame } from './glance-hello.js';
import { createOutlet } from './outlet.js';
import { createTicker, type Schedule } from './ticker.js';

const TOPIC = 'glance';

export interface GlanceFeed extends SocketHandler {
  note: (changes: Change[]) => void;
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
    note: (changes) => {
      if (sockets.size === 0) return;
      if (changes.some((change) => change.type === 'bot')) return dismiss();
      for (const frame of framesOf(changes)) push(frame);
      for (const change of changes) if (change.type === 'beat') pingAll(change.holder);
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

/** A said status is one update, changed or not; a ping that ends an Unhealthy carries the state itself. */
function framesOf(changes: Change[]): string[] {
  const revived = new Set<number>();
  const updated = new Set<number>();
  for (const change of changes) {
    if (change.type === 'ping' && change.revived) revived.add(change.shard);
    if (change.type === 'shard') updated.add(change.shard);
  }
  return changes.flatMap((change) => {
    if (change.type === 'shard' && !revived.has(change.shard)) return [stateFrame(change.bot, change.shard)];
    if (change.type === 'status' && !updated.has(change.shard)) return [stateFrame(change.bot, change.shard)];
    if (change.type !== 'ping') return [];
    return [pingFrame(change.bot, change.shard, change.revived ? ONLINE : undefined)];
  });
}

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
