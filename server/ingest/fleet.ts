// Argus clusters: they register for a number and a lease, beat with a snapshot of their metrics, and may say goodbye.
import type { BeatEvent, Event, RegisterEvent, ShardRow } from '../core/event.js';
import { readSnapshot, withShards } from '../core/snapshot-metrics.js';
import type { Limiter } from '../http/limiter.js';
import type { Handler, Request, Response } from '../http/message.js';
import { refuse, type Reason, type Refused } from '../http/refusal.js';
import type { TakeBeat } from './beat-rate.js';
import {
  farewell,
  isObject,
  readBody,
  readHeartbeat,
  readFields,
  registration,
  type Heartbeat,
  type Registration,
} from './fleet-fields.js';
import { readRow } from './fields.js';
import { firstFields } from './first-fields.js';
import type { Leases } from './leases.js';
import { readScrapeTarget, type ScrapeAllow } from './scrape-target.js';

export interface FleetIngest {
  register: Handler;
  heartbeat: Handler;
  goodbye: Handler;
  /** A beat that was too long to read; `beginning` is its first KiB. */
  oversize: (beginning: Buffer, request: Pick<Request, 'household'>) => void;
}

/** What the engine answers; a durable event's answer takes until it is safe. */
type FleetAnswer = { ok: true; number?: number; bot?: string } | { ok: false; reason: Reason; error: string };

export interface FleetSettings {
  submit: (event: Event) => FleetAnswer | Promise<FleetAnswer>;
  now: () => number;
  leases: Leases;
  /** Prefix of the metric names. */
  namespace: string;
  scrapeAllow: ScrapeAllow;
  knows: (identity: string) => boolean;
  takeRegister: Limiter['take'];
  takeBeat: TakeBeat;
  /** A known identity was heard from this address. */
  heardFrom: (identity: string, address: string) => void;
  /** `outcome`: `ok`, or why not. */
  audit: (what: string, identity: string, who: Pick<Request, 'address'>, outcome: string) => void;
}

/** One exchange with a member. */
interface Exchange {
  what: 'register' | 'heartbeat' | 'goodbye';
  identity: string;
  request: Request;
  settings: FleetSettings;
}

export function createFleetIngest(settings: FleetSettings): FleetIngest {
  return {
    register: (request) => register(request, settings),
    heartbeat: (request) => beat(request, settings),
    goodbye: (request) => goodbye(request, settings),
    oversize: (beginning, caller) => oversize(beginning, caller, settings),
  };
}

function register(request: Request, settings: FleetSettings): Response | Promise<Response> {
  const read = readBody(request.body, registration);
  if (!read.ok) return misread(read.error, request);
  const { identity, scrape_target: scrapeTarget } = read.value;
  const target = readScrapeTarget(scrapeTarget ?? '', settings.scrapeAllow);
  if (!target.ok) return misread(`scrape_target: ${target.error}`, request);
  const exchange: Exchange = { what: 'register', identity, request, settings };
  const key = settings.knows(identity) ? `identity ${identity}` : `address ${request.household}`;
  const waitSeconds = settings.takeRegister(key, settings.now());
  if (waitSeconds > 0) return deny(exchange, tooOften('register rate exceeded', waitSeconds));
  const { lease, leaseHash } = settings.leases.issue();
  const answer = settings.submit(registerEvent(read.value, leaseHash, settings));
  return conclude(exchange, answer, ({ number = 0, bot = '' }) => registered(number, lease, bot));
}

const registerEvent = (
  value: Registration,
  leaseHash: string,
  { now, leases }: FleetSettings,
): RegisterEvent => ({
  type: 'register',
  at: now(),
  identity: value.identity,
  fleet: value.fleet || 'default',
  version: value.version ?? '',
  bot: value.bot ?? null,
  shardCount: value.shard_count ?? null,
  host: value.host ?? null,
  scrapeTarget: value.scrape_target ?? null,
  shownHash: value.lease ? leases.hash(value.lease) : null,
  leaseHash,
});

