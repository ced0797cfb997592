// The card that chats show: a PNG of the right size in every mix of states, drawn one at a time.
import { readFileSync } from 'node:fs';
import t from 'tap';
import { languageCodes, voiceIn } from '../../public/shared/languages.js';
import { cardGrid, stateStrokes } from '../../server/pages/card-grid.js';
import { drawable, fit, wrap } from '../../server/pages/card-text.js';
import { cardSvg, speaks } from '../../server/pages/card.js';
import { createCards, type Card, type CardWanted } from '../../server/pages/cards.js';
import { createRenderer, type Render } from '../../server/pages/render.js';
import { until } from '../harness.js';
import { botOf, NOW, viewOf } from '../shared/views.js';
import { pngSize } from './tags.js';

const english = voiceIn('en');
const MAX_BYTES = 100 * 1024;

/** As hard to compress as states can be. */
const mixed = (count: number): string =>
  Array.from({ length: count }, (_, id) => ((id * 2_654_435_761) >>> 7) % 7).join('');

void t.test(
  'a card is a PNG of 1200 × 630 in at most 100 KB, whatever the states and however many',
  async (t) => {
    const render = createRenderer();
    const fleets = [1, 2, 16, 240, 700, 1_300, 3_584, 16_384].flatMap((count) => [
      mixed(count),
      '3'.repeat(count),
    ]);
    for (const states of [...fleets, '', ...Array.from('0123456')].map((one) => [botOf(one)])) {
      const png = await render(cardSvg(viewOf(...states), english, NOW));
      t.same(pngSize(png), { width: 1200, height: 630 });
      t.ok(png.length <= MAX_BYTES, `${states[0]!.shardCount} shards: ${png.length} bytes`);
    }
    t.same(pngSize(await render(cardSvg(viewOf(), english, NOW))), { width: 1200, height: 630 });
  },
);

void t.test('what cannot be drawn is an error, and the next card is drawn all the same', async (t) => {
  const render = createRenderer();
  await t.rejects(render('no svg'), { message: /./ });
  t.ok((await render(SMALL)).length > 0);
});

const SMALL = '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"/>';

/** Processes that this one started. */
const children = (): string[] =>
  readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');

/** The process that this card was drawn in; it was not there before. */
async function childThatDraws(render: Render): Promise<number> {
  const before = children();
  await render(SMALL);
  const [child] = children().filter((pid) => !before.includes(pid));
  return Number(child);
}

const gone = (child: number): Promise<boolean> => until(() => !children().includes(`${child}`));

void t.test(
  'the process that draws goes when it is idle, and the next card is drawn by another',
  async () => {
    const render = createRenderer(1);
    await gone(await childThatDraws(render));
    await gone(await childThatDraws(render));
  },
);

void t.test('a process that ends by itself costs the card it draws, at most', async (t) => {
  const render = createRenderer();
  const idle = await childThatDraws(render);
  process.kill(idle, 'SIGKILL');
  await gone(idle);
  const busy = await childThatDraws(render);
  process.kill(busy, 'SIGSTOP');
  const lost = render(SMALL);
  process.kill(busy, 'SIGKILL');
  await t.rejects(lost, { message: 'the process that draws cards ended' });
  t.ok((await render(SMALL)).length > 0);
});

void t.test('a card says the verdict, the counts and as of when', (t) => {
  const svg = cardSvg(viewOf(botOf('222' + '3'.repeat(237))), english, NOW);
  t.match(
    svg.replace(/<\/text>\s*<text[^>]*>/g, ' '),
    '3 of 240 shards of My Bot have been down since 14:02 UTC.',
  );
  t.match(svg, '237 Online');
  t.match(svg, '3 Offline');
  t.match(svg, 'As of 21 Nov, 14:04 UTC');
  t.end();
});

void t.test('names are text, in letters that the font has; a bot without any goes by its key', (t) => {
  const named = (name: string): string => cardSvg(viewOf(botOf('3', { name })), english, NOW);
  t.match(named('<b>&"'), '&lt;b&gt;&amp;&quot; is online.');
  t.match(named('ミク'), 'main is online.');
  t.equal(drawable('𝓜𝔂 Ｂot 🤖  Привет \u0301'), 'My Bot Привет');
  t.end();
});

void t.test('a language whose letters the font lacks gets an English card', (t) => {
  t.same(
    languageCodes.filter((lang) => !speaks(voiceIn(lang))),
    ['ja'],
  );
  t.end();
});

void t.test('text is broken into lines that fit, and cut where it does not', (t) => {
  t.ok(wrap('one two three four five six seven eight', 60, 400).length > 2);
  t.ok(wrap('x'.repeat(200), 60, 400).length > 5);
  t.match(fit('word '.repeat(80), 1000, [{ size: 60, lines: 2 }]).lines.at(-1), /…$/);
  t.end();
});

void t.test('where a square stands for several shards it shows the worst', (t) => {
  const box = { x: 0, width: 700, bottom: 70, height: 70 };
  t.equal(cardGrid('3'.repeat(100), box).each, 1);
  const { each, svg } = cardGrid('3'.repeat(15_000) + '2', box);
  t.equal(each, 16);
  t.match(svg, '#fa7d53');
  t.end();
});

