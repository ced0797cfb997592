// How often a household may ask before its body is looked at: public answers, those of the fleet, and refused requests.
import { createLimiter } from './limiter.js';
import type { Client } from './message.js';
import type { Rate } from './router.js';

export interface Rates {
  /** 0: granted. Else the seconds to wait. */
  take: (rate: Rate, client: Client, now: number) => number;
  /** Counts a request that was refused before its body. Not 0: so many were that this one is only told to wait. */
  refused: (client: Client, now: number) => number;
  /** So many answers without a body went there that this one is not given: they pile up unread, and nothing tells us. */
  isUnreadTooOften: (client: Client, now: number) => boolean;
  /** Seconds to wait for a household whose requests are being refused too often; 0 for all others. */
  waitOf: (client: Client, now: number) => number;
}

const PUBLIC_A_MINUTE = 600;
const REFUSED_A_MINUTE = 600;
/** Also of this machine: it is far more than health checks ask. */
const UNREAD_A_MINUTE = 6_000;
const MAX_BLOCKED = 10_000;

/**
 * Only refused requests flood. A report with a good token is never turned away here: 5,000 clusters behind one address
 * send 350 a second, and a neighbour's wrong token must not make them look down. Whoever guesses tokens of readers and
 * operators finds out about 600 a minute.
 * This machine itself, speaking for nobody else, is spared the two fixed limits: its health checks and its operator.
 */
export function createRates(readBurst: number): Rates {
  const read = createLimiter(readBurst);
  const open = createLimiter(PUBLIC_A_MINUTE);
  const refused = createLimiter(REFUSED_A_MINUTE);
  const unread = createLimiter(UNREAD_A_MINUTE);
  let waitUntil = new Map<string, number>();
  const block = (household: string, until: number): void => {
    if (waitUntil.size >= MAX_BLOCKED) waitUntil = new Map();
    waitUntil.set(household, until);
  };
  return {
    take: (rate, { household, isLocal }, now) => {
      if (rate === 'read') return read.take(household, now);
      return isLocal ? 0 : open.take(household, now);
    },
    refused: ({ household, isLocal }, now) => {
      const seconds = isLocal ? 0 : refused.take(household, now);
      if (seconds > 0) block(household, now + seconds * 1_000);
      return seconds;
    },
    isUnreadTooOften: ({ household }, now) => unread.take(household, now) > 0,
    waitOf: ({ household }, now) => {
      if (waitUntil.size === 0) return 0;
      return Math.max(0, Math.ceil(((waitUntil.get(household) ?? 0) - now) / 1_000));
    },
  };
}
