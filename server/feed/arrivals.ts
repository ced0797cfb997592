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
}

interface Arrival extends Way {
  sent: number;
}

export interface Arrivals {
  /** Sends the first frame now. The socket takes part in what is published once it has them all. */
  begin: (socket: Socket, way: Way) => void;
  /** It is gone. */
  end: (socket: Socket) => void;
}

export function createArrivals(
  { wayFrom, schedule }: ArrivalsOptions,
  arrived: (socket: Socket) => void,
): Arrivals {
  const waiting = new Map<Socket, Arrival>();
  let isDue = false;
  const step = (socket: Socket, arrival: Arrival): void => {
    waiting.delete(socket);
    const frame = arrival.frames[arrival.sent];
    if (frame !== undefined) socket.send(frame);
    const left = { ...arrival, sent: arrival.sent + 1 };
    const next = left.sent < left.frames.length ? left : { ...wayFrom(left.version), sent: 0 };
    if (next.frames.length === 0) return arrived(socket);
    waiting.set(socket, next);
    plan();
  };
  const turn = (): void => {
    isDue = false;
    for (const [socket, arrival] of [...waiting].slice(0, SENDS_A_TURN)) step(socket, arrival);
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
