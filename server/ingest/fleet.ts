// Argus clusters: they register for a number and a lease, beat with a snapshot of their metrics, and may say goodbye.
import type { BeatEvent, Event, RegisterEvent, ShardRow } from '../core/event.js';
import { readSnapshot, withShards } from '../core/measures/snapshot-metrics.js';
import { fleet } from '../dialects/fleet.js';
import { answerJson } from '../dialects/json.js';
import type { Limiter } from '../http/limiter.js';
import type { Handler, Request, Response, Subject } from '../http/message.js';
import { speaksFor } from '../http/guard.js';
import { OTHER_BOT, refuse, tooOften, type Reason, type Refused } from '../http/refusal.js';
import type { Allow } from '../outbound/allow.js';
import type { Audit } from '../telemetry/audit.js';
import type { TakeBeat } from './beat-rate.js';
import { textOfDropped, type Dropped, type NoteDropped } from './dropped.js';
import { readRow } from './fields.js';
import {
  isObject,
  readFarewell,
  readHeartbeat,
  readRegistration,
  readSender,
  type Heartbeat,
  type Registration,
} from './fleet-fields.js';
import { firstFields } from './first-fields.js';
import { tagOf, type Leases } from './leases.js';
import { readScrapeTarget } from './scrape-target.js';

export interface FleetIngest {
  register: Handler;
  heartbeat: Handler;
  goodbye: Handler;
  /** A beat that was too long to read; `beginning` is its first KiB. */
  oversize: (beginning: Buffer, request: Pick<Request, 'household' | 'subject'>) => void;
}

/** What the engine answers; a durable event's answer takes until it is safe. */
type FleetAnswer = { ok: true; number?: number; bot?: string } | { ok: false; reason: Reason; error: string };

export interface FleetSettings {
  submit: (event: Event) => FleetAnswer | Promise<FleetAnswer>;
  now: () => number;
  leases: Leases;
  /** Prefix of the metric names. */
  namespace: string;
  scrapeAllow: Allow;
  /** The key of its bot; undefined: it is not known. */
  botOf: (identity: string) => string | undefined;
  /** Why a beat will be refused, whatever else it says; null: it is worth reading. */
  refusal: (beat: Pick<BeatEvent, 'type' | 'identity' | 'shownHash'>) => unknown;
  takeRegister: Limiter['take'];
  takeBeat: TakeBeat;
  /** A known identity was heard from this address. */
  heardFrom: (identity: string, address: string) => void;
  noteDropped: NoteDropped;
  /** The outcome is `ok`, or why not. */
  audit: Audit;
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
  const read = readRegistration(request.body, request.headers['content-type']);
  if (!read.ok) return misread(read.error, request);
  const { identity } = read.value;
  const exchange: Exchange = { what: 'register', identity, request, settings };
  const bot = settings.botOf(identity);
  const key = bot === undefined ? `address ${request.household}` : `identity ${identity}`;
  const waitSeconds = settings.takeRegister(key, settings.now());
  if (waitSeconds > 0) return deny(exchange, tooOften('register rate exceeded', waitSeconds));
  if (![bot, read.value.bot ?? undefined].every((one) => speaksFor(request.subject, one)))
    return deny(exchange, OTHER_BOT);
  const { value, dropped } = withTarget(read.value, settings.scrapeAllow);
  const { lease, leaseHash } = settings.leases.issue();
  const answer = settings.submit(registerEvent(value, dropped, leaseHash, request.subject, settings));
  return conclude(exchange, answer, ({ number = 0, bot = '' }) => {
    settings.noteDropped(senderOf(identity), dropped);
    return registered(number, lease, bot);
  });
}

const senderOf = (identity: string): string => `cluster ${JSON.stringify(identity)}`;

/** A target that cannot be is dropped, and the one that was kept goes with it: the member is not there any more. */
function withTarget(value: Registration, allow: Allow): { value: Registration; dropped: readonly Dropped[] } {
  const { dropped = [], scrape_target: text } = value;
  const target = readScrapeTarget(text ?? '', allow);
  if (target.ok) return { value, dropped };
  return {
    value: { ...value, scrape_target: '' },
    dropped: [...dropped, { field: 'scrape_target', why: target.why }],
  };
}

const registerEvent = (
  value: Registration,
  dropped: readonly Dropped[],
  leaseHash: string,
  subject: Subject,
  { now, leases }: FleetSettings,
): RegisterEvent => ({
  type: 'register',
  at: now(),
  identity: value.identity,
  fleet: value.fleet || 'default',
  version: value.version ?? '',
  bot: value.bot ?? subject.bot,
  name: value.name ?? null,
  shardCount: value.shard_count ?? null,
  host: value.host ?? null,
  scrapeTarget: value.scrape_target ?? null,
  shownHash: value.lease ? leases.hash(value.lease) : null,
  leaseHash,
  dropped: dropped.map(textOfDropped),
});

/** `bot` is ours: members that tell changes at once need to know where. */
const registered = (number: number, lease: string, bot: string): Response =>
  answerJson({ number, lease, bot });

