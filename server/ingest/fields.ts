// Reads the rows and fields of reports by their schemas; a mistake is told by the name of its field.
import * as z from 'zod';
import { stateNames, stateOf, type State } from '../../public/shared/states.js';
import type { ShardRow } from '../core/event.js';
import { BOT_KEY, MAX_SHARD_COUNT } from '../core/world.js';
import type { Dropped, OptionalField } from './dropped.js';

export const botKey = z.string().regex(BOT_KEY, 'must be 1 to 64 characters of A-Z, a-z, 0-9, "_" and "-"');

export const COUNT = `must be a whole number from 1 to ${MAX_SHARD_COUNT}`;
export const shardCount = z.int(COUNT).min(1, COUNT).max(MAX_SHARD_COUNT, COUNT);

const shardId = z
  .int(`must be a whole number from 0 to ${MAX_SHARD_COUNT - 1}`)
  .min(0, `must be a whole number from 0 to ${MAX_SHARD_COUNT - 1}`)
  .max(MAX_SHARD_COUNT - 1, `must be a whole number from 0 to ${MAX_SHARD_COUNT - 1}`);

const state = z.unknown().transform((value, context) => {
  const known = stateOf(value);
  if (known !== undefined) return known;
  context.addIssue({ code: 'custom', message: `must be 0 to 6 or one of ${stateNames.join(', ')}` });
  return z.NEVER;
});

/** Libraries report −1 before the first measurement: that says nothing, and is no mistake. */
const latencyMs = z.preprocess(
  (value) => (value === Infinity || value === -Infinity ? null : value), // 1e999 is valid JSON
  z
    .number('must be a number of milliseconds, or null')
    .nullish()
    .transform((value) => (value !== null && value !== undefined && value >= 0 ? value : null)),
);

const MAX_GUILDS = 10_000_000;
const guilds = z
  .int(`must be a whole number from 0 to ${MAX_GUILDS}, or null`)
  .min(0, `must be a whole number from 0 to ${MAX_GUILDS}, or null`)
  .max(MAX_GUILDS, `must be a whole number from 0 to ${MAX_GUILDS}, or null`)
  .nullish();

const needed = z.object({ id: shardId, state }, 'must be an object');

/** Counts that are not said are left out. */
function rowOf(
  id: number,
  said: State,
  latency: number | null,
  guildCount: unknown,
  unavailable: unknown,
): ShardRow {
  const row: ShardRow = { id, state: said, latencyMs: latency };
  if (typeof guildCount === 'number') row.guilds = guildCount;
  if (typeof unavailable === 'number') row.unavailable = unavailable;
  return row;
}

const isCount = (value: unknown): boolean =>
  value === undefined || (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_GUILDS);

/** `dropped`: an optional field was wrong, and counts as not said. */
export type ReadRow = { ok: true; row: ShardRow; dropped?: Dropped } | { ok: false; error: string };

/**
 * One row of a shard list, as the batch route and clusters send it. Unknown fields are fine.
 * Rows are most of what a beat costs: a good one is seen at a glance, the schema finds the words for the others.
 */
export function readRow(value: unknown): ReadRow {
  const said = (value ?? {}) as Record<string, unknown>;
  const { id, latency_ms: latency, guilds: count, unavailable } = said;
  const known = stateOf(said['state']);
  const isId = typeof id === 'number' && Number.isInteger(id) && id >= 0 && id < MAX_SHARD_COUNT;
  if (isId && known !== undefined && typeof latency === 'number' && latency >= 0) {
    const latencyMs = latency < Infinity ? latency : null;
    if (count === undefined && unavailable === undefined)
      return { ok: true, row: { id, state: known, latencyMs } };
    if (isCount(count) && isCount(unavailable))
      return { ok: true, row: rowOf(id, known, latencyMs, count, unavailable) };
  }
  const read = needed.safeParse(value);
  return read.success
    ? readOddRow(read.data.id, read.data.state, said)
    : { ok: false, error: firstMistake(read.error) };
}

/** With `null`s, or with optional fields that are wrong. */
function readOddRow(id: number, known: State, said: Record<string, unknown>): ReadRow {
  const dropped: Dropped[] = [];
  const optional = <T>(field: OptionalField, schema: z.ZodType<T>): T | null => {
    const read = schema.safeParse(said[field]);
    if (read.success) return read.data;
    dropped.push({ field, why: firstMistake(read.error) });
    return null;
  };
  const latency = optional('latency_ms', latencyMs);
  const row = rowOf(id, known, latency, optional('guilds', guilds), optional('unavailable', guilds));
  return { ok: true, row, ...(dropped[0] ? { dropped: dropped[0] } : {}) };
}

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
