// What Argus members send: the schemas of their bodies, read in the contract's order and words.
import * as z from 'zod';
import { ownText } from '../core/own-text.js';
import { BOT_KEY, MAX_SHARD_COUNT } from '../core/registry/registry.js';
import { readJson } from '../http/body.js';
import type { Dropped, OptionalField } from './dropped.js';
import { botKey, firstMistake, MAX_ROWS, shardCount, TOO_MANY_ROWS } from './fields.js';
import { pythonText } from './python-text.js';

const MAX_NAME = 128;
const MAX_LEASE = 512;
const MAX_BOT_NAME = 100;
const PRINTABLE = /^[^\u0000-\u001f\u007f-\u009f]*$/;
/** Half of a character, which is no Unicode: UTF-8 cannot say it, so that two such names could become one. */
const WHOLE = /^[^\ud800-\udfff]*$/u;
/** Nor anything that is not seen, or turns around what is. */
const VISIBLE = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u;

const text = z
  .string()
  .max(MAX_NAME, { error: `must be at most ${MAX_NAME} characters`, abort: true })
  .regex(PRINTABLE, 'must not hold control characters')
  .regex(WHOLE, 'must not hold half of a character (a lone surrogate)');

/** Python's str(): members may send a number where a text is meant. */
export const name = z.union([z.string(), z.number().transform(String)], 'must be text').pipe(text);

/** Where the contract takes anything: what Python counts as nothing is not said. */
const anyText = z.unknown().transform(pythonText).pipe(text.optional());

/** What is no lease is as if none was shown. */
export const lease = z.string().max(MAX_LEASE).nullish().catch(null);

const botName = z
  .string('must be text')
  .trim()
  .max(MAX_BOT_NAME, { error: `must be at most ${MAX_BOT_NAME} characters`, abort: true })
  .regex(VISIBLE, 'must not hold characters that are not seen')
  .transform((said) => (said === '' ? undefined : ownText(said)));

/** Fields that may be missing, or null; what is wrong in them is dropped. */
const common = {
  bot: botKey,
  name: botName,
  shard_count: shardCount,
};

const beat = {
  ...common,
  /** Each row is read by hand, later. */
  shards: z.custom<unknown[]>(Array.isArray, 'must be a list of shards'),
};

const registration = {
  ...common,
  fleet: anyText,
  version: anyText,
  host: name,
  /** What it says is looked at later, where it is known which targets are allowed. */
  scrape_target: z.string('must be text'),
};

type Schemas = Partial<Record<OptionalField, z.ZodType>>;
type Said<S extends Schemas> = { [Field in keyof S]?: z.output<S[Field]> };

interface Sender {
  identity: string;
  lease?: string | null | undefined;
}

/** What was wrong in optional fields; absent: nothing, as in nearly all reports. */
interface MayDrop {
  dropped?: Dropped[];
}

export type Registration = Sender & Said<typeof registration> & MayDrop;
export type Heartbeat = Sender & Said<typeof beat> & MayDrop & { snapshot?: unknown };

export type Read<T> = { ok: true; value: T } | { ok: false; error: string };

type Body = Record<string, unknown>;

export const readRegistration = (body: Buffer, contentType: string): Read<Registration> =>
  readBody(body, contentType, (value) => withOptional(value, registration));

/** A beat is seen to be fine at a glance, as nearly all are; the schemas find the words for the others. */
export const readHeartbeat = (body: Buffer, contentType: string): Read<Heartbeat> =>
  readBody(body, contentType, (value) => {
    if (isPlainBeat(value)) return { ok: true, value };
    const { shards } = value;
    const isTooMany = value['identity'] && Array.isArray(shards) && shards.length > MAX_ROWS;
    return isTooMany ? { ok: false, error: TOO_MANY_ROWS } : heartbeatBySchema(value);
  });

export function heartbeatBySchema(value: Body): Read<Heartbeat> {
  const read = withOptional(value, beat);
  if (!read.ok || value['snapshot'] === undefined) return read;
  return { ok: true, value: { ...read.value, snapshot: value['snapshot'] } };
}

export const readFarewell = (body: Buffer, contentType: string): Read<Sender> =>
  readBody(body, contentType, readSender);

function readBody<T>(body: Buffer, contentType: string, read: (value: Body) => Read<T>): Read<T> {
  const json = readJson(body, contentType);
  if (!json.ok) return { ok: false, error: json.error ?? 'invalid JSON body' };
  return isObject(json.value) ? read(json.value) : { ok: false, error: 'expected a JSON object' };
}

/** Only what the schemas take unchanged; what is rare or odd is left to them. */
function isPlainBeat(value: Body): value is Body & Heartbeat {
  const { identity, lease: shown, bot, shard_count: count, shards } = value;
  if (typeof identity !== 'string' || identity === '' || identity.length > MAX_NAME) return false;
  if (shown !== undefined && (typeof shown !== 'string' || shown.length > MAX_LEASE)) return false;
  if (bot !== undefined && !(typeof bot === 'string' && BOT_KEY.test(bot))) return false;
  const isCount =
    typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= MAX_SHARD_COUNT;
  if (count !== undefined && !isCount) return false;
  const isOdd = value['name'] !== undefined || value['dropped'] !== undefined;
  const isList = shards === undefined || (Array.isArray(shards) && shards.length <= MAX_ROWS);
  return !isOdd && isList && PRINTABLE.test(identity) && WHOLE.test(identity);
}

const sender = z.object({ identity: name, lease });

/** Identity first, as in the contract. */
export function readSender(value: Body): Read<Sender> {
  if (!value['identity']) return { ok: false, error: 'identity required' };
  const parsed = sender.safeParse(value);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, error: firstMistake(parsed.error) };
}

function withOptional<S extends Schemas>(value: Body, schemas: S): Read<Sender & Said<S> & MayDrop> {
  const read = readSender(value);
  if (!read.ok) return read;
  const said: Partial<Record<string, unknown>> = {};
  const dropped: Dropped[] = [];
  for (const [field, schema] of Object.entries(schemas)) {
    if (value[field] === undefined || value[field] === null) continue;
    const parsed = schema.safeParse(value[field]);
    if (parsed.success) said[field] = parsed.data;
    else dropped.push({ field: field as OptionalField, why: firstMistake(parsed.error) });
  }
  const fields = said as Said<S>;
  return { ok: true, value: { ...read.value, ...fields, ...(dropped.length > 0 ? { dropped } : {}) } };
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