const NOTED: Response = { status: 204 };
const noted = (): Response => NOTED;

function beat(request: Request, settings: FleetSettings): Response | Promise<Response> {
  const read = readHeartbeat(request.body, request.headers['content-type']);
  if (!read.ok) return misread(read.error, request);
  const { identity, lease } = read.value;
  const exchange: Exchange = { what: 'heartbeat', identity, request, settings };
  const at = settings.now();
  const waitSeconds = settings.takeBeat(identity, request, at);
  if (waitSeconds > 0) return deny(exchange, tooOften('heartbeat rate exceeded', waitSeconds));
  if (request.subject.bot !== null && !speaksFor(request.subject, settings.botOf(identity)))
    return deny(exchange, OTHER_BOT);
  const shownHash = settings.leases.shown(lease);
  const maySpeak = settings.refusal({ type: 'beat', identity, shownHash }) === null;
  const { rows, shardCount, measured } = maySpeak ? said(read.value, settings.namespace) : UNREAD;
  const { name = null } = read.value;
  const dropped = maySpeak ? droppedOf(read.value, settings) : NOTHING;
  const event: BeatEvent = {
    type: 'beat',
    at,
    identity,
    rows,
    shardCount,
    measured,
    shownHash,
    sender: tagOf(lease),
    name,
    dropped,
  };
  return conclude(exchange, settings.submit(event), noted);
}

function goodbye(request: Request, settings: FleetSettings): Response | Promise<Response> {
  const read = readFarewell(request.body, request.headers['content-type']);
  if (!read.ok) return misread(read.error, request);
  const { identity, lease } = read.value;
  const exchange: Exchange = { what: 'goodbye', identity, request, settings };
  const at = settings.now();
  const waitSeconds = settings.takeBeat(identity, request, at);
  if (waitSeconds > 0) return deny(exchange, tooOften('heartbeat rate exceeded', waitSeconds));
  if (request.subject.bot !== null && !speaksFor(request.subject, settings.botOf(identity)))
    return deny(exchange, OTHER_BOT);
  const answer = settings.submit({ type: 'goodbye', at, identity, shownHash: settings.leases.shown(lease) });
  return conclude(exchange, answer, noted);
}

/** The 413 stands; a known identity at the beginning of the report still counts as a sign of life. */
function oversize(
  beginning: Buffer,
  caller: Pick<Request, 'household' | 'subject'>,
  settings: FleetSettings,
): void {
  const fields = firstFields(beginning.toString('utf8'));
  const read = isObject(fields) ? readSender(fields) : null;
  if (!read?.ok) return;
  const { identity, lease } = read.value;
  const bot = settings.botOf(identity);
  if (bot === undefined || !speaksFor(caller.subject, bot)) return;
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
  return { ...refuse(refused, fleet, request.headers), whom: identity };
}

/** Words of the contract's audit lines. */
const OUTCOMES: Partial<Record<Reason, string>> = { leased: 'lease' };

const misread = (error: string, { headers }: Request): Response =>
  refuse({ reason: 'bad-request', error }, fleet, headers);

type Said = Pick<BeatEvent, 'rows' | 'shardCount' | 'measured'>;

/** Of a beat that will be refused. It is told all the same: that two processes show different leases is news. */
const UNREAD: Said = Object.freeze({ rows: null, shardCount: null, measured: null });

/** A shard list of its own words counts before what the metrics say. */
function said(value: Heartbeat, namespace: string): Said {
  const declared = value.shard_count ?? null;
  const snapshot = isObject(value.snapshot) ? readSnapshot(value.snapshot, namespace) : null;
  const measured = snapshot?.measured ?? null;
  if (value.shards) {
    const rows = goodRows(value.shards, value);
    return { rows, shardCount: declared, measured: withShards(measured, rows) };
  }
  if (!snapshot) return { rows: null, shardCount: declared, measured };
  return { rows: snapshot.rows, shardCount: declared ?? snapshot.shardCount, measured };
}

const NOTHING: readonly string[] = Object.freeze([]);
/** The first few say what kind of mistake it is. */
const MOST_SAID = 3;

/** A beat has no place to answer about rows: the good ones count, and what is wrong with the others joins `dropped`. */
function goodRows(raw: unknown[], value: Heartbeat): ShardRow[] {
  const rows: ShardRow[] = [];
  for (const one of raw) {
    const read = readRow(one);
    if (read.ok) rows.push(read.row);
    const wrong: Dropped | undefined = read.ok
      ? read.dropped
      : { field: 'shards', why: `a row: ${read.error}` };
    if (!wrong) continue;
    const dropped = (value.dropped ??= []);
    if (dropped.length < MOST_SAID) dropped.push(wrong);
  }
  return rows;
}

/** What operators are told of a beat, which is nothing as a rule. */
function droppedOf({ identity, dropped }: Heartbeat, { noteDropped }: FleetSettings): readonly string[] {
  if (!dropped) return NOTHING;
  noteDropped(senderOf(identity), dropped);
  return dropped.map(textOfDropped);
}
