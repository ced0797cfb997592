// Everything at once: shards in any state, clusters restarted and clusters silent, all by chance.
import {
  OFFLINE,
  RESUMING,
  STARTING,
  STOPPING,
  UNHEALTHY,
  UNKNOWN,
  type State,
} from '../../../public/shared/states.js';
import type { Dice } from '../dice.js';
import { aurora, type Member } from '../fleet.js';
import { whenOf } from '../rhythm.js';
import { NOTHING, SILENCE, type Act } from '../scenario.js';
import { SILENT_MS } from './zombie.js';

const FROM_MS = 15_000;
/** In each slot a thing happens by chance, and begins somewhere in its first part: so it ends within the slot. */
const SILENT = { everyMs: 150_000, chance: 0.15, beginsWithinMs: 90_000 };
const RESTART = { everyMs: 60_000, chance: 0.2, beginsWithinMs: 40_000 };
const SHARD = { everyMs: 20_000, chance: 0.25, beginsWithinMs: 8_000 };
const DOWN_MS = 3_000;
const TROUBLE_MS = { shortest: 3_000, longest: 12_000 };
const STATES: State[] = [OFFLINE, OFFLINE, UNHEALTHY, RESUMING, RESUMING, STARTING, STOPPING, UNKNOWN];

export const chaos: Act = {
  when: whenOf({ firstAtMs: FROM_MS, everyMs: 0 }, 0),
  what: 'everything at once: shards in any state, clusters restarted, clusters of Aurora silent',
  play: (member, atMs, dice) => {
    if (atMs < FROM_MS) return NOTHING;
    if (isSilent(member, atMs, dice)) return SILENCE;
    const stoppedAtMs = lastRestartMs(member, atMs, dice);
    const cameBackOfMs = lastRestartMs(member, atMs - DOWN_MS, dice);
    return {
      startedAtMs: cameBackOfMs === undefined ? undefined : cameBackOfMs + DOWN_MS,
      stateOf:
        stoppedAtMs === cameBackOfMs
          ? (place) => ofShard(member.shards[place]!, member, atMs, dice)
          : () => STOPPING,
    };
  },
};

interface Slots {
  everyMs: number;
  chance: number;
  beginsWithinMs: number;
}

/** The slot of that number; each has its own phase, or all would have their troubles together. */
const slotBeginMs = ({ everyMs }: Slots, slot: number, dice: Dice, about: string): number =>
  FROM_MS + (slot + dice(about, 'phase')) * everyMs;

const slotAt = (slots: Slots, atMs: number, dice: Dice, about: string): number =>
  Math.floor((atMs - slotBeginMs(slots, 0, dice, about)) / slots.everyMs);

/** When it happens in a slot; undefined: not in this one. */
function beginIn(slots: Slots, slot: number, dice: Dice, about: string): number | undefined {
  if (slot < 0 || dice(about, slot) >= slots.chance) return undefined;
  return slotBeginMs(slots, slot, dice, about) + dice(about, slot, 'begin') * slots.beginsWithinMs;
}

function isSilent({ bot, identity }: Member, atMs: number, dice: Dice): boolean {
  if (bot.key !== aurora.key) return false;
  const about = `silent/${identity}`;
  const beganAtMs = beginIn(SILENT, slotAt(SILENT, atMs, dice, about), dice, about);
  return beganAtMs !== undefined && atMs >= beganAtMs && atMs < beganAtMs + SILENT_MS;
}

/** The last one that has begun, in this slot or one before; bots without clusters are not restarted. */
function lastRestartMs({ fleet, identity }: Member, atMs: number, dice: Dice): number | undefined {
  const about = `restart/${identity}`;
  for (let slot = fleet === '' ? -1 : slotAt(RESTART, atMs, dice, about); slot >= 0; slot--) {
    const beganAtMs = beginIn(RESTART, slot, dice, about);
    if (beganAtMs !== undefined && beganAtMs <= atMs) return beganAtMs;
  }
  return undefined;
}

function ofShard(id: number, { bot }: Member, atMs: number, dice: Dice): State | undefined {
  const about = `${bot.key}/${id}`;
  const slot = slotAt(SHARD, atMs, dice, about);
  const beganAtMs = beginIn(SHARD, slot, dice, about);
  if (beganAtMs === undefined || atMs < beganAtMs) return undefined;
  const lengthMs =
    TROUBLE_MS.shortest + dice(about, slot, 'long') * (TROUBLE_MS.longest - TROUBLE_MS.shortest);
  if (atMs >= beganAtMs + lengthMs) return undefined;
  return STATES[Math.floor(dice(about, slot, 'state') * STATES.length)];
}
