// Reports of our own: many shards of one bot at once. One bad row never loses the good ones.
import * as z from 'zod';
import type { Answer, RowError } from '../core/change.js';
import type { ShardRow, VolatileEvent } from '../core/event.js';
import { MAX_SHARD_COUNT } from '../core/world.js';
import { readJson } from '../http/body.js';
import type { Handler, Response } from '../http/message.js';
import { refuse, type Refused } from '../http/refusal.js';
import type { Dropped, NoteDropped } from './dropped.js';
import { botKey, COUNT, firstMistake, readRow } from './fields.js';
import { lease, name } from './fleet-fields.js';

const MAX_ROWS = 4_096;

const report = z.object(
  {
    shard_count: z.unknown().optional(),
    identity: name.nullish(),
    lease,
    shards: z
      .array(z.unknown(), 'must be a list of shards')
      .max(MAX_ROWS, `must be at most ${MAX_ROWS} shards`),
  },
  'the body must be a JSON object like {"shard_count":1,"shards":[{"id":0,"state":"online"}]}',
);

export interface BatchSettings {
  submit: (event: VolatileEvent) => Answer;
  now: () => number;
  /** Configured keys may have letters that learnt ones may not. */
  knowsBot: (key: string) => boolean;
  /** Takes from the bucket of a cluster at that household: 0, or in how many seconds to come again. */
  takeShards: (identity: string, household: string) => number;
  /** What is shown of a lease, where leases are required. */
  shownHash: (lease: string | null | undefined) => string | null;
  noteDropped: NoteDropped;
}

export function createBatchIngest(settings: BatchSettings): Handler {
  return (request) => {
    const { params, body, headers } = request;
    const bot = params['bot'] ?? '';
    const no = (refused: Refused): Response => refuse(refused, 'json', headers.accept);
    const key = settings.knowsBot(bot) ? null : botKey.safeParse(bot);
    if (key?.success === false)
      return no({ reason: 'bad-request', error: `bot: ${firstMistake(key.error)}` });
    const json = readJson(body, headers['content-type']);
    if (!json) return no({ reason: 'bad-request', error: 'the body is not valid JSON' });
    const read = readReport(json.value);
    if (typeof read === 'string') return no({ reason: 'bad-request', error: read });
    const waitSeconds = read.identity ? settings.takeShards(read.identity, request.household) : 0;
    if (waitSeconds > 0) return no(tooOften(waitSeconds));
    const { rows, rejected, dropped } = readRows(read);
    const answer = settings.submit(eventOf(read, bot, rows, settings));
    if (!answer.ok) return no(answer);
    if (dropped.length > 0)
      settings.noteDropped(
        `bot ${JSON.stringify(bot)}`,
        dropped.map(({ what }) => what),
      );
    if ('rejected' in answer && answer.rejected.length > 0) {
      const indexes = indexesOfRows(read.shards.length, rejected);
      for (const { index, error } of answer.rejected) rejected.push({ index: indexes[index]!, error });
    }
    return accepted(read.shards.length, rejected, dropped);
  };
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

/** With an identity it is that cluster's word, without one nobody's in particular. */
function eventOf(read: Report, bot: string, rows: ShardRow[], settings: BatchSettings): VolatileEvent {
  const common = { at: settings.now(), bot, shardCount: countOf(read.shard_count), rows };
  if (!read.identity) return { type: 'batch', ...common };
  return { type: 'shards', identity: read.identity, shownHash: settings.shownHash(read.lease), ...common };
}

const tooOften = (waitSeconds: number): Refused => ({
  reason: 'too-often',
  error: `too many reports of this identity; please try again in ${waitSeconds} s`,
  headers: { 'retry-after': `${waitSeconds}` },
});

/** Most reports are seen to be right at a glance; the schema, which costs ten times that, finds the words for the others. */
function readReport(value: unknown): Report | string {
  const { shards, shard_count: count, identity } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (countOf(count) !== null && identity === undefined && Array.isArray(shards) && shards.length <= MAX_ROWS)
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
  rows: ShardRow[];
  rejected: RowError[];
  dropped: DroppedOf[];
}

/** The good rows in their order, what is wrong with the others, and which optional fields were. */
function readRows({ shards, shard_count: count }: Report): ReadRows {
  const rows: ShardRow[] = [];
  const rejected: RowError[] = [];
  const dropped: DroppedOf[] = [];
  if (count !== undefined && count !== null && countOf(count) === null)
    dropped.push({ index: null, what: { field: 'shard_count', why: COUNT } });
  for (let index = 0; index < shards.length; index++) {
    const read = readRow(shards[index]);
    if (!read.ok) rejected.push({ index, error: read.error });
    else {
      rows.push(read.row);
      if (read.dropped) dropped.push({ index, what: read.dropped });
    }
  }
  return { rows, rejected, dropped };
}

/** Where each good row stood in the request. */
function indexesOfRows(total: number, rejected: RowError[]): number[] {
  const bad = new Set(rejected.map(({ index }) => index));
  return Array.from({ length: total }, (_, index) => index).filter((index) => !bad.has(index));
}

const JSON_HEADERS = Object.freeze({ 'content-type': 'application/json; charset=utf-8' });

/** `dropped` is there only when something was. */
function accepted(total: number, rejected: RowError[], dropped: DroppedOf[]): Response {
  if (rejected.length === 0 && dropped.length === 0)
    return { status: 200, headers: JSON_HEADERS, body: `{"accepted":${total},"rejected":[]}` };
  rejected.sort((a, b) => a.index - b.index);
  const told = dropped.map(({ index, what }) => ({ index, error: `${what.field}: ${what.why}` }));
  const body = JSON.stringify({
    accepted: total - rejected.length,
    rejected,
    ...(told.length > 0 ? { dropped: told } : {}),
  });
  return { status: 200, headers: JSON_HEADERS, body };
}
