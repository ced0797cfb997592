// Signing in and out: a token is exchanged once for a cookie, so that it is in no address and no script.
import { z } from 'zod';
import { readJson } from '../http/body.js';
import type { Limiter } from '../http/limiter.js';
import type { Handler, Request, Response } from '../http/message.js';
import { refuse } from '../http/refusal.js';
import { isJson } from '../http/same-origin.js';
import type { Sessions } from '../http/session.js';

export interface SessionSettings {
  sessions: Sessions;
  /** Attempts, by address. */
  attempts: Limiter;
  now: () => number;
}

export interface SessionApi {
  signIn: Handler;
  signOut: Handler;
  /** For pages: with `?token=`, the answer that takes it out of the address; null: there is none. */
  exchange: (request: Request) => Response | null;
}

const credentials = z.object({ token: z.string().min(1).max(1_024) });

export function createSessionApi(settings: SessionSettings): SessionApi {
  return {
    signIn: (request) => signIn(request, settings),
    signOut: () => ({ status: 204, headers: { 'set-cookie': settings.sessions.closing, ...UNCACHED } }),
    exchange: (request) => exchange(request, settings),
  };
}

const UNCACHED = { 'cache-control': 'no-store' };

function signIn(request: Request, { sessions, attempts, now }: SessionSettings): Response {
  const { body, headers, household } = request;
  // A form of another site could sign somebody in as somebody else; JSON it may not send.
  if (!isJson(headers['content-type'])) return refuse({ reason: 'not-json' }, 'json', headers.accept);
  const json = readJson(body);
  const read = credentials.safeParse(json.ok ? json.value : undefined);
  if (!read.success) {
    const error = 'the body must be JSON like {"token":"…"}, 1 to 1,024 characters';
    return refuse({ reason: 'bad-request', error }, 'json', headers.accept);
  }
  const waitSeconds = attempts.take(household, now());
  if (waitSeconds > 0) return refuse(tooOften(waitSeconds), 'json', headers.accept);
  const opened = sessions.open(read.data.token, now());
  if (!opened) return refuse({ reason: 'unauthorized', error: WRONG }, 'json', headers.accept);
  return { status: 204, headers: { 'set-cookie': opened.cookie, ...UNCACHED } };
}

const WRONG = 'this token opens nothing here: a viewer or an operator token does';

const tooOften = (waitSeconds: number): Parameters<typeof refuse>[0] => ({
  reason: 'too-often',
  error: `too many attempts from this address; please try again in ${waitSeconds} s`,
  headers: { 'retry-after': `${waitSeconds}` },
});

/** A wrong token is taken out of the address as well: it may be a right one elsewhere. */
function exchange(
  { query, path, household }: Request,
  { sessions, attempts, now }: SessionSettings,
): Response | null {
  const token = query.get('token');
  if (token === null) return null;
  const isTooOften = attempts.take(household, now()) > 0;
  const opened = isTooOften ? null : sessions.open(token, now());
  const cookie = opened ? { 'set-cookie': opened.cookie } : {};
  return { status: 303, headers: { location: withoutToken(path, query), ...cookie, ...UNCACHED } };
}

function withoutToken(path: string, query: URLSearchParams): string {
  const rest = new URLSearchParams(query);
  rest.delete('token');
  return rest.size === 0 ? path : `${path}?${rest}`;
}
