// Whose word counts for a shard (RULES 1–6): claims are said, revived, lapse and are released here, and nowhere else.
import { OFFLINE, ONLINE, STOPPING, UNHEALTHY, UNKNOWN, type State } from '../../public/shared/states.js';
import type { Change } from './change.js';
import { HELD, NONE, RUN_OUT } from './claim-table.js';
import type { ShardRow } from './event.js';
import type { Flip } from './flips.js';
import { noteFlip } from './incidents.js';
import { noteRecovery } from './recoveries.js';
import { noteOnline, noteShard } from './shard-count.js';
import { clusterName, holderOf, leaseMs, type Bot, type Cluster, type Holder, type World } from './world.js';

/** A restored claim was not heard from since we started: its state is kept, and shown as Unknown. */
const isRestored = (world: World, claim: number): boolean =>
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
interface Stance {
  state: State;
  since: number;
  rank: number;
  /** Between equals the later one counts. */
  order: number;
}

function stanceOf(world: World, claim: number): Stance {
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
  return { state: UNKNOWN, since: world.startedAt, ...place };
}

/** A said Offline stays Offline; a said Stopping has stopped on purpose; anything else is silence. */
function lapsedStance(world: World, claim: number): Stance {
  const state = world.claims.state[claim]!;
  const order = silentSince(world, claim);
  if (state === OFFLINE) return { state, since: order, rank: LAPSED, order };
  const since = Math.max(order, world.startedAt);
  return { state: state === STOPPING ? OFFLINE : UNHEALTHY, since, rank: LAPSED, order };
}

/** Since when a lapsed claim is what it is: since it was said, for Offline; else since its lease ran out. */
function silentSince(world: World, claim: number): number {
  if (world.claims.state[claim] === OFFLINE) return world.claims.since[claim]!;
  return world.claims.seenAt[claim]! + leaseMs(world, holderOf(world, claim));
}

/** Shared, for it is the answer to nearly every beat. */
const NOTHING: Change[] = [];

/**
 * The holder says what state a shard of its bot is in. There is room for the shard in the bot.
 * A restored claim that is confirmed keeps its since; one that comes back from a lapse begins anew.
 */
export function say(
  world: World,
  holder: Holder,
  { id, state, latencyMs }: ShardRow,
  at: number,
): readonly Change[] {
  const { claims } = world;
  const known = holder.claims.get(id);
  const claim = known ?? addClaim(world, holder, id);
  if (at < claims.seenAt[claim]!) return [];
  claims.latencyMs[claim] = latencyMs ?? NaN;
  const isSame = known !== undefined && claims.state[claim] === state && claims.lease[claim] === HELD;
  if (isSame && isLive(world, claim)) {
    claims.seenAt[claim] = at; // most beats say nothing new: this is all they cost
    return NOTHING;
  }
  touch(world, claim, state, isSame ? claims.since[claim]! : at, at);
  return settle(world, holder.bot, id, at);
}

/** A sign of life without a state: the state that the claim kept counts again. */
export function revive(world: World, claim: number, at: number): Change[] {
  const { claims } = world;
  if (at < claims.seenAt[claim]!) return [];
  if (isLive(world, claim)) {
    claims.seenAt[claim] = at;
    return [];
  }
  const isNews = claims.lease[claim] !== HELD && claims.state[claim] !== OFFLINE;
  touch(world, claim, claims.state[claim]!, isNews ? at : claims.since[claim]!, at);
  return settle(world, holderOf(world, claim).bot, claims.shard[claim]!, at);
}

/** A sign of life that makes a difference; keeps count of the holder's Online claims. */
function touch(world: World, claim: number, state: State, since: number, at: number): void {
  const { claims } = world;
  const holder = holderOf(world, claim);
  const wasOnline = isLiveOnline(world, claim);
  claims.state[claim] = state;
  claims.since[claim] = since;
  claims.seenAt[claim] = at;
  claims.lease[claim] = HELD;
  const isOnline = isLiveOnline(world, claim);
  if (wasOnline !== isOnline) noteOnline(holder, isOnline ? 1 : -1);
  world.nextLapseAt = Math.min(world.nextLapseAt, at + leaseMs(world, holder));
}

const isLiveOnline = (world: World, claim: number): boolean =>
  world.claims.state[claim] === ONLINE && isLive(world, claim);

/** The claim has outlived its lease. */
export function lapse(world: World, claim: number): Change[] {
  const holder = holderOf(world, claim);
  if (isLiveOnline(world, claim)) noteOnline(holder, -1);
  world.claims.lease[claim] = RUN_OUT;
  const ranOutAt = Math.max(world.claims.seenAt[claim]! + leaseMs(world, holder), world.startedAt);
  return settle(world, holder.bot, world.claims.shard[claim]!, ranOutAt);
}

