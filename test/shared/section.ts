// The tiles and the section of a bot, as both sides draw them.
import t from 'tap';
import { escapeHtml, scriptJson } from '../../public/shared/escape.js';
import { openBot, worstBotsFirst } from '../../public/shared/bots.js';
import { grid } from '../../public/shared/grid.js';
import { packView, unpackView } from '../../public/shared/page-data.js';
import { botSection, type Standing } from '../../public/shared/section.js';
import { shardViewOf } from '../../public/shared/shard.js';
import { tile } from '../../public/shared/tile.js';
import type { BotView } from '../../public/shared/wire.js';
import { englishUtc } from '../../public/shared/languages.js';
import { botOf, MINUTE, NOW, viewOf } from './views.js';

const voice = englishUtc();
const moment = { now: NOW, ticking: false };

void t.test('an online tile is as short as can be; every other one says its state in words', (t) => {
  t.equal(tile(17, 3, 'Online'), '<li class=online>17');
  t.equal(tile(17, 2, 'Offline'), '<li class=offline>17<i> Offline</i>');
  t.end();
});

void t.test(
  'grids without clusters come in lists of 256 that the browser may skip, the last one excepted',
  (t) => {
    const html = grid(botOf('3'.repeat(500)), voice);
    t.equal(html.split('<ol').length - 1, 2);
    t.equal(html.split('tiles wide block').length - 1, 1);
    t.match(html, 'Shards 256 to 499 of My Bot');
    t.match(grid(botOf('3'.repeat(16)), voice), 'class="tiles wide few"');
    t.match(grid(botOf('3'.repeat(10_240)), voice), 'five');
    t.end();
  },
);

const headings = (html: string): string[] =>
  [...html.matchAll(/<h3><b translate=no>([^<]*)</g)].map(([, name]) => name!);

void t.test('clusters stand by their lowest shard, not by name', (t) => {
  const clusters = [
    { name: 'america #1', shards: '4-5' },
    { name: 'asia #1', shards: '2-3' },
    { name: 'europe #1', shards: '0-1' },
  ];
  t.same(headings(grid(botOf('333333', { clusters }), voice)), ['europe #1', 'asia #1', 'america #1']);
  t.end();
});

void t.test('above 512 shards what is not well stands first and open, the rest is a line each', (t) => {
  const clusters = Array.from({ length: 33 }, (_, i) => ({
    name: `c #${i}`,
    shards: `${i * 16}-${i * 16 + 15}`,
  }));
  const states = '3'.repeat(320) + '1' + '3'.repeat(207);
  const html = grid(botOf(states, { clusters }), voice);
  t.same(headings(html).slice(0, 4), ['c #20', 'c #0', 'c #1', 'c #2']);
  t.match(
    html,
    '<div class="cluster r2"><h3><b translate=no>c #20</b> <span class=degraded>15 of 16 online</span>',
  );
  t.equal(html.split('<details class=cluster><summary>').length - 1, 32);
  t.notMatch(grid(botOf('3'.repeat(512)), voice), '<details');
  t.same(
    headings(grid(botOf('3'.repeat(600)), voice)).slice(0, 2),
    ['0–63', '64–127'],
    'no clusters: parts of 64',
  );
  t.end();
});

void t.test('drawn again, groups stay where they stood, and as open as they were', (t) => {
  const bot = botOf('3'.repeat(576) + '2');
  const standing = { first: new Set(['64']), open: new Set(['128']) };
  const html = grid(bot, voice, standing);
  t.same(headings(html).slice(0, 3), ['64–127', '0–63', '128–191']);
  t.match(html, '<details class=cluster open><summary><h3><b translate=no>128–191</b>');
  t.end();
});

const drawn = (states: string, standing: Standing, more: Partial<BotView> = {}): string =>
  botSection(botOf(states, more), voice, moment, { standing });

void t.test('only states that are not online and that occur are counted, worst first', (t) => {
  const html = drawn('3'.repeat(8) + '4162', 'alone');
  t.same(
    [...html.matchAll(/data-state=(\w+)/g)].map(([, state]) => state),
    ['offline', 'unhealthy', 'resuming', 'starting'],
  );
  t.match(html, '<p class=size>8 online</p>');
  t.match(drawn('33', 'alone'), '<ul class=counts aria-label="Shards by state"></ul>');
  t.match(drawn('33', 'alone'), '<h2 translate=yes id="bot-main">2 shards</h2><p class=size>all online</p>');
  t.end();
});

void t.test('among others the worst bot is open, each other is a line that says how it is', (t) => {
  t.match(drawn('332', 'open'), '<h2 translate=no id="bot-main">My Bot</h2><p class=size>2 of 3 online</p>');
  const line = drawn('332', 'line');
  t.match(
    line,
    /<details class=row><summary><span class="swatch offline"><\/span><div><h2[^>]*>My Bot<\/h2>/,
  );
  t.match(line, '<p class=size>1 of 3 shards down</p>');
  t.match(drawn('333', 'line', { heardAt: NOW - 10 * MINUTE }), '<p class=size>No signal</p>');
  t.end();
});

void t.test('the worst bot comes first: by share, then by count, then who is silent', (t) => {
  const bots = [
    botOf('33', { key: 'well' }),
    botOf('3330', { key: 'unknown' }),
    botOf('33', { key: 'silent', heardAt: NOW - 10 * MINUTE }),
    botOf('2233333333', { key: 'a fifth' }),
    botOf('23', { key: 'half' }),
    botOf('2', { key: 'all' }),
    botOf('3334', { key: 'changing' }),
    botOf('33332', { key: 'also a fifth' }),
  ];
  const order = ['all', 'half', 'a fifth', 'also a fifth', 'silent', 'changing', 'unknown', 'well'];
  t.same(
    worstBotsFirst(bots, NOW).map(({ key }) => key),
    order,
  );
  t.equal(openBot(bots, NOW)?.key, 'half', 'a bot of one shard has no grid to open');
  t.end();
});

void t.test(
  'a bot of one shard has neither counts nor grid: its line says since when, and its latency',
  (t) => {
    t.equal(drawn('3', 'alone'), '', 'alone, the sentence on top says it all');
    const bot = botOf('3');
    const shard = { ...shardViewOf(bot, 0), since: NOW - 2 * MINUTE, latencyMs: 41.2 };
    const html = botSection(bot, voice, moment, { standing: 'line', shard });
    t.match(html, '<p class=size>Online · latency 41 ms · online since 14:02 UTC</p>');
    t.notMatch(html, /counts|tiles|details/);
    t.match(
      botSection(botOf('2'), voice, moment, { standing: 'line', shard }),
      '<p class=size>Down</p>',
      'not what was so before',
    );
    const [known] = unpackView(packView(viewOf(bot), [shard]), viewOf(), () => '').bots;
    t.equal(known?.states, '3', 'the script reads it from the data');
    t.end();
  },
);

void t.test('names of bots and clusters are text, whatever they contain', (t) => {
  const name = '<img src=x onerror=alert(1)>"\'&';
  const html = botSection(botOf('32', { name }), voice, moment, { standing: 'line' });
  t.notMatch(html, '<img');
  t.match(html, escapeHtml(name));
  t.notMatch(scriptJson({ name: '</script><!--' }), '<');
  t.end();
});
