// What the member client costs the bot: CPU time a beat, with 64 shards to look at and tell.
import { startMembers, startProduct, TOKEN } from './children.js';
import { pause } from './storm.js';

const MEMBERS = 60;
const SHARDS = 64;
const GUILDS_PER_SHARD = 50;
/** Members beat every 15 s, a little early or late; the first beats come right after the registers. */
const SETTLE_MS = 20_000;
const WINDOW_MS = 45_000;

export interface MemberResult {
  shards: number;
  beats: number;
  cpuMsPerBeat: number;
}

export async function memberCost(): Promise<MemberResult> {
  const product = await startProduct({ SHARDLIGHT_HEARTBEAT_INTERVAL: '15' });
  const url = `http://127.0.0.1:${product.port}`;
  const settings = { url, token: TOKEN, members: MEMBERS, shards: SHARDS, guildsPerShard: GUILDS_PER_SHARD };
  const members = await startMembers(settings);
  await pause(SETTLE_MS);
  const before = { cpuMs: await members.ask('cpuMs'), beats: await beatsTaken(url) };
  await pause(WINDOW_MS);
  const cpuMs = (await members.ask('cpuMs')) - before.cpuMs;
  const beats = (await beatsTaken(url)) - before.beats;
  await members.stop();
  await product.stop();
  return { shards: SHARDS, beats, cpuMsPerBeat: cpuMs / beats };
}

/** Counted by who took them. */
async function beatsTaken(url: string): Promise<number> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
  const line = /^shardlight_http_requests_total\{[^}]*heartbeat[^}]*2xx[^}]*\} (\d+)/m.exec(
    await response.text(),
  );
  if (!line) throw new Error('no beat of a member was counted');
  return Number(line[1]);
}
