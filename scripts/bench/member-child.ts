// The measured bot: a process with nothing in it but member clients, each over a discord.js client that does nothing itself;
// or, as its bare peer, as many node:http requests of the same bytes at the same times.
import { EventEmitter } from 'node:events';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { report, type DiscordClient, type Reporter } from '../../server/member/index.js';
import { beatDelayMs } from '../../server/member/pace.js';
import { serveParent } from './child.js';

export interface MemberSettings {
  url: string;
  token: string;
  members: number;
  shards: number;
  guildsPerShard: number;
  isBare: boolean;
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

const memberOf = (_: unknown, member: number): Reporter =>
  report(clientOf(member), {
    url: settings.url,
    token: settings.token,
    identity: `member-${member}`,
    stateDir: tmpdir(),
    signals: false,
  });

/** Says what a member's beat says, of nobody that the server knows. */
function startBare(member: number): void {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const rows = Array.from({ length: settings.shards }, (_, i) => ({
    id: member * settings.shards + i,
    state: 'online',
    latency_ms: 30 + (i % 50),
    guilds: settings.guildsPerShard,
    unavailable: 0,
  }));
  const beat = (): void => {
    const text = JSON.stringify({ identity: `bare-${member}`, shard_count: 3_840, shards: rows });
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      authorization: `Bearer ${settings.token}`,
    };
    const options = { method: 'POST', agent, headers };
    const sent = request(`${settings.url}/fleet/heartbeat`, options, (answer) => void answer.resume());
    sent.on('error', () => undefined).end(text);
    setTimeout(beat, beatDelayMs(Math.random()));
  };
  beat();
}

const count = { length: settings.members };
if (settings.isBare) for (let member = 0; member < settings.members; member++) startBare(member);
const reporters = settings.isBare ? [] : Array.from(count, memberOf);
serveParent(0, async () => void (await Promise.all(reporters.map((reporter) => reporter.stop()))));
