// `shardlight/member`: what a bot imports to be seen on a Shardlight status page. No packages, and nothing in it can hurt the bot.
import { hostname } from 'node:os';
import { createKept } from './kept.js';
import { readDiscord, type DiscordClient } from './discord.js';
import { sayGoodbyeOnDestroy, sayGoodbyeOnSignals } from './farewell.js';
import { createPost } from './post.js';
import { Member, type About, type Reporter } from './reporter.js';
import type { ShardReport } from './rows.js';

export type { DiscordClient } from './discord.js';
export type { Reporter } from './reporter.js';
export type { ShardReport, ShardState } from './rows.js';

export interface ReportOptions {
  /** Where Shardlight is: https://status.example.com */
  url: string;
  /** Its SHARDLIGHT_INGEST_TOKEN or SHARDLIGHT_TOKEN. */
  token?: string | undefined;
  /** The bot's key on the page; left out: the page's first bot. */
  bot?: string | undefined;
  /** Who this process is, the same after a restart. Left out: from `clusterId`, else one that is made once and kept in `stateDir`. */
  identity?: string | undefined;
  /** Which cluster this is. discord.js' ShardingManager and discord-hybrid-sharding say it by themselves. */
  clusterId?: string | number | undefined;
  /** The group it is shown in: "asia" makes it "asia #1". */
  fleet?: string | undefined;
  /** Shown to operators. */
  version?: string | undefined;
  host?: string | undefined;
  /** Where identity and lease are kept; default: the working directory. */
  stateDir?: string | undefined;
  /** Say goodbye on SIGTERM and SIGINT; default: yes. */
  signals?: boolean | undefined;
  /** Takes a line when reports do not arrive, and when they do again; default: console.warn. */
  note?: ((line: string) => void) | undefined;
}

export interface ReporterOptions extends ReportOptions {
  /** How all shards of this process are, at this moment. */
  shards: () => Iterable<ShardReport>;
  /** How many shards the bot has in all processes together. */
  shardCount?: (() => number | null) | undefined;
}

const VERSION = '0.1.0';

/** Reports the shards of a discord.js client from now on. Call it once, before or after `login`. */
export function report(client: DiscordClient, options: ReportOptions): Reporter {
  const source = readDiscord(client, () => reporter.changed(), Date.now);
  const clusterId = options.clusterId ?? source.clusterId() ?? undefined;
  const reporter = createReporter({
    ...options,
    clusterId,
    shards: source.shards,
    shardCount: source.shardCount,
  });
  sayGoodbyeOnDestroy(client, reporter.stop);
  return reporter;
}

/** Reports whatever `shards` says, for other libraries and for raw gateways. */
export function createReporter(options: ReporterOptions): Reporter {
  const { url, token, stateDir = process.cwd(), signals = true, shards, shardCount = () => null } = options;
  const note = options.note ?? ((line: string) => console.warn(line));
  const member = new Member({
    post: createPost(url, token, VERSION),
    kept: createKept(stateDir, identityOf(options)),
    about: aboutOf(options),
    shards,
    shardCount,
    note,
    now: Date.now,
    random: Math.random,
  });
  const reporter = { changed: () => member.changed(), stop: () => member.stop() };
  if (signals) sayGoodbyeOnSignals(reporter.stop);
  return reporter;
}

/** Two bots on one page may both have a cluster 0. */
function identityOf({ identity, clusterId, bot }: ReportOptions): string | null {
  if (identity !== undefined) return identity;
  return clusterId === undefined ? null : `${bot ?? 'main'}-${clusterId}`;
}

const aboutOf = ({ bot, fleet, version, host = hostname() }: ReportOptions): About => ({
  host,
  ...(bot === undefined ? {} : { bot }),
  ...(fleet === undefined ? {} : { fleet }),
  ...(version === undefined ? {} : { version }),
});
