// What is latest in words and in HTML: ongoing and over, one shard and many, one cause and another.
import t from 'tap';
import { answerLines } from '../../public/shared/answer.js';
import { incidentLines, latestList, latestSection, linesFor } from '../../public/shared/latest.js';
import { englishUtc } from '../../public/shared/languages.js';
import { shardViewOf } from '../../public/shared/shard.js';
import type { IncidentView, Usual } from '../../public/shared/wire.js';
import { botOf, incidentOf, MINUTE, NOW, viewOf } from './views.js';

const voice = englishUtc();
const view = viewOf(botOf('3'.repeat(240)));
const lines = (more: Partial<IncidentView>): ReturnType<typeof incidentLines> =>
  incidentLines(incidentOf(more), view, NOW, voice);
const html = (...incidents: IncidentView[]): string =>
  latestList({ ...view, incidents }, NOW, voice, linesFor({ incidents }));

void t.test('what goes on says since when and how long so far; what is over, when and how long', (t) => {
  t.same(lines({}), {
    title: '3 shards are down',
    status: 'Ongoing',
    what: '3 shards',
    when: 'since 14:02 UTC, 2 minutes so far',
    since: '14:02 UTC',
    day: '14:02',
    length: '',
    cause: 'Reported down by the bot.',
    shards: '0–2',
  });
  t.match(lines({ startedAt: NOW - 24 * 60 * MINUTE, endedAt: NOW - 24 * 60 * MINUTE + 8 * MINUTE }), {
    title: '3 shards were down for 8 minutes',
    status: 'Resolved',
    day: '20 Nov',
    when: '20 Nov 2026, 14:04–14:12 UTC',
    length: '8 minutes',
  });
  t.match(
    lines({ startedAt: NOW - 24 * 60 * MINUTE, endedAt: NOW }).when,
    /^20 Nov 2026, 14:04\s–\s21 Nov 2026, 14:04 UTC$/,
  );
  t.end();
});

void t.test('the cause in kind words: a silent process, a word of the bot, or no more answers', (t) => {
  t.equal(lines({ cause: 'asia #2', state: 'unhealthy' }).cause, 'The process asia #2 went silent.');
  t.equal(lines({ cause: null, state: 'offline' }).cause, 'Reported down by the bot.');
  t.equal(lines({ cause: null, state: 'unhealthy' }).cause, 'Stopped responding.');
  t.end();
});

void t.test('one shard is named, many are counted and listed, too many are cut', (t) => {
  t.match(lines({ shards: '17', count: 1, down: 1 }), {
    title: 'Shard 17 is down',
    what: 'Shard 17',
    shards: '',
  });
  t.match(lines({ shards: '0-15,32', count: 17, down: 17 }), {
    what: '17 shards',
    shards: '0–15, 32',
  });
  t.match(lines({ shards: '0,2', count: 40 }).shards, '0, 2 and 38 more');
  const single = incidentLines(
    incidentOf({ shards: '0', count: 1, down: 1 }),
    viewOf(botOf('2')),
    NOW,
    voice,
  );
  t.match(single, { title: 'My Bot is down', what: 'My Bot', shards: '' });
  const two = viewOf(botOf('33'), botOf('33', { key: 'other', name: 'Other' }));
  t.match(incidentLines(incidentOf({}), two, NOW, voice), { title: '3 shards of My Bot are down' });
  t.end();
});

void t.test('29: what was affected and what still does not work are told apart', (t) => {
  const eight = { shards: '0-7', count: 8 };
  t.equal(lines({ ...eight, down: 8 }).what, '8 shards');
  t.equal(lines({ ...eight, down: 1 }).what, '8 shards, 1 still down');
  t.match(lines({ ...eight, down: 0 }), {
    title: '8 shards, not all back yet',
    what: '8 shards, not all back yet',
  });
  t.equal(lines({ ...eight, down: 0, endedAt: NOW }).what, '8 shards');
  t.end();
});

void t.test('the title says what happened: a cluster’s silence by its name, else to how many shards', (t) => {
  const silent = { cause: 'asia #2', state: 'unhealthy' } as const;
  t.equal(lines(silent).title, 'asia #2 is not responding');
  t.equal(lines({ ...silent, endedAt: NOW }).title, 'asia #2 did not respond for 2 minutes');
  t.equal(lines({ state: 'unhealthy' }).title, '3 shards are not responding');
  t.equal(lines({ state: 'unhealthy', endedAt: NOW }).title, '3 shards did not respond for 2 minutes');
  t.end();
});

