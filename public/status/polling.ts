// Where no socket gets through: the view is asked for every few seconds, and hardly anything is sent while it is the same.
import { BASE } from '../shared/base.js';
import type { PublicView } from '../shared/wire.js';

const EVERY_MS = 5_000;

export interface PollingEnds {
  receive: (view: PublicView) => void;
  /** Told after each answer, or after there was none. */
  tell: (isWorking: boolean) => void;
}

export class Polling {
  /** The last question was answered. */
  isWorking = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #ends: PollingEnds;

  constructor(ends: PollingEnds) {
    this.#ends = ends;
  }

  start(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setInterval(() => void this.#ask(), EVERY_MS);
    void this.#ask();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.isWorking = false;
  }

  /** A hidden page is read by nobody. The browser asks with the ETag of the last answer, and keeps that if it still holds. */
  async #ask(): Promise<void> {
    if (document.hidden) return;
    const view = await fetch(`${BASE}/api/view`, { cache: 'no-cache' })
      .then(async (answer) => (answer.ok ? ((await answer.json()) as PublicView) : null))
      .catch(() => null); // the network is away: the sign of the connection says so
    if (this.#timer === undefined) return; // a socket works meanwhile
    this.isWorking = view !== null;
    if (view) this.#ends.receive(view);
    this.#ends.tell(this.isWorking);
  }
}
