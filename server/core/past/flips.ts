// The last 10,000 flips: every change of a shard's state, with what caused it. Incidents are made of these.
import type { State } from '../../../public/shared/states.js';

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
  /** The identity of the cluster it is about: whose word counts since, else whose did before; absent: nobody's, or an anonymous holder's. */
  host?: string;
}

/** A ring: the newest flip takes the place of the oldest. */
export class Flips {
  #ring: Flip[] = [];
  #oldest = 0;
  #count = 0;

  /** How many were added; the newest one has this number. */
  get count(): number {
    return this.#count;
  }

  add(flip: Flip): void {
    this.#count++;
    if (this.#ring.length < MAX_FLIPS) this.#ring.push(flip);
    else {
      this.#ring[this.#oldest] = flip;
      this.#oldest = (this.#oldest + 1) % MAX_FLIPS;
    }
  }

  /** Newest first, each with its number. */
  *newest(): Generator<[number: number, flip: Flip]> {
    for (let back = 0; back < this.#ring.length; back++) {
      const place = (this.#oldest + this.#ring.length - 1 - back) % this.#ring.length;
      yield [this.#count - back, this.#ring[place]!];
    }
  }

  /** Puts back what a record kept: flips, oldest first, and how many there ever were. */
  restore(flips: readonly Flip[], count: number): void {
    this.#ring = flips.slice(-MAX_FLIPS);
    this.#oldest = 0;
    this.#count = Math.max(count, this.#ring.length);
  }

  /** Oldest first. */
  list(): Flip[] {
    return [...this.#ring.slice(this.#oldest), ...this.#ring.slice(0, this.#oldest)];
  }
}
