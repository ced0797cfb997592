// One browser's socket as rooms see it, and the household it belongs to.
import type { Sent, Socket, SocketHandler, SocketSession } from './message.js';

/** What the transport offers of one socket. */
export interface ViewerWire {
  /** 1: it is out; 0: it waits; 2: too much waits already. */
  send: (text: string) => number;
  sendFirstFragment: (text: string) => unknown;
  sendFragment: (text: string) => unknown;
  sendLastFragment: (text: string) => unknown;
  subscribe: (topic: string) => unknown;
  unsubscribe: (topic: string) => unknown;
  end: (code: number, reason: string) => unknown;
  close: () => unknown;
}

/** Those who share one allowance of sockets. */
export interface Household {
  name: string;
  sockets: number;
}

/** As uWebSockets.js has it. */
const HOW_SENT: Sent[] = ['queued', 'sent', 'dropped'];

/** A class, not closures: there may be 10,000, and each costs memory. */
export class Viewer implements Socket {
  readonly household: Household;
  session: SocketSession | null;
  /** Undefined once the handler has it, or was not given the socket. */
  query: string | undefined;
  isWelcome = false;
  /** Why we closed it; null: we did not. */
  end: { code: number; reason: string } | null = null;
  readonly #handler: SocketHandler;
  #ws: ViewerWire | undefined;

  constructor(household: Household, query: string, handler: SocketHandler, session: SocketSession | null) {
    this.household = household;
    this.session = session;
    this.query = query;
    this.#handler = handler;
  }

  attach(ws: ViewerWire): void {
    this.#ws = ws;
  }

  send(text: string): Sent {
    const sent = HOW_SENT[this.#ws!.send(text)]!;
    if (sent !== 'dropped') this.#handler.sent?.(Buffer.byteLength(text));
    return sent;
  }

  sendPart(part: string, isFirst: boolean, isLast: boolean): void {
    const ws = this.#ws!;
    if (isFirst && isLast) ws.send(part);
    else if (isFirst) ws.sendFirstFragment(part);
    else if (isLast) ws.sendLastFragment(part);
    else ws.sendFragment(part);
    this.#handler.sent?.(Buffer.byteLength(part));
  }

  join(topic: string): void {
    this.#ws!.subscribe(topic);
  }

  leave(topic: string): void {
    this.#ws!.unsubscribe(topic);
  }

  close(code: number, reason: string): void {
    this.end = { code, reason };
    this.#ws!.end(code, reason);
  }

  hangUp(): void {
    this.#ws!.close();
  }
}
