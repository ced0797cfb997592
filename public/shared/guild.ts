// Which shard a server is on, and what people paste when asked for a server's ID.

/** What names a server by itself: links to its channels, messages, events and pages; `@me` stands for direct messages. */
const LINKED = /\bdiscord(?:(?:app)?\.com|:\/\/[^/\s]*)\/(?:api\/)?(?:channels|events|guilds)\/(@me|\d+)/gi;
/** IDs of other things than servers. */
const OTHERS: [reason: NotAGuild, pattern: RegExp][] = [
  ['role', /<?@&\d+>?/g],
  ['user', /<?@!?\d+>?|\b(?:users|avatars|bots?)\/\d+/gi],
  ['channel', /<#\d+>?/g],
  ['emoji', /<a?:\w+:\d+>?|\bemojis\/\d+/gi],
  ['invite', /\bdiscord(?:\.gg|(?:app)?\.com\/invite)\/\S+/gi],
];
/** What comes as people paste it is shorter. */
const MAX_TEXT = 400;
const MAX_SNOWFLAKE = 2n ** 64n - 1n;

/** A guild ID as its decimal digits, or direct messages, which every bot handles on shard 0. */
export type GuildQuery = { kind: 'guild'; id: string } | { kind: 'direct' };

/** Why a text is no server ID; `words/` says each in a kind sentence. */
export type NotAGuild =
  | 'empty'
  | 'user'
  | 'channel'
  | 'role'
  | 'emoji'
  | 'invite'
  | 'link'
  | 'name'
  | 'short'
  | 'long'
  | 'large'
  | 'several';

/**
 * Discord's formula (https://discord.com/developers/docs/events/gateway#sharding), exact for every 64-bit id:
 * in doubles it is wrong for about 3 ids in 100,000.
 */
export const shardOf = (guildId: string, shardCount: number): number =>
  Number((BigInt(guildId) >> 22n) % BigInt(shardCount));

/** The shard of a query among `shardCount` shards. */
export const shardOfQuery = (query: GuildQuery, shardCount: number): number =>
  query.kind === 'direct' ? 0 : shardOf(query.id, shardCount);

export type GuildReading = { ok: true; query: GuildQuery } | { ok: false; reason: NotAGuild };

/**
 * Reads what was typed or pasted: an ID, a link, `@me`, or any text with exactly one number that can be an ID. Anything
 * else gets its reason.
 */
export function readGuild(text: string): GuildReading {
  const pasted = plainDigits(text);
  const linked = [...pasted.matchAll(LINKED)].map(([, id]) => id!.toLowerCase());
  if (linked.length > 0) return theOneOf(linked);
  if (/^\W*@me\W*$/i.test(pasted)) return theOneOf(['@me']);
  const rest = OTHERS.reduce((left, [, pattern]) => left.replace(pattern, ' '), pasted);
  const numbers = rest.match(/\d{17,}/g);
  return numbers ? theOneOf(numbers) : { ok: false, reason: whyNot(pasted) };
}

/** Without the invisible characters that come along when an ID is copied, and with digits of any width as 0 to 9. */
export function plainDigits(text: string): string {
  const plain = text
    .slice(0, MAX_TEXT)
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{DI}]/gu, '');
  return text.length > MAX_TEXT ? plain.replace(/(^|\D)\d{1,20}$/, '$1') : plain; // half an ID would be another server's
}

/** Which of these is meant, if only one of them can be an ID. */
function theOneOf(found: string[]): GuildReading {
  const fitting = new Set(found.filter((id) => wrongSize(id) === undefined));
  if (fitting.size > 1) return { ok: false, reason: 'several' };
  const [id] = fitting;
  if (id === undefined) return { ok: false, reason: wrongSize(found[0]!)! };
  return { ok: true, query: id === '@me' ? { kind: 'direct' } : { kind: 'guild', id } };
}

function whyNot(text: string): NotAGuild {
  if (!/[\p{L}\p{N}]/u.test(text)) return 'empty';
  const other = OTHERS.find(([, pattern]) => text.search(pattern) >= 0);
  if (other) return other[0];
  if (/^\s*@/.test(text)) return 'user';
  if (/\d{10}|^\W*\d+\W*$/.test(text)) return 'short';
  return /https?:\/\//i.test(text) ? 'link' : 'name';
}

function wrongSize(id: string): NotAGuild | undefined {
  if (id === '@me') return undefined;
  if (id.length < 17) return 'short';
  if (id.length > 20) return 'long';
  return BigInt(id) > MAX_SNOWFLAKE ? 'large' : undefined;
}
