// The scopes that operators watch, or did a minute ago: what changed is noted, drawn on the tick, and told to each scope once.
import type { Scope } from '../../public/shared/operator-wire.js';
import type { AddressesOf } from '../core/views/operator-rows.js';
import { shown, type World } from '../core/world.js';
import type { Publish, Socket } from '../http/message.js';
import { Drawing, isConcerned } from './operator-drawing.js';
import { newsSince } from './operator-news.js';
import { WatchedScope, type Parsed } from './operator-scope.js';
import type { Schedule } from './ticker.js';

/** A scope that nobody watches is kept up to date for that long, for who comes back. */
const KEPT_MS = 60_000;
/** … and no more than so many of them: one person can look at many things in a minute. */
const MOST_KEPT = 64;

export const TOPIC = 'operator';
export const topicOf = (scope: Scope): string => `${TOPIC}/${scope}`;

export interface OperatorFeedOptions {
  world: World;
  addressesOf: AddressesOf;
  /** Names this run of the server. */
  epoch: string;
  publish: Publish;
  now: () => number;
  schedule: Schedule;
}

/** While there are none, nothing is noted. */
export class Scopes {
  readonly #options: OperatorFeedOptions;
  readonly #scopes = new Map<Scope, WatchedScope>();
  #drawing: Drawing;
  /** Of the world, as it was when the scopes were last told. */
  #revision = 0;
  #skewMs = 0;
  #lives = 0;
  /** A row of every scope is another than the scopes were told. */
  #isSharedNew = false;

  constructor(options: OperatorFeedOptions) {
    this.#options = options;
    this.#drawing = this.#blank();
  }

  /** Else there is nobody to tell anything. */
  get areWatched(): boolean {
    return this.#scopes.size > 0;
  }

  has(name: Scope): boolean {
    return this.#scopes.has(name);
  }

  watched(name: Scope, parsed: Parsed): WatchedScope {
    const scope = this.#scopes.get(name) ?? this.#begin(name, parsed);
    scope.watchers++;
    return scope;
  }

  left(scope: WatchedScope, socket: Socket): void {
    scope.arrivals.end(socket);
    scope.watchers--;
    scope.leftAt = this.#options.now();
    this.letGo(MOST_KEPT);
  }

  /** Those that nobody has watched for a minute, and the longest unwatched beyond so many. */
  letGo(most = Infinity): void {
    const idle = [...this.#scopes.values()].filter(({ watchers }) => watchers === 0);
    idle.sort((a, b) => b.leftAt - a.leftAt);
    const { now } = this.#options;
    idle.forEach(({ name, leftAt }, i) => {
      if (i >= most || now() - leftAt >= KEPT_MS) this.#scopes.delete(name);
    });
    if (this.#scopes.size === 0) this.#drawing = this.#blank();
  }

  /** Patches for each scope of which something is new. Says how many the most were. */
  tell(): number {
    const { world, now } = this.#options;
    const news = newsSince(world, this.#revision);
    this.#revision = world.revision;
    if (world.skewMs !== this.#skewMs) this.#drawing = this.#blank(); // every time is another
    this.#skewMs = world.skewMs;
    this.#drawing.forget(news);
    const isSharedNew = this.#drawing.redrawShared() || this.#isSharedNew;
    this.#isSharedNew = false;
    let told = 0;
    for (const scope of this.#scopes.values()) {
      if (!isConcerned(scope, news, world, isSharedNew)) continue;
      const rows = this.#drawing.draw(scope.parsed, scope.rows, news.isMoved);
      const frames = scope.renew(rows, shown(world, now()));
      if (scope.watchers === 0) continue;
      for (const frame of frames) scope.outlet.say(frame);
      told = Math.max(told, frames.length);
    }
    return told;
  }

  /** Drawn as the world is now: what is noted and not told yet will make no difference to it. */
  #begin(name: Scope, parsed: Parsed): WatchedScope {
    if (!this.areWatched) this.#revision = this.#options.world.revision;
    this.#drawing.forget(newsSince(this.#options.world, this.#revision));
    this.#isSharedNew = this.#drawing.redrawShared() || this.#isSharedNew;
    const rows = this.#drawing.draw(parsed, null, true);
    const { world, now, publish, schedule } = this.#options;
    const scope: WatchedScope = new WatchedScope(
      name,
      parsed,
      `${this.#options.epoch}.${++this.#lives}`,
      rows,
      {
        publish: (text) => publish(topicOf(name), text, scope.watchers),
        join: (socket) => socket.join(topicOf(name)),
        schedule,
        now: () => shown(world, now()),
      },
    );
    this.#scopes.set(name, scope);
    return scope;
  }

  #blank(): Drawing {
    return new Drawing(this.#options.world, this.#options.addressesOf);
  }
}
