// Time passing: clusters and claims whose lease ran out. Looks at all of them only when one can have run out.
import { NONE, RUN_OUT } from './claim-table.js';
import { lapse } from './claims.js';
import { sweepClusters } from './presence.js';
import { settleWaiting } from './settle.js';
import { isHigher, lapsesAt } from './stance.js';
import { reviseHolder } from '../tell.js';
import { holderOf, type World } from '../world.js';

/** Flips that wait in line come first. What there is no room for (RULES 42) is for the next sweep, which may come at once. */
export function sweep(world: World, at: number): void {
  settleWaiting(world);
  if (world.due.length === 0 && at > world.nextLapseAt) {
    const nextLapseAt = sweepClusters(world, at);
    world.nextLapseAt = Math.min(nextLapseAt, findDue(world, at));
  }
  lapseDue(world, at);
}

/** One event had no room for all of it: a sweep is due, whatever the time. */
export const isBehind = ({ line, due }: World): boolean => line.length > 0 || due.length > 0;

function lapseDue(world: World, at: number): void {
  for (let room = world.mostFlips; room > 0 && world.flipsLeft > 0; room--) {
    const claim = world.due.pop();
    if (claim === undefined) break;
    if (!isDue(world, claim, at)) continue; // it was heard meanwhile
    lapse(world, claim);
    reviseHolder(world, holderOf(world, claim));
  }
}

const isDue = (world: World, claim: number, at: number): boolean =>
  world.claims.holder[claim] !== NONE && world.claims.lease[claim] !== RUN_OUT && at > lapsesAt(world, claim);

/**
 * Leaves in `world.due` whose lease ran out, the first one last: by when it did, bot, shard and holder, which is the same in
 * every world that knows the same, whatever row a claim has. When the next lease can run out.
 */
function findDue(world: World, at: number): number {
  const { claims, bots } = world;
  const byTime = new Map<number, number[]>();
  let nextLapseAt = Infinity;
  for (const { largestId, firstClaim } of bots.values())
    for (let shard = 0; shard <= largestId; shard++)
      for (let claim = firstClaim[shard]!; claim !== NONE; claim = claims.next[claim]!) {
        if (claims.lease[claim] === RUN_OUT) continue;
        const runsOutAt = lapsesAt(world, claim);
        if (at <= runsOutAt) nextLapseAt = Math.min(nextLapseAt, runsOutAt);
        else noteDue(world, byTime, runsOutAt, claim);
      }
  const times = [...byTime.keys()].sort((a, b) => b - a);
  world.due = times.flatMap((time) => byTime.get(time)!.reverse());
  return nextLapseAt;
}

/** A lower holder of the same shard comes first; they are together in the table's chain, and few. */
function noteDue(world: World, byTime: Map<number, number[]>, time: number, claim: number): void {
  const together = byTime.get(time);
  if (!together) return void byTime.set(time, [claim]);
  let place = together.length;
  while (
    place > 0 &&
    isSameShard(world, together[place - 1]!, claim) &&
    isHigher(world, together[place - 1]!, claim)
  )
    place--;
  if (place === together.length) together.push(claim);
  else together.splice(place, 0, claim);
}

const isSameShard = (world: World, one: number, other: number): boolean =>
  world.claims.shard[one] === world.claims.shard[other] &&
  holderOf(world, one).bot === holderOf(world, other).bot;
