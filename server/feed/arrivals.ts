// Brings sockets up to date, one frame a turn and socket: newcomers, and those who read too slowly to be told with the others.
import type { Sent, Socket } from '../http/message.js';
import type { Schedule } from './ticker.js';

/** After a restart all come at once: so many of them get a frame in a turn, 2 ms of it. */
const SENDS_A_TURN = 256;
/** Who took nothing for so long will not. */
const GIVE_UP_AFTER_MS = 30_000;

/** Frames that lead to a version. */
export interface Way {
  frames: readonly string[];
  version: number;
  /** Each is the patch to a version, which can be had again: who waits need not keep them. */
  arePatches?: boolean;
}

export interface ArrivalsOptions {
  /** What there is beyond that version, or all there is; no frames: nothing. */
  wayFrom: (version: number) => Way;
  schedule: Schedule;
  /** Frames that are parts of one message: which of them it is. Without it each is a message. */
  sendPart?: (socket: Socket, part: string, isFirst: boolean, isLast: boolean) => void;
  /** Those who are slow are waited for. Without it nobody is: the transport hangs up on them. */
  patience?: Patience;
}

export interface Patience {
  now: () => number;
  /** The socket takes no part in what is published any more. */
  left: (socket: Socket) => void;
}

interface Arrival extends Way {
  sent: number;
}

export interface Arrivals {
  /** Sends the first frame, which there must be, now. The socket takes part in what is published once it has them all. */
  begin: (socket: Socket, way: Way) => void;
  /** It was not told what led beyond that version: it is brought up to date once it has read what it has. Null: it missed nothing. */
  dropped: (socket: Socket, version: number | null) => void;
  /** It has read all that it had. */
  drained: (socket: Socket) => void;
  /** To be called now and then: hangs up on those who have not read for long. */
  endSlow: () => void;
  /** It is gone. */
  end: (socket: Socket) => void;
}

export function createArrivals(
  { wayFrom, schedule, sendPart, patience }: ArrivalsOptions,
  arrived: (socket: Socket) => void,
): Arrivals {
  const waiting = new Map<Socket, Arrival>();
  const slow = new Map<Socket, { next: Arrival; sinceMs: number }>();
  const leaving = new Set<Socket>();
  let isDue = false;
  const step = (socket: Socket, arrival: Arrival): void => {
    waiting.delete(socket);
    const sent = sendNext(socket, arrival, sendPart);
    const next = sent === 'dropped' ? arrival : { ...arrival, sent: arrival.sent + 1 };
    if (patience && sent !== 'sent') slow.set(socket, { next: lighter(next), sinceMs: patience.now() });
    else goOn(socket, next);
  };
  const goOn = (socket: Socket, next: Arrival): void => {
    const way = next.sent < next.frames.length ? next : { ...wayFrom(next.version), sent: 0 };
    if (way.frames.length === 0) return arrived(socket);
    waiting.set(socket, way);
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
  const leave = (socket: Socket): void => {
    if (leaving.delete(socket)) patience?.left(socket);
  };
  return {
    begin: (socket, way) => step(socket, { ...way, sent: 0 }),
    dropped: (socket, version) => {
      if (version === null || !patience || slow.has(socket) || waiting.has(socket)) return;
      slow.set(socket, { next: { frames: [], version, sent: 0 }, sinceMs: patience.now() });
      leaving.add(socket);
      schedule(0, () => leave(socket)); // not while it is being published
    },
    drained: (socket) => {
      const one = slow.get(socket);
      if (!one) return;
      slow.delete(socket);
      leave(socket);
      goOn(socket, one.next);
    },
    endSlow: () => {
      for (const [socket, { sinceMs }] of slow)
        if (patience && patience.now() - sinceMs >= GIVE_UP_AFTER_MS) socket.hangUp();
    },
    end: (socket) => {
      for (const all of [waiting, slow, leaving]) all.delete(socket);
    },
  };
}

function sendNext(socket: Socket, { frames, sent }: Arrival, sendPart: ArrivalsOptions['sendPart']): Sent {
  if (!sendPart) return socket.send(frames[sent]!);
  sendPart(socket, frames[sent]!, sent === 0, sent === frames.length - 1);
  return 'sent';
}

/** Patches that it waits for are found again by their version, so that nobody who is slow keeps what others have forgotten. */
const lighter = (next: Arrival): Arrival =>
  next.arePatches ? { frames: [], version: next.version - (next.frames.length - next.sent), sent: 0 } : next;

/** Those that waited for longest. A list of its own: who goes on waiting is put at the end. */
function firstOf<T>(all: Iterable<T>, most: number): T[] {
  const first: T[] = [];
  for (const one of all) if (first.push(one) === most) break;
  return first;
}
