// A shard's state follows from its claims (RULES 1), and what changes by it is a flip: of those an event makes 4,096 at most (RULES 42).
import { UNHEALTHY, UNKNOWN, type State } from '../../../public/shared/states.js';
import { NONE, RUN_OUT } from './claim-table.js';
import type { HolderName } from '../fact.js';
import { MOST_IN_LINE } from './flip-line.js';
import type { Flip } from '../past/flips.js';
import { noteFlip } from '../past/incidents.js';
import { noteRecovery } from '../past/recoveries.js';
import { hostOf, isLiveOnline, isUnheard, stanceOf, strongest } from './stance.js';
import { revise, tell } from '../tell.js';
import { clusterName } from '../names.js';
import { holderOf, type Bot, type Holder, type Settled, type World } from '../world.js';

/** Makes the shard's state follow from its claims, which changed at that time, and tells what changed by it. */
export function settle(world: World, bot: Bot, shard: number, changedAt: number): void {
  const before = bot.winner[shard]!;
  const winner = strongest(world, bot, shard);
  bot.winner[shard] = winner;
  const settled = settledAs(world, bot, shard, { before, winner, changedAt });
  if (world.line.length > 0 || world.flipsLeft <= 0) world.line.join(settled);
  else setState(world, settled);
  noteDoubleClaim(world, bot, shard);
}

/** The same for every claimed shard of a bot. */
export function settleAll(world: World, bot: Bot, changedAt: number): void {
  for (let shard = 0; shard <= bot.largestId; shard++)
    if (bot.firstClaim[shard] !== NONE) settle(world, bot, shard, changedAt);
}

/** Those who wait longest, as many as there is room for. */
export function settleWaiting(world: World): void {
  const { line } = world;
  while (world.flipsLeft > 0 || line.length > MOST_IN_LINE) {
    const settled = line.next();
    if (!settled) return;
    world.touch?.(settled.bot);
    setState(world, settled);
  }
}

/** The claims that counted before and that count now, and when what follows from them changed. */
interface Why {
  before: number;
  winner: number;
  changedAt: number;
}

function settledAs(world: World, bot: Bot, shard: number, { before, winner, changedAt }: Why): Settled {
  const { state, since } = winner === NONE ? { state: UNKNOWN, since: changedAt } : stanceOf(world, winner);
  const isSilent = winner !== NONE && world.claims.lease[winner] === RUN_OUT && state === UNHEALTHY;
  const cause = isSilent ? causeOf(holderOf(world, winner)) : null;
  // Unknown after a gap is no flip: the state it had and the state it comes back with are compared.
  const isOurs = state === UNKNOWN && winner !== NONE && isUnheard(world, winner);
  const formerly = identityOf(world, before);
  const holder = winner === before ? formerly : identityOf(world, winner);
  const host = winner === NONE ? formerly : holder;
  return { bot, shard, state, since, changedAt, isOurs, cause, host, holder, formerly };
}

const causeOf = (holder: Holder): string | null => (holder.kind === 'cluster' ? clusterName(holder) : null);

const identityOf = (world: World, claim: number): string | null =>
  claim === NONE ? null : (hostOf(world, claim)?.identity ?? null);

function setState(world: World, settled: Settled): void {
  const { bot, shard, state, since, changedAt, isOurs } = settled;
  const from = bot.state[shard]!;
  const isTold = isOurs || bot.flippedTo[shard] === state; // else what a gap left Unknown is given up, or said to be Unknown
  if (from === state && bot.since[shard] !== 0 && isTold) return tellHolder(world, settled);
  world.flipsLeft--;
  // A claim that counts only now may have been said long ago; but Unknown is where kept times come back.
  const at = from === UNKNOWN ? since : Math.max(since, changedAt);
  bot.state[shard] = state;
  bot.since[shard] = at;
  if (!isTold) recordFlip(world, settled, at);
  if (from === state && isTold) return tellHolder(world, settled);
  if (shard < bot.shardCount) {
    bot.counts[from]!--;
    bot.counts[state]!++;
  }
  tellShard(world, settled, from, !isTold);
}

/** Only whose word it is may be new. */
function tellHolder(world: World, settled: Settled): void {
  if (settled.holder !== settled.formerly)
    tellShard(world, settled, settled.bot.state[settled.shard]!, false);
}

function tellShard(
  world: World,
  { bot, shard, cause, holder, formerly }: Settled,
  from: State,
  isFlip: boolean,
): void {
  revise(world, bot);
  reviseClaimants(world, bot, shard);
  const former = formerly === null ? undefined : world.clusters.get(formerly);
  if (former) revise(world, former); // it may have given it up
  const [to, since] = [bot.state[shard]!, bot.since[shard]!];
  tell(world, { type: 'shard', bot: bot.key, shard, from, to, since, cause, holder, formerly, isFlip });
}

/** Those who claim it, of whom there are rarely more than two: their rows say whose word counts. */
function reviseClaimants(world: World, bot: Bot, shard: number): void {
  for (let claim = bot.firstClaim[shard]!; claim !== NONE; claim = world.claims.next[claim]!) {
    const cluster = hostOf(world, claim);
    if (cluster) revise(world, cluster);
  }
}

function recordFlip(world: World, { bot, shard, state, cause, host }: Settled, at: number): void {
  const from = bot.flippedTo[shard]!;
  bot.flippedTo[shard] = state;
  const flip: Flip = { at, bot: bot.key, shard, from, to: state, cause };
  if (host !== null) flip.host = host;
  world.flips.add(flip);
  noteFlip(bot.incidents, flip);
  noteRecovery(bot.recoveries, flip);
}

function noteDoubleClaim(world: World, bot: Bot, shard: number): void {
  const first = bot.firstClaim[shard]!;
  const isAlone = first === NONE || world.claims.next[first] === NONE;
  const isDouble = !isAlone && areSeveralOnline(world, first);
  if (isDouble === bot.doubleClaims.has(shard)) return;
  if (isDouble) bot.doubleClaims.add(shard);
  else bot.doubleClaims.delete(shard);
  revise(world, bot);
  reviseClaimants(world, bot, shard);
  const holders = isDouble ? onlineHolders(world, bot, shard) : [];
  tell(world, { type: 'double-claim', bot: bot.key, shard, holders });
}

/** Looks no further than the second: there may be thousands. */
function areSeveralOnline(world: World, first: number): boolean {
  let online = 0;
  for (let claim = first; claim !== NONE && online < 2; claim = world.claims.next[claim]!)
    if (isLiveOnline(world, claim)) online++;
  return online === 2;
}

function onlineHolders(world: World, bot: Bot, shard: number): HolderName[] {
  const holders: HolderName[] = [];
  for (let claim = bot.firstClaim[shard]!; claim !== NONE; claim = world.claims.next[claim]!)
    if (isLiveOnline(world, claim)) holders.push(nameOf(holderOf(world, claim)));
  return holders;
}

const nameOf = (holder: Holder): HolderName =>
  holder.kind === 'cluster'
    ? { identity: holder.identity, name: clusterName(holder) }
    : { dialect: holder.kind };