void t.test('the legend has every state that occurs, each with a sign of its own', (t) => {
  const svg = cardSvg(viewOf(botOf('01234567'.repeat(2))), english, NOW);
  for (const name of ['Online', 'Offline', 'Not responding', 'Starting', 'Stopping', 'Unknown', 'Stopped on'])
    t.match(svg, `2 ${name}`);
  t.equal(new Set(stateStrokes).size, 8);
  for (const strokes of stateStrokes) t.ok(svg.split(`d="${strokes}"`).length > 1);
  const [starting, stopping] = [
    cardSvg(viewOf(botOf('34')), english, NOW),
    cardSvg(viewOf(botOf('35')), english, NOW),
  ];
  t.equal(starting.split(stateStrokes[4]!).length, 3, 'in the legend and in the grid');
  t.equal(stopping.split(stateStrokes[5]!).length, 3);
  t.end();
});

void t.test('the card of an asked guild is about its shard, and marks it', (t) => {
  const view = viewOf(botOf('3'.repeat(16), { key: 'a' }), botOf('3'.repeat(178) + '1' + '3'.repeat(61)));
  const svg = cardSvg(view, english, NOW, { bot: 'main', shard: 178 });
  t.match(svg.replace(/<\/text>\s*<text[^>]*>/g, ' '), 'My Bot · Shard 178 · Not responding');
  t.match(svg, '1 of 240 shards of My Bot has not been responding since 14:02 UTC.');
  t.equal(svg.split('<circle').length - 1, 2, 'a ring, and what sets it apart');
  t.notMatch(cardSvg(view, english, NOW), '<circle');
  t.notMatch(cardSvg(view, english, NOW, { bot: 'main', shard: 240 }), '<circle');
  t.end();
});

/** Cards whose drawings end when the test says so. */
function stage(patienceMs = 5): {
  cards: (tag: string, lang?: string) => Promise<Card>;
  drawings: { svg: string; end: () => void; fail: () => void }[];
  advance: (ms: number) => void;
} {
  let now = 0;
  const drawings: { svg: string; end: () => void; fail: () => void }[] = [];
  const render = (svg: string): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      drawings.push({ svg, end: () => resolve(Buffer.from(svg)), fail: () => reject(new Error('no')) });
    });
  const cards = createCards({ render, now: () => now, patienceMs });
  const wanted = (tag: string, of: string): CardWanted => ({
    of,
    tag,
    svg: () => `${of} ${tag}`,
    ...(of.includes(' ') ? { instead: of.split(' ')[0]! } : {}),
  });
  return { cards: (tag, lang = 'en') => cards(wanted(tag, lang)), drawings, advance: (ms) => (now += ms) };
}

void t.test('one card is drawn at a time, whoever asks', async (t) => {
  const { cards, drawings } = stage();
  const asked = [cards('1'), cards('1'), cards('1', 'de')];
  t.equal(drawings.length, 1);
  drawings[0]!.end();
  t.same((await asked[0]!).png.toString(), 'en 1');
  t.same((await asked[1]!).tag, '1');
  t.equal(drawings.length, 2, 'the other language waited');
  drawings[1]!.end();
  t.same((await asked[2]!).png.toString(), 'de 1');
  t.equal((await cards('1')).tag, '1');
  t.equal(drawings.length, 2, 'and is kept by version');
});

void t.test('while a newer card is drawn, the last one is served', async (t) => {
  const { cards, drawings, advance } = stage();
  const first = cards('1');
  drawings[0]!.end();
  await first;
  t.equal((await cards('2')).tag, '1', 'at most once a second');
  t.equal(drawings.length, 1);
  advance(1_000);
  t.equal((await cards('2')).tag, '1');
  t.equal((await cards('3')).tag, '1');
  t.equal(drawings.length, 2);
  drawings[1]!.end();
  await new Promise((resolve) => setImmediate(resolve));
  t.equal((await cards('2')).tag, '2');
});

void t.test('who waits patiently gets the new card', async (t) => {
  const { cards, drawings, advance } = stage(60_000);
  const first = cards('1');
  drawings[0]!.end();
  await first;
  advance(1_000);
  const second = cards('2');
  drawings[1]!.end();
  t.equal((await second).tag, '2');
});

void t.test('a card that cannot be drawn is an error only for who has no other', async (t) => {
  const { cards, drawings, advance } = stage();
  const first = cards('1');
  const other = cards('1', 'de');
  drawings[0]!.fail();
  await t.rejects(first);
  drawings[1]!.end();
  t.equal((await other).tag, '1');
  advance(1_000);
  const again = cards('2', 'de');
  drawings[2]!.fail();
  t.equal((await again).tag, '1');
});

void t.test('while many shards are asked about, the card of the page does; few are kept', async (t) => {
  const { cards, drawings, advance } = stage();
  const first = cards('1');
  drawings[0]!.end();
  await first;
  t.equal((await cards('1', 'en 17')).of, 'en', 'at most one is drawn a second');
  for (let shard = 0; shard < 40; shard++) {
    advance(1_000);
    const asked = cards('1', `en ${shard}`);
    drawings.at(-1)!.end();
    t.equal((await asked).of, `en ${shard}`);
  }
  advance(1_000);
  const kept = drawings.length;
  t.equal((await cards('1', 'en 39')).of, 'en 39');
  t.equal(drawings.length, kept);
  void cards('1', 'en 0');
  t.equal(drawings.length, kept + 1, 'the first was let go');
});

void t.test('in a language whose card nobody asked for, shards are not drawn faster either', async (t) => {
  const { cards, drawings } = stage();
  const first = cards('1');
  drawings[0]!.end();
  await first;
  for (let shard = 0; shard < 40; shard++) t.equal((await cards('1', `de ${shard}`)).of, 'en');
  t.equal(drawings.length, 1);
});
