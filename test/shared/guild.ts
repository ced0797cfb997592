// Which shard a server is on, and what people paste instead of an ID.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { readGuild, shardOf, shardOfQuery, type GuildReading } from '../../public/shared/guild.js';

interface Vectors {
  vectors: { guild: string; shards: number; shard: number }[];
}

const path = `${process.cwd()}/test/fixtures/guild-shard-vectors.json`;
const { vectors } = JSON.parse(readFileSync(path, 'utf8')) as Vectors;
const id = '81384788765712384';

void t.test('every known server is on its known shard', (t) => {
  const wrong = vectors.filter(({ guild, shards, shard }) => shardOf(guild, shards) !== shard);
  t.same(wrong, []);
  t.ok(vectors.length > 10);
  t.end();
});

void t.test('direct messages are on shard 0', (t) => {
  t.equal(shardOfQuery({ kind: 'direct' }, 240), 0);
  t.same(readGuild('https://discord.com/channels/@me'), { ok: true, query: { kind: 'direct' } });
  t.same(readGuild(' @ME '), { ok: true, query: { kind: 'direct' } });
  t.end();
});

void t.test('an ID and links to its channels and messages are read', (t) => {
  const links = [
    'https://discord.com/channels/',
    'discord.com/channels/',
    'https://ptb.discordapp.com/channels/',
  ];
  for (const text of [id, ` ${id}\n`, ...links.map((link) => `${link}${id}/123/456`)])
    t.same(readGuild(text), { ok: true, query: { kind: 'guild', id } }, text);
  t.end();
});

void t.test('pasted as people paste it', (t) => {
  const answers: Record<string, GuildReading> = {
    dm: { ok: true, query: { kind: 'direct' } },
    "too large: Discord's IDs end at 18446744073709551615": { ok: false, reason: 'large' },
    'a user, not a server': { ok: false, reason: 'user' },
    'an invite': { ok: false, reason: 'invite' },
    'two numbers: which one?': { ok: false, reason: 'several' },
  };
  const pasted = JSON.parse(readFileSync(`${process.cwd()}/test/fixtures/pasted-ids.json`, 'utf8')) as [
    string,
    string,
  ][];
  for (const [text, said] of pasted)
    t.same(readGuild(text), answers[said] ?? { ok: true, query: { kind: 'guild', id: said } }, text);
  t.ok(pasted.length > 10);
  t.end();
});

void t.test('a link or a label tells the server from other numbers beside it', (t) => {
  const other = '1174098765432109876';
  for (const text of [
    `https://discord.com/channels/${id}/${other} is where it fails, says <@${other}>`,
    `see https://discord.com/channels/${id}/${other}, and https://discord.com/channels/${id}/${id}`,
    `https://cdn.discordapp.com/guilds/${id}/users/${other}/avatars/a.png`,
    `<@${other}> this is ours: ${id}`,
    `<#${other}> in ${id}`,
    `https://discord.gg/abcdef (${id})`,
    `${'9'.repeat(30)} ${id}`,
  ])
    t.same(readGuild(text), { ok: true, query: { kind: 'guild', id } }, text);
  t.end();
});

void t.test('a long text that was cut is not read to half an ID', (t) => {
  const text = ' '.repeat(381) + '1174098765432109876543'.slice(0, 19) + '0';
  t.same(readGuild(text), { ok: false, reason: 'empty' });
  t.same(readGuild('9'.repeat(10_000)), { ok: false, reason: 'long' });
  t.end();
});

void t.test('what is no server ID is refused with its reason', (t) => {
  const refusals = {
    '': 'empty',
    '<@1>': 'user',
    '@somebody': 'user',
    '<#123>': 'channel',
    '<@&123>': 'role',
    '<a:wave:123>': 'emoji',
    'https://discord.gg/abc': 'invite',
    'https://example.com': 'link',
    'My Server': 'name',
    '-5': 'short',
    '`12345`': 'short',
    'id: 1234567890123456': 'short',
    'Team 2026': 'name',
    '123456789012345': 'short',
    '18446744073709551616': 'large',
    '99999999999999999999': 'large',
    '"': 'empty',
    '\u200b': 'empty',
    [`https://discord.com/users/${id}`]: 'user',
    'https://discord.com/channels/123/81384788765712384': 'short',
    [`https://discord.com/channels/${id} https://discord.com/channels/${id}1`]: 'several',
    '123456789012345678901': 'long',
  };
  for (const [text, reason] of Object.entries(refusals)) t.same(readGuild(text), { ok: false, reason }, text);
  t.end();
});

void t.test('no text makes it throw, and what it reads has a shard', (t) => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.bigInt(0n, 2n ** 70n).map(String)),
      fc.integer({ min: 1, max: 16_384 }),
      (text, count) => {
        const read = readGuild(text);
        const shard = read.ok ? shardOfQuery(read.query, count) : 0;
        return shard >= 0 && shard < count;
      },
    ),
  );
  t.end();
});

const invisible = fc.constantFrom('', '\u200b', '\ufeff', '\u200e', '\u2060', '\u00ad', '\u202a');
const wide = (digit: string): string => String.fromCodePoint(0xff10 + Number(digit));
const around = fc.constantFrom(
  '',
  ' ',
  '`',
  '"',
  '“',
  '\u00a0',
  '\n',
  '**',
  'Server ID: ',
  'id=',
  '(',
  '.',
  '\t',
);

void t.test(
  'an ID is read whatever stands around it, between its digits unseen, and however wide they are',
  (t) => {
    const ids = fc.bigInt(10n ** 16n, 2n ** 64n - 1n).map(String);
    const dressed = fc
      .tuple(ids, fc.array(fc.tuple(invisible, fc.boolean()), { minLength: 20, maxLength: 20 }))
      .map(([digits, dress]) => ({
        digits,
        shown: Array.from(digits, (digit, at) => dress[at]![0] + (dress[at]![1] ? wide(digit) : digit)).join(
          '',
        ),
      }));
    fc.assert(
      fc.property(dressed, around, around, ({ digits, shown }, before, after) => {
        const read = readGuild(before + shown + after);
        return read.ok && read.query.kind === 'guild' && read.query.id === digits;
      }),
    );
    t.end();
  },
);

void t.test('of two different IDs none is chosen', (t) => {
  const ids = fc.bigInt(10n ** 16n, 2n ** 64n - 1n).map(String);
  fc.assert(
    fc.property(ids, ids, fc.constantFrom(' ', ', ', '\n', ' or '), (one, other, between) => {
      const read = readGuild(one + between + other);
      return one === other ? read.ok : !read.ok && read.reason === 'several';
    }),
  );
  t.end();
});
