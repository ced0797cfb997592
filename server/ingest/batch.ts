// Reports of our own: many shards of one bot at once. One bad row never loses the good ones.
import * as z from 'zod';
import type { RowError, RowsTaken } from '../core/answer.js';
import type { BatchEvent, ShardRow, ShardsEvent } from '../core/event.js';
import { MAX_SHARD_COUNT } from '../core/registry/registry.js';
import { answerJson, json as dialect } from '../dialects/json.js';
import { readJson } from '../http/body.js';
import type { Handler, Request, Response } from '../http/message.js';
import { refuse, tooOften, type Refused } from '../http/refusal.js';
import type { Dropped, NoteDropped } from './dropped.js';
import { botKey, COUNT, firstMistake, MAX_ROWS, readRow, TOO_MANY_ROWS } from './fields.js';
import { lease, name } from './fleet-fields.js';

/** Of the rows that are refused, so many are told why: a few show what kind of mistake it is. */
const MOST_TOLD = 20;

const report = z.object(
  {
    shard_count: z.unknown().optional(),
    identity: name.nullish(),
    lease,
    shards: z.custom<unknown[]>(Array.isArray, 'must be a list of shards'),
  },
  'the body must be a JSON object like {"shard_count":1,"shards":[{"id":0,"state":"online"}]}',
);

/** A report on a bot that nobody knew waits until that bot is safe. */
type BatchAnswer = RowsTaken | (Refused & { ok: false });

export interface BatchSettings {
  submit: (event: BatchEvent | ShardsEvent) => BatchAnswer | Promise<BatchAnswer>;
  now: () => number;
  /** Configured keys may have letters that learnt ones may not. */
  knowsBot: (key: string) => boolean;
  /** Takes from the bucket of a cluster at that household: 0, or in how many seconds to come again. */
  takeShards: (identity: string, caller: Pick<Request, 'household'>) => number;
  /** The same for the rows of reports that name no cluster. */
  takeRows: (bot: string, rows: number, caller: Pick<Request, 'household'>) => number;
  /** Why nothing of it will be taken, whatever its rows say; null: they are worth reading. */
  refusal: (event: BatchEvent | ShardsEvent) => (Refused & { ok: false }) | null;
  /** What is shown of a lease, where leases are required. */
  shownHash: (lease: string | null | undefined) => string | null;
  noteDropped: NoteDropped;
}

export function createBatchIngest(settings: BatchSettings): Handler {
  return (request) => {
    const { params, body, headers } = request;
    const bot = params['bot'] ?? '';
    const no = (refused: Refused): Response => refuse(refused, dialect, headers);
    const key = settings.knowsBot(bot) ? null : botKey.safeParse(bot);
    if (key?.success === false)
      return no({ reason: 'bad-request', error: `bot: ${firstMistake(key.error)}` });
    const json = readJson(body, headers['content-type']);
    if (!json.ok) return no({ reason: 'bad-request', error: json.error ?? 'the body is not valid JSON' });
    const read = readReport(json.value);
    if (typeof read === 'string') return no({ reason: 'bad-request', error: read });
    const { identity, shards } = read;
    const waitSeconds = identity
      ? settings.takeShards(identity, request)
      : settings.takeRows(bot, shards.length, request);
    if (waitSeconds > 0) return no(floodOf(identity ? 'this identity' : 'this bot', waitSeconds));
    const event = eventOf(read, bot, settings);
    const refusal = settings.refusal(event);
    if (refusal) return no(refusal);
    const said = readRows(read);
    event.rows = said.rows;
    const answer = settings.submit(event);
    return answer instanceof Promise
      ? later(answer, said, request, settings)
      : conclude(answer, said, request, settings);
  };
}

/** Nearly all reports are answered at once, and pay for no closure. */
const later = async (
  answer: Promise<BatchAnswer>,
  said: ReadRows,
  request: Request,
  settings: BatchSettings,
): Promise<Response> => conclude(await answer, said, request, settings);

