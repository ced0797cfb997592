// The operators' feed: who watches which scope, one patch a scope and tick for all its watchers, and when a session ends.
import { z } from 'zod';
import {
  CLOSE_BAD_FRAME,
  CLOSE_SIGNED_OUT,
  type Scope,
  type WatchFrame,
} from '../../public/shared/operator-wire.js';
import type { Change } from '../core/change.js';
import type { AddressesOf } from '../core/operator-rows.js';
import type { World } from '../core/world.js';
import type { Publish, Socket, SocketHandler, SocketSession } from '../http/message.js';
import { dismiss } from './dismiss.js';
import { Drawing, isConcerned } from './operator-drawing.js';
import { gather, noNews } from './operator-news.js';
import { parseScope, WatchedScope, type Parsed } from './operator-scope.js';
import { createTicker, type Schedule } from './ticker.js';

const TOPIC = 'operator';
const TICK_MS = 250;
/** A scope that nobody watches is kept up to date for that long, for who comes back. */
const KEPT_MS = 60_000;
/** … and no more than so many of them: one person can look at many things in a minute. */
const MOST_KEPT = 64;
/** Between two signs of life. A person who clicks fast comes nowhere near. */
const MOST_FRAMES = 200;
const MAX_SCOPE_LENGTH = 300;
const MAX_EPOCH_LENGTH = 64;

export interface OperatorFeed extends SocketHandler {
  said: NonNullable<SocketHandler['said']>;
  /** A listener: notes what changed. */
  note: (changes: Change[]) => void;
  /** Call it every 5 s: says that the connection lives, ends sessions that expired, lets scopes go. */
  alive: () => void;
  /** Somebody signed out: all sockets of that session end. */
  endSession: (id: string) => void;
  /** Sends everybody away, each to come back at another moment. */
  dismiss: () => void;
}

export interface OperatorFeedOptions {
  world: World;
  addressesOf: AddressesOf;
  /** Names this run of the server. */
  epoch: string;
  publish: Publish;
  now: () => number;
  schedule: Schedule;
}

const watchFrame: z.ZodType<WatchFrame & { parsed: Parsed }> = z
  .object({
    op: z.literal('watch'),
    scope: z.string().max(MAX_SCOPE_LENGTH),
    v: z.int().min(0),
    e: z.string().max(MAX_EPOCH_LENGTH),
  })
  .transform((frame, context) => {
    const parsed = parseScope(frame.scope);
    if (parsed) return { ...frame, scope: frame.scope as Scope, parsed };
    context.addIssue({ code: 'custom', message: 'no scope' });
    return z.NEVER;
  });

const BAD_FRAME = 'not a watch frame: send {"op":"watch","scope":"global","v":0,"e":""}';

function readFrame(text: string): (WatchFrame & { parsed: Parsed }) | null {
  try {
    return watchFrame.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // no JSON
  }
}

interface Watcher {
  session: SocketSession | null;
  scope: WatchedScope | null;
  /** Frames it sent since the last sign of life. */
  frames: number;
}

export function createOperatorFeed(options: OperatorFeedOptions): OperatorFeed {
  const { now } = options;
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
    scopes.left(watcher.scope);
    watcher.scope = null;
  };
  const end = (ends: (session: SocketSession) => boolean): void => {
    for (const [socket, { session }] of [...watchers])
      if (session && ends(session)) socket.close(CLOSE_SIGNED_OUT, 'this session has ended: sign in again');
  };
  return {
    note: (changes) => {
      if (scopes.note(changes)) ticker.note();
    },
    opened: (socket, _query, session) => {
      watchers.set(socket, { session, scope: null, frames: 0 });
      socket.join(TOPIC);
    },
    said: (socket, text) => {
      const watcher = watchers.get(socket);
      if (!watcher) return;
      const frame = ++watcher.frames > MOST_FRAMES ? null : readFrame(text);
      if (!frame) return socket.close(CLOSE_BAD_FRAME, BAD_FRAME);
      leave(socket, watcher);
      watcher.scope = scopes.watched(frame.scope, frame.parsed);
      const missed = watcher.scope.catchUp(frame.v, frame.e, now());
      for (const one of missed.length > 0 ? missed : [aliveFrame(now())]) socket.send(one);
      socket.join(topicOf(frame.scope));
    },
    closed: (socket) => {
      const scope = watchers.get(socket)?.scope;
      if (scope) scopes.left(scope);
      watchers.delete(socket);
    },
    alive: () => {
      for (const watcher of watchers.values()) watcher.frames = 0;
      end(({ endsAt }) => endsAt <= now());
      if (watchers.size > 0) options.publish(TOPIC, aliveFrame(now()));
      scopes.letGo(KEPT_MS, Infinity);
    },
    endSession: (id) => end((session) => session.id === id),
    dismiss: () => dismiss([...watchers.keys()]),
  };
}

