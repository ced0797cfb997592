// Reads the rows and fields of reports by their schemas; a mistake is told by the name of its field.
import * as z from 'zod';
import { stateNames, stateOf } from '../../public/shared/states.js';
import type { ShardRow } from '../core/event.js';
import { BOT_KEY, MAX_SHARD_COUNT } from '../core/registry/registry.js';
import type { Dropped } from './dropped.js';

export const botKey = z.string().regex(BOT_KEY, 'must be 1 to 64 characters of A-Z, a-z, 0-9, "_" and "-"');

export const COUNT = `must be a whole number from 1 to ${MAX_SHARD_COUNT}`;
export const shardCount = z.int(COUNT).min(1, COUNT).max(MAX_SHARD_COUNT, COUNT);

/** Rows of one report, in any dialect. */
export const MAX_ROWS = 16_384;
export const TOO_MANY_ROWS = `shards: must be at most ${MAX_ROWS} shards`;

const MAX_GUILDS = 10_000_000;
const GUILDS = `must be a whole number from 0 to ${MAX_GUILDS}, or null`;
const LATENCY = 'must be a number of milliseconds, or null';

/** `dropped`: an optional field was wrong, and counts as not said. */
export type ReadRow = { ok: true; row: ShardRow; dropped?: Dropped } | { ok: false; error: string };

const no = (error: string): ReadRow => Object.freeze({ ok: false, error });

const NO_OBJECT = no('must be an object');
const WRONG_ID = no(`id: must be a whole number from 0 to ${MAX_SHARD_COUNT - 1}`);
const WRONG_STATE = no(`state: must be 0 to 6 or one of ${stateNames.join(', ')}`);

/**
 * One row of a shard list, as the batch route and clusters send it. Unknown fields are fine. Rows are most of what a report
 * costs, so they are read by hand: a bad one costs no more than a good one.
 */
export function readRow(value: unknown): ReadRow {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return NO_OBJECT;
  const said = value as Record<string, unknown>;
  const { id, latency_ms: latency, guilds, unavailable } = said;
  if (typeof id !== 'number' || !isWhole(id, MAX_SHARD_COUNT - 1)) return WRONG_ID;
  const state = stateOf(said['state']);
  if (state === undefined) return WRONG_STATE;
  const row: ShardRow = { id, state, latencyMs: latencyOf(latency) };
  if (isGuilds(guilds)) row.guilds = guilds;
  if (isGuilds(unavailable)) row.unavailable = unavailable;
  const dropped = wrongOption(latency, guilds, unavailable);
  return dropped ? { ok: true, row, dropped } : { ok: true, row };
}

const isWhole = (value: number, most: number): boolean =>
  Number.isInteger(value) && value >= 0 && value <= most;

/** Libraries report −1 before the first measurement, and 1e999 is valid JSON: both say nothing, and are no mistake. */
const latencyOf = (latency: unknown): number | null =>
  typeof latency === 'number' && latency >= 0 && latency < Infinity ? latency : null;

const isGuilds = (value: unknown): value is number => typeof value === 'number' && isWhole(value, MAX_GUILDS);

/** The first optional field that is wrong. */
function wrongOption(latency: unknown, guilds: unknown, unavailable: unknown): Dropped | null {
  if (isSaid(latency) && typeof latency !== 'number') return NO_LATENCY;
  if (isSaid(guilds) && !isGuilds(guilds)) return NO_GUILDS;
  return isSaid(unavailable) && !isGuilds(unavailable) ? NONE_UNAVAILABLE : null;
}

const isSaid = (value: unknown): boolean => value !== undefined && value !== null;

const NO_LATENCY: Dropped = Object.freeze({ field: 'latency_ms', why: LATENCY });
const NO_GUILDS: Dropped = Object.freeze({ field: 'guilds', why: GUILDS });
const NONE_UNAVAILABLE: Dropped = Object.freeze({ field: 'unavailable', why: GUILDS });

/** "shards.3.state: must be …"; the first mistake is enough to go on. */
export function firstMistake(error: z.ZodError): string {
  const issue = error.issues[0]!;
  const field = issue.path.join('.');
  const found =
    issue.code === 'invalid_type' && issue.message.startsWith('Invalid input') ? plain(issue) : issue.message;
  return field === '' ? found : `${field}: ${found}`;
}

/** zod's own words for a wrong type, shorter. */
const plain = (issue: z.core.$ZodIssueInvalidType): string => `must be of type ${issue.expected}`;
