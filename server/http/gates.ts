// The gates before a body is read, in their order: 404 and 405, 401, 413 for a declared length, 429 (RULES 20).
import { tooLarge } from './body.js';
import type { Cors } from './cors.js';
import { isIn, speaksFor, whyClosed, type Guard, type Verdict } from './guard.js';
import type { Head, LetIn, Response, Role, Site, Subject } from './message.js';
import type { TransportNotes } from './notes.js';
import type { Rates } from './rates.js';
import { askedTooOften, OTHER_BOT, refuse, type Dialect, type Refused } from './refusal.js';
import type { Found, Route } from './router.js';
import { whyForeign, whyNoReport, whyNotAnAction, whyRebound, type OurAddress } from './same-origin.js';
import { siteOf } from './site.js';

/** `beyond`: its body is declared too long; what it begins with is looked at before it is told so. */
export interface Admitted {
  admitted: true;
  route: Route;
  params: Record<string, string>;
  subject: Subject;
  beyond?: Response;
}

export type Admission = Admitted | { admitted: false; response: Response; route: Route | null };

/** Makes the page that a browser gets instead of JSON. */
export type PageFor = (head: Head) => Response;

export interface Gates {
  guard: Guard;
  rates: Rates;
  cors: Cors;
  now: () => number;
  /** Whether there is room for another viewer: descriptors that are left are for reports and operators. */
  hasRoom: () => boolean;
  our: OurAddress;
  notFoundPage: PageFor;
  /** For pages that need a role. */
  privatePage: PageFor;
  notes: Pick<TransportNotes, 'turnedAway'>;
  /** Of addresses that are no row's. */
  fallback: Dialect;
}

export function admit(head: Head, found: Found, gates: Gates): Admission {
  if (found.kind === 'route') return admitTo(found.route, found.params, head, gates);
  const isShared = found.kind === 'wrong-method' && found.isShared;
  const preflight = head.method === 'OPTIONS' ? gates.cors.preflight(head.headers.origin, isShared) : null;
  if (preflight) return { admitted: false, response: preflight, route: null };
  if (found.kind === 'unknown') {
    if (head.headers.accept.includes('text/html'))
      return turnAway(head, gates.notFoundPage(head), null, gates);
    return refuseTo(head, { reason: 'unknown-path' }, found.dialect, gates);
  }
  const verdict = verdictOn(found.dialect.tokenFirst ? found.role : 'public', head, gates);
  if (!isIn(verdict)) return refuseTo(head, unauthorized(found.role, verdict), found.dialect, gates);
  const refused: Refused = { reason: 'wrong-method', headers: { allow: found.allow } };
  return refuseTo(head, refused, found.dialect, gates);
}

function admitTo(route: Route, params: Record<string, string>, head: Head, gates: Gates): Admission {
  const { headers } = head;
  const { cors } = gates;
  const subject = verdictOn(route.role, head, gates);
  if (!isIn(subject)) return withoutToken(route, subject, head, gates);
  const foreign = subject.unasked ? whyForeignTo(route, head, gates, subject.unasked) : null;
  if (foreign) return refuseFor(route, head, foreign, gates);
  if (!speaksFor(subject, params['bot'])) {
    gates.notes.turnedAway(head, route, OTHER_BOT.reason);
    return refuseFor(route, head, OTHER_BOT, gates);
  }
  const declared = Number(headers['content-length']);
  const isTooLong = route.maxBytes > 0 && declared > route.maxBytes;
  if (isTooLong) {
    const beyond = refuse(bodyTooLarge(route, declared), route.dialect, headers);
    const isLookedAt = route.tooLarge && headers['content-encoding'] === '';
    if (isLookedAt) return { admitted: true, route, params, subject, beyond };
    gates.notes.turnedAway(head, route, 'too-large');
    return { admitted: false, response: cors.share(beyond, headers.origin, false), route };
  }
  const seconds = route.role === 'ingest' ? 0 : waitFor(route, head, gates);
  if (seconds > 0) return refuseFor(route, head, askedTooOften(route.dialect, seconds), gates);
  return { admitted: true, route, params, subject };
}

