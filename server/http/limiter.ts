// How often somebody may come: a token bucket for each key, as many keys as fit, those unused for longest forgotten first.

export interface Limiter {
  /** Takes one: 0, or in how many whole seconds there is one again. `now` in ms. */
  take: (key: string, now: number) => number;
  /** The key's own bucket, for whoever comes so often that looking it up counts. It may be forgotten meanwhile. */
  bucketOf: (key: string, now: number) => Bucket;
}

const MAX_KEYS = 10_000;

/**
 * So many at once, and as many a minute. Keys live in two generations: one that is used again moves to the young one; when
 * that is full, the old one is forgotten whole. That is one look-up on the way of most, and a forgotten key starts full.
 */
export function createLimiter(burst: number, maxKeys = MAX_KEYS): Limiter {
  const youngMax = Math.ceil(maxKeys / 2);
  let young = new Map<string, Bucket>();
  let old = new Map<string, Bucket>();
  const adopt = (key: string, now: number): Bucket => {
    const bucket = old.get(key) ?? new Bucket(burst, now);
    if (young.size >= youngMax) {
      old = young;
      young = new Map();
    }
    old.delete(key);
    young.set(key, bucket);
    return bucket;
  };
  const bucketOf = (key: string, now: number): Bucket => young.get(key) ?? adopt(key, now);
  return { bucketOf, take: (key, now) => bucketOf(key, now).take(now) };
}

/** Tokens that come back evenly. */
export class Bucket {
  readonly #burst: number;
  #tokens: number;
  /** When the tokens were counted, ms. */
  #at: number;

  constructor(burst: number, now: number) {
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = now;
  }

  /** 0, or in how many whole seconds there are so many again. */
  take(now: number, count = 1): number {
    this.#refill(now);
    if (this.#tokens < count) return Math.ceil(((count - this.#tokens) * 60) / this.#burst);
    this.#tokens -= count;
    return 0;
  }

  /** Takes so many where half of them are left then. */
  takeOfTheFirstHalf(count: number, now: number): boolean {
    this.#refill(now);
    if (this.#tokens - count < this.#burst / 2) return false;
    this.#tokens -= count;
    return true;
  }

  /** Takes as many whole ones as are there beyond half of them, for later. */
  lend(now: number): number {
    this.#refill(now);
    const lent = Math.max(0, Math.floor(this.#tokens - this.#burst / 2));
    this.#tokens -= lent;
    return lent;
  }

  /** Of those that were lent. */
  giveBack(tokens: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + tokens);
  }

  #refill(now: number): void {
    const gained = (Math.max(0, now - this.#at) * this.#burst) / 60_000;
    this.#tokens = Math.min(this.#burst, this.#tokens + gained);
    this.#at = now;
  }
}
