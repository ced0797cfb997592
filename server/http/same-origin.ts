// Whether a browser that is signed in acts of its own will: a page elsewhere could make it send, never read (RULES 19, 34).
import type { Headers, LetIn, Site } from './message.js';
import type { Refused } from './refusal.js';
import { isFixedHost, isHost, isHostOf } from './site.js';

/** Where our pages are, as far as we were told. */
export interface OurAddress {
  /** Of SHARDLIGHT_PUBLIC_URL, as browsers write it in Origin; null: not configured. */
  origin: string | null;
  /** Where we listen. */
  host: string;
  /** Only this machine reaches that. */
  isLoopback: boolean;
}

export const ourAddress = (options: {
  publicUrl: string | null;
  host: string;
  isLoopback: boolean;
}): OurAddress => ({
  origin: options.publicUrl === null ? null : new URL(options.publicUrl).origin,
  host: options.host,
  isLoopback: options.isLoopback,
});

interface Asked {
  method: string;
  headers: Headers;
}

/**
 * Why a report that needs no token is none: a page made it, which is not ours. Browsers send Origin with every POST, to any
 * address and however old they are; Sec-Fetch-Site only to addresses that they trust. Bots, curl and libraries send neither,
 * so they are not asked for a Content-Type, which the dialects never asked for either.
 */
export const whyNoReport = (asked: Asked, site: Site, our: OurAddress, hasBody: boolean): Refused | null =>
  isNameless(asked.headers) ? null : whyNotAPage(asked.headers, site, our, 'open', hasBody);

/** Why a request may not change anything; null: it may, or it only reads. It is a page's where it names an origin. */
export function whyNotAnAction(
  { method, headers }: Asked,
  site: Site,
  our: OurAddress,
  letIn: LetIn,
): Refused | null {
  if (method === 'GET' || method === 'HEAD') return null;
  if (!isNameless(headers)) return whyNotAPage(headers, site, our, letIn, true);
  return letIn === 'open' ? null : { reason: 'cross-origin', error: SESSION_OF_A_BROWSER };
}

const isNameless = (headers: Headers): boolean => headers.origin === '' && headers['sec-fetch-site'] === '';

function whyNotAPage(
  headers: Headers,
  site: Site,
  our: OurAddress,
  letIn: LetIn,
  hasBody: boolean,
): Refused | null {
  const error = whyForeign(headers, site, our, letIn);
  if (error !== null) return { reason: 'cross-origin', error };
  return !hasBody || isJson(headers['content-type']) ? null : { reason: 'not-json' };
}

/**
 * Where this machine alone reaches us and needs no token: why the name is none of ours that a request came to; null: it is
 * one. The DNS of a stranger's page may lead its own name here, and what it then asks for is of the same origin.
 */
export function whyRebound({ host }: Headers, our: OurAddress): string | null {
  if (!our.isLoopback) return null;
  const { origin, hostname } = isHost(host) ? new URL(`http://${host}`) : NOWHERE;
  const isPublic = our.origin !== null && new URL(our.origin).hostname === hostname;
  return isPublic || isOurName({ origin, hostname }, our) ? null : cameByAnotherName(host);
}

const NOWHERE = { origin: '', hostname: '' };

export const isJson = (contentType: string): boolean =>
  contentType.split(';')[0]!.trim().toLowerCase() === 'application/json';

/**
 * Why the page that asks is none of ours, and what mends it; null: it is ours, or it is no page. It is ours if its origin
 * names the host that the request came to, which pages cannot forge, or the public address. Where no token is needed,
 * that host must not be a name of somebody else, whose DNS may lead it here.
 */
export function whyForeign(headers: Headers, site: Site, our: OurAddress, letIn: LetIn): string | null {
  const { origin, 'sec-fetch-site': relation } = headers;
  if (origin === '') return relation === '' || relation === 'same-origin' ? null : ofAnotherSite('');
  if (relation !== '' && relation !== 'same-origin') return ofAnotherSite(origin);
  if (!URL.canParse(origin)) return ofAnotherSite('');
  const page = new URL(origin);
  const isSame = relation === 'same-origin' || site.hosts.some((host) => isHostOf(host, page));
  if (page.origin !== our.origin && !isSame) return cameElsewhere(page.origin, site);
  return letIn === 'open' && !isOurName(page, our) ? neverWithoutToken(page.origin) : null;
}

function isOurName({ origin, hostname }: Pick<URL, 'origin' | 'hostname'>, our: OurAddress): boolean {
  return origin === our.origin || isFixedHost(hostname) || hostname === our.host.toLowerCase();
}

const MAX_ORIGIN = 200;

function ofAnotherSite(origin: string): string {
  const page =
    origin === '' ? 'a page of another site' : `the page at ${origin.slice(0, MAX_ORIGIN)}, another site,`;
  return `${page} may not use what this browser is let in by: open our own page`;
}

const SESSION_OF_A_BROWSER =
  'a session acts from our own pages only, and this request names none: send a token instead';

const cameElsewhere = (origin: string, { hosts }: Site): string =>
  `the page is open at ${origin}, but its request came to ${hosts[0] ?? 'an unnamed host'}: let the proxy in between ` +
  `pass on the Host header (nginx: proxy_set_header Host $http_host;), or set SHARDLIGHT_PUBLIC_URL=${origin} and restart`;

const cameByAnotherName = (host: string): string =>
  `no token is configured, so only requests to localhost, to an IP address or to SHARDLIGHT_PUBLIC_URL are answered, and ` +
  `this one came to ${JSON.stringify(host.slice(0, MAX_ORIGIN))}: set tokens, or SHARDLIGHT_PUBLIC_URL if that name is yours, ` +
  'and restart; if it is not, a page of a stranger tried to reach this server';

const neverWithoutToken = (origin: string): string =>
  'no token is configured, so only pages at localhost, at an IP address or at SHARDLIGHT_PUBLIC_URL are let in: ' +
  `set SHARDLIGHT_OPERATOR_TOKEN, or SHARDLIGHT_PUBLIC_URL=${origin}, and restart`;
