// The operator's socket: says what it watches, and what comes of a socket that the server ended or did not open.
import { BASE } from '../shared/base.js';
import {
  CLOSE_BAD_FRAME,
  CLOSE_SIGNED_OUT,
  type OperatorFrame,
  type WatchFrame,
} from '../shared/operator-wire.js';
import { Connection, hurryWhenBack, socketUrl, type Link } from '../shared/reconnect.js';
import { readFrame } from './rows.js';

export type { Link };

export interface LiveEnds {
  /** What is watched, and the version that is known of it. */
  watched: () => Omit<WatchFrame, 'op'>;
  /** False asks for a fresh start: the frame did not fit. */
  receive: (frame: OperatorFrame) => boolean;
  /** `failures`: how many tries in a row came to no frame. */
  tell: (link: Link, failures: number) => void;
  /** The server ended the session. */
  signedOut: () => void;
  /** The server does not take what is watched: asking for it again would only be refused again. */
  notTaken: () => void;
  /** It did not come to a socket: the server is away, or does not know the session any more. */
  refused: () => void;
}

export class Live {
  readonly #ends: LiveEnds;
  readonly #connection: Connection<OperatorFrame>;

  constructor(ends: LiveEnds) {
    this.#ends = ends;
    this.#connection = new Connection<OperatorFrame>({
      address: () => socketUrl(`${BASE}/live/operator`),
      opened: () => this.watch(),
      read: readFrame,
      receive: (frame) => {
        if (!ends.receive(frame)) this.watch(true);
      },
      tell: ends.tell,
      ended: (code, wasOpen) => this.#ended(code, wasOpen),
    });
    hurryWhenBack(this.#connection);
  }

  open(): void {
    this.#connection.open();
  }

  /** Tells the server what is watched now. What the last frame said of another scope counts no more. */
  watch(isFresh = false): void {
    const { scope, v, e } = this.#ends.watched();
    const frame: WatchFrame = { op: 'watch', scope, v: isFresh ? 0 : v, e: isFresh ? '' : e };
    this.#connection.send(JSON.stringify(frame));
  }

  /** Call every second. */
  check(): void {
    this.#connection.check();
  }

  /** For good, until it is opened again. */
  close(): void {
    this.#connection.close();
  }

  #ended(code: number, wasOpen: boolean): boolean {
    if (code === CLOSE_SIGNED_OUT) {
      this.#ends.signedOut();
      return false;
    }
    if (code === CLOSE_BAD_FRAME) this.#ends.notTaken();
    if (!wasOpen) this.#ends.refused();
    return true;
  }
}
