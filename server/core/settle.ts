// A shard's state follows from its claims (RULES 1), and what changes by it is a flip: of those an event makes 4,096 at most (RULES 42).
import { UNHEALTHY, UNKNOWN } from '../../public/shared/states.js';
import type { Change } from './change.js';
import { NONE, RUN_OUT } from './claim-table.js';
import { MOST_IN_LINE } from './flip-line.js';
import type { Flip } from './flips.js';
import { noteFlip } from './incidents.js';
import { noteRecovery } from './recoveries.js';
import { hostOf, isLiveOnline, isUnheard, stanceOf, strongest } from './stance.js';
import { clusterName, holderOf, type Bot, type Holder, type Word, type World } from './world.js';

/** Makes the shard's state follow from its claims, which changed at that time, and says what changed by it. */
export function settle(world: World, bot: Bot, shard: number, changedAt: number): Change[] {
  const before = bot.winner[shard]!;
  const winner = strongest(world, bot, shard);
  bot.winner[shard] = winner;
  const word = wordOf(world, bot, shard, { winner, about: winner === NONE ? before : winner, changedAt });
  const changes: Change[] = [];
  if (world.line.length > 0 || world.flipsLeft <= 0) world.line.join(word);
  else setState(world, word, changes);
  noteDoubleClaim(world, bot, shard, changes);
  if (before !== winner) noteHosts(world, bot, [before, winner], changes);
  return changes;
}

/** The same for every claimed shard of a bot. */
export function settleAll(world: World, bot: Bot, changedAt: number): Change[] {
  const changes: Change[] = [];
  for (let shard = 0; shard <= bot.largestId; shard++)
    if (bot.firstClaim[shard] !== NONE)
      for (const change of settle(world, bot, shard, changedAt)) changes.push(change);
  return changes;
}

/** Those who wait longest, as many as there is room for. */
export function settleWaiting(world: World, changes: Change[]): void {
  const { line } = world;
  while (world.flipsLeft > 0 || line.length > MOST_IN_LINE) {
    const word = line.next();
    if (!word) return;
    world.touch?.(word.bot);
    setState(world, word, changes);
  }
}

/** The claim that counts now; the one whose holder a flip is about; and when what it follows from changed. */
interface Why {
  winner: number;
  about: number;
  changedAt: number;
}

function wordOf(world: World, bot: Bot, shard: number, { winner, about, changedAt }: Why): Word {
  const { state, since } = winner === NONE ? { state: UNKNOWN, since: changedAt } : stanceOf(world, winner);
  const host = about === NONE ? undefined : hostOf(world, about)?.identity;
  const isSilent = winner !== NONE && world.claims.lease[winner] === RUN_OUT && state === UNHEALTHY;
  const cause = isSilent ? causeOf(holderOf(world, winner)) : null;
  // Unknown after a gap is no flip: the state it had and the state it comes back with are compared.
  const isOurs = state === UNKNOWN && winner !== NONE && isUnheard(world, winner);
  return { bot, shard, state, since, changedAt, isOurs, cause, host };
}

const causeOf = (holder: Holder): string | null => (holder.kind === 'cluster' ? clusterName(holder) : null);

function setState(world: World, word: Word, changes: Change[]): void {
  const { bot, shard, state, since, changedAt, isOurs } = word;
  const from = bot.state[shard]!;
  const isTold = isOurs || bot.flippedTo[shard] === state; // else what a gap left Unknown is given up, or said to be Unknown
  if (from === state && bot.since[shard] !== 0 && isTold) return;
  world.flipsLeft--;
  // A claim that counts only now may have been said long ago; but Unknown is where kept times come back.
  const at = from === UNKNOWN ? since : Math.max(since, changedAt);
  bot.state[shard] = state;
  bot.since[shard] = at;
  if (!isTold) recordFlip(world, word, at);
  if (shard >= bot.shardCount || from === state) return;
  bot.counts[from]!--;
  bot.counts[state]!++;
  changes.push({ type: 'shard', bot, shard, from, to: state });
}

function recordFlip(world: World, { bot, shard, state, cause, host }: Word, at: number): void {
  const from = bot.flippedTo[shard]!;
  bot.flippedTo[shard] = state;
  const flip: Flip = { at, bot: bot.key, shard, from, to: state, cause };
  if (host !== undefined) flip.host = host;
  world.flips.add(flip);
  noteFlip(bot.incidents, flip);
  noteRecovery(bot.recoveries, flip);
}

function noteDoubleClaim(world: World, bot: Bot, shard: number, changes: Change[]): void {
  const first = bot.firstClaim[shard]!;
  const isAlone = first === NONE || world.claims.next[first] === NONE;
  const holders = isAlone ? [] : onlineHolders(world, bot, shard);
  if (holders.length < 2) {
    if (bot.doubleClaims.delete(shard)) changes.push({ type: 'single-claim', bot, shard });
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
