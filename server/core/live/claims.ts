// Claims are said, revived, lapse and are released here, and nowhere else; a shard's state follows from them (RULES 1–6).
import { OFFLINE, STOPPING, type State } from '../../../public/shared/states.js';
import { HELD, RAN_OUT_BEFORE, RUN_OUT, UNHEARD, UNSAID } from './claim-table.js';
import type { ShardRow } from '../event.js';
import { settle } from './settle.js';
import { noteOnline, noteShard } from './shard-count.js';
import { isLiveOnline, lapsesAt } from './stance.js';
import { reviseHolder } from '../tell.js';
import { holderOf, leaseMs, type Bot, type Cluster, type Holder, type World } from '../world.js';

/**
 * The holder says what state a shard of its bot is in. There is room for the shard in the bot. False: there are as many
 * claims as may be, and this would be one more.
 * A claim that is confirmed after a gap keeps its since; one that comes back from a lapse begins anew.
 */
export function say(world: World, holder: Holder, row: ShardRow, at: number): boolean {
  const { id, state } = row;
  const { claims } = world;
  const known = holder.claims.get(id);
  if (known === undefined && claims.size >= world.rules.maxClaims) return refuse(world, holder);
  const claim = known ?? addClaim(world, holder, id);
  if (known === undefined) claims.heldFrom[claim] = at;
  if (at < claims.seenAt[claim]!) return true;
  claims.latencyMs[claim] = Math.min(row.latencyMs ?? NaN, LARGEST);
  claims.guilds[claim] = row.guilds ?? UNSAID;
  claims.unavailable[claim] = row.unavailable ?? UNSAID;
  const lease = claims.lease[claim]!;
  const isSame =
    known !== undefined && claims.state[claim] === state && (lease === HELD || lease === UNHEARD);
  if (isSame && lease === HELD) {
    claims.seenAt[claim] = at; // most beats say nothing new: this is all they cost
    return true;
  }
  touch(world, claim, state, isSame ? claims.since[claim]! : at, at);
  settle(world, holder.bot, id, at);
  return true;
}

/** What 32 bits hold; beyond it they would say Infinity. */
const LARGEST = 3e38;
function refuse({ refusedClaims }: World, holder: Holder): false {
  refusedClaims.count++;
  refusedClaims.last = holder;
  return false;
}

/** A sign of life without a state: the state that the claim kept counts again. */
export function revive(world: World, claim: number, at: number): void {
  const { claims } = world;
  if (at < claims.seenAt[claim]!) return;
  const lease = claims.lease[claim]!;
  if (lease === HELD) {
    claims.seenAt[claim] = at;
    return;
  }
  const isNews = lease !== UNHEARD && claims.state[claim] !== OFFLINE;
  touch(world, claim, claims.state[claim]!, isNews ? at : claims.since[claim]!, at);
  settle(world, holderOf(world, claim).bot, claims.shard[claim]!, at);
}

/** A sign of life that makes a difference; keeps count of the holder's Online claims. */
function touch(world: World, claim: number, state: State, since: number, at: number): void {
  const { claims } = world;
  const holder = holderOf(world, claim);
  const wasOnline = isLiveOnline(world, claim);
  if (hadEnded(claims.lease[claim]!, claims.state[claim]!)) claims.heldFrom[claim] = at;
  claims.state[claim] = state;
  claims.since[claim] = since;
  claims.seenAt[claim] = at;
  claims.lease[claim] = HELD;
  const isOnline = isLiveOnline(world, claim);
  if (wasOnline !== isOnline) noteOnline(holder, isOnline ? 1 : -1);
  world.nextLapseAt = Math.min(world.nextLapseAt, at + leaseMs(world, holder));
}

/** It had lapsed, or was about to stop: whoever spoke for the shard meanwhile was there before it now. */
const hadEnded = (lease: number, state: number): boolean =>
  state === STOPPING || lease === RUN_OUT || lease === RAN_OUT_BEFORE;

/** The cluster comes back, or its identity changed hands: for all its shards it is a newcomer (RULES 35). */
export function beginAnew(world: World, { claims }: Holder, at: number): void {
  for (const claim of claims.values()) world.claims.heldFrom[claim] = at;
}

/** The claim has outlived its lease. What had done so before a gap goes on being silent since then. */
export function lapse(world: World, claim: number): void {
  const { claims } = world;
  const holder = holderOf(world, claim);
  const { bot } = holder;
  world.touch?.(bot);
  if (holder.kind === 'cluster') world.touch?.(holder);
  if (isLiveOnline(world, claim)) noteOnline(holder, -1);
  const shard = claims.shard[claim]!;
  const ranOutAt = claims.lease[claim] === RAN_OUT_BEFORE ? claims.since[claim]! : lapsesAt(world, claim);
  claims.lease[claim] = RUN_OUT;
  if (claims.state[claim] !== OFFLINE) claims.since[claim] = ranOutAt;
  const hasStopped = claims.state[claim] === STOPPING; // when it did, and not when its lease ran out
  const stoppedAt = Math.max(claims.seenAt[claim]!, bot.since[shard]!);
  settle(world, bot, shard, hasStopped ? stoppedAt : ranOutAt);
}

/** Whatever the claim said, nobody could be heard for longer than its lease. The caller settles its shard. */
export function doubt(world: World, claim: number): void {
  if (isLiveOnline(world, claim)) noteOnline(holderOf(world, claim), -1);
  const { lease } = world.claims;
  if (lease[claim] === HELD) lease[claim] = UNHEARD;
  else if (lease[claim] === RUN_OUT) lease[claim] = RAN_OUT_BEFORE;
}

/** The holder no longer hosts the shard. */
export function release(world: World, holder: Holder, shard: number, at: number): void {
  const claim = holder.claims.get(shard);
  if (claim === undefined) return;
  if (isLiveOnline(world, claim)) noteOnline(holder, -1);
  holder.claims.delete(shard);
  unchain(world, holder.bot, shard, claim);
  settle(world, holder.bot, shard, at);
  reviseHolder(world, holder);
  world.claims.free(claim);
}

/** A claim without a word yet: the caller says one. */
export function addClaim(world: World, holder: Holder, shard: number): number {
  const claim = world.claims.add(holder.id, shard);
  holder.claims.set(shard, claim);
  world.claims.next[claim] = holder.bot.firstClaim[shard]!;
  holder.bot.firstClaim[shard] = claim;
  noteShard(holder.bot, shard);
  return claim;
}

function unchain(world: World, bot: Bot, shard: number, claim: number): void {
  const { next } = world.claims;
  if (bot.firstClaim[shard] === claim) {
    bot.firstClaim[shard] = next[claim]!;
    return;
  }
  let before = bot.firstClaim[shard]!;
  while (next[before] !== claim) before = next[before]!;
  next[before] = next[claim]!;
}

/** The cluster's lease or status changed, and with it whose word counts for its shards. */
export function resettle(world: World, cluster: Cluster, at: number): void {
  if (world.rules.requireLease) settleClaimed(world, cluster, at);
}

/** The same where its number is another: of equals the higher counts. */
export function settleClaimed(world: World, { claims, bot }: Cluster, at: number): void {
  for (const shard of claims.keys()) settle(world, bot, shard, at);
}
