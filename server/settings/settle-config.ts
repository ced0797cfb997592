// What follows from the settings together: where to listen, who may report, the rules of the world. Checked before start.
import { existsSync } from 'node:fs';
import { readBranding, type Branding } from '../branding/branding.js';
import type { BotToken, ProxyList } from './config-values.js';
import type { Settings } from '../config.js';
import type { Mistake } from './read-config.js';
import type { Rules } from '../core/world.js';
import { isLoopback } from '../outbound/addresses.js';
import { overlaps, shortTokens, tokensOf, type Tokens } from './tokens.js';

/** Everything main needs to build the server. */
export interface Plan {
  host: string;
  /** Only this machine reaches it. */
  isLoopback: boolean;
  port: number;
  /** As people type it, without a slash at the end; null: the address listened on. */
  publicUrl: string | null;
  /** Null: named after the bot. */
  title: string | null;
  branding: Branding;
  /** Tokens by the role they grant, the shared ones in each that they grant (RULES 18). */
  tokens: Tokens;
  botTokens: BotToken[];
  /** Roles that no token grants are open: to this machine alone, or by explicit insecurity. */
  openWithoutTokens: boolean;
  /** Reports need no token. */
  isOpen: boolean;
  trustedProxies: ProxyList;
  maxBodyBytes: number;
  maxSocketsPerAddress: number;
  limits: Limits;
  /** Key of the hashes of leases; "": none. */
  pepper: string;
  /** Silent clusters are forgotten after this; 0: never. */
  retentionMs: number;
  viewCacheMs: number;
  scrapeAllow: Settings['SCRAPE_ALLOW'];
  corsOrigins: string[];
  isAudited: boolean;
  allowsUnknownBinary: boolean;
  logFormat: Settings['LOG_FORMAT'];
  logLevel: Settings['LOG_LEVEL'];
  /** The public page, its view and its sockets are open to everybody. */
  isPublic: boolean;
  /** Prefix of metric names. */
  namespace: string;
  showClusters: boolean;
  statePath: string;
  rules: Rules;
}

/** How many at once, and a minute. */
export interface Limits {
  registerBurst: number;
  heartbeatBurst: number;
  readBurst: number;
}

/** `notes` are sentences for the log. */
export type Settled = { ok: true; plan: Plan; notes: string[] } | { ok: false; mistakes: Mistake[] };

export function settle(settings: Settings): Settled {
  const tokens = tokensOf(settings);
  const { viewer } = tokens;
  const botTokens = settings.BOT_TOKENS;
  const reporters = tokens.ingest.length + botTokens.length;
  const host = settings.HOST ?? (reporters + viewer.length > 0 ? '0.0.0.0' : '127.0.0.1');
  const isOurs = isLoopback(host);
  const { branding, mistakes: misreadFiles } = readBranding(settings);
  const mistakes = [...strangers(settings), ...overlaps(settings), ...misreadFiles];
  if (!isOurs && reporters === 0 && !settings.INSECURE) mistakes.push(openToAll(host));
  if (mistakes.length > 0) return { ok: false, mistakes };
  const openWithoutTokens = isOurs || settings.INSECURE;
  const access = { tokens, botTokens, openWithoutTokens, isOpen: openWithoutTokens && reporters === 0 };
  const state = stateFile(settings);
  const others = { branding, host, isLoopback: isOurs, statePath: state.path, rules: rulesOf(settings) };
  const plan = { ...asTheyAre(settings), ...access, ...others };
  return { ok: true, plan, notes: [...shortTokens(settings), ...state.notes] };
}

const STATE_FILE = 'shardlight-state.json';
/** Where Argus keeps its state unless it is told, and its `init` does not tell it. */
const ARGUS_STATE_FILE = 'argus-fleet-state.json';

