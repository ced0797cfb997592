// A socket that comes back: both pages' one way of noticing silence, waiting, and trying again. `public/README.md` is its document.
import { BEHIND_AFTER_MS, CLOSE_RESTART, CLOSE_TOO_MANY } from './wire.js';

/** How a page is connected. `connecting` is the first try only: the page is fresh then. */
export type Link = 'connecting' | 'live' | 'lost' | 'behind' | 'full';

export interface Ends<Frame> {
  /** Where to connect, with where to resume. */
  address: () => string;
  /** The socket is open: the moment to say what is wanted. A frame is what proves that it works. */
  opened?: () => void;
  /** Null: it is no frame. */
  read: (data: unknown) => Frame | null;
  receive: (frame: Frame) => void;
  /** `failures`: how many tries in a row came to no frame. */
  tell: (link: Link, failures: number) => void;
  /** The socket closed. False: there is no use in coming back. */
  ended?: (code: number, wasOpen: boolean) => boolean;
}

/** What a browser has, and tests stand in for. */
export interface Tools {
  connect: (address: string) => WebSocket;
  /** ms, at the pace of time. */
  now: () => number;
  /** Returns what takes it back. */
  wait: (ms: number, run: () => void) => () => void;
  random: () => number;
}

const browser: Tools = {
  connect: (address) => new WebSocket(address),
  now: () => Date.now(),
  wait: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

const ABNORMAL = 1006;
const OPEN = 1; // as WebSocket.OPEN

export class Connection<Frame> {
  #socket: WebSocket | null = null;
  #heardAt = 0;
  #failures = 0;
  #isSilent = false;
  #isWanted = false;
  #takeBack = (): void => undefined;
  readonly #ends: Ends<Frame>;
  readonly #tools: Tools;

  constructor(ends: Ends<Frame>, tools = browser) {
    this.#ends = ends;
    this.#tools = tools;
  }

  open(): void {
    this.#takeBack();
    this.#isWanted = true;
    const socket = this.#tools.connect(this.#ends.address());
    this.#socket = socket;
    this.#heardAt = this.#tools.now();
    let wasOpen = false;
    const isOurs = (): boolean => socket === this.#socket;
    socket.onopen = () => {
      wasOpen = true;
      if (isOurs()) this.#ends.opened?.();
    };
    socket.onmessage = ({ data }) => isOurs() && this.#message(data);
    socket.onclose = ({ code, reason }) => isOurs() && this.#closed(code, reason, wasOpen);
  }

  /** Nothing is sent while there is no open socket. */
  send(text: string): void {
    if (this.#socket?.readyState === OPEN) this.#socket.send(text);
  }

  /** Call every second: a socket can be dead without knowing it, and timers sleep with the tab. */
  check(): void {
    if (!this.#socket || this.#tools.now() - this.#heardAt <= BEHIND_AFTER_MS) return;
    this.#isSilent = true;
    this.startOver();
  }

  /** Lets go of the socket, whose end can take minutes, and comes back after a while. */
  startOver(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#comeBack(ABNORMAL, '');
  }

  /** For good, until it is opened again. */
  close(): void {
    this.#takeBack();
    this.#isWanted = false;
    this.#socket?.close();
    this.#socket = null;
    this.#failures = 0;
  }

  /** The network or the page is back: no reason to wait any longer. */
  hurry(): void {
    if (this.#isWanted && !this.#socket) this.open();
  }

  #message(data: unknown): void {
    this.#heardAt = this.#tools.now();
    const frame = this.#ends.read(data);
    if (!frame) return;
    this.#failures = 0;
    this.#isSilent = false;
    const socket = this.#socket;
    this.#ends.receive(frame);
    if (socket === this.#socket) this.#ends.tell('live', 0);
  }

  #closed(code: number, reason: string, wasOpen: boolean): void {
    this.#socket = null;
    if (this.#ends.ended?.(code, wasOpen) === false) this.#isWanted = false;
    else this.#comeBack(code, reason);
  }

  #comeBack(code: number, reason: string): void {
    const ms = waitAfter(code, reason, this.#failures++, this.#tools.random());
    this.#takeBack = this.#tools.wait(ms, () => this.open());
    const link = code === CLOSE_TOO_MANY ? 'full' : this.#isSilent ? 'behind' : 'lost';
    this.#ends.tell(link, this.#failures);
  }
}

/** `wss://` or `ws://`, as the page came. */
export function socketUrl(path: string, query: Record<string, string> = {}): string {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.search = new URLSearchParams(query).toString();
  return url.href;
}

/** A page that comes back, or whose network does, has waited long enough. */
export function hurryWhenBack(connection: { hurry: () => void }): void {
  addEventListener('online', () => connection.hurry());
  addEventListener('pageshow', ({ persisted }) => persisted && connection.hurry());
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
const FULL_WAIT_MS = 60_000;
const LONGEST_RESTART_MS = 60_000;

/** How long to stay away after a close: what a restarting server says, else exponential with jitter. */
export function waitAfter(code: number, reason: string, failures: number, random: number): number {
  if (code === CLOSE_TOO_MANY) return FULL_WAIT_MS;
  const asked = Number(reason);
  if (code === CLOSE_RESTART && reason !== '' && asked >= 0) return Math.min(asked, LONGEST_RESTART_MS);
  const ceiling = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
  return Math.max(FIRST_WAIT_MS, ceiling * (0.5 + random / 2));
}
