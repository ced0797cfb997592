// The operator's socket: says what it watches, resumes by version, notices silence, comes back with backoff.
import { BASE } from '../shared/base.js';
import {
  CLOSE_BAD_FRAME,
  CLOSE_SIGNED_OUT,
  type OperatorFrame,
  type WatchFrame,
} from '../shared/operator-wire.js';
import { waitAfter } from '../shared/wait.js';
import { BEHIND_AFTER_MS, CLOSE_TOO_MANY } from '../shared/wire.js';
import { readFrame } from './rows.js';

/** `connecting` is the first try only. */
export type Link = 'connecting' | 'live' | 'lost' | 'behind' | 'full';

export interface LiveEnds {
  /** What is watched, and the version that is known of it. */
  watched: () => Omit<WatchFrame, 'op'>;
  /** False asks for a fresh start: the frame did not fit. */
  receive: (frame: OperatorFrame) => boolean;
  tell: (link: Link) => void;
  /** The server ended the session. */
  signedOut: () => void;
  /** The server does not take what is watched: asking for it again would only be refused again. */
  notTaken: () => void;
  /** It did not come to a socket: the server is away, or does not know the session any more. */
  refused: () => void;
}

const ABNORMAL = 1006;

export class Live {
  #socket: WebSocket | null = null;
  #heardAt = 0;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isSilent = false;
  readonly #ends: LiveEnds;

  constructor(ends: LiveEnds) {
    this.#ends = ends;
    addEventListener('online', () => this.#hurry());
    addEventListener('pageshow', ({ persisted }) => persisted && this.#hurry());
  }

  open(): void {
    clearTimeout(this.#timer);
    const url = new URL(`${BASE}/live/operator`, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    this.#socket = socket;
    this.#heardAt = Date.now();
    let isOpen = false;
    const whileOurs = (what: () => void): void => {
      if (socket === this.#socket) what();
    };
    socket.onopen = () => {
      isOpen = true;
      whileOurs(() => this.watch());
    };
    socket.onmessage = ({ data }) => whileOurs(() => this.#message(data));
    socket.onclose = ({ code, reason }) => whileOurs(() => this.#closed(code, reason, isOpen));
  }

  /** Tells the server what is watched now. What the last frame said of another scope counts no more. */
  watch(isFresh = false): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    const { scope, v, e } = this.#ends.watched();
    const frame: WatchFrame = { op: 'watch', scope, v: isFresh ? 0 : v, e: isFresh ? '' : e };
    this.#socket.send(JSON.stringify(frame));
  }

  /** Call every second: a socket can be dead without knowing it, and timers sleep with the tab. */
  check(): void {
    if (!this.#socket || Date.now() - this.#heardAt <= BEHIND_AFTER_MS) return;
    const socket = this.#socket;
    this.#isSilent = true;
    this.#socket = null;
    socket.close(); // its end can take minutes, so it is not waited for
    this.#ends.tell('behind');
    this.#comeBack(ABNORMAL, '');
  }

  /** For good, until it is opened again. */
  close(): void {
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.#socket = null;
    this.#failures = 0;
  }

  #message(data: unknown): void {
    this.#heardAt = Date.now();
    const frame = readFrame(data);
    if (!frame) return;
    this.#failures = 0;
    this.#isSilent = false;
    if (!this.#ends.receive(frame)) this.watch(true);
    this.#ends.tell('live');
  }

  #closed(code: number, reason: string, wasOpen: boolean): void {
    this.#socket = null;
    if (code === CLOSE_SIGNED_OUT) return this.#ends.signedOut();
    if (code === CLOSE_TOO_MANY) this.#ends.tell('full');
    else this.#ends.tell(this.#isSilent ? 'behind' : 'lost');
    if (code === CLOSE_BAD_FRAME) this.#ends.notTaken();
    this.#comeBack(code, reason);
    if (!wasOpen) this.#ends.refused();
  }

  #comeBack(code: number, reason: string): void {
    this.#timer = setTimeout(() => this.open(), waitAfter(code, reason, this.#failures++, Math.random()));
  }

  /** The network or the page is back: no reason to wait any longer. */
  #hurry(): void {
    if (this.#socket || this.#failures === 0) return;
    this.open();
  }
}
