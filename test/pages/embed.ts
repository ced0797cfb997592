// What chats read of a page: tags parsed from the head as Discord's crawler does, without a script and without the guild ID.
import t from 'tap';
import { languageCodes, voiceIn } from '../../public/shared/languages.js';
import { shardOf } from '../../public/shared/guild.js';
import { shardViewOf } from '../../public/shared/shard.js';
import { verdictOf } from '../../public/shared/verdict.js';
import type { PublicView } from '../../public/shared/wire.js';
import type { PageAnswer } from '../../server/pages/answer.js';
import { cardPath } from '../../server/pages/card-handler.js';
import { embedTags, shorten } from '../../server/pages/embed.js';
import { botOf, NOW, viewOf } from '../shared/views.js';
import { tagsOf } from './tags.js';

const GUILD = '81384788765712384';
const trouble = viewOf(botOf('222' + '3'.repeat(237)));

function tags(
  view: PublicView,
  answer: PageAnswer | null = null,
  publicUrl: string | null = 'https://s.example',
  lang: (typeof languageCodes)[number] = 'en',
): Map<string, string> {
  const voice = voiceIn(lang);
  const verdict = verdictOf(view, voice, NOW);
  return tagsOf(
    embedTags({ view, verdict, answer, now: NOW, voice, publicUrl, cardPath: cardPath(view, lang) }),
  );
}

const answerOf = (view: PublicView): PageAnswer => ({
  kind: 'found',
  direct: false,
  bots: view.bots.map((bot) => shardViewOf(bot, shardOf(GUILD, bot.shardCount))),
});

void t.test(
  'the state is in the title, the sentence and its time in the description, the colour in theme-color',
  (t) => {
    const read = tags(trouble);
    t.equal(read.get('og:title'), '3 of 240 shards down · My Bot status');
    t.equal(
      read.get('og:description'),
      '3 of 240 shards of My Bot have been down since 14:02 UTC. As of 21 Nov, 14:04 UTC',
    );
    t.equal(read.get('theme-color'), '#fa7d53');
    t.equal(tags(viewOf(botOf('3'))).get('theme-color'), '#4ca1a4');
    t.equal(read.get('og:type'), 'website');
    t.equal(read.get('og:url'), 'https://s.example/');
    t.equal(read.get('twitter:card'), 'summary_large_image');
    t.end();
  },
);

void t.test('the image is named with its version, size and words', (t) => {
  const read = tags(trouble);
  t.match(read.get('og:image'), /^https:\/\/s\.example\/card\.png\?v=e1-812-\w+$/);
  t.equal(read.get('og:image:width'), '1200');
  t.equal(read.get('og:image:height'), '630');
  t.match(read.get('og:image:alt'), '3 of 240 shards');
  const later = tags({ ...trouble, version: 813 });
  t.not(later.get('og:image'), read.get('og:image'), 'another version is another address');
  t.end();
});

void t.test(
  'without a public address none is made up: the image is named from the root, og:url left out',
  (t) => {
    const read = tags(trouble, null, null);
    t.notOk(read.has('og:url'));
    t.match(read.get('og:image'), /^\/card\.png\?v=/);
    t.end();
  },
);

void t.test('an answer tells its shard, never the guild ID', (t) => {
  const view = viewOf(botOf('3'.repeat(178) + '6' + '3'.repeat(61)));
  const read = tags(view, answerOf(view));
  t.equal(read.get('og:title'), 'Your server is affected · My Bot status');
  t.match(
    read.get('og:description'),
    'Your server is affected. It is on shard 178 of 240 of My Bot. This shard has been reconnecting to Discord for',
  );
  t.match(read.get('og:description'), 'As of 21 Nov');
  t.equal(read.get('theme-color'), '#6b8dd7');
  t.notMatch([...read.values()].join(), GUILD);
  t.end();
});

void t.test('a healthy server is described as not affected before anything is said of others', (t) => {
  const view = viewOf(botOf('2'.repeat(128) + '3'.repeat(112)));
  const read = tags(view, answerOf(view));
  t.equal(read.get('og:title'), 'Your server is not affected · My Bot status');
  t.match(read.get('og:description'), /^Your server is not affected\..* 128 other shards are down\./);
  t.equal(read.get('theme-color'), '#4ca1a4');
  t.end();
});

void t.test('of several bots the one in the worst state is in the title; all are described', (t) => {
  const view = viewOf(botOf('3'.repeat(16)), botOf('2'.repeat(16), { key: 'b', name: 'Biscuit' }));
  const read = tags(view, answerOf(view));
  t.match(read.get('og:title'), /^Biscuit: Your server is affected ·/);
  t.match(
    read.get('og:description'),
    /^Biscuit: Your server is affected\..* My Bot: Your server is not affected\./,
  );
  t.end();
});

void t.test('a refused question and a page without bots speak of the whole', (t) => {
  t.match(tags(trouble, { kind: 'refused', reason: 'name' }).get('og:title'), '3 of 240 shards down');
  t.match(tags(viewOf(), { kind: 'found', direct: false, bots: [] }).get('og:title'), 'No reports yet');
  t.end();
});

void t.test('titles stay within 80 characters in every language, and names are text', (t) => {
  const evil = `"><img onerror=alert(1)> ${'🦀'.repeat(60)}`;
  const view = { ...viewOf(botOf('3'.repeat(240), { name: evil })), title: evil };
  for (const lang of languageCodes)
    for (const answer of [null, answerOf(view)]) {
      const title = tags(view, answer, null, lang).get('og:title')!;
      t.ok(title.length <= 80, `${lang}: ${title}`);
      t.notMatch(title, '\ufffd');
    }
  t.match(tags(view).get('og:site_name'), '"><img onerror');
  t.equal(shorten('abcdef', 4), 'abc…');
  t.end();
});
