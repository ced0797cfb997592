// Who may do what: what each token opens, what is open to everybody, and what is open to nobody.
import * as z from 'zod';
import { jsonOf, type Ask, type Asked } from './ask.js';
import { ok, problem, shown, skipped, warning, type Line } from './line.js';
import { PATHS } from './paths.js';
import type { Place } from '../../outbound/addresses.js';
import { unheard } from './reach.js';

export type Role = 'ingest' | 'metrics' | 'viewer' | 'operator';

/** A token we were given. `wanted` null: whichever role it has. */
export interface Token {
  text: string;
  wanted: Role | null;
  /** "--token", "SHARDLIGHT_VIEWER_TOKEN" */
  source: string;
}

const session = z.object({
  role: z.enum(['viewer', 'operator']).nullable(),
  closed: z.object({ viewer: z.string().nullable(), operator: z.string().nullable() }),
  connect: z.object({
    url: z.string().nullable(),
    namespace: z.string(),
    requireLease: z.boolean().optional(), // an older server does not say it
  }),
});

export type Session = z.output<typeof session>;

/** What `GET /api/session` said; null: that was no Shardlight's answer. */
export function readSession(asked: Asked): Session | null {
  return asked.kind === 'answer' && asked.status === 200
    ? (session.safeParse(jsonOf(asked)).data ?? null)
    : null;
}

export function sessionLine(asked: Asked): Line | null {
  if (asked.kind === 'failure') return unheard('session', PATHS.session, asked);
  if (readSession(asked)) return null;
  return problem(
    'session',
    `GET ${PATHS.session} -> ${asked.status}: this is not the answer of Shardlight`,
    'Is it an Argus control plane, or an older Shardlight? If not, let the proxy pass every path to Shardlight.',
  );
}

/** What was answered to one token, or to none. */
export interface Shown {
  session: Asked;
  metrics: Asked;
  report: Asked;
}

export async function show(ask: Ask, token: string | null): Promise<Shown> {
  const [seen, metrics, report] = await Promise.all([
    ask({ path: PATHS.session, token }),
    ask({ path: PATHS.metrics, token }),
    ask({ path: PATHS.heartbeat, token, body: '{}' }), // names no cluster: refused, though not for want of a token
  ]);
  return { session: seen, metrics, report };
}

/** `unsure`: the server had us wait, or failed, so that these could not be found out. */
export interface Opened {
  roles: Role[];
  unsure: Role[];
}

export function openedBy({ session: seen, metrics, report }: Shown): Opened {
  const role = readSession(seen)?.role;
  const states: Record<Role, boolean | null> = {
    ingest: verdictOf(report, 400),
    metrics: verdictOf(metrics, 200),
    viewer: role === undefined ? null : role !== null,
    operator: role === undefined ? null : role === 'operator',
  };
  const those = (wanted: boolean | null): Role[] =>
    (Object.keys(states) as Role[]).filter((one) => states[one] === wanted);
  return { roles: those(true), unsure: those(null) };
}

function verdictOf(asked: Asked, granted: number): boolean | null {
  if (asked.kind === 'failure') return null;
  if (asked.status === granted) return true;
  return asked.status === 401 ? false : null;
}

const NAME = 'token';
const MAY: Record<Role, string> = {
  ingest: 'report',
  metrics: 'read metrics',
  viewer: 'read the fleet',
  operator: 'act',
};
const VARIABLE: Record<Role, string> = {
  ingest: 'SHARDLIGHT_INGEST_TOKEN',
  metrics: 'SHARDLIGHT_METRICS_TOKEN',
  viewer: 'SHARDLIGHT_VIEWER_TOKEN',
  operator: 'SHARDLIGHT_OPERATOR_TOKEN',
};

const listed = (roles: readonly Role[]): string => roles.map((role) => MAY[role]).join(', ');

/** `everybody`: what needs no token at all, and so says nothing about this one. */
export function tokenLine(token: Token, { roles, unsure }: Opened, everybody: readonly Role[]): Line {
  const { wanted, source } = token;
  const own = roles.filter((role) => !everybody.includes(role));
  const may = `${source}: whoever has it may ${listed(own)}`;
  const isFree = wanted === null ? roles.length > 0 && own.length === 0 : everybody.includes(wanted);
  if (isFree) return freeLine(token, everybody);
  const isOpening = wanted === null ? own.length > 0 : own.includes(wanted);
  if (!isOpening && (wanted === null ? unsure.length > 0 : unsure.includes(wanted)))
    return warning(
      NAME,
      `${source}: what it opens could not be found out just now`,
      'Wait a minute, and start the doctor again.',
    );
  if (own.length === 0)
    return problem(NAME, `${source}: opens nothing here (401: missing or wrong token)`, wrongToken(wanted));
  if (!isOpening) return problem(NAME, `${may}, and not ${MAY[wanted!]}`, wrongToken(wanted));
  if (wanted !== null && wanted !== 'operator' && own.includes('operator'))
    return warning(
      NAME,
      `${may}: more than it needs to`,
      `Make a separate token for ${VARIABLE[wanted]}: keep the operator token in as few places as you can.`,
    );
  return ok(NAME, may);
}

