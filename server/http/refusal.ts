// Why a request is turned down: one table from reason to status, our words for it, and what a dialect makes of them.
import type { Refusal } from '../core/answer.js';
import type { HeaderName, Headers, Response } from './message.js';

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
  | 'other-bot'
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
  'other-bot': 403,
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

/** Who asks, and so how they are answered: everything in which the answers of one kind of address differ from others'. */
export interface Dialect {
  name: string;
  /** Its own words for a reason; else they are ours. */
  words?: Partial<Record<Reason, string>>;
  /** How it writes a refusal; `asked`: the request's headers. */
  write: (reason: Reason, error: string, asked: Headers) => Written;
  /** Its own words for a household that asks too often. */
  tooOften?: string;
  /** The variables that bound its reports, for the log. */
  toRaise?: string;
  /** Without a token, not even 405 is said. */
  tokenFirst?: true;
  /** Browsers are shown a page instead. */
  isForPeople?: true;
  /** Headers that its answers to reports depend on, beside those of the body: each costs. */
  reads?: readonly HeaderName[];
}

export interface Written {
  headers: Readonly<Record<string, string>>;
  body: string | Buffer;
}

const OUR_WORDS: Partial<Record<Reason, string>> = {
  unauthorized: 'this needs a token: send it as "Authorization: Bearer <token>"',
  'other-bot': 'this token reports for another bot',
  'unknown-path': 'there is nothing at this address',
  'wrong-method': 'this address does not take that method; the Allow header says which it takes',
  'not-an-upgrade': 'this address speaks WebSocket: connect with ws:// or wss://',
  'not-json': 'the body must be JSON, and say so: "Content-Type: application/json"',
  busy: 'too many large answers are under way; please try again in a second',
  failed: 'something went wrong here; it is in the log of the server',
};

export interface Refused {
  reason: Reason;
  /** Empty: the words of the table. */
  error?: string;
  headers?: Record<string, string>;
}

export const OTHER_BOT = { reason: 'other-bot' } as const satisfies Refused;

/** `asked`: the request's headers. */
export function refuse({ reason, error, headers }: Refused, dialect: Dialect, asked: Headers): Response {
  const words = error ?? dialect.words?.[reason] ?? OUR_WORDS[reason] ?? reason;
  const written = dialect.write(reason, words, asked);
  return {
    status: STATUS[reason],
    reason,
    ...(error === undefined ? {} : { error }),
    headers: { ...written.headers, ...(STATUS[reason] === 503 ? { 'retry-after': '1' } : {}), ...headers },
    body: written.body,
  };
}

export const tooOften = (error: string, seconds: number): Refused => ({
  reason: 'too-often',
  error,
  headers: { 'retry-after': `${seconds}` },
});

/** Before a body is read. */
export const askedTooOften = ({ tooOften: words }: Dialect, seconds: number): Refused =>
  tooOften(words ?? `too many requests from this address; please try again in ${seconds} s`, seconds);
