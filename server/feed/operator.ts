// The operators' feed: who watches which scope, one patch a scope and tick for all its watchers, and when a session ends.
import { shown } from '../core/world.js';
import { CLOSE_BAD_FRAME, CLOSE_SIGNED_OUT } from '../../public/shared/operator-wire.js';
import type { Socket, SocketHandler, SocketSession } from '../http/message.js';
import { dismiss } from './dismiss.js';
import { BAD_FRAME, readFrame, type Asked } from './operator-frame.js';
import type { WatchedScope } from './operator-scope.js';
import { Scopes, TOPIC, topicOf, type OperatorFeedOptions } from './operator-scopes.js';
import { createTicker, type Schedule } from './ticker.js';

const TICK_MS = 250;
/** Between two signs of life. A person who clicks fast comes nowhere near. */
const MOST_FRAMES = 200;

export interface OperatorFeed extends SocketHandler {
  said: NonNullable<SocketHandler['said']>;
  /** A listener: notes that something is new. */
  note: () => void;
  /** Call it every 5 s: says that the connection lives, ends sessions that expired, lets scopes go. */
  alive: () => void;
  /** Somebody signed out: all sockets of that session end. */
  endSession: (id: string) => void;
  /** Sends everybody away, each to come back at another moment. */
  dismiss: () => void;
}

interface Watcher {
  session: SocketSession | null;
  scope: WatchedScope | null;
  /** What it asked for last, and was not answered yet. */
  asked: Asked | null;
  /** Frames it sent since the last sign of life. */
  frames: number;
}

export function createOperatorFeed(options: OperatorFeedOptions): OperatorFeed {
  const { world, now } = options;
  const shownNow = (): number => shown(world, now());
  const watchers = new Map<Socket, Watcher>();
  const scopes = new Scopes(options);
  const ticker = createTicker(
    () => scopes.tell(),
    () => watchers.size,
    now,
    options.schedule,
    TICK_MS,
  );
  const leave = (socket: Socket, watcher: Watcher): void => {
    if (!watcher.scope) return;
    socket.leave(topicOf(watcher.scope.name));
    scopes.left(watcher.scope, socket);
    watcher.scope = null;
  };
  const queue = createQueue(options.schedule, (socket) => {
    const watcher = watchers.get(socket);
    if (watcher) serve(scopes, socket, watcher, shownNow());
  });
  const end = (ends: (session: SocketSession) => boolean): void => {
    for (const [socket, { session }] of [...watchers])
      if (session && ends(session)) socket.close(CLOSE_SIGNED_OUT, 'this session has ended: sign in again');
  };
  return {
    note: () => {
      if (scopes.areWatched) ticker.note();
    },
    opened: (socket, _query, session) => {
      watchers.set(socket, { session, scope: null, asked: null, frames: 0 });
      socket.join(TOPIC);
    },
    said: (socket, text) => {
      const watcher = watchers.get(socket);
      if (!watcher) return;
      const frame = ++watcher.frames > MOST_FRAMES ? null : readFrame(text);
      if (!frame) return socket.close(CLOSE_BAD_FRAME, BAD_FRAME);
      leave(socket, watcher);
      watcher.asked = frame;
      if (scopes.has(frame.scope)) serve(scopes, socket, watcher, shownNow());
      else queue(socket);
    },
    closed: (socket) => {
      const scope = watchers.get(socket)?.scope;
      if (scope) scopes.left(scope, socket);
      watchers.delete(socket);
    },
    alive: () => {
      for (const watcher of watchers.values()) watcher.frames = 0;
      end(({ endsAt }) => endsAt <= now());
      if (watchers.size > 0) options.publish(TOPIC, aliveFrame(shownNow()));
      scopes.letGo();
    },
    endSession: (id) => end((session) => session.id === id),
    dismiss: () => dismiss([...watchers.keys()]),
  };
}

/** What was missed of what it asked for, or all there is; and from then on what becomes of it. */
function serve(scopes: Scopes, socket: Socket, watcher: Watcher, at: number): void {
  if (!watcher.asked) return;
  const { scope, parsed, v, e } = watcher.asked;
  watcher.asked = null;
  watcher.scope = scopes.watched(scope, parsed);
  const way = watcher.scope.catchUp(v, e, at);
  const frames = way.frames.length > 0 ? way.frames : [aliveFrame(at)];
  watcher.scope.arrivals.begin(socket, { ...way, frames });
}

/** One a turn: after a restart all come back at once, and a fleet of thousands takes its time to draw. */
function createQueue(schedule: Schedule, take: (socket: Socket) => void): (socket: Socket) => void {
  const waiting = new Set<Socket>();
  const run = (): void => {
    const [socket] = waiting;
    if (!socket) return;
    waiting.delete(socket);
    take(socket);
    if (waiting.size > 0) schedule(0, run);
  };
  return (socket) => {
    if (waiting.size === 0) schedule(0, run);
    waiting.add(socket);
  };
}

const aliveFrame = (at: number): string => JSON.stringify({ op: 'alive', at });
