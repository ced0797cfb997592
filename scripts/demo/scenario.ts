// What happens to the pretend fleet: a pure function of the time since it began and of the dice, made of acts. Nothing is sent here.
import { ONLINE, STARTING, type State } from '../../public/shared/states.js';
import type { Dice } from './dice.js';
import type { Member } from './fleet.js';

export interface PretendShard {
  id: number;
  state: State;
  latencyMs: number;
}

/** How a member is at one moment. */
export interface Moment {
  /** When its process started, ms on the scenario's clock: another value is another process. */
  startedAtMs: number;
  shards: PretendShard[];
}

/** Null: nothing is heard of the member. `atMs` counts from the scenario's begin. */
export type Scenario = (member: Member, atMs: number) => Moment | null;

/** One thing that happens. Its words are the timetable that people who watch are given. */
export interface Act {
  when: string;
  what: string;
  play: (member: Member, atMs: number, dice: Dice) => Doing;
}

/** What an act does to a member at a moment. */
export type Doing = typeof NOTHING | typeof SILENCE | Trouble;

export interface Trouble {
  /** When it last started the process. */
  startedAtMs?: number | undefined;
  /** The state of the shard at that place of the member's list; undefined: it is not concerned. */
  stateOf?: ((place: number) => State | undefined) | undefined;
}

export const NOTHING = 'nothing';
/** Nothing is heard of the member. The member client cannot be silenced: acts spare those who use it. */
export const SILENCE = 'silence';

const BOOT = { everyMs: 400, allWithinMs: 6_000 };
const IDENTIFY = { afterMs: 1_500, everyMs: 200, allWithinMs: 3_200 };

export const createScenario =
  (acts: readonly Act[], dice: Dice): Scenario =>
  (member, atMs) => {
    const bootedAtMs = evenly(BOOT, member.index, member.memberCount);
    if (atMs < bootedAtMs) return null;
    const troubles: Trouble[] = [];
    for (const act of acts) {
      const doing = act.play(member, atMs, dice);
      if (doing === SILENCE) return null;
      if (doing !== NOTHING) troubles.push(doing);
    }
    const startedAtMs = Math.max(bootedAtMs, ...troubles.map((trouble) => trouble.startedAtMs ?? 0));
    const shards = member.shards.map((id, place) => ({
      id,
      state: stateOf(member, place, atMs - startedAtMs, troubles),
      latencyMs: latencyMs(dice, id, atMs),
    }));
    return { startedAtMs, shards };
  };

/** A process identifies its shards one after the other; the first act that concerns a shard then says how it is. */
function stateOf({ shards }: Member, place: number, runningMs: number, troubles: Trouble[]): State {
  if (runningMs < IDENTIFY.afterMs + evenly(IDENTIFY, place, shards.length)) return STARTING;
  for (const trouble of troubles) {
    const state = trouble.stateOf?.(place);
    if (state !== undefined) return state;
  }
  return ONLINE;
}

/** One every so often, faster where there are many: those who watch do not wait for longer. */
const evenly = (pace: { everyMs: number; allWithinMs: number }, index: number, count: number): number =>
  index * Math.min(pace.everyMs, pace.allWithinMs / count);

/** Each shard has its own distance to Discord, and a slow tide over it. */
function latencyMs(dice: Dice, id: number, atMs: number): number {
  const distance = 30 + 50 * dice('distance', id);
  const tide = 8 * Math.sin(atMs / 20_000 + id);
  return Math.round((distance + tide) * 10) / 10;
}
