// How processes are restarted on purpose: their shards are stopping, then a new process starts them again.
import { STOPPING } from '../../../public/shared/states.js';
import { aurora, type Member } from '../fleet.js';
import { lastTurnMs, whenOf, type Rhythm, type Turns } from '../rhythm.js';
import { NOTHING, type Act, type Trouble } from '../scenario.js';

const DOWN_MS = 3_000;
const TURN_MS = 6_500;
const TURNS_PER_ROUND = 15;
/** One cluster has at least so many turns to come back in, however few there are. */
const MIN_TURNS = 3;

export const ROLLING_RESTART_MS = TURNS_PER_ROUND * TURN_MS;

/** Cluster after cluster of the big bot; of more clusters than turns, the next round takes the next ones. */
export function rollingRestart(rhythm: Rhythm): Act {
  const turns = { ...rhythm, turnsPerRound: TURNS_PER_ROUND, turnMs: TURN_MS };
  return {
    when: whenOf(rhythm, ROLLING_RESTART_MS),
    what: `a rolling restart of Aurora, a cluster every ${TURN_MS / 1_000} s`,
    play: (member, atMs) =>
      member.bot.key === aurora.key
        ? restartOf(turns, member, Math.max(member.memberCount, MIN_TURNS), atMs)
        : NOTHING,
  };
}

/** What it is for a member to be restarted at each of its turns, of which `count` members or more have some. */
export function restartOf(turns: Turns, { index }: Member, count: number, atMs: number): Trouble {
  const stoppedAtMs = lastTurnMs(turns, index, count, atMs);
  const cameBackOfMs = lastTurnMs(turns, index, count, atMs - DOWN_MS);
  return {
    startedAtMs: cameBackOfMs === undefined ? undefined : cameBackOfMs + DOWN_MS,
    stateOf: stoppedAtMs === cameBackOfMs ? undefined : () => STOPPING,
  };
}
