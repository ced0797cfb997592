// What Argus members send: the schemas of their bodies, read in the contract's order and words.
import * as z from 'zod';
import { readJson } from '../http/body.js';
import { MAX_SHARD_COUNT } from '../core/world.js';
import { BOT_KEY, botKey, firstMistake, shardCount } from './fields.js';

const MAX_NAME = 128;
const MAX_LEASE = 512;
const PRINTABLE = /^[^\u0000-\u001f\u007f-\u009f]*$/;

/** Python's str(): members may send a number where a text is meant. */
export const name = z
  .union([z.string(), z.number().transform(String)], 'must be text')
  .pipe(
    z
      .string()
      .max(MAX_NAME, `must be at most ${MAX_NAME} characters`)
      .regex(PRINTABLE, 'must not hold control characters'),
  );

/** What is no lease is as if none was shown. */
export const lease = z.string().max(MAX_LEASE).nullish().catch(null);

const common = {
  identity: name,
  lease,
  bot: botKey.nullish(),
  shard_count: shardCount.nullish(),
  shards: z.array(z.unknown(), 'must be a list of shards').nullish(),
  host: name.nullish(),
};

export const registration = z.object({
  ...common,
  fleet: name.nullish(),
  version: name.nullish(),
  scrape_target: name.nullish(),
});

export const heartbeat = z.object({ ...common, snapshot: z.unknown().optional() });

export const farewell = z.object({ identity: name, lease });

export type Registration = z.output<typeof registration>;
export type Heartbeat = z.output<typeof heartbeat>;

export type Read<T> = { ok: true; value: T } | { ok: false; error: string };

export function readBody<T>(body: Buffer, schema: z.ZodType<T>): Read<T> {
  const json = readJson(body);
  return json.ok ? readFields(json.value, schema) : { ok: false, error: 'invalid JSON body' };
}

/** A beat is seen to be fine at a glance, as nearly all are; the schema finds the words for the others. */
export function readHeartbeat(body: Buffer): Read<Heartbeat> {
  const json = readJson(body);
  if (!json.ok) return { ok: false, error: 'invalid JSON body' };
  const value = json.value;
  return isPlainBeat(value) ? { ok: true, value } : readFields(value, heartbeat);
}

/** Only what the schema takes unchanged; what is rare or odd is left to it. */
function isPlainBeat(value: unknown): value is Heartbeat {
  if (!isObject(value)) return false;
  const { identity, lease: shown, bot, shard_count: count, shards, host } = value;
  if (typeof identity !== 'string' || identity === '' || identity.length > MAX_NAME) return false;
  if (shown !== undefined && (typeof shown !== 'string' || shown.length > MAX_LEASE)) return false;
  if (bot !== undefined && !(typeof bot === 'string' && BOT_KEY.test(bot))) return false;
  const isCount =
    typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= MAX_SHARD_COUNT;
  if (count !== undefined && !isCount) return false;
  return host === undefined && (shards === undefined || Array.isArray(shards)) && PRINTABLE.test(identity);
}

/** `value` as JSON has it; identity first, as in the contract. */
export function readFields<T>(value: unknown, schema: z.ZodType<T>): Read<T> {
  if (!isObject(value)) return { ok: false, error: 'expected a JSON object' };
  if (!value['identity']) return { ok: false, error: 'identity required' };
  const parsed = schema.safeParse(value);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, error: firstMistake(parsed.error) };
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