/** `bot` is ours: members that tell changes at once need to know where. */
const registered = (number: number, lease: string, bot: string): Response => ({
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify({ number, lease, bot }),
});

const NOTED: Response = { status: 204 };
const noted = (): Response => NOTED;

function beat(request: Request, settings: FleetSettings): Response | Promise<Response> {
  const read = readHeartbeat(request.body);
  if (!read.ok) return misread(read.error, request);
  const { identity, lease } = read.value;
  const exchange: Exchange = { what: 'heartbeat', identity, request, settings };
  const at = settings.now();
  const waitSeconds = settings.takeBeat(identity, request, at);
  if (waitSeconds > 0) return deny(exchange, tooOften('heartbeat rate exceeded', waitSeconds));
  const { rows, shardCount, measured } = said(read.value, settings.namespace);
  const shownHash = settings.leases.shown(lease);
  const event: BeatEvent = { type: 'beat', at, identity, rows, shardCount, measured, shownHash };
  return conclude(exchange, settings.submit(event), noted);
}

function goodbye(request: Request, settings: FleetSettings): Response | Promise<Response> {
  const read = readBody(request.body, farewell);
  if (!read.ok) return misread(read.error, request);
  const { identity, lease } = read.value;
  const exchange: Exchange = { what: 'goodbye', identity, request, settings };
  const at = settings.now();
  const waitSeconds = settings.takeBeat(identity, request, at);
  if (waitSeconds > 0) return deny(exchange, tooOften('heartbeat rate exceeded', waitSeconds));
  const answer = settings.submit({ type: 'goodbye', at, identity, shownHash: settings.leases.shown(lease) });
  return conclude(exchange, answer, noted);
}

/** The 413 stands; a known identity at the beginning of the report still counts as a sign of life. */
function oversize(beginning: Buffer, caller: Pick<Request, 'household'>, settings: FleetSettings): void {
  const read = readFields(firstFields(beginning.toString('utf8')), farewell);
  if (!read.ok) return;
  const { identity, lease } = read.value;
  if (!settings.knows(identity)) return;
  const at = settings.now();
  if (settings.takeBeat(identity, caller, at) > 0) return;
  void settings.submit({ type: 'oversize', at, identity, shownHash: settings.leases.shown(lease) });
}

function conclude(
  exchange: Exchange,
  answer: FleetAnswer | Promise<FleetAnswer>,
  success: (answer: { number?: number; bot?: string }) => Response,
): Response | Promise<Response> {
  if (answer instanceof Promise) return answer.then((final) => conclude(exchange, final, success));
  if (!answer.ok) return deny(exchange, answer);
  const { what, identity, request, settings } = exchange;
  if (request.knownAddress !== null) settings.heardFrom(identity, request.knownAddress);
  settings.audit(what, identity, request, 'ok');
  return success(answer);
}

function deny({ what, identity, request, settings }: Exchange, refused: Refused): Response {
  settings.audit(what, identity, request, `denied:${OUTCOMES[refused.reason] ?? refused.reason}`);
  return { ...refuse(refused, 'fleet', request.headers.accept), whom: identity };
}

/** Words of the contract's audit lines. */
const OUTCOMES: Partial<Record<Reason, string>> = { leased: 'lease' };

const tooOften = (error: string, waitSeconds: number): Refused => ({
  reason: 'too-often',
  error,
  headers: { 'retry-after': `${waitSeconds}` },
});

const misread = (error: string, { headers }: Request): Response =>
  refuse({ reason: 'bad-request', error }, 'fleet', headers.accept);

/** A shard list of its own words counts before what the metrics say. */
function said(value: Heartbeat, namespace: string): Pick<BeatEvent, 'rows' | 'shardCount' | 'measured'> {
  const declared = value.shard_count ?? null;
  const snapshot = isObject(value.snapshot) ? readSnapshot(value.snapshot, namespace) : null;
  const measured = snapshot?.measured ?? null;
  if (value.shards) {
    const rows = goodRows(value.shards);
    return { rows, shardCount: declared, measured: withShards(measured, rows) };
  }
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
