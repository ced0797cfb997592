// What each claim on a shard amounts to now, and which of them counts (RULES 2–4, 11, 22, 25 and 35).
import {
  OFFLINE,
  ONLINE,
  STOPPED,
  STOPPING,
  UNHEALTHY,
  UNKNOWN,
  type State,
} from '../../../public/shared/states.js';
import { HELD, NONE, RAN_OUT_BEFORE, RUN_OUT, UNHEARD } from './claim-table.js';
import { NO_LEASE } from '../registry/leases.js';
import { holderOf, leaseMs, type Bot, type Cluster, type World } from '../world.js';

/** It was not heard since a long gap: its word is kept, and shown as Unknown. */
export const isUnheard = (world: World, claim: number): boolean =>
  world.claims.lease[claim] === UNHEARD || world.claims.lease[claim] === RAN_OUT_BEFORE;

export const isLive = (world: World, claim: number): boolean => world.claims.lease[claim] === HELD;

/** When silence stops being fine: one lease after the last sign of life, or after the last gap if that ended later. */
export const lapsesAt = (world: World, claim: number): number =>
  Math.max(world.claims.seenAt[claim]!, world.leasesFrom) + leaseMs(world, holderOf(world, claim));

/** Which claim counts: the higher. What was said adds 0 to 2 to the rank of a claim whose lease holds. */
const LAPSED = 0;
const LAPSED_BEFORE = 1;
const UNHEARD_YET = 2;
const LIVE = 5;

/** A leaving holder's Stopping never overrides what another one says, and Online overrides the rest. */
function weight(said: State): number {
  if (said === ONLINE) return 2;
  return said === STOPPING ? 0 : 1;
}

/** What a claim amounts to now. */
export interface Stance {
  state: State;
  since: number;
  rank: number;
  /** Between equals the later one counts. */
  order: number;
}

export function stanceOf(world: World, claim: number): Stance {
  const state = world.claims.state[claim]!;
  const since = world.claims.since[claim]!;
  const lease = world.claims.lease[claim]!;
  if (lease === HELD) return { state, since, rank: LIVE + weight(state), order: since };
  return {
    ...unheardAs(state, since, world.claims.seenAt[claim]!, lease),
    rank: rankOf(lease, state),
    order: since,
  };
}

function rankOf(lease: number, said: State): number {
  if (lease === UNHEARD) return UNHEARD_YET + weight(said);
  return lease === RUN_OUT ? LAPSED : LAPSED_BEFORE;
}

/**
 * A said Offline stays Offline. A Stopping that ended has stopped on purpose: since its last word, which is the goodbye
 * where there was one. Anything else is silence, or, over a gap, our ignorance.
 */
function unheardAs(
  said: State,
  since: number,
  seenAt: number,
  lease: number,
): Pick<Stance, 'state' | 'since'> {
  if (said === OFFLINE) return { state: OFFLINE, since };
  if (said === STOPPING && lease !== UNHEARD) return { state: STOPPED, since: seenAt };
  return lease === RUN_OUT ? { state: UNHEALTHY, since } : { state: UNKNOWN, since: seenAt };
}

export const isLiveOnline = (world: World, claim: number): boolean =>
  world.claims.state[claim] === ONLINE && isLive(world, claim);

/** The claim that counts for a shard; NONE: nobody claims it. */
export function strongest(world: World, bot: Bot, shard: number): number {
  let best = NONE;
  for (let claim = bot.firstClaim[shard]!; claim !== NONE; claim = world.claims.next[claim]!)
    if (best === NONE || outranks(world, claim, best)) best = claim;
  return best;
}

/** Live and Online first, then the latest since, then the higher cluster number. Values break every tie, so that a record put back says the same. */
function outranks(world: World, claim: number, other: number): boolean {
  const isLeased = isUnderLease(world, claim);
  if (isLeased !== isUnderLease(world, other)) return isLeased;
  const earlier = isLeased ? heldFrom(world, other) - heldFrom(world, claim) : 0;
  if (earlier !== 0) return earlier > 0;
  const a = stanceOf(world, claim);
  const b = stanceOf(world, other);
  if (a.rank !== b.rank) return a.rank > b.rank;
  return a.order !== b.order ? a.order > b.order : isHigher(world, claim, other);
}

/** By number, then by name: where all else is equal. */
export function isHigher(world: World, claim: number, other: number): boolean {
  const number = numberOf(world, claim);
  const otherNumber = numberOf(world, other);
  return number !== otherNumber ? number > otherNumber : nameOf(world, claim) > nameOf(world, other);
}

/** With leases required, no report without one changes a shard that an up, leased cluster claims (RULES 22). */
function isUnderLease(world: World, claim: number): boolean {
  const lease = world.claims.lease[claim]!;
  if (!world.rules.requireLease || (lease !== HELD && lease !== UNHEARD)) return false;
  const holder = holderOf(world, claim);
  return holder.kind === 'cluster' && holder.status === 'up' && holder.leaseHash !== NO_LEASE;
}

/**
 * Who claimed a shard first keeps the word while up and leased (RULES 35): else anybody with a token could register and say
 * Online of what is down. One who is stopping hands over.
 */
const heldFrom = ({ claims }: World, claim: number): number =>
  claims.state[claim] === STOPPING ? Number.MAX_VALUE : claims.heldFrom[claim]!;

function numberOf(world: World, claim: number): number {
  const holder = holderOf(world, claim);
  return holder.kind === 'cluster' ? holder.number : 0;
}

function nameOf(world: World, claim: number): string {
  const holder = holderOf(world, claim);
  return holder.kind === 'cluster' ? holder.identity : holder.kind;
}

/** The cluster behind a claim; undefined for an anonymous holder. */
export function hostOf(world: World, claim: number): Cluster | undefined {
  const holder = holderOf(world, claim);
  return holder.kind === 'cluster' ? holder : undefined;
}
