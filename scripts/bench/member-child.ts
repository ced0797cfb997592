// The measured bot: a process with nothing in it but member clients, each over a discord.js client of 64 shards that does nothing itself.
import { EventEmitter } from 'node:events';
import { tmpdir } from 'node:os';
import { report, type DiscordClient, type Reporter } from '../../server/member/index.js';
import { serveParent } from './child.js';

export interface MemberSettings {
  url: string;
  token: string;
  members: number;
  shards: number;
  guildsPerShard: number;
}

const settings = JSON.parse(process.argv[2]!) as MemberSettings;
const READY = 0;

/** What the member client reads of a discord.js client, and no gateway behind it. */
function clientOf(member: number): DiscordClient {
  const { shards, members, guildsPerShard } = settings;
  const ids = Array.from({ length: shards }, (_, i) => member * shards + i);
  const shardOf = (id: number): [number, { status: number; ping: number; lastPingTimestamp: number }] => [
    id,
    { status: READY, ping: 30 + (id % 50), lastPingTimestamp: Date.now() },
  ];
  const guilds = new Map(
    ids.flatMap((shardId) =>
      Array.from(
        { length: guildsPerShard },
        (_, i) => [`${shardId}-${i}`, { shardId, available: true }] as const,
      ),
    ),
  );
  return Object.assign(new EventEmitter(), {
    ws: { shards: new Map(ids.map(shardOf)) },
    guilds: { cache: guilds },
    options: { shards: ids, shardCount: members * shards },
    destroy: () => Promise.resolve(),
  });
}

const reporters: Reporter[] = Array.from({ length: settings.members }, (_, member) =>
  report(clientOf(member), {
    url: settings.url,
    token: settings.token,
    identity: `member-${member}`,
    stateDir: tmpdir(),
    signals: false,
  }),
);
serveParent(0, async () => void (await Promise.all(reporters.map((reporter) => reporter.stop()))));
