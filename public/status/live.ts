// The public page's socket: resumes by version, and while no socket gets through, asks for the view instead.
import { BASE } from '../shared/base.js';
import { Connection, hurryWhenBack, socketUrl, type Link as SocketLink } from '../shared/reconnect.js';
import { PROTOCOL, type LiveFrame, type PublicView } from '../shared/wire.js';
import { readFrame } from './frames.js';
import { Polling } from './polling.js';

/** `polling`: no socket gets through, and the view is asked for every few seconds. */
export type Link = SocketLink | 'polling';

export interface LiveEnds {
  /** Where to resume; without an epoch a snapshot comes. */
  resume: () => { version: number; epoch: string };
  /** False asks for a fresh start: the frame did not fit. */
  receive: (frame: LiveFrame) => boolean;
  /** The whole view, asked for while no socket works. */
  renew: (view: PublicView) => void;
  tell: (link: Link) => void;
}

/** A proxy or a network that lets no socket through answers at once: two tries tell it from a restart. */
const POLL_AFTER_FAILURES = 2;

export class Live {
  #isFresh = false;
  readonly #ends: LiveEnds;
  readonly #connection: Connection<LiveFrame>;
  readonly #polling: Polling;

  constructor(ends: LiveEnds) {
    this.#ends = ends;
    this.#polling = new Polling({
      receive: (view) => ends.renew(view),
      tell: (isWorking) => ends.tell(isWorking ? 'polling' : 'lost'),
    });
    this.#connection = new Connection<LiveFrame>({
      address: () => {
        const { version, epoch } = ends.resume();
        return socketUrl(`${BASE}/live`, { v: `${version}`, e: this.#isFresh ? '' : epoch, p: PROTOCOL });
      },
      read: readFrame,
      receive: (frame) => this.#receive(frame),
      tell: (link, failures) => this.#tell(link, failures),
    });
    hurryWhenBack(this.#connection);
  }

  open(): void {
    this.#connection.open();
  }

  /** Call every second. */
  watch(): void {
    this.#connection.check();
  }

  #receive(frame: LiveFrame): void {
    this.#isFresh = !this.#ends.receive(frame);
    if (this.#isFresh) this.#connection.startOver();
  }

  #tell(link: SocketLink, failures: number): void {
    if (link === 'live') this.#polling.stop();
    else if (link === 'lost' && failures >= POLL_AFTER_FAILURES) this.#polling.start();
    if (!this.#polling.isWorking) this.#ends.tell(link);
  }
}