/** Argus's own file goes on being the state file, so that the next start finds it again. */
function stateFile({ STATE }: Settings): { path: string; notes: string[] } {
  if (STATE !== undefined) return { path: STATE, notes: [] };
  if (!existsSync(ARGUS_STATE_FILE)) return { path: STATE_FILE, notes: [] };
  if (!existsSync(STATE_FILE) && !existsSync(`${STATE_FILE}.journal`))
    return {
      path: ARGUS_STATE_FILE,
      notes: [`The state is kept in ${ARGUS_STATE_FILE}, which is here, as SHARDLIGHT_STATE names no file.`],
    };
  const note = `${ARGUS_STATE_FILE} is here and is not used, because ${STATE_FILE} is here too. To use it, set SHARDLIGHT_STATE=${ARGUS_STATE_FILE}.`;
  return { path: STATE_FILE, notes: [note] };
}

const asTheyAre = (
  settings: Settings,
): Omit<
  Plan,
  | 'branding'
  | 'host'
  | 'isLoopback'
  | 'statePath'
  | 'tokens'
  | 'botTokens'
  | 'openWithoutTokens'
  | 'isOpen'
  | 'rules'
> => ({
  port: settings.PORT,
  publicUrl: settings.PUBLIC_URL ?? null,
  title: settings.TITLE ?? null,
  trustedProxies: settings.TRUSTED_PROXY,
  maxBodyBytes: settings.MAX_BODY_BYTES,
  limits: {
    registerBurst: settings.REGISTER_BURST,
    heartbeatBurst: settings.HEARTBEAT_BURST,
    readBurst: settings.READ_BURST,
  },
  pepper: settings.SECRET_PEPPER[0] ?? '',
  retentionMs: settings.RETENTION_DAYS * 86_400_000,
  viewCacheMs: settings.VIEW_CACHE_MS,
  scrapeAllow: settings.SCRAPE_ALLOW,
  corsOrigins: settings.CORS_ORIGINS,
  isAudited: settings.AUDIT_LOG,
  allowsUnknownBinary: settings.ALLOW_UNKNOWN_BINARY,
  logFormat: settings.LOG_FORMAT,
  logLevel: settings.LOG_LEVEL,
  isPublic: settings.PUBLIC,
  maxSocketsPerAddress: settings.MAX_SOCKETS_PER_ADDRESS,
  namespace: settings.NAMESPACE,
  showClusters: settings.PUBLIC_CLUSTERS,
});

const openToAll = (host: string): Mistake => ({
  variable: 'SHARDLIGHT_HOST',
  found: `"${host}", which others can reach, but bots need no token to report`,
  accepts:
    'set SHARDLIGHT_INGEST_TOKEN or SHARDLIGHT_TOKEN (or their *_FILE forms, or GLANCE_PASSPHRASE), or listen on 127.0.0.1; SHARDLIGHT_INSECURE=1 opens it, for tests only',
});

/** Rows that name a bot which is not there and may not be learnt. */
function strangers(settings: Settings): Mistake[] {
  if (learnsBots(settings)) return [];
  const known = settings.BOTS.map((bot) => bot.key);
  const accepts = `bots of SHARDLIGHT_BOTS: ${known.join(', ')}`;
  return (['MEMBERS', 'BOT_TOKENS'] as const).flatMap((key) => {
    const unknown = settings[key].find(({ bot }) => !known.includes(bot));
    return unknown ? [{ variable: `SHARDLIGHT_${key}`, found: `the bot "${unknown.bot}"`, accepts }] : [];
  });
}

const learnsBots = (settings: Settings): boolean => settings.LEARN_BOTS ?? settings.BOTS.length === 0;

const rulesOf = (settings: Settings): Rules => ({
  shardLeaseMs: settings.SHARD_LEASE * 1000,
  clusterLeaseMs: settings.HEARTBEAT_INTERVAL * settings.TTL_FACTOR * 1000,
  heartbeatMs: settings.HEARTBEAT_INTERVAL * 1000,
  requireLease: settings.REQUIRE_LEASE,
  learnBots: learnsBots(settings),
  maxClusters: settings.MAX_CLUSTERS,
  maxLearntShards: settings.MAX_LEARNT_SHARDS,
  maxClaims: settings.MAX_CLAIMS,
  maxFleets: settings.MAX_FLEETS,
  maxFleetsPerIdentity: settings.MAX_FLEETS_PER_IDENTITY,
  memberRows: settings.MEMBERS,
  configuredBots: settings.BOTS,
});
