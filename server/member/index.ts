// `shardlight/member`: what a bot imports to be seen on a Shardlight status page. No packages, and nothing in it can hurt the bot.
import { begin, type ReporterOptions, type ReportOptions } from './begin.js';
import { readDiscord, type DiscordClient } from './discord.js';
import { followClient } from './farewell.js';
import type { Reporter } from './reporter.js';

export type { ReporterOptions, ReportOptions } from './begin.js';
export type { DiscordClient } from './discord.js';
export type { Reporter } from './reporter.js';
export type { ShardReport, ShardState } from './rows.js';

/** Reports the shards of a discord.js client from now on. Call it once, before or after `login`. */
export function report(client: DiscordClient, options: ReportOptions): Reporter {
  const source = readDiscord(client, () => started.reporter.changed(), Date.now);
  const clusterId = options.clusterId ?? source.clusterId() ?? undefined;
  const { shards, shardCount, name, firstShard } = source;
  const started = begin({ ...options, clusterId, shards, shardCount }, name, firstShard());
  followClient(client, started.leave, started.goOn);
  return started.reporter;
}

/** Reports whatever `shards` says, for other libraries and for raw gateways. */
export function createReporter(options: ReporterOptions): Reporter {
  return begin(options, () => null, 0).reporter;
}
