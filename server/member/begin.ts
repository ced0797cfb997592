// A member put together from its options: who it is, what it says of itself, how it speaks, and when it leaves.
import { hostname } from 'node:os';
import { join } from 'node:path';
import { sayGoodbyeOnSignals } from './farewell.js';
import { createKept } from './kept.js';
import { afterMs } from './pace.js';
import { createPost } from './post.js';
import { Member, type About, type Reporter, type ReporterParts } from './reporter.js';
import type { ShardReport } from './rows.js';

export interface ReportOptions {
  /** Where Shardlight is: https://status.example.com */
  url: string;
  /** Its SHARDLIGHT_INGEST_TOKEN or SHARDLIGHT_TOKEN. */
  token?: string | undefined;
  /** The bot's key on the page; left out: the page's first bot. */
  bot?: string | undefined;
  /** What people call it, where the page's operator says nothing else; default: its username. */
  name?: string | undefined;
  /** Who this process is, the same after a restart. Left out: from `clusterId`, else one that is made once and kept in `stateDir`. */
  identity?: string | undefined;
  /** Which cluster this is. discord.js' ShardingManager and discord-hybrid-sharding say it by themselves. */
  clusterId?: string | number | undefined;
  /** The group it is shown in: "asia" makes it "asia #1". */
  fleet?: string | undefined;
  /** Shown to operators. */
  version?: string | undefined;
  host?: string | undefined;
  /** The folder for `identity-…` and `lease-…`; default: `.shardlight` in the working directory. It may be read-only. */
  stateDir?: string | undefined;
  /** Say goodbye on SIGTERM and SIGINT; default: yes. */
  signals?: boolean | undefined;
  /** Takes a line when reports do not arrive (once a minute while they are refused), and when they do again; default: console.warn. */
  note?: ((line: string) => void) | undefined;
}

export interface ReporterOptions extends ReportOptions {
  /** How all shards of this process are, at this moment. */
  shards: () => Iterable<ShardReport>;
  /** How many shards the bot has in all processes together. */
  shardCount?: (() => number | null) | undefined;
}

const VERSION = '0.1.0';

const FOLDER = '.shardlight';

/** Which kept identities this process reports under: two bots of one process are two, whatever they are called. */
const inUse = new Set<string>();

const realPace = { now: Date.now, after: afterMs, random: Math.random };

export interface Started {
  reporter: Reporter;
  /** Says goodbye; it may go on. */
  leave: () => Promise<void>;
  goOn: () => void;
}

/** `username` and `firstShard`: what discord.js knows of the bot, beside the options. */
export function begin(
  options: ReporterOptions,
  username: () => string | null,
  firstShard: number,
  pace: Pick<ReporterParts, 'now' | 'after' | 'random'> = realPace,
): Started {
  const { url, token, stateDir = join(process.cwd(), FOLDER), signals = true, shards } = options;
  const note = options.note ?? ((line: string) => console.warn(line));
  const { who, free } = occupy(stateDir, `${options.bot ?? ''}\n${firstShard}`);
  const member = new Member({
    post: createPost(url, token, VERSION),
    kept: createKept(stateDir, identityOf(options), who),
    about: aboutOf(options),
    shards,
    shardCount: options.shardCount ?? (() => null),
    name: () => options.name ?? username(),
    note,
    ...pace,
  });
  let isOver = false;
  const stop = async (): Promise<void> => {
    isOver = true;
    await member.stop();
    free();
  };
  if (signals) sayGoodbyeOnSignals(stop);
  return {
    reporter: { changed: () => member.changed(), stop },
    leave: () => member.stop(),
    goOn: () => void (isOver || member.goOn()),
  };
}

/** The first of that name in this process has it, the second gets another. */
function occupy(folder: string, name: string): { who: string; free: () => void } {
  const placeOf = (who: string): string => `${folder}\n${who}`;
  let who = name;
  for (let n = 2; inUse.has(placeOf(who)); n++) who = `${name}\n${n}`;
  inUse.add(placeOf(who));
  return { who, free: () => void inUse.delete(placeOf(who)) };
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
