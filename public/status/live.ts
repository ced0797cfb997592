// The socket to the server: resumes, notices silence, comes back with backoff. `public/README.md` is its document.
import { BASE } from '../shared/base.js';
import { BEHIND_AFTER_MS, CLOSE_TOO_MANY, type LiveFrame } from '../shared/wire.js';
import { readFrame } from './frames.js';
import { waitAfter } from '../shared/wait.js';

/** How the page is connected. `connecting` is the first try only: the page is fresh then. */
export type Link = 'connecting' | 'live' | 'lost' | 'behind' | 'full';

export interface LiveEnds {
  /** Where to resume; without an epoch a snapshot comes. */
  resume: () => { version: number; epoch: string };
  /** False asks for a fresh start: the frame did not fit. */
  receive: (frame: LiveFrame) => boolean;
  tell: (link: Link) => void;
}

export class Live {
  #socket: WebSocket | null = null;
  #heardAt = Date.now();
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #fresh = false;
  #isProven = false;
  #wasSilent = false;
  readonly #ends: LiveEnds;

  constructor(ends: LiveEnds) {
    this.#ends = ends;
    addEventListener('online', () => this.#hurry());
    addEventListener('pageshow', ({ persisted }) => persisted && this.#hurry());
  }

  open(): void {
    const socket = new WebSocket(this.#url());
    this.#socket = socket;
    this.#isProven = false;
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
    const url = new URL(`${BASE}/live`, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    url.search = new URLSearchParams({ v: `${version}`, e: this.#fresh ? '' : epoch }).toString();
    return url.href;
  }

  /** A socket that opens is a sign of life, except after one that was open and silent: then a frame has to come. */
  #opened(): void {
    this.#heardAt = Date.now();
    if (!this.#wasSilent) this.#proven();
  }

  #proven(): void {
    if (this.#isProven) return;
    this.#isProven = true;
    this.#wasSilent = false;
    this.#ends.tell('live');
  }

  #message(data: unknown): void {
    this.#heardAt = Date.now();
    const frame = readFrame(data);
    if (!frame) return;
    this.#failures = 0;
    this.#fresh = !this.#ends.receive(frame);
    if (!this.#fresh) return this.#proven();
    this.#drop('lost');
  }

  #closed(code: number, reason: string): void {
    this.#socket = null;
    if (code === CLOSE_TOO_MANY) this.#ends.tell('full');
    else this.#ends.tell(this.#wasSilent ? 'behind' : 'lost');
    this.#timer = setTimeout(() => this.open(), waitAfter(code, reason, this.#failures++, Math.random()));
  }

  /** Closing a dead socket can take minutes, so its end is not waited for. */
  #drop(link: 'lost' | 'behind'): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#wasSilent = link === 'behind';
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