/** The holder no longer hosts the shard. */
export function release(world: World, holder: Holder, shard: number, at: number): Change[] {
  const claim = holder.claims.get(shard);
  if (claim === undefined) return [];
  if (isLiveOnline(world, claim)) noteOnline(holder, -1);
  holder.claims.delete(shard);
  unchain(world, holder.bot, shard, claim);
  const changes = settle(world, holder.bot, shard, at);
  world.claims.free(claim);
  return changes;
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

/** Makes the shard's state follow from its claims, which changed at that time, and says what changed by it. */
function settle(world: World, bot: Bot, shard: number, changedAt: number): Change[] {
  const before = bot.winner[shard]!;
  const winner = strongest(world, bot, shard);
  bot.winner[shard] = winner;
  const stance = winner === NONE ? { state: UNKNOWN, since: changedAt } : stanceOf(world, winner);
  const changes = setState(world, bot, shard, stance.state, stance.since, winner, changedAt);
  noteDoubleClaim(world, bot, shard, changes);
  if (before !== winner) noteHosts(world, bot, [before, winner], changes);
  return changes;
}

/** Settles every claimed shard of a bot that was just restored; nobody is told, for nobody listens yet. */
export function settleRestored(world: World, bot: Bot): void {
  for (let shard = 0; shard <= bot.largestId; shard++)
    if (bot.firstClaim[shard] !== NONE) settle(world, bot, shard, world.startedAt);
}

function strongest(world: World, bot: Bot, shard: number): number {
  let best = NONE;
  for (let claim = bot.firstClaim[shard]!; claim !== NONE; claim = world.claims.next[claim]!)
    if (best === NONE || beats(world, claim, best)) best = claim;
  return best;
}

/** Live and Online first, then the latest since, then the higher cluster number. */
function beats(world: World, challenger: number, holder: number): boolean {
  const a = stanceOf(world, challenger);
  const b = stanceOf(world, holder);
  if (a.rank !== b.rank) return a.rank > b.rank;
  if (a.order !== b.order) return a.order > b.order;
  return numberOf(world, challenger) > numberOf(world, holder);
}

function numberOf(world: World, claim: number): number {
  const holder = holderOf(world, claim);
  return holder.kind === 'cluster' ? holder.number : 0;
}

function setState(
  world: World,
  bot: Bot,
  shard: number,
  state: State,
  since: number,
  winner: number,
  changedAt: number,
): Change[] {
  const from = bot.state[shard]!;
  if (from === state && bot.since[shard] !== 0) return [];
  // A claim that counts only now may have been said long ago; but Unknown is where kept times come back.
  const at = from === UNKNOWN ? since : Math.max(since, changedAt);
  bot.state[shard] = state;
  bot.since[shard] = at;
  recordFlip(world, bot, shard, state, at, winner);
  if (shard >= bot.shardCount || from === state) return [];
  bot.counts[from]!--;
  bot.counts[state]!++;
  return [{ type: 'shard', bot, shard, from, to: state }];
}

/** Unknown after a restart is our ignorance, not a flip: the state it had and the state it comes back with are compared. */
function recordFlip(
  world: World,
  bot: Bot,
  shard: number,
  state: State,
  since: number,
  winner: number,
): void {
  const from = bot.flippedTo[shard]!;
  const isOurIgnorance = state === UNKNOWN && winner !== NONE && isRestored(world, winner);
  if (from === state || isOurIgnorance) return;
  bot.flippedTo[shard] = state;
  const cause = winner === NONE ? null : causeOf(world, winner);
  const flip: Flip = { at: since, bot: bot.key, shard, from, to: state, cause };
  if (winner !== NONE && state === OFFLINE && isStoppedOnPurpose(world, winner)) flip.planned = true;
  world.flips.add(flip);
  noteFlip(bot.incidents, flip);
  noteRecovery(bot.recoveries, flip);
}

const isStoppedOnPurpose = (world: World, claim: number): boolean =>
  world.claims.lease[claim] === RUN_OUT && world.claims.state[claim] === STOPPING;

function causeOf(world: World, claim: number): string | null {
  const holder = holderOf(world, claim);
  const isSilent = world.claims.lease[claim] === RUN_OUT && stanceOf(world, claim).state === UNHEALTHY;
  return isSilent && holder.kind === 'cluster' ? clusterName(holder) : null;
}

function noteDoubleClaim(world: World, bot: Bot, shard: number, changes: Change[]): void {
  const first = bot.firstClaim[shard]!;
  const isAlone = first === NONE || world.claims.next[first] === NONE;
  const holders = isAlone ? [] : onlineHolders(world, bot, shard);
  if (holders.length < 2) {
    bot.doubleClaims.delete(shard);
  } else if (!bot.doubleClaims.has(shard)) {
    bot.doubleClaims.add(shard);
    changes.push({ type: 'double-claim', bot, shard, holders });
  }
}

function onlineHolders(world: World, bot: Bot, shard: number): Holder[] {
  const holders: Holder[] = [];
  for (let claim = bot.firstClaim[shard]!; claim !== NONE; claim = world.claims.next[claim]!)
    if (isLiveOnline(world, claim)) holders.push(holderOf(world, claim));
  return holders;
}

/** The clusters whose list of hosted shards changed with the winner. */
function noteHosts(world: World, bot: Bot, claims: number[], changes: Change[]): void {
  for (const claim of claims) {
    const cluster = claim === NONE ? undefined : hostOf(world, claim);
    if (cluster) changes.push({ type: 'cluster', bot, cluster, formerly: null });
  }
}

/** The cluster behind a claim; undefined for an anonymous holder. */
export function hostOf(world: World, claim: number): Cluster | undefined {
  const holder = holderOf(world, claim);
  return holder.kind === 'cluster' ? holder : undefined;
}