/** Somebody is let in by what browsers send unasked: why a page of somebody else may be behind it. */
function whyForeignTo({ role, maxBytes }: Route, head: Head, { our }: Gates, letIn: LetIn): Refused | null {
  const error = letIn === 'open' ? whyRebound(head.headers, our) : null;
  if (error !== null) return { reason: 'cross-origin', error };
  if (role === 'operator') return whyNotAnAction(head, siteAsked(head), our, letIn);
  return role === 'ingest' ? whyNoReport(head, siteAsked(head), our, maxBytes > 0) : null;
}

/** A socket about to be opened: 401, 403 or 429, or null where it may. */
export function admitUpgrade(
  head: Head,
  { role, dialect }: Pick<Route, 'role' | 'dialect'>,
  gates: Gates,
): Response | null {
  const { headers } = head;
  const no = (refused: Refused): Response => refuse(refused, dialect, headers);
  const subject = verdictOn(role, head, gates);
  if (!isIn(subject)) {
    const seconds = gates.rates.refused(head.client(), gates.now());
    return no(seconds > 0 ? askedTooOften(dialect, seconds) : unauthorized(role, subject));
  }
  const error = subject.unasked ? whyForeignSocket(head, gates, subject.unasked) : null;
  if (error !== null) return no({ reason: 'cross-origin', error });
  if (role === 'public' && !gates.hasRoom())
    return no({ reason: 'busy', error: 'too many viewers are connected; please try again in a minute' });
  const seconds = gates.rates.take('public', head.client(), gates.now());
  return seconds > 0 ? no(askedTooOften(dialect, seconds)) : null;
}

const whyForeignSocket = (head: Head, { our }: Gates, letIn: LetIn): string | null =>
  (letIn === 'open' ? whyRebound(head.headers, our) : null) ??
  whyForeign(head.headers, siteAsked(head), our, letIn);

const siteAsked = (head: Head): Site => siteOf(head.headers, head.client().isProxied);

/** Reports have limits of their own, which count by what their bodies say. */
function waitFor({ rate, role }: Route, head: Head, { rates, now }: Gates): number {
  if (!rate) return 0;
  const seconds = role === 'public' ? 0 : rates.waitOf(head.client(), now());
  return seconds > 0 ? seconds : rates.take(rate, head.client(), now());
}

const verdictOn = (role: Role, { headers, query }: Head, { guard }: Gates): Verdict =>
  guard(role, { authorization: headers.authorization, query, cookie: headers.cookie });

const unauthorized = (role: Role, verdict: Verdict): Refused => ({
  reason: 'unauthorized',
  ...(verdict === 'closed' ? { error: whyClosed(role) } : {}),
});

function withoutToken(route: Route, verdict: Verdict, head: Head, gates: Gates): Admission {
  gates.notes.turnedAway(head, route, 'unauthorized');
  const isBrowser = route.dialect.isForPeople && head.headers.accept.includes('text/html');
  const response = isBrowser
    ? gates.privatePage(head)
    : refuse(unauthorized(route.role, verdict), route.dialect, head.headers);
  return turnAway(head, response, route, gates);
}

const refuseFor = (route: Route, head: Head, refused: Refused, { cors }: Gates): Admission => ({
  admitted: false,
  response: cors.share(
    refuse(refused, route.dialect, head.headers),
    head.headers.origin,
    route.cors ?? false,
  ),
  route,
});

const refuseTo = (head: Head, refused: Refused, dialect: Dialect, gates: Gates): Admission =>
  turnAway(head, refuse(refused, dialect, head.headers), null, gates, dialect);

/** Whoever is turned away too often is only told to wait. */
function turnAway(
  head: Head,
  response: Response,
  route: Route | null,
  gates: Gates,
  dialect = route?.dialect ?? gates.fallback,
): Admission {
  const { rates, cors, now } = gates;
  const seconds = rates.refused(head.client(), now());
  const said = seconds > 0 ? refuse(askedTooOften(dialect, seconds), dialect, head.headers) : response;
  return { admitted: false, response: cors.share(said, head.headers.origin, false), route };
}

export const bodyTooLarge = (route: Route, actual?: number): Refused => ({
  reason: 'too-large',
  error: tooLarge(route.maxBytes, actual),
});
