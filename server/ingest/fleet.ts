// Argus clusters: they register for a number and a lease, then beat with a snapshot of their metrics.
import { z } from 'zod';
import type { BeatEvent, Event, RegisterEvent, ShardRow } from '../core/event.js';
import { readSnapshot } from '../core/snapshot-metrics.js';
import { readJson } from '../http/body.js';
import type { Handler, Request, Response } from '../http/message.js';
import { refuse, type Reason } from '../http/refusal.js';
import { botKey, firstMistake, readRow, shardCount } from './fields.js';

export interface FleetIngest {
  register: Handler;
  heartbeat: Handler;
}

/** What the engine answers; a durable event's answer takes until it is safe. */
type FleetAnswer = { ok: true; number?: number } | { ok: false; reason: Reason; error: string };

export interface FleetSettings {
  submit: (event: Event) => FleetAnswer | Promise<FleetAnswer>;
  now: () => number;
  /** A new lease and the hash that is kept of it. */
  newLease: () => { lease: string; leaseHash: string };
  /** Prefix of the metric names. */
  namespace: string;
}

const MAX_NAME = 128;
const PRINTABLE = /^[^\u0000-\u001f\u007f-\u009f]*$/;

/** Python's str(): members may send a number where a text is meant. */
const name = z
  .union([z.string(), z.number().transform(String)], 'must be text')
  .pipe(
    z
      .string()
      .max(MAX_NAME, `must be at most ${MAX_NAME} characters`)
      .regex(PRINTABLE, 'must not hold control characters'),
  );

/** A member takes part even when what it says beside its name is odd, but it hears which field is. */
const common = {
  identity: name,
  bot: botKey.nullish(),
  shard_count: shardCount.nullish(),
  shards: z.array(z.unknown(), 'must be a list of shards').nullish(),
};

const registration = z.object({
  ...common,
  fleet: name.nullish(),
  version: name.nullish(),
});

const heartbeat = z.object({ ...common, snapshot: z.unknown().optional() });

export function createFleetIngest(settings: FleetSettings): FleetIngest {
  return {
    register: (request) => register(request, settings),
    heartbeat: (request) => beat(request, settings),
  };
}

function register(request: Request, { submit, now, newLease }: FleetSettings): Response | Promise<Response> {
  const read = readBody(request, registration);
  if (!read.ok) return read.response;
  const { lease, leaseHash } = newLease();
  const event: RegisterEvent = {
    type: 'register',
    at: now(),
    identity: read.value.identity,
    fleet: read.value.fleet || 'default',
    version: read.value.version ?? '',
    bot: read.value.bot ?? null,
    shardCount: read.value.shard_count ?? null,
    host: null,
    scrapeTarget: null,
    shownHash: null,
    leaseHash,
  };
  const { accept } = request.headers;
  const reply = (answer: FleetAnswer): Response =>
    answer.ok ? registered(answer.number ?? 0, lease) : refuse(answer, 'fleet', accept);
  const answer = submit(event);
  return answer instanceof Promise ? answer.then(reply) : reply(answer);
}

const registered = (number: number, lease: string): Response => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify({ number, lease }),
});

function beat(request: Request, { submit, now, namespace }: FleetSettings): Response | Promise<Response> {
  const read = readBody(request, heartbeat);
  if (!read.ok) return read.response;
  const event: BeatEvent = {
    type: 'beat',
    at: now(),
    identity: read.value.identity,
    ...said(read.value, namespace),
    shownHash: null,
  };
  const reply = (answer: FleetAnswer): Response =>
    answer.ok ? { status: 204 } : refuse(answer, 'fleet', request.headers.accept);
  const answer = submit(event);
  return answer instanceof Promise ? answer.then(reply) : reply(answer);
}

/** A shard list of its own words counts before what the metrics say. */
function said(
  value: z.output<typeof heartbeat>,
  namespace: string,
): Pick<BeatEvent, 'rows' | 'shardCount' | 'measured'> {
  const declared = value.shard_count ?? null;
  const snapshot = isObject(value.snapshot) ? readSnapshot(value.snapshot, namespace) : null;
  const measured = snapshot?.measured ?? null;
  if (value.shards) return { rows: goodRows(value.shards), shardCount: declared, measured };
  if (!snapshot) return { rows: null, shardCount: declared, measured };
  return { rows: snapshot.rows, shardCount: declared ?? snapshot.shardCount, measured };
}

/** A beat has no place to answer about rows: the good ones count. */
function goodRows(raw: unknown[]): ShardRow[] {
  return raw.flatMap((value) => {
    const read = readRow(value);
    return read.ok ? [read.row] : [];
  });
}

type Read<T> = { ok: true; value: T } | { ok: false; response: Response };

/** Body and identity, in the contract's order and words. */
function readBody<T>({ body, headers }: Request, schema: z.ZodType<T>): Read<T> {
  const no = (error: string): Read<T> => ({
    ok: false,
    response: refuse({ reason: 'bad-request', error }, 'fleet', headers.accept),
  });
  const json = readJson(body);
  if (!json.ok) return no('invalid JSON body');
  if (!isObject(json.value)) return no('expected a JSON object');
  if (!json.value['identity']) return no('identity required');
  const parsed = schema.safeParse(json.value);
  return parsed.success ? { ok: true, value: parsed.data } : no(firstMistake(parsed.error));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
