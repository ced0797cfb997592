// The measured bot: a process with nothing in it but member clients, each over a discord.js client that does nothing itself;
// or, as its bare peer, as many node:http requests of the same bytes at the same times.
import { EventEmitter } from 'node:events';
import { Agent, request } from 'node:http';
import { report, type DiscordClient, type Reporter } from '../../server/member/index.js';
import { BEAT_MS, beatDelayMs } from '../../server/member/pace.js';
import { serveParent } from './child.js';

export interface MemberSettings {
  url: string;
  token: string;
  members: number;
  shards: number;
  guildsPerShard: number;
  /** Where members keep their leases. */
  stateDir: string;
  isBare: boolean;
}

const settings = JSON.parse(process.argv[2]!) as MemberSettings;
const READY = 0;

/** Discord gives one bot no more shards than 256 members have. */
const MEMBERS_PER_BOT = 256;
const idOf = (member: number, shard: number): number => (member % MEMBERS_PER_BOT) * settings.shards + shard;
const shardCount = Math.min(settings.members, MEMBERS_PER_BOT) * settings.shards;

/** What the member client reads of a discord.js client, and no gateway behind it. */
function clientOf(member: number): DiscordClient {
  const ids = Array.from({ length: settings.shards }, (_, i) => idOf(member, i));
  const shardOf = (id: number): [number, { status: number; ping: number; lastPingTimestamp: number }] => [
    id,
    { status: READY, ping: 30 + (id % 50), lastPingTimestamp: Date.now() },
  ];
  return Object.assign(new EventEmitter(), {
    ws: { shards: new Map(ids.map(shardOf)) },
    guilds: { cache: { size: ids.length * settings.guildsPerShard, values: () => guildsOf(ids) } },
    options: { shards: ids, shardCount },
    destroy: () => Promise.resolve(),
  });
}

/** Made when they are counted: a bot's own memory is not what is measured. */
function* guildsOf(ids: number[]): Generator<{ shardId: number; available: boolean }> {
  for (const shardId of ids)
    for (let i = 0; i < settings.guildsPerShard; i++) yield { shardId, available: true };
}

const memberOf = (member: number): Reporter =>
  report(clientOf(member), {
    url: settings.url,
    token: settings.token,
    bot: `bot-${Math.floor(member / MEMBERS_PER_BOT)}`,
    identity: `member-${member}`,
    stateDir: settings.stateDir,
    signals: false,
  });

/** Says what a member's beat says, of nobody that the server knows. */
function startBare(member: number): void {
  const agent = new Agent({ keepAlive: false, maxSockets: 1 });
  const rows = Array.from({ length: settings.shards }, (_, i) => ({
    id: idOf(member, i),
    state: 'online',
    latency_ms: 30 + (i % 50),
    guilds: settings.guildsPerShard,
    unavailable: 0,
  }));
  const beat = (): void => {
    const text = JSON.stringify({ identity: `bare-${member}`, shard_count: shardCount, shards: rows });
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

const reporters: Reporter[] = [];
const start = settings.isBare ? startBare : (member: number) => void reporters.push(memberOf(member));
for (let member = 0; member < settings.members; member++)
  setTimeout(start, (BEAT_MS * member) / settings.members, member);
serveParent(0, async () => void (await Promise.all(reporters.map((reporter) => reporter.stop()))));