function conclude(answer: BatchAnswer, said: ReadRows, request: Request, settings: BatchSettings): Response {
  if (!answer.ok) return refuse(answer, dialect, request.headers);
  if (said.dropped.length > 0) {
    const what = said.dropped.map((one) => one.what);
    settings.noteDropped(`bot ${JSON.stringify(request.params['bot'] ?? '')}`, what);
  }
  return accepted(said, answer);
}

interface Report {
  /** As it was sent: it is optional, so that what is wrong in it is dropped. */
  shard_count?: unknown;
  identity?: string | null | undefined;
  lease?: string | null | undefined;
  shards: unknown[];
}

/** `index`: the row that it was in; null: none. */
interface DroppedOf {
  index: number | null;
  what: Dropped;
}

/** With an identity it is that cluster's word, without one nobody's in particular. Its rows are still to be read. */
function eventOf(read: Report, bot: string, settings: BatchSettings): BatchEvent | ShardsEvent {
  const common = { at: settings.now(), bot, shardCount: countOf(read.shard_count), rows: [] };
  if (!read.identity) return { type: 'batch', ...common };
  return { type: 'shards', identity: read.identity, shownHash: settings.shownHash(read.lease), ...common };
}

const floodOf = (whose: string, waitSeconds: number): Refused =>
  tooOften(`too many reports of ${whose}; please try again in ${waitSeconds} s`, waitSeconds);

/** Most reports are seen to be right at a glance; the schema, which costs ten times that, finds the words for the others. */
function readReport(value: unknown): Report | string {
  const { shards, shard_count: count, identity } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (Array.isArray(shards) && shards.length > MAX_ROWS) return TOO_MANY_ROWS;
  if (countOf(count) !== null && identity === undefined && Array.isArray(shards))
    return { shard_count: count, shards, lease: null };
  const parsed = report.safeParse(value);
  return parsed.success ? parsed.data : firstMistake(parsed.error);
}

/** Null: it was not said, or it is none. */
const countOf = (count: unknown): number | null =>
  typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= MAX_SHARD_COUNT
    ? count
    : null;

interface ReadRows {
  /** How many there were. */
  total: number;
  rows: ShardRow[];
  /** Where each of them stood in the request; null: where it stands here. */
  indexes: number[] | null;
  rejected: RowError[];
  dropped: DroppedOf[];
}

/** The good rows in their order, what is wrong with the first of the others, and which optional fields were. */
function readRows({ shards, shard_count: count }: Report): ReadRows {
  const rows: ShardRow[] = [];
  const rejected: RowError[] = [];
  const dropped: DroppedOf[] = [];
  let indexes: number[] | null = null;
  if (count !== undefined && count !== null && countOf(count) === null)
    dropped.push({ index: null, what: { field: 'shard_count', why: COUNT } });
  for (let index = 0; index < shards.length; index++) {
    const read = readRow(shards[index]);
    if (!read.ok) {
      indexes ??= Array.from({ length: rows.length }, (_, place) => place);
      if (rejected.length < MOST_TOLD) rejected.push({ index, error: read.error });
      continue;
    }
    rows.push(read.row);
    indexes?.push(index);
    if (read.dropped && dropped.length < MOST_TOLD) dropped.push({ index, what: read.dropped });
  }
  return { total: shards.length, rows, indexes, rejected, dropped };
}

/** `more`: how many were refused beyond those that are told of. It and `dropped` are there only when there is something to say. */
function accepted({ total, indexes, rejected, dropped }: ReadRows, answer: RowsTaken): Response {
  const count = answer.accepted;
  for (const { index, error } of answer.rejected)
    rejected.push({ index: indexes ? indexes[index]! : index, error });
  if (count === total && dropped.length === 0) return answerJson(`{"accepted":${total},"rejected":[]}`);
  const told = rejected.sort((a, b) => a.index - b.index).slice(0, MOST_TOLD);
  const more = total - count - told.length;
  const odd = dropped.map(({ index, what }) => ({ index, error: `${what.field}: ${what.why}` }));
  return answerJson({
    accepted: count,
    rejected: told,
    ...(more > 0 ? { more } : {}),
    ...(odd.length > 0 ? { dropped: odd } : {}),
  });
}
