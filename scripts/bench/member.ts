// What the member client costs the bot: CPU time a beat, with 64 shards to look at and tell, beside bare requests of the same bytes.
import { freshFolder, startMembers, startProduct, TOKEN, type Child } from './children.js';
import { pause } from './storm.js';

/** So few that each beat wakes a process that does nothing else; and so many that it is at work anyway, as a bot is. */
export const MEMBERS = [60, 1_200];
const SHARDS = 64;
const GUILDS_PER_SHARD = 50;
/** They start one after the other within 15 s, and then beat every 15 s, a little early or late. */
const SETTLE_MS = 20_000;
const WINDOW_MS = 30_000;

export interface MemberResult {
  shards: number;
  beatsPerSecond: number;
  cpuMsPerBeat: number;
  /** Of a process that only sends. */
  bareCpuMsPerBeat: number;
}

export async function memberCost(count: number): Promise<MemberResult> {
  const product = await startProduct({ SHARDLIGHT_HEARTBEAT_INTERVAL: '15' });
  const url = `http://127.0.0.1:${product.port}`;
  const settings = {
    url,
    token: TOKEN,
    members: count,
    shards: SHARDS,
    guildsPerShard: GUILDS_PER_SHARD,
    stateDir: freshFolder(),
  };
  const members = await startMembers({ ...settings, isBare: false });
  const bare = await startMembers({ ...settings, isBare: true });
  await pause(SETTLE_MS);
  const before = await tally(url, members, bare);
  await pause(WINDOW_MS);
  const after = await tally(url, members, bare);
  for (const child of [members, bare, product]) await child.stop();
  const beats = after.beats - before.beats;
  return {
    shards: SHARDS,
    beatsPerSecond: Math.round(beats / (WINDOW_MS / 1_000)),
    cpuMsPerBeat: (after.cpuMs - before.cpuMs) / beats,
    bareCpuMsPerBeat: (after.bareCpuMs - before.bareCpuMs) / (after.bareBeats - before.bareBeats),
  };
}

/** Beats are counted by who takes them: those of the bare peer are of nobody it knows. */
async function tally(
  url: string,
  members: Child,
  bare: Child,
): Promise<{ beats: number; bareBeats: number; cpuMs: number; bareCpuMs: number }> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
  const text = await response.text();
  const answered = (status: string): number => {
    const line = new RegExp(
      `^shardlight_http_requests_total\\{[^}]*heartbeat[^}]*${status}[^}]*\\} (\\d+)`,
      'm',
    ).exec(text);
    if (!line) throw new Error(`no beat was answered with ${status}`);
    return Number(line[1]);
  };
  return {
    beats: answered('2xx'),
    bareBeats: answered('4xx'),
    cpuMs: await members.ask('cpuMs'),
    bareCpuMs: await bare.ask('cpuMs'),
  };
}
