// The secrets that members are given: 32 random bytes, of which only a keyed hash is kept.
import { createHmac, randomBytes } from 'node:crypto';

const LEASE_BYTES = 32;

export interface Leases {
  /** A new lease, and the hash that is kept of it. */
  issue: () => { lease: string; leaseHash: string };
  /** Hex HMAC-SHA256 of a lease. */
  hash: (lease: string) => string;
}

/** `pepper`: key of the hashes; another one makes every lease void. */
export function createLeases(pepper: string): Leases {
  const hash = (lease: string): string => createHmac('sha256', pepper).update(lease).digest('hex');
  return {
    hash,
    issue: () => {
      const lease = randomBytes(LEASE_BYTES).toString('base64url');
      return { lease, leaseHash: hash(lease) };
    },
  };
}
