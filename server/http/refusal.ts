// Why a request is turned down: one table from reason to status, and how each dialect words it.
import type { Refusal } from '../core/change.js';
import type { Response } from './message.js';

export type Reason =
  | Refusal
  | 'unknown-path'
  | 'wrong-method'
  | 'unauthorized'
  | 'too-large'
  | 'bad-request'
  | 'bad-encoding'
  | 'too-often'
  | 'cross-origin'
  | 'not-json'
  | 'not-an-upgrade'
  | 'not-durable'
  | 'not-ready'
  | 'busy'
  | 'failed';

const STATUS = {
  'bad-request': 400,
  'not-an-upgrade': 400,
  'unknown-bot': 400,
  'unknown-shard': 400,
  'unknown-state': 400,
  unauthorized: 401,
  'cross-origin': 403,
  'too-many-bots': 403,
  'too-many-shards': 403,
  'too-many-claims': 403,
  'too-many-fleets': 403,
  banned: 403,
  'too-many-clusters': 403,
  'unknown-path': 404,
  'unknown-member': 404,
  'unknown-ban': 404,
  'wrong-method': 405,
  'unpopulated-shard': 409,
  leased: 409,
  'still-up': 409,
  'too-large': 413,
  'bad-encoding': 415,
  'not-json': 415,
  'too-often': 429,
  failed: 500,
  'not-durable': 503,
  'not-ready': 503,
  busy: 503,
} as const satisfies Record<Reason, number>;

/** Who asks, and so how they are answered: ours and Glance's in JSON, Argus's in a line of text, people in HTML. */
export type Dialect = 'json' | 'glance' | 'fleet' | 'page';

/** The wording of the refusals that have one in every dialect; a dialect's own words come from its ingest file. */
const WORDS: Partial<Record<Dialect, Partial<Record<Reason, string>>>> = {
  glance: { unauthorized: 'this endpoint requires authorization' },
  fleet: {
    unauthorized: 'unauthorized',
    'wrong-method': '405: Method Not Allowed',
  },
};

const OWN_WORDS: Partial<Record<Reason, string>> = {
  unauthorized: 'this needs a token: send it as "Authorization: Bearer <token>"',
  'unknown-path': 'there is nothing at this address',
  'wrong-method': 'this address does not take that method; the Allow header says which it takes',
  'not-an-upgrade': 'this address speaks WebSocket: connect with ws:// or wss://',
  'not-json': 'the body must be JSON, and say so: "Content-Type: application/json"',
  busy: 'too many large answers are under way; please try again in a second',
  failed: 'something went wrong here; it is in the log of the server',
};

/** The contract has these without a line end: they are not Argus's own, but those of its HTTP library. */
const FLEET_LIBRARY: readonly Reason[] = ['wrong-method', 'too-large'];

/** Contract of the original: unknown and wrongly asked paths of Glance are plain text. */
const GLANCE_TEXT: readonly Reason[] = ['unknown-path', 'wrong-method', 'not-an-upgrade'];

export interface Refused {
  reason: Reason;
  /** Empty: the words of the table. */
  error?: string;
  headers?: Record<string, string>;
}

/** `accept`: the request's Accept header. */
export function refuse(refused: Refused, dialect: Dialect, accept: string): Response {
  const { reason } = refused;
  const error = refused.error ?? WORDS[dialect]?.[reason] ?? OWN_WORDS[reason] ?? reason;
  const isText = dialect === 'fleet' ? !accept.includes('application/json') : isGlanceText(dialect, reason);
  return {
    status: STATUS[reason],
    reason,
    ...(refused.error === undefined ? {} : { error: refused.error }),
    headers: {
      'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
      ...(STATUS[reason] === 503 ? { 'retry-after': '1' } : {}),
      ...refused.headers,
    },
    body: isText ? `${error}${lineEnd(dialect, reason)}` : JSON.stringify({ error }),
  };
}

/** Before a body is read. Argus has a name for it. */
export const tooOften = (dialect: Dialect, seconds: number): Refused => ({
  reason: 'too-often',
  error:
    dialect === 'fleet'
      ? 'read rate exceeded'
      : `too many requests from this address; please try again in ${seconds} s`,
  headers: { 'retry-after': `${seconds}` },
});

const lineEnd = (dialect: Dialect, reason: Reason): string =>
  dialect === 'fleet' && FLEET_LIBRARY.includes(reason) ? '' : '\n';

const isGlanceText = (dialect: Dialect, reason: Reason): boolean =>
  dialect === 'glance' && GLANCE_TEXT.includes(reason);