const freeLine = ({ wanted, source }: Token, everybody: readonly Role[]): Line =>
  warning(
    NAME,
    `${source}: not needed here: everybody may ${wanted === null ? listed(everybody) : MAY[wanted]}, whatever they show`,
    'If that is not meant, set the tokens on the server, and start it again.',
  );

const wrongToken = (wanted: Role | null): string =>
  wanted === null
    ? 'Compare it with those that the server was started with (SHARDLIGHT_TOKEN and the four of the roles); a restart is needed after they change.'
    : `Compare it with ${VARIABLE[wanted]} of the server (SHARDLIGHT_TOKEN grants all but acting); a restart is needed after it changes.`;

/** What needs no token. That is fine where only this machine can come. */
export function openLines(roles: readonly Role[], place: Place): Line[] {
  if (roles.length === 0) return [];
  const what = `without a token everybody may ${listed(roles)}`;
  if (place === 'here') return [ok('open', `${what}: fine while only this machine can reach it`)];
  const fix = `Set ${roles.map((role) => VARIABLE[role]).join(', ')} and start it again; SHARDLIGHT_INSECURE is for tests.`;
  return [place === 'private' ? warning('open', what, fix) : problem('open', what, fix)];
}

/** What each role's checks may show, of all that we have: a token, null where none is needed, undefined where there is none. */
export type Keys = Partial<Record<Role, string | null>>;

export function keysOf(
  tokens: readonly { text: string; roles: readonly Role[] }[],
  everybody: readonly Role[],
): Keys {
  const keys: Keys = {};
  for (const { text, roles } of tokens) for (const role of roles) keys[role] ??= text;
  for (const role of everybody) keys[role] = null;
  return keys;
}

/** Why a check that needs a role was not made. */
export function lackingLine(name: string, checks: string, role: Role, { closed }: Session): Line {
  const why = role === 'viewer' || role === 'operator' ? closed[role] : null;
  if (why !== null) return skipped(name, `${checks}: not looked at, because nobody may: ${shown(why)}`);
  return skipped(
    name,
    `${checks}: not looked at without a token that may ${MAY[role]}`,
    `Give --${role}-token, or one that may by --token.`,
  );
}

const PUBLIC_NAME = 'public-url';

/** Where the server believes to be found. From inside, another address is as it should be. */
export function publicUrlLine(base: string, place: Place, { connect: { url } }: Session): Line | null {
  if (place !== 'public') return null;
  if (url === null)
    return warning(
      PUBLIC_NAME,
      'the server does not know its public address, so links and examples name another one, and cookies are not kept to https',
      `Set SHARDLIGHT_PUBLIC_URL=${base} and start it again.`,
    );
  if (URL.canParse(url) && new URL(url).href.replace(/\/+$/, '') === new URL(base).href.replace(/\/+$/, ''))
    return ok(PUBLIC_NAME, `it knows that it is ${shown(url)}`);
  return warning(
    PUBLIC_NAME,
    `the server believes it is at ${shown(url)}, so links, pictures in chats and examples lead there`,
    'Use that address, or set SHARDLIGHT_PUBLIC_URL to this one and start it again.',
  );
}

/** What an ingest token is good for in the wrong hands. */
export function leaseLine(place: Place, { connect: { requireLease } }: Session): Line | null {
  if (requireLease === undefined) return null;
  if (requireLease) return ok('leases', 'only who has the lease of a cluster can speak for it');
  const what =
    'leases are not required: whoever has an ingest token can rename clusters, speak for them, and open or hide incidents';
  if (place === 'here') return ok('leases', `${what}; fine while only this machine can reach it`);
  return warning(
    'leases',
    what,
    'Let each bot process keep its lease in a folder that survives restarts (stateDir, ARGUS_FLEET_STATE_DIR), set SHARDLIGHT_REQUIRE_LEASE=1 and start it again.',
  );
}

/** As Argus's doctor says it. */
export function namespaceLine(expected: string | null, { connect: { namespace } }: Session): Line | null {
  if (expected === null) return null;
  const what = `namespace '${shown(namespace)}'`;
  if (namespace === expected) return ok('namespace', what);
  return problem(
    'namespace',
    `${what} (expected '${shown(expected)}')`,
    `Numbers named ${shown(expected)}_… are not read: set SHARDLIGHT_NAMESPACE=${shown(expected)} on the server, or give the bots its namespace.`,
  );
}
