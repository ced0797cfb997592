// What each claim on a shard amounts to now, and which of them counts (RULES 2–4 and 11).
import {
  OFFLINE,
  ONLINE,
  STOPPED,
  STOPPING,
  UNHEALTHY,
  UNKNOWN,
  type State,
} from '../../public/shared/states.js';
import { HELD, NONE, RUN_OUT } from './claim-table.js';
import { NO_LEASE } from './leases.js';
import { holderOf, leaseMs, type Bot, type Cluster, type World } from './world.js';

/** A restored claim was not heard from since we started: its state is kept, and shown as Unknown. */
export const isRestored = (world: World, claim: number): boolean =>
  world.claims.lease[claim] !== RUN_OUT && world.claims.seenAt[claim]! < world.startedAt;

export const isLive = (world: World, claim: number): boolean =>
  world.claims.lease[claim] === HELD && world.claims.seenAt[claim]! >= world.startedAt;

/** When silence stops being fine. For what was restored, that is one grace lease from when we listen. */
export function lapsesAt(world: World, claim: number): number {
  const seenAt = world.claims.seenAt[claim]!;
  const from = seenAt < world.startedAt ? world.listeningAt : seenAt;
  return from + leaseMs(world, holderOf(world, claim));
}

/** Which claim counts: the higher. What was said adds 0 to 2 to the rank of a claim whose lease holds. */
const LAPSED = 0;
const LAPSED_BEFORE = 1;
const RESTORED = 2;
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
  if (lease === RUN_OUT) return lapsedStance(world, claim);
  if (isLive(world, claim)) return { state, since, rank: LIVE + weight(state), order: since };
  const place =
    lease === HELD
      ? { rank: RESTORED + weight(state), order: since }
      : { rank: LAPSED_BEFORE, order: silentSince(world, claim) };
  if (state === OFFLINE) return { state, since, ...place };
  if (lease !== HELD && state === STOPPING) return { ...stopped(world, claim), ...place };
  return { state: UNKNOWN, since: world.startedAt, ...place };
}

/** A said Offline stays Offline; a said Stopping has stopped on purpose; anything else is silence. */
function lapsedStance(world: World, claim: number): Stance {
  const state = world.claims.state[claim]!;
  const order = silentSince(world, claim);
  if (state === OFFLINE) return { state, since: order, rank: LAPSED, order };
  if (state === STOPPING) return { ...stopped(world, claim), rank: LAPSED, order };
  return { state: UNHEALTHY, since: Math.max(order, world.startedAt), rank: LAPSED, order };
}

/** Since its last word, which is the goodbye where there was one: no restart of ours changes that. */
const stopped = (world: World, claim: number): Pick<Stance, 'state' | 'since'> => ({
  state: STOPPED,
  since: world.claims.seenAt[claim]!,
});

/** Since when a lapsed claim is what it is: since it was said, for Offline; else since its lease ran out. */
function silentSince(world: World, claim: number): number {
  if (world.claims.state[claim] === OFFLINE) return world.claims.since[claim]!;
  return world.claims.seenAt[claim]! + leaseMs(world, holderOf(world, claim));
}

export const isLiveOnline = (world: World, claim: number): boolean =>
  world.claims.state[claim] === ONLINE && isLive(world, claim);

/** The claim that counts for a shard; NONE: nobody claims it. */
export function strongest(world: World, bot: Bot, shard: number): number {
  let best = NONE;
  for (let claim = bot.firstClaim[shard]!; claim !== NONE; claim = world.claims.next[claim]!)
    if (best === NONE || beats(world, claim, best)) best = claim;
  return best;
}

/** Live and Online first, then the latest since, then the higher cluster number. */
function beats(world: World, challenger: number, holder: number): boolean {
  const isLeased = isUnderLease(world, challenger);
  if (isLeased !== isUnderLease(world, holder)) return isLeased;
  const a = stanceOf(world, challenger);
  const b = stanceOf(world, holder);
  if (a.rank !== b.rank) return a.rank > b.rank;
  if (a.order !== b.order) return a.order > b.order;
  return numberOf(world, challenger) > numberOf(world, holder);
}

/** With leases required, no report without one changes a shard that an up, leased cluster claims (RULES 22). */
function isUnderLease(world: World, claim: number): boolean {
  if (!world.rules.requireLease || world.claims.lease[claim] !== HELD) return false;
  const holder = holderOf(world, claim);
  return holder.kind === 'cluster' && holder.status === 'up' && holder.leaseHash !== NO_LEASE;
}

function numberOf(world: World, claim: number): number {
  const holder = holderOf(world, claim);
  return holder.kind === 'cluster' ? holder.number : 0;
}

/** The cluster behind a claim; undefined for an anonymous holder. */
export function hostOf(world: World, claim: number): Cluster | undefined {
  const holder = holderOf(world, claim);
  return holder.kind === 'cluster' ? holder : undefined;
}
