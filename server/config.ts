// Every environment variable on one page. .env.sample and the README's table are generated from this.
import type * as z from 'zod';
import {
  accent,
  bots,
  flag,
  host,
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
} from './config-values.js';

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
  HOST: variable(host, {
    aliases: ['GLANCE_HOST'],
    unset: '127.0.0.1 while no token is set, else 0.0.0.0',
    help: 'Address to listen on. One that others can reach needs an ingest token.',
  }),
  PORT: variable(whole(0, 65_535), {
    aliases: ['GLANCE_PORT'],
    default: '9190',
    help: 'Port to listen on; 0 lets the system choose.',
  }),
  PUBLIC_URL: variable(url, {
    unset: 'the address listened on',
    help: 'Where people find the page, as they type it. Used in the examples the page shows.',
  }),
  TITLE: variable(text(80), {
    unset: 'the name of the only bot, else "Bot status"',
    help: 'Title of the page.',
  }),
  LOGO: variable(text(4_096), {
    unset: 'no logo',
    help: 'File with the logo: PNG, SVG, WebP or JPEG, at most 256 KiB. Served by this server.',
  }),
  ACCENT: variable(accent, {
    unset: '#c4b5fd,#5b21b6',
    help: 'Colours of links and buttons. Each must be readable on its theme (4.5:1), or the start is refused with a shade that is.',
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
  FOOTER: variable(text(200), {
    unset: 'not shown',
    help: 'A line of text at the end of the page. Shown as it is: HTML has no meaning in it.',
  }),
  CUSTOM_CSS: variable(text(4_096), {
    unset: 'no style of your own',
    help: 'File with CSS of your own, at most 64 KiB, put after ours in every page. It may load only images of this server.',
  }),
  BOTS: variable(bots, {
    aliases: ['GLANCE_BOTS'],
    default: '',
    help: 'The bots, as key:shards:name;key:shards. Without it, bots appear as they report.',
  }),
  LEARN_BOTS: variable(flag, {
    unset: '1 while no bots are configured, else 0',
    help: 'Whether reports of unknown bots create them (at most 64).',
  }),
  MEMBERS: variable(members, {
    default: '',
    help: 'Which bot an Argus cluster belongs to when it does not say: identity:bot or fleet/name:bot; first match wins.',
  }),
  TOKEN: variable(tokens, {
    default: '',
    secret: true,
    help: 'Shared tokens: whoever has one may report. Several, separated by commas, while you rotate.',
  }),
  INGEST_TOKEN: variable(tokens, {
    default: '',
    secret: true,
    help: 'Tokens of bots: whoever has one may report, and nothing else.',
  }),
  VIEWER_TOKEN: variable(tokens, {
    default: '',
    secret: true,
    help: 'Tokens for reading the fleet: identities, numbers, metrics. They never allow reports.',
  }),
  METRICS_TOKEN: variable(tokens, {
    default: '',
    secret: true,
    help: 'Tokens for reading /metrics, and nothing else. Viewers may too.',
  }),
  OPERATOR_TOKEN: variable(tokens, {
    default: '',
    secret: true,
    help: 'Tokens of operators: they see what viewers see, and act. SHARDLIGHT_TOKEN never does.',
  }),
  GLANCE_PASSPHRASE: variable(passphrase, {
    foreign: true,
    default: '',
    secret: true,
    help: 'The passphrase of Glance bots; an ingest token like the others.',
  }),
  INSECURE: variable(flag, {
    default: '0',
    help: 'Opens reporting without a token on any address. For tests.',
  }),
  TRUSTED_PROXY: variable(proxies, {
    default: '0',
    help: 'Reverse proxies whose X-Forwarded-For counts: addresses and CIDR ranges, or 1 for the direct peer.',
  }),
  SHARD_LEASE: variable(whole(1, 86_400), {
    aliases: ['GLANCE_HEALTH_TIMEOUT'],
    unit: 's',
    default: '45',
    help: 'How long a shard reported by Glance or by the batch route may be silent before it is Unhealthy.',
  }),
  HEARTBEAT_INTERVAL: variable(whole(1, 3_600), {
    unit: 's',
    default: '15',
    help: 'How often clusters beat.',
  }),
  TTL_FACTOR: variable(whole(1, 100), {
    default: '3',
    help: 'A cluster is down after HEARTBEAT_INTERVAL times this of silence.',
  }),
  REQUIRE_LEASE: variable(flag, {
    default: '0',
    help: 'Whether a known cluster must show the lease it was given when it registered.',
  }),
  SECRET_PEPPER: variable(passphrase, {
    default: '',
    secret: true,
    help: 'Secret mixed into the hashes of leases. Changing it makes every lease void.',
  }),
  RETENTION_DAYS: variable(whole(0, 3_650), {
    unit: 'days',
    default: '0',
    help: 'After how long a silent cluster is forgotten; 0: never. Its number stays taken.',
  }),
  MAX_CLUSTERS: variable(whole(1, 100_000), {
    default: '5000',
    help: 'How many clusters may register.',
  }),
  MAX_BODY_BYTES: variable(whole(1_024, 67_108_864), {
    unit: 'bytes',
    default: '1048576',
    help: 'Longest report, compressed and unpacked.',
  }),
  REGISTER_BURST: variable(whole(1, 1_000_000), {
    default: '60',
    help: 'Registers at once, and a minute: of unknown identities per address, of a known one per identity.',
  }),
  HEARTBEAT_BURST: variable(whole(1, 1_000_000), {
    default: '60',
    help: 'Beats at once, and a minute, per identity and address.',
  }),
  READ_BURST: variable(whole(1, 1_000_000), {
    default: '120',
    help: 'Answers that need the viewer role at once, and a minute, per address.',
  }),
  MAX_SOCKETS_PER_ADDRESS: variable(whole(1, 100_000), {
    default: '64',
    help: 'Live connections one address (IPv6: one /64) may hold open on each feed.',
  }),
  NAMESPACE: variable(namespace, {
    aliases: ['ARGUS_NAMESPACE'],
    default: 'discord',
    help: 'Prefix of the metric names in Argus snapshots.',
  }),
  VIEW_CACHE_MS: variable(whole(0, 60_000), {
    unit: 'ms',
    default: '1000',
    help: 'How old an answer of /api/fleet/view may be.',
  }),
  SCRAPE_ALLOW: variable(scrapeAllow, {
    default: '',
    help: 'Where Prometheus may be sent by clusters: CIDR ranges, addresses and host suffixes like .bots.internal. Link-local and metadata addresses never are.',
  }),
  CORS_ORIGINS: variable(origins, {
    default: '',
    help: 'Pages of other origins that may read what needs a token, separated by commas. Public answers may be read by all.',
  }),
  AUDIT_LOG: variable(flag, {
    default: '0',
    help: 'Whether each register, beat and goodbye, denied ones included, is logged.',
  }),
  LOG_FORMAT: variable(logFormat, {
    default: 'text',
    help: 'How log lines are written.',
  }),
  LOG_LEVEL: variable(logLevel, {
    default: 'info',
    help: 'The least important log lines that are written.',
  }),
  PUBLIC: variable(flag, {
    default: '1',
    help: 'Whether everybody may see the page, its view, the lookup and its sockets; 0 asks for the viewer role.',
  }),
  PUBLIC_CLUSTERS: variable(flag, {
    default: '1',
    help: 'Whether the public sees the names of clusters ("asia #2").',
  }),
  STATE: variable(text(4_096), {
    default: 'shardlight-state.json',
    help: 'File that keeps what is known over a restart.',
  }),
  ENV_FILE: variable(text(4_096), {
    default: '.env',
    help: 'File of variables to read beside the environment, which wins.',
  }),
  GLANCE_HEALTH_TIMER_INTERVAL: variable(text(40), {
    foreign: true,
    default: '',
    help: 'Read for compatibility and not needed: leases are checked several times a second.',
  }),
} as const satisfies Record<string, Variable<unknown>>;

export type VariableKey = keyof typeof variables;

type Values = { [K in VariableKey]: z.output<(typeof variables)[K]['kind']['schema']> };

/** Read values; those without a default are undefined when unset. */
export type Settings = {
  [K in VariableKey]: (typeof variables)[K] extends { default: string } ? Values[K] : Values[K] | undefined;
};

export type Environment = Record<string, string | undefined>;

/** The names under which a variable is read, first found wins. */
export function namesOf(key: VariableKey): string[] {
  const row: Variable<unknown> = variables[key];
  return row.foreign ? [key] : [`SHARDLIGHT_${key}`, `ARGUS_FLEET_${key}`, ...(row.aliases ?? [])];
}
