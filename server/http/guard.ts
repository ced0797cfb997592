// Who asks: tokens per role, compared in constant time, read from the header, the query or a session's cookie.
import { timingSafeEqual } from 'node:crypto';
import type { LetIn, Role, Subject } from './message.js';

/** The roles that tokens grant. */
export type TokenRole = Exclude<Role, 'public'>;

export interface Access {
  /** By role, without what follows from operator ⊃ viewer ⊃ metrics. */
  tokens: Record<TokenRole, string[]>;
  /** Those that report for one bot alone, by its key. */
  botTokens: readonly BotToken[];
  /** What no token grants is open: on loopback, or by explicit insecurity. Else it is closed. */
  openWithoutTokens: boolean;
}

export interface BotToken {
  bot: string;
  token: string;
}

/** What a request shows of itself. */
export interface Credentials {
  authorization: string;
  /** The raw query. */
  query: string;
  cookie: string;
}

/** `closed`: no token grants the role, and nobody has it. */
export type Verdict = Subject | 'unauthorized' | 'closed';

export const isIn = (verdict: Verdict): verdict is Subject => typeof verdict === 'object';

/** Who asks at an address that wants this role. */
export type Guard = (role: Role, shown: Credentials) => Verdict;

/** Tells which role a session's cookie was signed for; null: none that is valid now. */
export type ReadCookie = (cookie: string) => TokenRole | null;

/** Whoever comes. */
export const PUBLIC: Subject = Object.freeze({ role: 'public', bot: null, unasked: null });

export function createGuard(access: Access, readCookie: ReadCookie = () => null): Guard {
  const doors = {
    ingest: doorOf('ingest', access, readCookie),
    viewer: doorOf('viewer', access, readCookie),
    metrics: doorOf('metrics', access, readCookie),
    operator: doorOf('operator', access, readCookie),
  };
  return (role, shown) => (role === 'public' ? PUBLIC : doors[role](shown));
}

function doorOf(role: TokenRole, access: Access, readCookie: ReadCookie): (shown: Credentials) => Verdict {
  const subject = (bot: string | null, unasked: LetIn | null): Subject =>
    Object.freeze({ role, bot, unasked });
  const ofAll = subject(null, null);
  const grants = tokensFor(role, access).map((token): [string, Subject] => [token, ofAll]);
  if (role === 'ingest')
    grants.push(...access.botTokens.map(({ token, bot }): [string, Subject] => [token, subject(bot, null)]));
  if (grants.length === 0) {
    const verdict = isOpen(role, access) ? subject(null, 'open') : 'closed';
    return () => verdict;
  }
  const match = createMatcher(grants);
  const byCookie = subject(null, 'by-cookie');
  return (shown) => {
    const token = presentedToken(shown, role === 'ingest');
    if (token !== null) return match(token) ?? 'unauthorized';
    const signedIn = shown.cookie === '' || role === 'ingest' ? null : readCookie(shown.cookie);
    return signedIn !== null && includes(signedIn, role) ? byCookie : 'unauthorized';
  };
}

/** operator ⊃ viewer ⊃ metrics. */
function tokensFor(role: TokenRole, { tokens }: Access): string[] {
  const viewer = [...tokens.viewer, ...tokens.operator];
  return role === 'viewer' ? viewer : role === 'metrics' ? [...tokens.metrics, ...viewer] : tokens[role];
}

/** What a request shows without anything to show. */
export const NOTHING_SHOWN: Credentials = { authorization: '', query: '', cookie: '' };

/** Whether that role needs no token. */
export function isOpenTo(guard: Guard, role: Role): boolean {
  const verdict = guard(role, NOTHING_SHOWN);
  return isIn(verdict) && verdict.unasked === 'open';
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
function isOpen(role: TokenRole, { tokens, botTokens, openWithoutTokens }: Access): boolean {
  const isTokenless = [...Object.values(tokens), botTokens].every((list) => list.length === 0);
  return openWithoutTokens && (role !== 'operator' || isTokenless);
}

/** Whether it may report for that bot; undefined: no bot is named. */
export const speaksFor = ({ bot }: Subject, named: string | undefined): boolean =>
  bot === null || named === undefined || bot === named;

const RANK: Record<TokenRole, number> = { ingest: 0, metrics: 1, viewer: 2, operator: 3 };

const includes = (has: TokenRole, asked: TokenRole): boolean => RANK[has] >= RANK[asked];

const USUAL_BYTES = 512;
const LONGEST_CHARACTER = 4;

/**
 * Whose token it is; null: nobody's. Compares byte by byte in the same time wherever the first difference is, with every
 * token, whatever matched before. One scratch buffer is written for each request, so no hash is needed to make lengths
 * alike: hashing was a tenth of a beat.
 */
export function createMatcher<T>(tokens: [token: string, whose: T][]): (token: string) => T | null {
  const longest = Math.max(USUAL_BYTES, ...tokens.map(([token]) => Buffer.byteLength(token)));
  const scratch = Buffer.alloc(longest + LONGEST_CHARACTER); // what is cut off here is longer than all
  const known = tokens.map(([token, whose]) => {
    const bytes = Buffer.from(token);
    return { bytes, presented: scratch.subarray(0, bytes.length), whose };
  });
  return (token) => {
    if (token.length > longest) return null;
    const length = scratch.write(token, 'utf8');
    let found: T | null = null;
    // Beyond `length` lie bytes of an earlier token; those can make texts equal, and never lengths.
    for (const { bytes, presented, whose } of known)
      if (timingSafeEqual(bytes, presented) && bytes.length === length) found = whose;
    return found;
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
