// Which shard a server is on, and what people paste when asked for a server's ID.

const DISCORD_LINK =
  /^(?:https?:\/\/)?(?:(?:www|ptb|canary)\.)?discord(?:app)?\.com\/channels\/(@me|\d+)(?:[/?#].*)?$/i;
const MAX_SNOWFLAKE = 2n ** 64n - 1n;

/** A guild ID as its decimal digits, or direct messages, which every bot handles on shard 0. */
export type GuildQuery = { kind: 'guild'; id: string } | { kind: 'direct' };

/** Why a text is no server ID; `words/` says each in a kind sentence. */
export type NotAGuild =
  'empty' | 'user' | 'channel' | 'role' | 'emoji' | 'invite' | 'link' | 'name' | 'short' | 'long';

/**
 * Discord's formula (https://discord.com/developers/docs/events/gateway#sharding), exact for every 64-bit id:
 * in doubles it is wrong for about 3 ids in 100,000.
 */
export const shardOf = (guildId: string, shardCount: number): number =>
  Number((BigInt(guildId) >> 22n) % BigInt(shardCount));

/** The shard of a query among `shardCount` shards. */
export const shardOfQuery = (query: GuildQuery, shardCount: number): number =>
  query.kind === 'direct' ? 0 : shardOf(query.id, shardCount);

/** Reads what was typed or pasted: an ID, a channel or message link, `@me`. Anything else gets its reason. */
export function readGuild(text: string): { ok: true; query: GuildQuery } | { ok: false; reason: NotAGuild } {
  const trimmed = text.trim();
  const linked = DISCORD_LINK.exec(trimmed)?.[1] ?? trimmed;
  if (linked.toLowerCase() === '@me') return { ok: true, query: { kind: 'direct' } };
  const reason = whyNot(linked);
  return reason ? { ok: false, reason } : { ok: true, query: { kind: 'guild', id: linked } };
}

function whyNot(text: string): NotAGuild | undefined {
  if (text === '') return 'empty';
  if (/^\d+$/.test(text)) return wrongLength(text);
  if (/^<@&/.test(text)) return 'role';
  if (/^(<@|@)/.test(text)) return 'user';
  if (/^<#/.test(text)) return 'channel';
  if (/^<a?:/.test(text)) return 'emoji';
  if (/discord\.gg\/|discord(app)?\.com\/invite\//i.test(text)) return 'invite';
  if (/^https?:\/\//i.test(text)) return 'link';
  return 'name';
}

function wrongLength(digits: string): NotAGuild | undefined {
  if (digits.length < 17) return 'short';
  return digits.length > 20 || BigInt(digits) > MAX_SNOWFLAKE ? 'long' : undefined;
}