const aliveFrame = (at: number): string => JSON.stringify({ op: 'alive', at });

const topicOf = (scope: Scope): string => `${TOPIC}/${scope}`;

/** The scopes that are watched, or were a minute ago. While there are none, nothing is noted. */
class Scopes {
  readonly #options: OperatorFeedOptions;
  readonly #scopes = new Map<Scope, WatchedScope>();
  #drawing: Drawing;
  #news = noNews();
  #lives = 0;
  #flips = 0;
  /** A bot's row is another than the scopes were told. */
  #areBotsNew = false;

  constructor(options: OperatorFeedOptions) {
    this.#options = options;
    this.#drawing = this.#blank();
  }

  /** Whether there is anything to tell. */
  note(changes: Change[]): boolean {
    if (this.#scopes.size === 0) return false;
    for (const change of changes) gather(this.#news, this.#options.world, change);
    const { clusters, bots } = this.#news;
    return clusters.size > 0 || bots.size > 0 || this.#hasFlips();
  }

  watched(name: Scope, parsed: Parsed): WatchedScope {
    const scope = this.#scopes.get(name) ?? this.#begin(name, parsed);
    scope.watchers++;
    return scope;
  }

  left(scope: WatchedScope): void {
    scope.watchers--;
    scope.leftAt = this.#options.now();
    this.letGo(KEPT_MS, MOST_KEPT);
  }

  /** Those that nobody has watched for that long, and the longest unwatched beyond so many. */
  letGo(keptMs: number, most: number): void {
    const idle = [...this.#scopes.values()].filter(({ watchers }) => watchers === 0);
    idle.sort((a, b) => b.leftAt - a.leftAt);
    const { now } = this.#options;
    idle.forEach(({ name, leftAt }, i) => {
      if (i >= most || now() - leftAt >= keptMs) this.#scopes.delete(name);
    });
    if (idle.length === 0 || this.#scopes.size > 0) return;
    this.#drawing = this.#blank();
    this.#news = noNews();
  }

  /** One patch for each scope of which something is new. */
  tell(): void {
    const { world, now, publish } = this.#options;
    const news = this.#news;
    this.#news = noNews();
    this.#drawing.forget(news);
    const areBotsNew = this.#drawing.redrawBots() || this.#areBotsNew || this.#hasFlips();
    this.#areBotsNew = false;
    this.#flips = world.flips.count;
    for (const scope of this.#scopes.values()) {
      if (!isConcerned(scope, news, world, areBotsNew)) continue;
      const rows = this.#drawing.draw(scope.parsed, scope.rows, news.isMoved);
      const frame = scope.renew(rows, now());
      if (frame !== null && scope.watchers > 0) publish(topicOf(scope.name), frame, scope.watchers);
    }
  }

  #hasFlips(): boolean {
    return this.#options.world.flips.count !== this.#flips;
  }

  /** Drawn as the world is now: what is noted and not told yet will make no difference to it. */
  #begin(name: Scope, parsed: Parsed): WatchedScope {
    if (this.#scopes.size === 0) this.#flips = this.#options.world.flips.count;
    this.#drawing.forget(this.#news);
    this.#areBotsNew = this.#drawing.redrawBots() || this.#areBotsNew;
    const rows = this.#drawing.draw(parsed, null, true);
    const scope = new WatchedScope(name, parsed, `${this.#options.epoch}.${++this.#lives}`, rows);
    this.#scopes.set(name, scope);
    return scope;
  }

  #blank(): Drawing {
    return new Drawing(this.#options.world, this.#options.addressesOf);
  }
}
