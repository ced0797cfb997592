// The secrets that members are given: 32 random bytes, of which only a keyed hash is kept.
import { createHmac, randomBytes } from 'node:crypto';

const LEASE_BYTES = 32;

export interface Leases {
  /** A new lease, and the hash that is kept of it. */
  issue: () => { lease: string; leaseHash: string };
  /** Hex HMAC-SHA256 of a lease. */
  hash: (lease: string) => string;
  /** The hash of a lease that a beat shows; null without one, or where nobody asks for it: hashing costs microseconds. */
  shown: (lease: string | null | undefined) => string | null;
}

/** `pepper`: key of the hashes; another one makes every lease void. */
export function createLeases(pepper: string, isRequired: boolean): Leases {
  const hash = (lease: string): string => createHmac('sha256', pepper).update(lease).digest('hex');
  return {
    hash,
    shown: (lease) => (isRequired && lease ? hash(lease) : null),
    issue: () => {
      const lease = randomBytes(LEASE_BYTES).toString('base64url');
      return { lease, leaseHash: hash(lease) };
    },
  };
}

const TAG_CHARACTERS = 8;
const TAG_BASE = 31;

/** A number that tells leases apart well enough to see that there are two; 0: there is none. Hashing would cost microseconds. */
export function tagOf(lease: string | null | undefined): number {
  if (!lease) return 0;
  let tag = 1;
  const end = Math.min(TAG_CHARACTERS, lease.length);
  for (let i = 0; i < end; i++) tag = (Math.imul(tag, TAG_BASE) + lease.charCodeAt(i)) | 0;
  return tag;
}
