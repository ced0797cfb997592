// Reports of our own: many shards of one bot at once. One bad row never loses the good ones.
import { z } from 'zod';
import type { Answer, RowError } from '../core/change.js';
import type { ShardRow, VolatileEvent } from '../core/event.js';
import { readJson } from '../http/body.js';
import type { Handler, Response } from '../http/message.js';
import { refuse, type Refused } from '../http/refusal.js';
import { botKey, firstMistake, readRow, shardCount } from './fields.js';

const MAX_ROWS = 4_096;

const report = z.object(
  {
    shard_count: shardCount.nullish(),
    shards: z
      .array(z.unknown(), 'must be a list of shards')
      .max(MAX_ROWS, `must be at most ${MAX_ROWS} shards`),
  },
  'the body must be a JSON object like {"shard_count":1,"shards":[{"id":0,"state":"online"}]}',
);

/** `knowsBot`: configured keys may have letters that learnt ones may not. */
export function createBatchIngest(
  submit: (event: VolatileEvent) => Answer,
  now: () => number,
  knowsBot: (key: string) => boolean,
): Handler {
  return ({ params, body, headers }) => {
    const bot = params['bot'] ?? '';
    const no = (refused: Refused): Response => refuse(refused, 'json', headers.accept);
    const key = botKey.safeParse(bot);
    if (!key.success && !knowsBot(bot))
      return no({ reason: 'bad-request', error: `bot: ${firstMistake(key.error)}` });
    const json = readJson(body);
    if (!json.ok) return no({ reason: 'bad-request', error: 'the body is not valid JSON' });
    const parsed = report.safeParse(json.value);
    if (!parsed.success) return no({ reason: 'bad-request', error: firstMistake(parsed.error) });
    const { rows, indexes, rejected } = readRows(parsed.data.shards);
    const event: VolatileEvent = {
      type: 'batch',
      at: now(),
      bot,
      shardCount: parsed.data.shard_count ?? null,
      rows,
    };
    const answer = submit(event);
    if (!answer.ok) return no(answer);
    if ('rejected' in answer)
      for (const { index, error } of answer.rejected) rejected.push({ index: indexes[index]!, error });
    return accepted(parsed.data.shards.length, rejected);
  };
}

/** The good rows, where each stood in the request, and what is wrong with the others. */
function readRows(raw: unknown[]): { rows: ShardRow[]; indexes: number[]; rejected: RowError[] } {
  const rows: ShardRow[] = [];
  const indexes: number[] = [];
  const rejected: RowError[] = [];
  raw.forEach((value, index) => {
    const read = readRow(value);
    if (!read.ok) return rejected.push({ index, error: read.error });
    rows.push(read.row);
    return indexes.push(index);
  });
  return { rows, indexes, rejected };
}

function accepted(total: number, rejected: RowError[]): Response {
  rejected.sort((a, b) => a.index - b.index);
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ accepted: total - rejected.length, rejected }),
  };
}
