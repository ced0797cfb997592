// What an answer does to a page that is drawn already: its tile is marked, and what it is folded into stands open.
import t from 'tap';
import { botSection } from '../../public/shared/section.js';
import { shardViewOf } from '../../public/shared/shard.js';
import { englishUtc } from '../../public/shared/languages.js';
import type { BotView } from '../../public/shared/wire.js';
import { withMarks } from '../../server/pages/mark.js';
import { botOf, NOW } from '../shared/views.js';

const voice = englishUtc();
const moment = { now: NOW, ticking: false };

/** The sections of these bots, the first one open and the others a line each, with these shards marked. */
function marked(bots: BotView[], shards: [bot: BotView, shard: number][]): string {
  const sections = bots.map((bot, i) =>
    botSection(bot, voice, moment, { standing: i === 0 ? 'open' : 'line' }),
  );
  const views = shards.map(([bot, shard]) => shardViewOf(bot, shard));
  return Buffer.concat(withMarks(Buffer.from(sections.join('\n')), views)).toString();
}

const tilesMarked = (html: string): string[] => html.match(/<li class="[^<]*/g) ?? [];
const opened = (html: string): number => html.split('<details open').length - 1;

void t.test('only the tile of the shard is marked, whatever its state and its neighbours', (t) => {
  const bot = botOf('3'.repeat(100) + '2' + '3'.repeat(139));
  const one = (shard: number): string[] => tilesMarked(marked([bot], [[bot, shard]]));
  t.same(one(1), ['<li class="online marked" id="marked">1']);
  t.same(one(17), ['<li class="online marked" id="marked">17']);
  t.same(one(100), ['<li class="offline marked" id="marked">100']);
  t.same(one(239), ['<li class="online marked" id="marked">239'], 'the last one');
  t.end();
});

void t.test('the fold that the shard is in stands open, and no other', (t) => {
  const clusters = Array.from({ length: 33 }, (_, i) => ({
    name: `ü #${i}`,
    shards: `${i * 16}-${i * 16 + 15}`,
  }));
  const bot = botOf('3'.repeat(320) + '1' + '3'.repeat(207), { clusters });
  const folded = marked([bot], [[bot, 40]]);
  t.equal(opened(folded), 1);
  t.match(folded, '<details open class=cluster><summary><h3><b translate=no>ü #2</b>');
  t.same(tilesMarked(folded), ['<li class="online marked" id="marked">40']);
  t.equal(opened(marked([bot], [[bot, 321]])), 0, 'what is not well is never folded');
  t.end();
});

void t.test('each bot has a mark of its own, and the line it is opens', (t) => {
  const bots = [botOf('33'), botOf('33', { key: 'demo', name: 'Demo' }), botOf('3', { key: 'one' })];
  const html = marked(
    bots,
    bots.map((bot) => [bot, bot.shardCount - 1]),
  );
  t.same(tilesMarked(html), [
    '<li class="online marked" id="marked">1',
    '<li class="online marked" id="marked-demo">1',
  ]);
  t.equal(opened(html), 1);
  t.end();
});

void t.test(
  'a shard or a bot that the page does not have yet marks nothing, least of all another bot',
  (t) => {
    const [small, large] = [botOf('33'), botOf('3'.repeat(40), { key: 'large' })];
    const plain = marked([small, large], []);
    t.equal(marked([small, large], [[botOf('3'.repeat(40)), 30]]), plain);
    t.equal(marked([small, large], [[botOf('3'.repeat(40), { key: 'new' }), 30]]), plain);
    t.end();
  },
);
