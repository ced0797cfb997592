// Brings newcomers up to date, one frame a turn and socket: what a socket gets in one turn is one message to its buffer.
import type { Socket } from '../http/message.js';
import type { Schedule } from './ticker.js';

/** After a restart all come at once: so many of them get a frame in a turn, 2 ms of it. */
const SENDS_A_TURN = 256;

/** Frames that lead to a version. */
export interface Way {
  frames: readonly string[];
  version: number;
}

export interface ArrivalsOptions {
  /** What there is beyond that version, or all there is; no frames: nothing. */
  wayFrom: (version: number) => Way;
  schedule: Schedule;
  /** Frames that are parts of one message: which of them it is. Without it each is a message. */
  sendPart?: (socket: Socket, part: string, isFirst: boolean, isLast: boolean) => void;
}

interface Arrival extends Way {
  sent: number;
}

export interface Arrivals {
  /** Sends the first frame, which there must be, now. The socket takes part in what is published once it has them all. */
  begin: (socket: Socket, way: Way) => void;
  /** It is gone. */
  end: (socket: Socket) => void;
}

export function createArrivals(
  { wayFrom, schedule, sendPart = (socket, text) => socket.send(text) }: ArrivalsOptions,
  arrived: (socket: Socket) => void,
): Arrivals {
  const waiting = new Map<Socket, Arrival>();
  let isDue = false;
  const step = (socket: Socket, arrival: Arrival): void => {
    waiting.delete(socket);
    const { frames, sent, version } = arrival;
    sendPart(socket, frames[sent]!, sent === 0, sent === frames.length - 1);
    const next = sent + 1 < frames.length ? { ...arrival, sent: sent + 1 } : { ...wayFrom(version), sent: 0 };
    if (next.frames.length === 0) return arrived(socket);
    waiting.set(socket, next);
    plan();
  };
  const turn = (): void => {
    isDue = false;
    for (const [socket, arrival] of firstOf(waiting, SENDS_A_TURN)) step(socket, arrival);
  };
  const plan = (): void => {
    if (isDue) return;
    isDue = true;
    schedule(0, turn);
  };
  return {
    begin: (socket, way) => step(socket, { ...way, sent: 0 }),
    end: (socket) => void waiting.delete(socket),
  };
}

/** Those that waited for longest. A list of its own: who goes on waiting is put at the end. */
function firstOf<T>(all: Iterable<T>, most: number): T[] {
  const first: T[] = [];
  for (const one of all) if (first.push(one) === most) break;
  return first;
}
