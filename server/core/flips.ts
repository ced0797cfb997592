// The last 10,000 flips: every change of a shard's state, with what caused it. Incidents are made of these.
import type { State } from '../../public/shared/states.js';

export const MAX_FLIPS = 10_000;

export interface Flip {
  /** When it happened, which for a lapsed lease is when it ran out; ms since 1970. */
  at: number;
  bot: string;
  shard: number;
  from: State;
  to: State;
  /** The cluster that fell silent and took the shard with it ("asia #2"); null: the shard's own flip. */
  cause: string | null;
  /** It was stopped on purpose (a said Stopping whose lease ran out): no outage. */
  planned?: true;
}

/** A ring: the newest flip takes the place of the oldest. */
export class Flips {
  #ring: Flip[] = [];
  #oldest = 0;

  add(flip: Flip): void {
    if (this.#ring.length < MAX_FLIPS) this.#ring.push(flip);
    else {
      this.#ring[this.#oldest] = flip;
      this.#oldest = (this.#oldest + 1) % MAX_FLIPS;
    }
  }

  /** Oldest first. */
  list(): Flip[] {
    return [...this.#ring.slice(this.#oldest), ...this.#ring.slice(0, this.#oldest)];
  }
}
