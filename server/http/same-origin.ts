// Whether a browser that is signed in acts of its own will: a page elsewhere could make it send, never read (RULES 19).
import type { Headers } from './message.js';
import type { Refused } from './refusal.js';

interface Asked {
  method: string;
  headers: Headers;
}

/**
 * Null: it does, or it only reads. The Host header proves nothing, for whoever sends the request writes it.
 * `isBrowser`: surely one, else it is one if it names an origin.
 */
export function whyNotAnAction(
  { method, headers }: Asked,
  ownOrigin: string | null,
  isBrowser: boolean,
): Refused | null {
  if (method === 'GET' || method === 'HEAD') return null;
  if (!isBrowser && headers.origin === '' && headers['sec-fetch-site'] === '') return null;
  if (!isSameOrigin(headers, ownOrigin)) return { reason: 'cross-origin' };
  return isJson(headers['content-type']) ? null : { reason: 'not-json' };
}

export const isJson = (contentType: string): boolean =>
  contentType.split(';')[0]!.trim().toLowerCase() === 'application/json';

/** Browsers say so themselves, and pages cannot make them lie; older ones only name the origin. */
const isSameOrigin = (headers: Headers, ownOrigin: string | null): boolean =>
  headers['sec-fetch-site'] === ''
    ? headers.origin !== '' && headers.origin === ownOrigin
    : headers['sec-fetch-site'] === 'same-origin';

/**
 * A page of somewhere else asks where everybody is let in. The Host header is what that page's browser connected to: it
 * gives the same that the browser's own rule gives for answers, which sockets are exempt from.
 */
export function isForeignPage(
  { origin, host, 'sec-fetch-site': site }: Headers,
  own: string | null,
): boolean {
  if (origin === '' || origin === own) return false;
  if (site !== '') return site !== 'same-origin';
  return !URL.canParse(origin) || new URL(origin).host !== host;
}

/** A socket is opened by a page of somewhere else: the cookie is kept from those, and this holds where it was not. */
export const isElsewhere = (headers: Headers, ownOrigin: string | null): boolean =>
  headers['sec-fetch-site'] === 'cross-site' || (ownOrigin !== null && headers.origin !== ownOrigin);
