// How often somebody may come: a token bucket for each key, as many keys as fit, those unused for longest forgotten first.

export interface Limiter {
  /** Takes one: 0, or in how many whole seconds there is one again. `now` in ms. */
  take: (key: string, now: number) => number;
}

interface Bucket {
  tokens: number;
  /** When the tokens were counted. */
  at: number;
}

const MAX_KEYS = 10_000;

/**
 * So many at once, and as many a minute. Keys live in two generations: one that is used again moves to the young one; when
 * that is full, the old one is forgotten whole. That is one look-up on the way of most, and a forgotten key starts full.
 */
export function createLimiter(burst: number, maxKeys = MAX_KEYS): Limiter {
  const tokensPerMs = burst / 60_000;
  const youngMax = Math.ceil(maxKeys / 2);
  let young = new Map<string, Bucket>();
  let old = new Map<string, Bucket>();
  const adopt = (key: string, now: number): Bucket => {
    const bucket = old.get(key) ?? { tokens: burst, at: now };
    if (young.size >= youngMax) {
      old = young;
      young = new Map();
    }
    old.delete(key);
    young.set(key, bucket);
    return bucket;
  };
  return {
    take: (key, now) => {
      const bucket = young.get(key) ?? adopt(key, now);
      bucket.tokens = Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) * tokensPerMs);
      bucket.at = now;
      if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / tokensPerMs / 1000);
      bucket.tokens--;
      return 0;
    },
  };
}
