// What is published to very many sockets: a part of them a turn of the event loop, and to each socket so many bytes a turn.
import { MAX_FRAME_BYTES } from '../../public/shared/wire.js';
import type { Publish, Socket } from '../http/message.js';
import { bytesOf } from './outlet.js';
import type { Schedule } from './ticker.js';

/** Of 10,000 viewers, a topic has 1,250. */
const TOPICS = 8;
/** 7 µs each: some 5 ms. */
const SENDS_A_TURN = 700;

export interface Round {
  /** Sends at once what this turn has room for, the rest in later ones; in order. */
  say: (text: string) => void;
  join: (socket: Socket) => void;
  leave: (socket: Socket) => void;
  /** It is gone, and can be asked nothing any more. */
  forget: (socket: Socket) => void;
}

export function createRound(topic: string, publish: Publish, schedule: Schedule): Round {
  const sizes = new Array<number>(TOPICS).fill(0);
  const topicOf = new Map<Socket, number>();
  const waiting: string[] = [];
  /** What goes to each topic before the next texts do, together no more than a frame may be; and which topic is next. */
  let load: string[] = [];
  let next = 0;
  /** Some have the load by now. */
  let isRepeat = false;
  /** Something was sent in this turn. */
  let isBusy = false;
  const turn = (): void => {
    isBusy = false;
    if (load.length === 0) take();
    if (load.length > 0) go();
  };
  const take = (): void => {
    load = [];
    next = 0;
    isRepeat = false;
    let bytes = 0;
    while (waiting.length > 0 && (load.length === 0 || bytes + bytesOf(waiting[0]!) <= MAX_FRAME_BYTES)) {
      bytes += bytesOf(waiting[0]!);
      load.push(waiting.shift()!);
    }
  };
  /** At least one topic, and others while there is room. */
  const go = (): void => {
    for (let sends = 0; next < TOPICS && (sends === 0 || sends + sizes[next]! <= SENDS_A_TURN); next++) {
      if (sizes[next] === 0) continue;
      for (const text of load) publish(`${topic}/${next}`, text, sizes[next], isRepeat);
      isRepeat = true;
      sends += sizes[next]!;
    }
    if (next === TOPICS) load = [];
    isBusy = true;
    schedule(0, turn);
  };
  const forget = (socket: Socket): number | undefined => {
    const at = topicOf.get(socket);
    topicOf.delete(socket);
    if (at !== undefined) sizes[at]!--;
    return at;
  };
  return {
    say: (text) => {
      waiting.push(text);
      if (isBusy) return;
      take();
      go();
    },
    join: (socket) => {
      const smallest = sizes.indexOf(Math.min(...sizes));
      topicOf.set(socket, smallest);
      sizes[smallest]!++;
      socket.join(`${topic}/${smallest}`);
    },
    leave: (socket) => {
      const at = forget(socket);
      if (at !== undefined) socket.leave(`${topic}/${at}`);
    },
    forget,
  };
}
