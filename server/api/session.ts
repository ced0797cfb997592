// Signing in and out: a token is exchanged once for a cookie, so that it is in no address and no script.
import * as z from 'zod';
import type { ConnectView, OperatorRole, SessionView } from '../../public/shared/operator-wire.js';
import { answerJson, json as dialect, JSON_HEADERS } from '../dialects/json.js';
import { readJson } from '../http/body.js';
import { isIn, isOpenTo, NOTHING_SHOWN, whyClosed, type Guard } from '../http/guard.js';
import type { Limiter } from '../http/limiter.js';
import type { Handler, Request, Response } from '../http/message.js';
import { refuse, tooOften } from '../http/refusal.js';
import { isJson, whyForeign, type OurAddress } from '../http/same-origin.js';
import type { Sessions } from '../http/session.js';
import { cameOverTls } from '../http/site.js';

export interface SessionSettings {
  sessions: Sessions;
  guard: Guard;
  our: OurAddress;
  connect: ConnectView;
  /** Where the operators' page is. */
  page: string;
  /** Somebody signed out of the session of that id. */
  endSession: (id: string) => void;
  /** Attempts, by address. */
  attempts: Limiter;
  now: () => number;
}

export interface SessionApi {
  /** Who asks, and what would be open to whom. */
  session: Handler;
  signIn: Handler;
  signOut: Handler;
  /** For pages: with `?token=`, the answer that leads to the operators' page without it; null: there is none. */
  exchange: (request: Request) => Response | null;
}

const credentials = z.object({ token: z.string().min(1).max(1_024) });

export function createSessionApi(settings: SessionSettings): SessionApi {
  return {
    session: (request) => answerJson(sessionView(request, settings), { ...JSON_HEADERS, ...UNCACHED }),
    signIn: (request) => signIn(request, settings),
    signOut: (request) => signOut(request, settings),
    exchange: (request) => exchange(request, settings),
  };
}

const UNCACHED = { 'cache-control': 'no-store' };

function sessionView(request: Request, { guard, our, connect }: SessionSettings): SessionView {
  const { headers, query } = request;
  const { authorization, cookie } = headers;
  const has = (role: OperatorRole): boolean =>
    isIn(guard(role, { authorization, cookie, query: `${query}` }));
  const closed = (role: OperatorRole): string | null =>
    guard(role, NOTHING_SHOWN) === 'closed' ? whyClosed(role) : null;
  const isOpen = isOpenTo(guard, 'viewer');
  return {
    role: (['operator', 'viewer'] as const).find(has) ?? null,
    isOpen,
    refused: refusedAt(request, our, isOpen),
    closed: { viewer: closed('viewer'), operator: closed('operator') },
    connect,
  };
}

/** Browsers hide why a socket is refused, and name no origin here: the page asks for its own. */
function refusedAt({ headers, query, site }: Request, our: OurAddress, isOpen: boolean): string | null {
  const origin = query.get('from') ?? '';
  if (origin === '' || origin.length > MAX_ORIGIN) return null;
  return whyForeign({ ...headers, origin, 'sec-fetch-site': '' }, site, our, isOpen ? 'open' : 'by-cookie');
}

const MAX_ORIGIN = 300;

function signOut({ headers }: Request, { sessions, endSession, now }: SessionSettings): Response {
  const session = sessions.read(headers.cookie, now());
  if (session) endSession(session.id);
  return { status: 204, headers: { 'set-cookie': sessions.closing(headers.cookie), ...UNCACHED } };
}

function signIn(request: Request, { sessions, attempts, now, connect }: SessionSettings): Response {
  const { body, headers, household, site } = request;
  // A form of another site could sign somebody in as somebody else; JSON it may not send.
  if (!isJson(headers['content-type'])) return refuse({ reason: 'not-json' }, dialect, headers);
  const json = readJson(body, headers['content-type']);
  const read = credentials.safeParse(json.ok ? json.value : undefined);
  if (!read.success) {
    const error = 'the body must be JSON like {"token":"…"}, 1 to 1,024 characters';
    return refuse({ reason: 'bad-request', error }, dialect, headers);
  }
  const waitSeconds = attempts.take(household, now());
  if (waitSeconds > 0) {
    const error = `too many attempts from this address; please try again in ${waitSeconds} s`;
    return refuse(tooOften(error, waitSeconds), dialect, headers);
  }
  const opened = sessions.open(read.data.token, cameOverTls(headers, site, connect.url), now());
  if (!opened) return refuse({ reason: 'unauthorized', error: WRONG }, dialect, headers);
  return { status: 204, headers: { 'set-cookie': opened.cookie, ...UNCACHED } };
}

const WRONG = 'this token opens nothing here: a viewer or an operator token does';

/** A wrong token is taken out of the address as well: it may be a right one elsewhere. */
function exchange(
  { query, household, headers, site }: Request,
  { sessions, attempts, now, page, connect }: SessionSettings,
): Response | null {
  const token = query.get('token');
  if (token === null) return null;
  const isTooOften = attempts.take(household, now()) > 0;
  const isSecure = cameOverTls(headers, site, connect.url);
  const opened = isTooOften ? null : sessions.open(token, isSecure, now());
  const cookie = opened ? { 'set-cookie': opened.cookie } : {};
  const location = `${page}${queryOf(query, !opened && !isTooOften)}`;
  const reason = isTooOften ? 'too-often' : 'unauthorized';
  return { status: 303, ...(opened ? {} : { reason }), headers: { location, ...cookie, ...UNCACHED } };
}

/** What else was asked stays; the page itself says that a token was wrong. */
function queryOf(query: URLSearchParams, isWrong: boolean): string {
  const rest = new URLSearchParams(query);
  rest.delete('token');
  rest.delete('wrong');
  if (isWrong) rest.set('wrong', '1');
  return rest.size === 0 ? '' : `?${rest}`;
}
