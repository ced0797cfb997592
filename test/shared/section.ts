// The tiles and the section of a bot, as both sides draw them.
import t from 'tap';
import { escapeHtml, scriptJson } from '../../public/shared/escape.js';
import { botSection, notOnlineItems } from '../../public/shared/section.js';
import { grid, tile } from '../../public/shared/tile.js';
import { englishUtc } from '../../public/shared/languages.js';
import { botOf, NOW } from './views.js';

const voice = englishUtc();
const moment = { now: NOW, ticking: false };

void t.test('an online tile is as short as can be; every other one says its state in words', (t) => {
  t.equal(tile(17, 3, 'Online'), '<li class=online>17');
  t.equal(tile(17, 2, 'Offline'), '<li class=offline>17<i> Offline</i>');
  t.end();
});

void t.test('only the marked tile has an id', (t) => {
  const html = grid(botOf('3333'), voice, { shard: 2, anchor: 'marked' });
  t.match(html, '<li id="marked" class="online marked">2');
  t.equal(html.split(' id=').length, 2);
  t.end();
});

void t.test('large grids come in lists of 256 that the browser may skip, the last one excepted', (t) => {
  const html = grid(botOf('3'.repeat(600)), voice);
  t.equal(html.split('<ol').length - 1, 3);
  t.equal(html.split('tiles wide block').length - 1, 2);
  t.match(html, 'Shards 512 to 599 of My Bot');
  t.match(grid(botOf('3'.repeat(16)), voice), 'class="tiles wide few"');
  t.match(grid(botOf('3'.repeat(10_240)), voice), 'five');
  t.end();
});

void t.test('what is not online is listed by state, worst first, with its shards', (t) => {
  t.equal(
    notOnlineItems(botOf('322263'), voice, NOW),
    '<li>Offline since 14:02 UTC: 1–3<li>Resuming since 14:02 UTC: 4',
  );
  t.match(notOnlineItems(botOf('0'.repeat(3)), voice, NOW), '<li>Unknown: 0–2');
  t.match(notOnlineItems(botOf('2'.repeat(300)), voice, NOW), 'and 100 more');
  t.end();
});

void t.test('names of bots and clusters are text, whatever they contain', (t) => {
  const name = '<img src=x onerror=alert(1)>"\'&';
  const html = botSection(botOf('32', { name }), voice, moment);
  t.notMatch(html, '<img');
  t.match(html, escapeHtml(name));
  t.notMatch(scriptJson({ name: '</script><!--' }), '<');
  t.end();
});

void t.test('the list of what is not online is hidden while all are', (t) => {
  t.match(botSection(botOf('33'), voice, moment), '<details class=notonline hidden>');
  t.match(botSection(botOf('32'), voice, moment), '<details class=notonline>');
  t.end();
});
