// What follows from the settings together: where to listen, who may report, the rules of the world. Checked before start.
import { existsSync } from 'node:fs';
import { readBranding, type Branding } from '../branding/branding.js';
import { byField, type Settings, type SettingsByField } from '../config.js';
import type { Mistake } from './read-config.js';
import type { Rules } from '../core/registry/registry.js';
import { isLoopback } from '../outbound/addresses.js';
import { overlaps, shortTokens, tokensOf, type Tokens } from './tokens.js';

/** What follows from several settings, or from the machine. */
interface Derived {
  host: string;
  /** Only this machine reaches it. */
  isLoopback: boolean;
  branding: Branding;
  /** Tokens by the role they grant, the shared ones in each that they grant (RULES 18). */
  tokens: Tokens;
  /** Roles that no token grants are open: to this machine alone, or by explicit insecurity. */
  openWithoutTokens: boolean;
  /** Reports need no token. */
  isOpen: boolean;
  statePath: string;
  rules: Rules;
}

/** Everything main needs to build the server: each variable under its name, and what follows from them. */
export type Plan = Omit<SettingsByField, keyof Derived> & Derived;

/** `notes` are sentences for the log. */
export type Settled = { ok: true; plan: Plan; notes: string[] } | { ok: false; mistakes: Mistake[] };

export function settle(settings: Settings): Settled {
  const tokens = tokensOf(settings);
  const reporters = tokens.ingest.length + settings.BOT_TOKENS.length;
  const host = settings.HOST ?? (reporters + tokens.viewer.length > 0 ? '0.0.0.0' : '127.0.0.1');
  const isOurs = isLoopback(host);
  const { branding, mistakes: misreadFiles } = readBranding(settings);
  const mistakes = [...strangers(settings), ...overlaps(settings), ...misreadFiles];
  if (!isOurs && reporters === 0 && !settings.INSECURE) mistakes.push(openToAll(host));
  if (mistakes.length > 0) return { ok: false, mistakes };
  const openWithoutTokens = isOurs || settings.INSECURE;
  const state = stateFile(settings);
  const derived: Derived = {
    host,
    isLoopback: isOurs,
    branding,
    tokens,
    openWithoutTokens,
    isOpen: openWithoutTokens && reporters === 0,
    statePath: state.path,
    rules: rulesOf(settings),
  };
  const notes = [...shortTokens(settings), ...state.notes];
  return { ok: true, plan: { ...byField(settings), ...derived }, notes };
}

const STATE_FILE = 'shardlight-state.json';
/** Where Argus keeps its state unless it is told, and its `init` does not tell it. */
const ARGUS_STATE_FILE = 'argus-fleet-state.json';

/** Argus's own file goes on being the state file, so that the next start finds it again. */
function stateFile({ STATE }: Settings): { path: string; notes: string[] } {
  if (STATE !== null) return { path: STATE, notes: [] };
  if (!existsSync(ARGUS_STATE_FILE)) return { path: STATE_FILE, notes: [] };
  if (!existsSync(STATE_FILE) && !existsSync(`${STATE_FILE}.journal`))
    return {
      path: ARGUS_STATE_FILE,
      notes: [`The state is kept in ${ARGUS_STATE_FILE}, which is here, as SHARDLIGHT_STATE names no file.`],
    };
  const note = `${ARGUS_STATE_FILE} is here and is not used, because ${STATE_FILE} is here too. To use it, set SHARDLIGHT_STATE=${ARGUS_STATE_FILE}.`;
  return { path: STATE_FILE, notes: [note] };
}

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
