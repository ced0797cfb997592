// The socket to the server: resumes, notices silence, comes back with backoff. `public/README.md` is its document.
import { BEHIND_AFTER_MS, CLOSE_RESTART, CLOSE_TOO_MANY, type LiveFrame } from '../shared/wire.js';
import { readFrame } from './frames.js';

/** How the page is connected. `connecting` is the first try only: the page is fresh then. */
export type Link = 'connecting' | 'live' | 'lost' | 'behind' | 'full';

export interface LiveEnds {
  /** Where to resume; without an epoch a snapshot comes. */
  resume: () => { version: number; epoch: string };
  /** False asks for a fresh start: the frame did not fit. */
  receive: (frame: LiveFrame) => boolean;
  tell: (link: Link) => void;
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

export class Live {
  #socket: WebSocket | null = null;
  #heardAt = Date.now();
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #fresh = false;
  readonly #ends: LiveEnds;

  constructor(ends: LiveEnds) {
    this.#ends = ends;
    addEventListener('online', () => this.#hurry());
    addEventListener('pageshow', ({ persisted }) => persisted && this.#hurry());
  }

  open(): void {
    const socket = new WebSocket(this.#url());
    this.#socket = socket;
    this.#heardAt = Date.now();
    socket.onopen = () => this.#opened();
    socket.onmessage = ({ data }) => socket === this.#socket && this.#message(data);
    socket.onclose = ({ code, reason }) => socket === this.#socket && this.#closed(code, reason);
  }

  /** Call every second: a socket can be dead without knowing it, and timers sleep with the tab. */
  watch(): void {
    if (this.#socket && Date.now() - this.#heardAt > BEHIND_AFTER_MS) this.#drop('behind');
  }

  #url(): string {
    const { version, epoch } = this.#ends.resume();
    const url = new URL('/live', location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    url.search = new URLSearchParams({ v: `${version}`, e: this.#fresh ? '' : epoch }).toString();
    return url.href;
  }

  #opened(): void {
    this.#heardAt = Date.now();
    this.#ends.tell('live');
  }

  #message(data: unknown): void {
    this.#heardAt = Date.now();
    const frame = readFrame(data);
    if (!frame) return;
    this.#failures = 0;
    this.#fresh = false;
    if (this.#ends.receive(frame)) return;
    this.#fresh = true;
    this.#drop('lost');
  }

  #closed(code: number, reason: string): void {
    this.#socket = null;
    this.#ends.tell(code === CLOSE_TOO_MANY ? 'full' : 'lost');
    this.#timer = setTimeout(() => this.open(), waitAfter(code, reason, this.#failures++, Math.random()));
  }

  /** Closing a dead socket can take minutes, so its end is not waited for. */
  #drop(link: 'lost' | 'behind'): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#ends.tell(link);
    this.#timer = setTimeout(() => this.open(), waitAfter(1006, '', this.#failures++, Math.random()));
  }

  /** The network or the page is back: no reason to wait any longer. */
  #hurry(): void {
    if (this.#socket) return;
    clearTimeout(this.#timer);
    this.open();
  }
}
