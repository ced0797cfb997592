// The socket of the old Glance page, exactly as that page expects it: one hello, then every update in order.
import { ONLINE, wireState, type State } from '../../public/shared/states.js';
import type { Change } from '../core/change.js';
import { NONE } from '../core/claim-table.js';
import { leaseMs, shown, type Bot, type Holder, type World } from '../core/world.js';
import type { Publish, Socket, SocketHandler } from '../http/message.js';
import { createOutlet } from './outlet.js';
import { createTicker, type Schedule } from './ticker.js';

const TOPIC = 'glance';
const CLOSE_GOING_AWAY = 1001;

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
  const flush = (): number => {
    const count = frames.size;
    for (const frame of frames) outlet.say(frame);
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
      socket.send(helloFrame(world));
      socket.join(TOPIC);
    },
    closed: (socket) => void sockets.delete(socket),
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

/** Written by hand: "len" comes before the shards, which in a JavaScript object would come first. */
function helloFrame(world: World): string {
  const bots = [...world.bots.values()].filter((bot) => bot.shardCount > 0);
  const entries = bots.map(
    (bot) => `${JSON.stringify(bot.key)}:{"len":${bot.shardCount}${knownShards(world, bot)}}`,
  );
  return `{"op":"hello","payload":{${entries.join(',')}}}`;
}

function knownShards(world: World, bot: Bot): string {
  let text = '';
  for (let shard = 0; shard < bot.shardCount; shard++) {
    const claim = bot.winner[shard]!;
    if (claim === NONE) continue;
    const lastHealthy = shown(world, world.claims.seenAt[claim]!) / 1000;
    text += `,"${shard}":{"state":${wireState(bot.state[shard]!)},"last_healthy":${lastHealthy}}`;
  }
  return text;
}

/** The shards that the holder just spoke of, where its word counts. */
function heardShards({ claims: table }: World, { bot, claims, seenAt }: Holder): number[] {
  return [...claims].flatMap(([shard, claim]) => {
    const isHeard = bot.winner[shard] === claim && table.seenAt[claim] === seenAt;
    return isHeard && shard < bot.shardCount ? [shard] : [];
  });
}
