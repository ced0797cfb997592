// The hello of the old Glance page: exactly one message, which for a large bot goes out in fragments, one a turn.
import { wireState } from '../../public/shared/states.js';
import { MAX_FRAME_BYTES } from '../../public/shared/wire.js';
import { NONE } from '../core/live/claim-table.js';
import { shown, type Bot, type World } from '../core/world.js';
import type { Socket } from '../http/message.js';
import { createArrivals } from './arrivals.js';
import type { Schedule } from './ticker.js';

export const CLOSE_GOING_AWAY = 1001;
const FRAGMENT = new RegExp(`.{1,${MAX_FRAME_BYTES}}`, 'g');

export interface Hellos {
  begin: (socket: Socket, hello: string) => void;
  /** What everybody else is told meanwhile. */
  missed: (frames: Iterable<string>) => void;
  /** It is gone. */
  end: (socket: Socket) => void;
}

/** `join`: the socket has the hello and all that came after it. */
export function createHellos(schedule: Schedule, join: (socket: Socket) => void): Hellos {
  const missed = new Map<Socket, string[]>();
  const arrived = (socket: Socket): void => {
    const frames = missed.get(socket)!;
    if (frames.length > 0) return schedule(0, () => catchUp(socket, frames));
    missed.delete(socket);
    join(socket);
  };
  const catchUp = (socket: Socket, frames: string[]): void => {
    if (!missed.has(socket)) return;
    if (frames.join('').length > MAX_FRAME_BYTES) return socket.close(CLOSE_GOING_AWAY, ''); // it comes anew
    for (const frame of frames.splice(0)) socket.send(frame);
    arrived(socket);
  };
  const arrivals = createArrivals(
    {
      wayFrom: () => ({ frames: [], version: 0 }),
      schedule,
      sendPart: (socket, part, isFirst, isLast) => socket.sendPart(part, isFirst, isLast),
    },
    arrived,
  );
  return {
    begin: (socket, hello) => {
      missed.set(socket, []);
      arrivals.begin(socket, { frames: hello.match(FRAGMENT) ?? [], version: 0 });
    },
    missed: (frames) => {
      for (const those of missed.values()) those.push(...frames);
    },
    end: (socket) => {
      missed.delete(socket);
      arrivals.end(socket);
    },
  };
}

/** Written by hand: "len" comes before the shards, which in a JavaScript object would come first. */
export function helloFrame(world: World): string {
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
