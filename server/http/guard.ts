// Who may do what: tokens per role, compared in constant time, read from the header, the query or a session's cookie.
import { timingSafeEqual } from 'node:crypto';
import type { Role } from './router.js';

/** The roles that tokens grant. */
export type TokenRole = Exclude<Role, 'public'>;

export interface Access {
  /** By role, without what follows from operator ⊃ viewer ⊃ metrics. */
  tokens: Record<TokenRole, string[]>;
  /** What no token grants is open: on loopback, or by explicit insecurity. Else it is closed. */
  openWithoutTokens: boolean;
}

/** What a request shows of itself. */
export interface Credentials {
  authorization: string;
  /** The raw query. */
  query: string;
  cookie: string;
}

/**
 * `open`, `closed`: no token grants the role, and so everybody has it, or nobody. `by-cookie`: granted, as `open` is, by what
 * a browser sends without being asked, for whichever page makes it.
 */
export type Verdict = 'granted' | 'open' | 'by-cookie' | 'unauthorized' | 'closed';

/** Whether that verdict lets somebody in. */
export const isIn = (verdict: Verdict): boolean => verdict !== 'unauthorized' && verdict !== 'closed';

export type Guard = (role: Role, shown: Credentials) => Verdict;

/** Tells which role a session's cookie was signed for; null: none that is valid now. */
export type ReadCookie = (cookie: string) => TokenRole | null;

/** The tokens that grant each role: operator ⊃ viewer ⊃ metrics. */
export function grantsOf({ tokens }: Access): Record<TokenRole, string[]> {
  const viewer = [...tokens.viewer, ...tokens.operator];
  return { ...tokens, viewer, metrics: [...tokens.metrics, ...viewer] };
}

export function createGuard(access: Access, readCookie: ReadCookie = () => null): Guard {
  const grants = grantsOf(access);
  const matches = {
    ingest: createMatcher(grants.ingest),
    viewer: createMatcher(grants.viewer),
    metrics: createMatcher(grants.metrics),
    operator: createMatcher(grants.operator),
  };
  return (role, shown) => {
    if (role === 'public') return 'granted';
    if (grants[role].length === 0) return isOpen(role, access) ? 'open' : 'closed';
    const token = presentedToken(shown, role === 'ingest');
    if (token !== null) return matches[role](token) ? 'granted' : 'unauthorized';
    const signedIn = shown.cookie === '' || role === 'ingest' ? null : readCookie(shown.cookie);
    return signedIn !== null && includes(signedIn, role) ? 'by-cookie' : 'unauthorized';
  };
}

const CLOSED: Record<Role, string> = {
  public: '',
  ingest: 'set SHARDLIGHT_INGEST_TOKEN or SHARDLIGHT_TOKEN',
  viewer: 'set SHARDLIGHT_VIEWER_TOKEN or SHARDLIGHT_TOKEN',
  metrics: 'set SHARDLIGHT_METRICS_TOKEN, SHARDLIGHT_VIEWER_TOKEN or SHARDLIGHT_TOKEN',
  operator: 'set SHARDLIGHT_OPERATOR_TOKEN; SHARDLIGHT_TOKEN never grants it',
};

/** Said where no token opens a role, so that nobody tries others. */
export const whyClosed = (role: Role): string =>
  `this needs the ${role} role, and no token grants it here: ${CLOSED[role]}`;

/** Whoever may act is an operator: without tokens of any kind, everybody who reaches a loopback server. */
function isOpen(role: TokenRole, { tokens, openWithoutTokens }: Access): boolean {
  const isTokenless = Object.values(tokens).every((list) => list.length === 0);
  return openWithoutTokens && (role !== 'operator' || isTokenless);
}

const RANK: Record<TokenRole, number> = { ingest: 0, metrics: 1, viewer: 2, operator: 3 };

const includes = (has: TokenRole, asked: TokenRole): boolean => RANK[has] >= RANK[asked];

const USUAL_BYTES = 512;
const LONGEST_CHARACTER = 4;

/**
 * Compares byte by byte in the same time wherever the first difference is, with every token, whatever matched before.
 * One scratch buffer is written for each request, so no hash is needed to make lengths alike: hashing was a tenth of a beat.
 */
export function createMatcher(tokens: string[]): (token: string) => boolean {
  const longest = Math.max(USUAL_BYTES, ...tokens.map((token) => Buffer.byteLength(token)));
  const scratch = Buffer.alloc(longest + LONGEST_CHARACTER); // what is cut off here is longer than all
  const known = tokens.map((token) => {
    const bytes = Buffer.from(token);
    return { bytes, presented: scratch.subarray(0, bytes.length) };
  });
  return (token) => {
    if (token.length > longest) return false;
    const length = scratch.write(token, 'utf8');
    let isGranted = false;
    // Beyond `length` lie bytes of an earlier token; those can make texts equal, and never lengths.
    for (const { bytes, presented } of known)
      if (timingSafeEqual(bytes, presented) && bytes.length === length) isGranted = true;
    return isGranted;
  };
}

/**
 * `Bearer <token>` in any case, else `?token=`, else the bare token: so Prometheus' http_sd sends credentials without a
 * type, and Glance its passphrase, which may have blanks. Null: nothing was shown.
 */
function presentedToken({ authorization, query }: Credentials, isReport: boolean): string | null {
  if (authorization.startsWith('Bearer ')) return authorization.slice(7).trim();
  if (/^bearer( |$)/i.test(authorization)) return authorization.slice(7).trim();
  const asked = query.includes('token') ? new URLSearchParams(query).get('token') : null;
  if (asked !== null) return asked;
  const bare = authorization.trim();
  return bare !== '' && (isReport || !bare.includes(' ')) ? bare : null;
}
