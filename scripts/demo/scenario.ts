// What happens to the pretend fleet: a pure function of the time since it began and of the dice. Nothing is sent here.
import { OFFLINE, ONLINE, RESUMING, STARTING, STOPPING, type State } from '../../public/shared/states.js';
import type { Dice } from './dice.js';
import { aurora, biscuit, clusterCount, pico, type Member } from './fleet.js';

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

const BOOT_EVERY_MS = 400;
const IDENTIFY_AFTER_MS = 1_500;
const IDENTIFY_EVERY_MS = 200;

/** What happens, over and over: begins and lengths in ms of one round, which begins when all have booted. */
const FIRST_ROUND_AT_MS = 15_000;
const ROUND_MS = 180_000;
const ROLLING = { beginsMs: 5_000, everyMs: 6_500, stoppingMs: 2_000, goneMs: 1_000 };
const OUTAGE = { beginsMs: 30_000, shards: 5, offlineMs: 12_000, resumeEveryMs: 1_500 };
const NAP = { beginsMs: 70_000, offlineMs: 5_000, startingMs: 4_000 };
const ZOMBIE = { beginsMs: 95_000, silentMs: 40_000 };
const HICCUP = { everyMs: 6_000, chance: 0.12, shortestMs: 1_500, longestMs: 5_000 };

export const createScenario =
  (dice: Dice): Scenario =>
  (member, atMs) => {
    const bootedAtMs = member.bot === aurora ? member.index * BOOT_EVERY_MS : 0;
    if (atMs < bootedAtMs || isZombie(dice, member, atMs)) return null;
    const startedAtMs = startOf(member, atMs) ?? bootedAtMs;
    const shards = member.shards.map((id, place) => ({
      id,
      state: stateOf(dice, member, place, atMs, startedAtMs),
      latencyMs: latencyMs(dice, id, atMs),
    }));
    return { startedAtMs, shards };
  };

/** The round that a moment is in, and how far; rounds before the first do not count. */
function roundOf(atMs: number): { round: number; intoMs: number } {
  const since = atMs - FIRST_ROUND_AT_MS;
  const round = Math.floor(since / ROUND_MS);
  return { round, intoMs: round < 0 ? -Infinity : since - round * ROUND_MS };
}

/** The first of what may be going on; what stops nobody comes last. */
function stateOf(dice: Dice, member: Member, place: number, atMs: number, startedAtMs: number): State {
  return (
    ofRollingRestart(member, atMs) ??
    ofStart(place, atMs - startedAtMs) ??
    ofOutage(dice, member, place, atMs) ??
    ofNap(member, atMs) ??
    ofHiccup(dice, member, place, atMs) ??
    ONLINE
  );
}

/** A process identifies its shards one after the other. */
function ofStart(place: number, runningMs: number): State | undefined {
  return runningMs < IDENTIFY_AFTER_MS + place * IDENTIFY_EVERY_MS ? STARTING : undefined;
}

/** When the rolling restart began to stop this cluster, in ms of the round. */
const turnOf = (member: Member): number => ROLLING.beginsMs + member.index * ROLLING.everyMs;

/** When the rolling restart last started this cluster again; undefined: not yet. */
function startOf(member: Member, atMs: number): number | undefined {
  if (member.bot !== aurora) return undefined;
  const untilStart = FIRST_ROUND_AT_MS + turnOf(member) + ROLLING.stoppingMs + ROLLING.goneMs;
  const rounds = Math.floor((atMs - untilStart) / ROUND_MS);
  return rounds < 0 ? undefined : untilStart + rounds * ROUND_MS;
}

function ofRollingRestart(member: Member, atMs: number): State | undefined {
  if (member.bot !== aurora) return undefined;
  const intoTurnMs = roundOf(atMs).intoMs - turnOf(member);
  const isStopping = intoTurnMs >= 0 && intoTurnMs < ROLLING.stoppingMs + ROLLING.goneMs;
  return isStopping ? STOPPING : undefined;
}

/** Some neighbouring shards lose their connection at once, and come back one by one. */
function ofOutage(dice: Dice, member: Member, place: number, atMs: number): State | undefined {
  if (member.bot !== biscuit) return undefined;
  const { round, intoMs } = roundOf(atMs);
  const first = Math.floor(dice('outage', round) * (biscuit.shardCount - OUTAGE.shards));
  const order = place - first;
  const sinceMs = intoMs - OUTAGE.beginsMs;
  if (order < 0 || order >= OUTAGE.shards || sinceMs < 0) return undefined;
  if (sinceMs < OUTAGE.offlineMs) return OFFLINE;
  return sinceMs < OUTAGE.offlineMs + (order + 1) * OUTAGE.resumeEveryMs ? RESUMING : undefined;
}

/** The small bot is restarted by hand. */
function ofNap(member: Member, atMs: number): State | undefined {
  const sinceMs = roundOf(atMs).intoMs - NAP.beginsMs;
  if (member.bot !== pico || sinceMs < 0) return undefined;
  if (sinceMs < NAP.offlineMs) return OFFLINE;
  return sinceMs < NAP.offlineMs + NAP.startingMs ? STARTING : undefined;
}

/** A cluster that hangs: it says nothing for longer than its lease, and goes on as if nothing had been. */
function isZombie(dice: Dice, member: Member, atMs: number): boolean {
  const { round, intoMs } = roundOf(atMs);
  if (member.bot !== aurora || member.index !== Math.floor(dice('zombie', round) * (clusterCount / 2)))
    return false; // one of those that were restarted before
  return intoMs >= ZOMBIE.beginsMs && intoMs < ZOMBIE.beginsMs + ZOMBIE.silentMs;
}

/** Now and then one shard of a member loses its connection and resumes. */
function ofHiccup(dice: Dice, member: Member, place: number, atMs: number): State | undefined {
  const slot = Math.floor(atMs / HICCUP.everyMs);
  const key = `${member.identity}/${slot}`;
  if (member.bot === pico || dice('hiccup', key) >= HICCUP.chance) return undefined;
  if (place !== Math.floor(dice('which', key) * member.shards.length)) return undefined;
  const lengthMs = HICCUP.shortestMs + dice('long', key) * (HICCUP.longestMs - HICCUP.shortestMs);
  return atMs - slot * HICCUP.everyMs < lengthMs ? RESUMING : undefined;
}

/** Each shard has its own distance to Discord, and a slow tide over it. */
function latencyMs(dice: Dice, id: number, atMs: number): number {
  const distance = 30 + 50 * dice('distance', id);
  const tide = 8 * Math.sin(atMs / 20_000 + id);
  return Math.round((distance + tide) * 10) / 10;
}
