// Recent incidents in words and in HTML: ongoing and over, one shard and many, one cause and another.
import t from 'tap';
import { answerLines } from '../../public/shared/answer.js';
import { incidentLines, incidentsList, incidentsSection } from '../../public/shared/incidents.js';
import { englishUtc } from '../../public/shared/languages.js';
import { shardViewOf } from '../../public/shared/shard.js';
import type { IncidentView, Usual } from '../../public/shared/wire.js';
import { botOf, incidentOf, MINUTE, NOW, viewOf } from './views.js';

const voice = englishUtc();
const view = viewOf(botOf('3'.repeat(240)));
const lines = (more: Partial<IncidentView>): ReturnType<typeof incidentLines> =>
  incidentLines(incidentOf(more), view, NOW, voice);
const html = (...incidents: IncidentView[]): string => incidentsList({ ...view, incidents }, NOW, voice);

void t.test('what goes on says since when and how long so far; what is over, when and how long', (t) => {
  t.same(lines({}), {
    status: 'Ongoing',
    what: '3 shards of My Bot',
    when: 'since 14:02 UTC, 2 minutes so far',
    length: '',
    cause: 'Reported down by the bot.',
    shards: '0–2',
  });
  t.match(lines({ startedAt: NOW - 24 * 60 * MINUTE, endedAt: NOW - 24 * 60 * MINUTE + 8 * MINUTE }), {
    status: 'Resolved',
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
  t.match(lines({ shards: '17', count: 1 }), { what: 'Shard 17 of My Bot', shards: '' });
  t.match(lines({ shards: '0-15,32', count: 17 }), { what: '17 shards of My Bot', shards: '0–15, 32' });
  t.match(lines({ shards: '0,2', count: 40 }).shards, '0, 2 and 38 more');
  const single = incidentLines(incidentOf({ shards: '0', count: 1 }), viewOf(botOf('2')), NOW, voice);
  t.match(single, { what: 'My Bot', shards: '' });
  t.end();
});

void t.test('the list is a list with headings and times; a long list of shards is folded away', (t) => {
  const long = Array.from({ length: 30 }, (_, i) => `${2 * i}`).join(',');
  const text = html(incidentOf({}), incidentOf({ id: 'main-1', endedAt: NOW, shards: long, count: 30 }));
  t.match(text, '<li id="incident-main-2" class=down><h3><b>Ongoing</b> 3 shards of My Bot</h3>');
  t.match(text, `<time datetime="${new Date(NOW - 2 * MINUTE).toISOString()}">`);
  t.match(text, '<li id="incident-main-1" class=over>');
  t.equal(text.split('<details>').length, 2);
  t.end();
});

void t.test('no incidents is said too', (t) => {
  t.match(incidentsSection(view, NOW, voice), '<h2 id=incidents-title>Recent incidents</h2>');
  t.equal(html(), '<p class=none>No incidents in the records.</p>');
  t.end();
});

void t.test('names of bots and clusters are text in an incident too', (t) => {
  const evil = '<img src=x onerror=alert(1)>"\'&';
  const bots = [botOf('22', { name: evil })];
  const text = incidentsList(
    { ...viewOf(...bots), incidents: [incidentOf({ cause: evil, id: evil })] },
    NOW,
    voice,
  );
  t.notMatch(text, '<img');
  t.end();
});

function next(states: string, usual: Usual): string {
  const bot = botOf(states, { usual });
  return answerLines(shardViewOf(bot, 0), { direct: false, counts: bot.counts, usual, now: NOW }, voice).next;
}

void t.test('an answer says how long it usually takes from the state the shard is in', (t) => {
  t.equal(next('6', { resuming: 41_000 }), 'It usually takes under a minute; nothing to do on your side.');
  t.equal(
    next('2', { offline: 3.6 * MINUTE }),
    'It usually takes about 4 minutes; nothing to do on your side.',
  );
  t.equal(
    next('1', { unhealthy: 100 * MINUTE }),
    'It usually takes about 2 hours; nothing to do on your side.',
  );
  t.end();
});

void t.test('where that is not known, or nothing is to be waited for, it is unsaid', (t) => {
  t.notMatch(next('6', { offline: 1_000 }), 'usually takes');
  t.notMatch(next('3', { offline: 1_000 }), 'usually takes');
  t.notMatch(next('0', { offline: 1_000 }), 'usually takes');
  t.end();
});
