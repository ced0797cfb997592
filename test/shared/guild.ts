// Which shard a server is on, and what people paste instead of an ID.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { readGuild, shardOf, shardOfQuery } from '../../public/shared/guild.js';

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
    '-5': 'name',
    '123456789012345': 'short',
    '18446744073709551616': 'long',
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
