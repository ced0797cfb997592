// The secret a member was given when it registered, and who may speak for an identity (RULES 22). Only hashes are known here.
import type { Answer } from './change.js';
import type { Cluster, World } from './world.js';

/** Before the first lease there was none to show: showing none is then what the lease before was. */
export const NO_LEASE = '';

/**
 * Whether that lease may speak for the cluster. An identity without a lease trusts whoever comes first. The lease before
 * the last one is good until the last was used once: the reply that carried it may be lost.
 */
export function mayUseLease(world: World, cluster: Cluster, shownHash: string | null): boolean {
  if (!world.rules.requireLease || cluster.leaseHash === NO_LEASE) return true;
  return isCurrent(cluster, shownHash) || isFormer(cluster, shownHash);
}

/** The refusal of a lease that may not speak; null: it may. */
export function leaseRefusal(world: World, cluster: Cluster, shownHash: string | null): Answer | null {
  if (mayUseLease(world, cluster, shownHash)) return null;
  return { ok: false, reason: 'leased', error: 'identity is leased to another holder' };
}

/** The last lease was seen in use: its reply arrived, and the one before is void. */
export function noteLeaseUse(cluster: Cluster, shownHash: string | null): void {
  if (cluster.formerLeaseHash !== null && isCurrent(cluster, shownHash)) cluster.formerLeaseHash = null;
}

/**
 * A new lease. What the holder showed stays good until it uses the new one, though it may be a lease that was released: if the
 * reply is lost, it has nothing else to show.
 */
export function issueLease(cluster: Cluster, shownHash: string | null, leaseHash: string): void {
  cluster.formerLeaseHash = shownHash ?? NO_LEASE;
  cluster.leaseHash = leaseHash;
}

/** The next register claims the identity, whatever it shows. */
export function releaseLease(cluster: Cluster): void {
  cluster.leaseHash = NO_LEASE;
  cluster.formerLeaseHash = null;
}

const isCurrent = (cluster: Cluster, shownHash: string | null): boolean =>
  shownHash !== null && isSame(shownHash, cluster.leaseHash);

const isFormer = (cluster: Cluster, shownHash: string | null): boolean =>
  cluster.formerLeaseHash !== null && isSame(shownHash ?? NO_LEASE, cluster.formerLeaseHash);

/** Required: the next register must show it. */
export function leaseStatus({ leaseHash }: Cluster, isRequired: boolean): 'none' | 'held' | 'required' {
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
