// What the transport tells whoever counts and keeps the log.
import type { Client, Head, Response } from './message.js';
import type { Reason } from './refusal.js';
import type { Route } from './router.js';

export interface TransportNotes {
  /** Somebody was refused before it was known whose report it is. */
  turnedAway: (head: Head, route: Route, reason: Reason) => void;
  /** Told of every answer; `route` null: it is no row's. */
  answered: (head: Head, route: Route | null, response: Response) => void;
  /** We closed a socket, and said why. */
  closedSocket: (path: string, household: string, code: number, reason: string) => void;
  /** A peer says whom it speaks for, and is no declared proxy. */
  undeclared: (peer: string) => void;
  /** A declared proxy names somebody in a way that cannot be read. */
  unreadable: (peer: string, part: string) => void;
  /** We hung up on somebody who took too long to read an answer. */
  endedSlow: (client: Client, slow: SlowAnswer) => void;
  /** Somebody was hung up on who sent request after request without reading the answers. */
  readsNothing: (client: Client) => void;
  bug: (error: unknown) => void;
  /** Anything else, in a sentence. */
  warn: (line: string) => void;
}

/** An answer that was ended because its reader was too slow. */
export interface SlowAnswer {
  sentBytes: number;
  totalBytes: number;
  seconds: number;
}
