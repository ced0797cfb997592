// Asks Discord how many shards a bot wants and what it is called. The token is sent to Discord, and goes nowhere else.
import * as z from 'zod';
import { bots } from '../../settings/config-values.js';

export const DISCORD_API = 'https://discord.com/api/v10';

/** `bots` is a text as SHARDLIGHT_BOTS takes it; `why` a sentence for people that never holds the token. */
export type DiscordAnswer = { ok: true; bots: string } | { ok: false; why: string };

/** The one bot that is asked for. Members that name no bot belong to the first, whatever its key. */
const KEY = 'main';
const MAX_NAME_LENGTH = 80;

const gateway = z.object({ shards: z.int().positive() });
const application = z.object({ name: z.string() });

/** Never throws. Both requests together may take `timeoutMs`. */
export async function askDiscord(token: string, api: string, timeoutMs = 5_000): Promise<DiscordAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  const get = async (path: string): Promise<Fetched> => fetchJson(`${api}${path}`, token, signal);
  const told = await get('/gateway/bot');
  if (!told.ok) return told;
  const counted = gateway.safeParse(told.json);
  if (!counted.success) return { ok: false, why: GARBAGE };
  const about = await get('/applications/@me');
  const named = application.safeParse(about.ok ? about.json : null);
  const text = `${KEY}:${counted.data.shards}:${named.success ? nameOf(named.data.name) : ''}`;
  return bots.schema.safeParse(text).success ? { ok: true, bots: text } : { ok: false, why: GARBAGE };
}

/** Without what separates bots, and what no line of `.env` can hold. */
const nameOf = (name: string): string =>
  Array.from(name.replace(/[\p{Cc};"$\\`]+/gu, ' '))
    .slice(0, MAX_NAME_LENGTH)
    .join('')
    .trim();

type Fetched = { ok: true; json: unknown } | { ok: false; why: string };

/** What fetch throws may quote the header with the token, so only its code is told. */
async function fetchJson(url: string, token: string, signal: AbortSignal): Promise<Fetched> {
  try {
    const headers = { authorization: `Bot ${token}` };
    const response = await fetch(url, { headers, signal, redirect: 'error' });
    const text = await response.text();
    return response.ok ? { ok: true, json: parse(text) } : { ok: false, why: refusal(response.status) };
  } catch (error) {
    if (signal.aborted) return { ok: false, why: 'Discord did not answer in time.' };
    const code = (error as { cause?: { code?: unknown } }).cause?.code;
    const known = typeof code === 'string' ? ` (${code})` : '';
    return { ok: false, why: `Discord could not be asked from here${known}.` };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const GARBAGE = 'Discord answered something that is not understood here.';

function refusal(status: number): string {
  if (status === 401 || status === 403)
    return 'Discord does not know this bot token. The right one is on the page "Bot" of your application.';
  if (status === 429) return 'Discord was asked too often and wants a pause.';
  return `Discord answered with an error (${status}).`;
}
