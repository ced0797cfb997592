// Every environment variable on one page. .env.sample and the README's table are generated from this.
import type * as z from 'zod';
import {
  accent,
  bots,
  botTokens,
  flag,
  host,
  limit,
  link,
  members,
  logFormat,
  logLevel,
  namespace,
  origins,
  passphrase,
  proxies,
  scrapeAllow,
  text,
  tokens,
  url,
  whole,
  type Kind,
} from './settings/config-values.js';

/** One variable. `aliases` are read after `SHARDLIGHT_<key>` and `ARGUS_FLEET_<key>`. */
export interface Variable<T> {
  kind: Kind<T>;
  help: string;
  /** The text that stands in for an unset variable; undefined: `unset` says what then happens. */
  default?: string;
  unset?: string;
  unit?: string;
  aliases?: string[];
  /** Only the aliases exist. */
  foreign?: true;
  /** Never shown, and readable from the file that `<name>_FILE` names. */
  secret?: true;
}

const variable = <T, R extends Omit<Variable<T>, 'kind'>>(kind: Kind<T>, rest: R): R & { kind: Kind<T> } => ({
  kind,
  ...rest,
});

export const variables = {
  // What people change first, first: .env.sample and the README keep this order.
  TITLE: variable(text(80), {
    unset: 'the name of the only bot, else "Bot status"',
    help: 'Title of the page.',
  }),
  PUBLIC_URL: variable(url, {
    unset: 'the address listened on',
    help: 'Address of the page, as people type it. Links, previews in chats and the examples on the page use it.',
  }),
  BOTS: variable(bots, {
    aliases: ['GLANCE_BOTS'],
    default: '',
    help: 'The bots, as key:shards:name;key:shards. Without it, bots appear when they report.',
  }),
  INGEST_TOKEN: variable(tokens, {
    default: '',
    secret: true,
    help: 'Tokens for bots: each may report, and nothing else.',
  }),
  BOT_TOKENS: variable(botTokens, {
    default: '',
    secret: true,
    help: 'Tokens that each report for one bot alone, as key:token,key:token. Give bots of other people one of these.',
  }),
  OPERATOR_TOKEN: variable(tokens, {
    default: '',
    secret: true,
    help: 'Tokens for operators, who see what viewers see and can act. SHARDLIGHT_TOKEN cannot act.',
  }),
  VIEWER_TOKEN: variable(tokens, {
    default: '',
    secret: true,
    help: 'Tokens for reading the fleet: identities, numbers, metrics. They cannot report.',
  }),
  METRICS_TOKEN: variable(tokens, {
    default: '',
    secret: true,
    help: 'Tokens for reading /metrics, and nothing else. Viewers can read it too.',
  }),
  TOKEN: variable(tokens, {
    default: '',
    secret: true,
    help: 'Shared tokens: each may report and read, but never act. List several, separated by commas, while you rotate.',
  }),
  LINK_SUPPORT: variable(link, {
    unset: 'not shown',
    help: 'Where people find help, for example the invite of your support server.',
  }),
  LINK_INVITE: variable(link, {
    unset: 'not shown',
    help: 'Where people add the bot to their server.',
  }),
  LINK_WEBSITE: variable(link, {
    unset: 'not shown',
    help: 'Your website.',
  }),
  LOGO: variable(text(4_096), {
    unset: 'no logo',
    help: 'File with the logo: PNG, SVG, WebP or JPEG, at most 256 KiB. Served by this server.',
  }),
  ACCENT: variable(accent, {
    unset: '#c4b5fd,#5b21b6',
    help: 'Colours of links and buttons. Each needs a contrast of 4.5:1 on its theme; otherwise the server does not start and suggests a shade that has it.',
  }),
  FOOTER: variable(text(200), {
    unset: 'not shown',
    help: 'A line of text at the end of the page. It is shown as plain text, not as HTML.',
  }),
  CUSTOM_CSS: variable(text(4_096), {
    unset: 'none',
    help: 'File with your own CSS, at most 64 KiB. It comes after ours on every page, and can load images from this server only.',
  }),
  HOST: variable(host, {
    aliases: ['GLANCE_HOST'],
    unset: '127.0.0.1 while no token is set, else 0.0.0.0',
    help: 'Address to listen on. An address that others can reach needs an ingest token.',
  }),
  PORT: variable(whole(0, 65_535), {
    aliases: ['GLANCE_PORT'],
    default: '9190',
    help: 'Port to listen on; 0 lets the system choose.',
  }),
  TRUSTED_PROXY: variable(proxies, {
    default: '0',
    help: 'Reverse proxies whose X-Forwarded-For counts: addresses and CIDR ranges, or 1 for the direct peer.',
  }),
  STATE: variable(text(4_096), {
    unset: "shardlight-state.json; or argus-fleet-state.json, where only Argus's file is there",
    help: 'File that keeps the state across restarts.',
  }),
  PUBLIC: variable(flag, {
    default: '1',
    help: 'Whether everybody may see the page, its view, the lookup and its live connection; with 0 they need the viewer role.',
  }),
  PUBLIC_CLUSTERS: variable(flag, {
    default: '1',
    help: 'Whether the public sees the names of clusters ("asia #2").',
  }),
  MEMBERS: variable(members, {
    default: '',
    help: 'Which bot an Argus cluster belongs to if it does not say: identity:bot or fleet/name:bot. The first match wins.',
  }),
  LEARN_BOTS: variable(flag, {
    unset: '1 while no bots are configured, else 0',
    help: 'Whether a report from an unknown bot adds it to the page (64 bots at most).',
  }),
  GLANCE_PASSPHRASE: variable(passphrase, {
    foreign: true,
    default: '',
    secret: true,
    help: 'Passphrase of Glance bots: another ingest token.',
  }),
  INSECURE: variable(flag, {
    default: '0',
    help: 'Allows reports without a token on any address. For tests only.',
  }),
  SHARD_LEASE: variable(limit(1, 86_400), {
    aliases: ['GLANCE_HEALTH_TIMEOUT'],
    unit: 's',
    default: '45',
    help: 'After how long without a report a shard of Glance or of the batch route is not responding.',
  }),
  HEARTBEAT_INTERVAL: variable(limit(1, 3_600), {
    unit: 's',
    default: '15',
    help: 'How often clusters send a heartbeat.',
  }),
  TTL_FACTOR: variable(limit(1, 100), {
    default: '3',
    help: 'A cluster is down after this many heartbeat intervals without a sign of life.',
  }),
  REQUIRE_LEASE: variable(flag, {
    default: '0',
    help: 'Whether a known cluster must send the lease that it got when it registered. Without leases, whoever has an ingest token can rename clusters, speak for them, and open or hide incidents. `init` sets 1.',
  }),
  SECRET_PEPPER: variable(passphrase, {
    default: '',
    secret: true,
    help: 'Secret for hashing leases. If you change it, all leases become invalid.',
  }),
  RETENTION_DAYS: variable(limit(0, 3_650), {
    unit: 'days',
    default: '0',
    help: 'After how long a silent cluster is forgotten; 0: never. Its number is not given again.',
  }),
  MAX_CLUSTERS: variable(limit(1, 100_000), {
    default: '5000',
    help: 'How many clusters may register.',
  }),
  MAX_LEARNT_SHARDS: variable(limit(1, 4_194_304), {
    default: '65536',
    help: 'How many shards reports may add in all. Shards of bots in SHARDLIGHT_BOTS do not count.',
  }),
  MAX_CLAIMS: variable(limit(1, 4_194_304), {
    default: '262144',
    help: 'How many claims of shards are kept in all: each cluster has one for each of its shards.',
  }),
  MAX_FLEETS: variable(limit(1, 100_000), {
    default: '1000',
    help: 'How many fleets there may ever be. Their numbers are kept for good.',
  }),
  MAX_FLEETS_PER_IDENTITY: variable(limit(1, 1_000), {
    default: '8',
    help: 'How many fleets a cluster may have been in.',
  }),
  MAX_BODY_BYTES: variable(limit(1_024, 67_108_864), {
    unit: 'bytes',
    default: '1048576',
    help: 'Largest report, both compressed and unpacked.',
  }),
  REGISTER_BURST: variable(limit(1, 1_000_000), {
    default: '60',
    help: 'How many registrations are accepted at once and per minute: for unknown identities per address, for a known one per identity.',
  }),
  HEARTBEAT_BURST: variable(limit(1, 1_000_000), {
    default: '60',
    help: 'How many heartbeats are accepted at once and per minute, per identity and address.',
  }),
  READ_BURST: variable(limit(1, 1_000_000), {
    default: '120',
    help: 'How many requests that need the viewer role are answered at once and per minute, per address.',
  }),
  MAX_SOCKETS_PER_ADDRESS: variable(limit(1, 100_000), {
    default: '64',
    help: 'How many live connections an address (IPv6: a /64) may hold open per feed.',
  }),
  NAMESPACE: variable(namespace, {
    aliases: ['ARGUS_NAMESPACE'],
    default: 'discord',
    help: 'Prefix of the metric names in Argus snapshots.',
  }),
  VIEW_CACHE_MS: variable(limit(0, 60_000), {
    unit: 'ms',
    default: '1000',
    help: 'How old the answer of /api/fleet/view may be.',
  }),
  SCRAPE_ALLOW: variable(scrapeAllow, {
    default: '',
    help: 'Which scrape targets clusters may announce to Prometheus: CIDR ranges, addresses and host suffixes like .bots.internal. Link-local and metadata addresses are never allowed. Names are not looked up: while this is empty, whoever may report can name any host.',
  }),
  CORS_ORIGINS: variable(origins, {
    default: '',
    help: 'Other origins whose pages may read what needs a token, separated by commas. Every origin may read public answers.',
  }),
  AUDIT_LOG: variable(flag, {
    default: '0',
    help: 'Whether each registration, heartbeat and goodbye is logged, refused ones included; floods of refusals are counted.',
  }),
  LOG_FORMAT: variable(logFormat, {
    default: 'text',
    help: 'Format of log lines.',
  }),
  LOG_LEVEL: variable(logLevel, {
    default: 'info',
    help: 'The least important level that is logged.',
  }),
  ALLOW_UNKNOWN_BINARY: variable(flag, {
    default: '0',
    help: 'Whether the start is silent about a binary of uWebSockets.js that Shardlight was not tested with.',
  }),
  ENV_FILE: variable(text(4_096), {
    default: '.env',
    help: 'File to read variables from. A variable in the environment wins.',
  }),
  GLANCE_HEALTH_TIMER_INTERVAL: variable(text(40), {
    foreign: true,
    default: '',
    help: 'Accepted for compatibility, without effect: leases are checked several times a second.',
  }),
} as const satisfies Record<string, Variable<unknown>>;

export type VariableKey = keyof typeof variables;

type Values = { [K in VariableKey]: z.output<(typeof variables)[K]['kind']['schema']> };

/** Read values; those without a default are null when unset. */
export type Settings = {
  [K in VariableKey]: (typeof variables)[K] extends { default: string } ? Values[K] : Values[K] | null;
};

/** `MAX_BODY_BYTES` is `maxBodyBytes`. */
type FieldOf<K extends string> = K extends `${infer First}_${infer Rest}`
  ? `${Lowercase<First>}${Capitalize<FieldOf<Rest>>}`
  : Lowercase<K>;

/** The same by the names that they have as fields. */
export type SettingsByField = { [K in VariableKey as FieldOf<K>]: Settings[K] };

export const byField = (settings: Settings): SettingsByField =>
  Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      key.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  ) as SettingsByField;

export type Environment = Record<string, string | undefined>;

/** The names under which a variable is read, first found wins. */
export function namesOf(key: VariableKey): string[] {
  const row: Variable<unknown> = variables[key];
  return row.foreign ? [key] : [`SHARDLIGHT_${key}`, `ARGUS_FLEET_${key}`, ...(row.aliases ?? [])];
}
