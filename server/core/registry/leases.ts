// The secret a member was given when it registered, and who may speak for an identity (RULES 22). Only hashes are known here.
import type { Refused } from '../answer.js';
import type { Member, Registry } from './registry.js';

/** Before the first lease there was none to show: showing none is then what the lease before was. */
export const NO_LEASE = '';

export type LeaseHashes = Pick<Member, 'leaseHash' | 'formerLeaseHash'>;

/**
 * Whether that lease may speak for the cluster. An identity without a lease trusts whoever comes first. The lease before
 * the last one is good until the last was used once: the reply that carried it may be lost.
 */
export function mayUseLease(registry: Registry, cluster: LeaseHashes, shownHash: string | null): boolean {
  if (!registry.rules.requireLease || cluster.leaseHash === NO_LEASE) return true;
  return isCurrent(cluster, shownHash) || isFormer(cluster, shownHash);
}

/** The refusal of a lease that may not speak; null: it may. */
export function leaseRefusal(
  registry: Registry,
  cluster: LeaseHashes,
  shownHash: string | null,
): Refused | null {
  if (mayUseLease(registry, cluster, shownHash)) return null;
  return { ok: false, reason: 'leased', error: 'identity is leased to another holder' };
}

/** The last lease is seen in use for the first time: its reply arrived. */
export const isFirstUse = (cluster: Member, shownHash: string | null): boolean =>
  cluster.formerLeaseHash !== null && isCurrent(cluster, shownHash);

/** The one before is void. */
export function useLease(cluster: Member, hash: string): void {
  if (isCurrent(cluster, hash)) cluster.formerLeaseHash = null;
}

/**
 * A new lease. What the holder showed stays good until it uses the new one, though it may be a lease that was released: if the
 * reply is lost, it has nothing else to show.
 */
export function issueLease(cluster: Member, shownHash: string | null, leaseHash: string): void {
  cluster.formerLeaseHash = shownHash ?? NO_LEASE;
  cluster.leaseHash = leaseHash;
}

/** The next register claims the identity, whatever it shows. */
export function releaseLease(cluster: Member): void {
  cluster.leaseHash = NO_LEASE;
  cluster.formerLeaseHash = null;
}

const isCurrent = (cluster: LeaseHashes, shownHash: string | null): boolean =>
  shownHash !== null && isSame(shownHash, cluster.leaseHash);

const isFormer = (cluster: LeaseHashes, shownHash: string | null): boolean =>
  cluster.formerLeaseHash !== null && isSame(shownHash ?? NO_LEASE, cluster.formerLeaseHash);

/** Required: the next register must show it. */
export function leaseStatus({ leaseHash }: Member, isRequired: boolean): 'none' | 'held' | 'required' {
  if (leaseHash === NO_LEASE) return 'none';
  return isRequired ? 'required' : 'held';
}

/** Looks at every character, however early two hashes differ. */
function isSame(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