void t.test('what goes on is said in full, what is over in a line that opens to the rest', (t) => {
  const text = html(incidentOf({}), incidentOf({ id: 'main-1', endedAt: NOW }));
  t.match(
    text,
    '<li id="incident-main-2" class="down full"><details><summary><h3>3 shards are down</h3></summary>',
  );
  t.match(text, `<time datetime="${new Date(NOW - 2 * MINUTE).toISOString()}">`);
  t.match(text, '</details><p class=ids>0–2</p><p class=when><b>Ongoing</b> · <time');
  t.match(
    text,
    /<li id="incident-main-1" class="over"><details><summary><time[^>]*>14:02<\/time> <h3>3 shards were down for 2 minutes<\/h3></,
  );
  t.end();
});

const ids = (text: string): string[] => [...text.matchAll(/incident-(\w+)"/g)].map(([, id]) => id!);
const folded = (text: string): string[] => ids(text.slice(text.indexOf('class=more')));
const past = Array.from({ length: 6 }, (_, i) => incidentOf({ id: `p${i}`, endedAt: NOW }));
const ongoing = (id: string): IncidentView => incidentOf({ id });

void t.test('the list takes as many lines as it had at the start, whatever comes', (t) => {
  const lines = linesFor({ incidents: past });
  t.equal(lines, 5, 'how calm it is, three that are past, and more');
  const said = (incidents: IncidentView[]): string => latestList({ ...view, incidents }, NOW, voice, lines);
  t.same(folded(said(past)), ['p3', 'p4', 'p5'], 'three of the past ones are in sight');
  const one = said([ongoing('a'), ...past]);
  t.equal(one.split(' full"').length - 1, 1);
  t.same(
    folded(one),
    ['p1', 'p2', 'p3', 'p4', 'p5'],
    'the first that goes on takes the place of three lines',
  );
  const two = said([ongoing('a'), ongoing('b'), ...past]);
  t.same(ids(two.slice(0, two.indexOf('class=more'))), ['a', 'b'], 'the second one is a line');
  t.equal(linesFor({ incidents: [ongoing('a'), ongoing('b'), ...past] }), 7);
  t.end();
});

void t.test('no incidents is said too', (t) => {
  t.match(latestSection(view, NOW, voice), '<h2 id=latest-title>Latest</h2>');
  t.equal(html(), '<p class=calm>No incidents so far.</p>');
  const endedBefore = (ms: number): string => html(incidentOf({ endedAt: NOW - ms })).split('</p>')[0]!;
  t.equal(endedBefore(MINUTE), '<p class=calm>No incidents right now.');
  t.equal(endedBefore(60 * MINUTE), '<p class=calm>No incidents for 1 hour.');
  t.equal(endedBefore(13 * 24 * 60 * MINUTE), '<p class=calm>No incidents for 13 days.');
  t.notMatch(html(incidentOf({})), 'class=calm');
  t.end();
});

void t.test('names of bots and clusters are text in an incident too', (t) => {
  const evil = '<img src=x onerror=alert(1)>"\'&';
  const bots = [botOf('22', { name: evil })];
  const text = latestList(
    { ...viewOf(...bots), incidents: [incidentOf({ cause: evil, id: evil })] },
    NOW,
    voice,
    4,
  );
  t.notMatch(text, '<img');
  t.end();
});

function next(states: string, usual: Usual): string {
  const bot = botOf(states, { usual });
  return answerLines(
    shardViewOf(bot, 0),
    { direct: false, bots: 1, counts: bot.counts, usual, now: NOW },
    voice,
  ).next;
}

void t.test('an answer says how long it usually takes from the state the shard is in', (t) => {
  t.equal(
    next('6', { resuming: 41_000 }),
    'It usually takes less than a minute. You don’t need to do anything.',
  );
  t.equal(
    next('2', { offline: 3.6 * MINUTE }),
    'It usually takes about 4 minutes. You don’t need to do anything.',
  );
  t.equal(
    next('1', { unhealthy: 100 * MINUTE }),
    'It usually takes about 2 hours. You don’t need to do anything.',
  );
  t.end();
});

void t.test('where that is not known, or nothing is to be waited for, it is unsaid', (t) => {
  t.notMatch(next('6', { offline: 1_000 }), 'usually takes');
  t.notMatch(next('3', { offline: 1_000 }), 'usually takes');
  t.notMatch(next('0', { offline: 1_000 }), 'usually takes');
  t.end();
});
