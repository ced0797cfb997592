// What the page says: verdicts, answers, freshness, in words that hold for one bot and for several.
import t from 'tap';
import { answerLines, answerText, inOneLine, isBrief, worstFirst } from '../../public/shared/answer.js';
import { UNNAMED } from '../../public/shared/bot-name.js';
import { shownStates } from '../../public/shared/counts.js';
import { englishUtc, languageCodes, voiceIn } from '../../public/shared/languages.js';
import { heardLine, heardOnPage } from '../../public/shared/heard.js';
import { countItems, idsByState, sizeLine, stateLine } from '../../public/shared/section.js';
import { shardViewOf } from '../../public/shared/shard.js';
import { stateNames, STOPPED } from '../../public/shared/states.js';
import { verdictOf, verdictRoom } from '../../public/shared/verdict.js';
import { makeVoice } from '../../public/shared/voice.js';
import { en } from '../../public/shared/words/en.js';
import type { BotView } from '../../public/shared/wire.js';
import { botOf, MINUTE, NOW, viewOf } from './views.js';

const voice = englishUtc();
const HOUR = 60 * MINUTE;
const online = '3'.repeat(240);
const verdict = (...bots: BotView[]): string => verdictOf(viewOf(...bots), voice, NOW).sentence;
const short = (...bots: BotView[]): string => verdictOf(viewOf(...bots), voice, NOW).short;
const demo = (states: string, more: Partial<BotView> = {}): BotView =>
  botOf(states, { key: 'demo', name: 'Demo', ...more });

void t.test('the verdict says how all shards of a bot are', (t) => {
  t.equal(verdict(botOf(online)), 'All 240 shards of My Bot are online.');
  t.equal(verdict(botOf('3')), 'My Bot is online.');
  t.equal(verdict(botOf('2')), 'My Bot has been down since 14:02 UTC.');
  t.equal(verdict(botOf('22')), 'All 2 shards of My Bot have been down since 14:02 UTC.');
  t.equal(verdict(botOf('00', { heardAt: null })), 'No shard of My Bot has reported yet.');
  t.equal(verdict(), 'No bot has reported yet.');
  t.end();
});

void t.test('the worst state leads the verdict; not working counts Offline and Unhealthy', (t) => {
  t.equal(
    verdict(botOf('212' + '3'.repeat(237))),
    '3 of 240 shards of My Bot have been down since 14:02 UTC.',
  );
  t.equal(verdict(botOf('1333')), '1 of 4 shards of My Bot has not been responding since 14:02 UTC.');
  t.equal(verdict(botOf('4563')), '3 of 4 shards of My Bot are restarting. This is normal.');
  t.equal(verdict(botOf('0333')), '1 of 4 shards of My Bot has not reported yet.');
  t.equal(short(botOf('212' + '3'.repeat(237))), '3 of 240 shards down');
  t.end();
});

void t.test(
  'what was stopped on purpose is told as that, after all that is wrong, and counts as nothing that is',
  (t) => {
    t.equal(verdict(botOf('7')), 'My Bot was stopped on purpose at 14:02 UTC.');
    t.equal(verdict(botOf('77')), 'All 2 shards of My Bot were stopped on purpose at 14:02 UTC.');
    t.equal(verdict(botOf('7733')), '2 of 4 shards of My Bot were stopped on purpose at 14:02 UTC.');
    t.equal(short(botOf('7733')), '2 of 4 shards stopped on purpose at 14:02 UTC');
    t.equal(short(botOf('7')), 'Stopped on purpose at 14:02 UTC');
    t.equal(verdict(botOf('7723')), '1 of 4 shards of My Bot has been down since 14:02 UTC.');
    t.equal(verdict(botOf('7743')), '1 of 4 shards of My Bot is restarting. This is normal.');
    t.equal(verdict(botOf('77'), demo('23')), '1 of 2 shards of Demo has been down since 14:02 UTC.');
    const bot = botOf('7723');
    t.match(answer(bot, 0), {
      group: 'stopped',
      state: 'It is on shard 0 of 4 of My Bot. This shard was stopped on purpose at 14:02 UTC.',
      next: 'The bot will respond again once its operators start it. You don’t need to do anything.',
      others: '1 other shard is down.',
    });
    t.equal(answer(botOf('7733'), 2).others, '', 'nobody is affected');
    t.equal(
      stateLine(bot, STOPPED, idsByState(shownStates(bot))[STOPPED]!, voice, NOW),
      'Stopped on purpose at 14:02 UTC: 0–1',
    );
    t.match(countItems(bot, voice), /<b>1<\/b> offline<.*<b>2<\/b> stopped on purpose</);
    t.match(countItems(botOf('63'), voice), '<b>1</b> reconnecting to Discord<', 'a name keeps its capital');
    t.end();
  },
);

void t.test('a bot that was stopped on purpose has nothing more to say, which is no silence', (t) => {
  const later = NOW + 60 * MINUTE;
  const sentence = (bot: BotView): string => verdictOf(viewOf(bot), voice, later).sentence;
  t.equal(sentence(botOf('77')), 'All 2 shards of My Bot were stopped on purpose at 14:02 UTC.');
  t.equal(heardLine(botOf('77'), voice, { now: later, ticking: true }).silent, false);
  t.match(sentence(botOf('73')), /silent/, 'while another shard should speak');
  t.end();
});

void t.test('of several bots only those in trouble are named', (t) => {
  t.equal(verdict(botOf('33'), demo('33')), 'All 4 shards of 2 bots are online.');
  t.equal(verdict(botOf('33'), demo('23')), '1 of 2 shards of Demo has been down since 14:02 UTC.');
  t.equal(verdict(botOf('32'), demo('23')), '2 of 4 shards of 2 bots have been down since 14:02 UTC.');
  t.end();
});

void t.test('a bot that was never heard of does not spoil the verdict of the others', (t) => {
  t.equal(verdict(botOf('33'), demo('00', { heardAt: null })), 'All 2 shards of My Bot are online.');
  t.end();
});

void t.test('a shard count that is not certain is said to be', (t) => {
  const guessed = botOf('33', { certain: false });
  t.equal(verdict(guessed), 'All shards of My Bot are online (at least 2).');
  t.equal(sizeLine(guessed, voice), 'at least 2 shards');
  t.match(
    answer(guessed, 1).state,
    'It is on shard 1 of at least 2 of My Bot. We are not sure yet how many shards My Bot has',
  );
  t.end();
});

function answer(bot: BotView, shard: number, direct = false): ReturnType<typeof answerLines> {
  return answerLines(shardViewOf(bot, shard), { direct, bots: 1, counts: bot.counts, now: NOW }, voice);
}

for (const lang of languageCodes)
  void t.test(`there is room for whatever is said next: ${lang}`, (t) => {
    const speaker = voiceIn(lang);
    const states = stateNames.map((_, state) => `${state}`.repeat(240));
    const mixed = stateNames.map((_, state) => `${state}`.repeat(99) + '3'.repeat(141));
    const room = verdictRoom(viewOf(botOf(online)), speaker);
    for (const bot of [...states, ...mixed].flatMap((all) => [
      botOf(all),
      botOf(all, { heardAt: NOW - HOUR }),
    ])) {
      const { sentence } = verdictOf(viewOf(bot), speaker, NOW);
      t.ok(sentence.length <= room.length, `${sentence} / ${room}`);
    }
    const answers = states.flatMap((all) => {
      const bot = botOf(all);
      const asked = { direct: false, bots: 1, counts: bot.counts, now: NOW };
      return [
        {},
        { resuming: 40_000, starting: 59 * MINUTE, offline: 59 * MINUTE, unhealthy: 59 * MINUTE },
      ].map((usual) => answerLines(shardViewOf(bot, 3), { ...asked, usual }, speaker));
    });
    t.equal(new Set(answers.map(({ room }) => room.lead + room.rest)).size, 1, 'the same at any time');
    const nothingKnown = speaker.say('answer.server.unknown'); // after a restart only, and a line longer
    for (const { lead, state, next, others, room } of answers) {
      const rest = inOneLine([state, next, others]);
      if (lead !== nothingKnown) t.ok(lead.length <= room.lead.length, `${lead} / ${room.lead}`);
      t.ok(rest.length <= room.rest.length, `${rest} / ${room.rest}`);
    }
    t.end();
  });

void t.test(
  'an answer says first whether the server is affected, then its shard, what follows, and others',
  (t) => {
    const bot = botOf('2'.repeat(3) + '6' + '3'.repeat(236), {
      clusters: [{ name: 'asia #2', shards: '0-15' }],
    });
    t.match(answer(bot, 3), {
      bot: 'main',
      shard: 3,
      group: 'changing',
      lead: 'Your server is affected.',
      state:
        'It is on shard 3 of 240 of My Bot. This shard has been reconnecting to Discord for 2 minutes (since 14:02 UTC).',
      next: 'This usually passes by itself. You don’t need to do anything.',
      others: '3 other shards are down.',
      facts: ['asia #2'],
    });
    t.equal(
      answerText(answer(bot, 0)),
      'Your server is affected. It is on shard 0 of 240 of My Bot. This shard has been offline for 2 minutes (since 14:02 UTC). ' +
        'The bot can’t respond until this shard is back. You don’t need to do anything. 2 other shards are down.',
    );
    t.end();
  },
);

void t.test('a healthy server is told so, however many others are down', (t) => {
  t.equal(
    answerText(answer(botOf('2'.repeat(128) + '3'.repeat(112)), 178)),
    'Your server is not affected. It is on shard 178 of 240 of My Bot. This shard is online. ' +
      'If the bot doesn’t respond in your server, check its permissions there. 128 other shards are down.',
  );
  t.end();
});

void t.test('an answer says when nobody else is affected, and when nothing is known', (t) => {
  t.equal(answer(botOf('1333'), 0).others, 'No other shard is down.');
  t.equal(answer(botOf('1333'), 1).others, '1 other shard is down.');
  t.equal(answer(botOf('3333'), 0).others, '');
  t.equal(answer(botOf('0333'), 0).lead, 'We don’t know yet if your server is affected.');
  t.match(answer(botOf('0333'), 0).state, /This shard has not reported yet\.$/);
  t.end();
});

void t.test('a question about direct messages is answered about direct messages', (t) => {
  for (const state of ['0', '1', '2', '3', '4', '5', '6', '7'])
    t.notMatch(answerText(answer(botOf(`${state}333`), 0, true)), /your server/i);
  t.match(answer(botOf('3333'), 0, true), {
    lead: 'Direct messages are not affected.',
    state: 'They are on shard 0 of 4 of My Bot. This shard is online.',
    next: 'If the bot doesn’t answer your direct messages, try it in a server: not every bot answers them.',
  });
  const loading = { ...shardViewOf(botOf('33'), 0), loading: true };
  const asked = { direct: true, bots: 1, counts: undefined, now: NOW };
  t.equal(answerLines(loading, asked, voice).lead, 'Direct messages are not affected.');
  t.end();
});

void t.test('a bot of one shard is spoken of by its name, and no other shard is', (t) => {
  t.equal(
    answerText(answer(botOf('2'), 0)),
    'Your server is affected. My Bot has been offline for 2 minutes (since 14:02 UTC). ' +
      'The bot can’t respond until this shard is back. You don’t need to do anything.',
  );
  t.end();
});

void t.test('of several bots each answer begins with its own', (t) => {
  const asked = { direct: false, bots: 2, counts: undefined, now: NOW };
  const { lead, room } = answerLines(shardViewOf(botOf('33'), 0), asked, voice);
  t.equal(lead, 'My Bot: Your server is not affected.');
  t.match(room.lead, /^My Bot: /);
  const unnamed = { ...shardViewOf(botOf('33'), 0), name: UNNAMED };
  t.match(answerLines(unnamed, asked, voiceIn('de')).lead, /^Dieser Bot: /);
  t.end();
});

void t.test(
  'of several bots those that work are told in brief, and have room for what may become of them',
  (t) => {
    const asked = { direct: false, bots: 2, isBrief: true, counts: botOf('233').counts, now: NOW };
    const { facts, room, ...brief } = answerLines(shardViewOf(botOf('233'), 1), asked, voice);
    t.equal(
      answerText({ facts, room, ...brief }),
      'My Bot: Your server is not affected. It is on shard 1 of 3 of My Bot. This shard is online.',
    );
    t.same(facts, []);
    t.match(room.rest, 'This shard has been reconnecting to Discord for less than a minute', 'the longest');
    t.notMatch(room.rest, 'other shards');
    t.equal(isBrief({ state: 'online', planned: false }, 0), false, 'the first is told in full');
    t.equal(isBrief({ state: 'online', planned: false }, 1), true);
    t.equal(isBrief({ state: 'offline', planned: false }, 1), false, 'so is who is affected');
    t.end();
  },
);

void t.test('details of an online shard stand in the small print', (t) => {
  const shard = { ...shardViewOf(botOf('3'), 0), since: NOW - 25 * 60 * MINUTE, latencyMs: 41.2 };
  const { facts } = answerLines(shard, { direct: false, bots: 1, counts: undefined, now: NOW }, voice);
  t.same(facts, ['latency 41 ms', 'online since 20 Nov, 13:04 UTC']);
  t.end();
});

void t.test('an online shard that is still loading its servers says so, and what that means', (t) => {
  const shard = { ...shardViewOf(botOf('3'), 0), loading: true };
  const { lead, state, next, facts } = answerLines(
    shard,
    { direct: false, bots: 1, counts: undefined, now: NOW },
    voice,
  );
  t.equal(lead, 'Your server may be affected.');
  t.equal(state, 'My Bot is online.');
  t.match(next, /^The bot is still loading its servers/);
  t.same(facts, ['still loading its servers']);
  t.end();
});

void t.test('freshness is a time on a still page, an age on a live one, and silence is called so', (t) => {
  const bot = botOf('3');
  t.same(heardLine(bot, voice, { now: NOW, ticking: false }), {
    text: 'Last heard at 14:04:06 UTC',
    silent: false,
  });
  t.same(heardLine(bot, voice, { now: NOW, ticking: true }), { text: 'Last heard 4s ago', silent: false });
  t.same(heardLine(bot, voice, { now: NOW + 3 * MINUTE, ticking: true }), {
    text: 'Silent for 3 minutes, last heard at 14:04:06 UTC',
    silent: true,
  });
  t.match(heardLine(botOf('0', { heardAt: null }), voice, { now: NOW, ticking: true }), {
    text: 'Not heard from yet',
  });
  const said = (...bots: BotView[]): string =>
    heardOnPage(bots, undefined, voice, { now: NOW, ticking: true }).text;
  t.equal(said(bot, botOf('3', { heardAt: NOW - 9_000 })), 'Last heard 9s ago', 'of several the longest');
  t.equal(said(bot, botOf('3', { heardAt: NOW - 10 * MINUTE })), 'Last heard 4s ago', 'that is not silent');
  t.equal(said(botOf('0', { heardAt: null })), '', 'the sentence says it');
  const shard = { ...shardViewOf(bot, 0), since: NOW - 2 * MINUTE, latencyMs: 41.2 };
  t.equal(
    heardOnPage([bot], shard, voice, { now: NOW, ticking: true }).text,
    'Last heard 4s ago · latency 41 ms · online since 14:02 UTC',
    'all there is to say of a bot that is one shard',
  );
  t.end();
});

void t.test('durations below a minute are not counted, longer ones are rounded down', (t) => {
  const day = 24 * 60 * MINUTE;
  t.same([59_999, MINUTE, 90 * MINUTE, 47 * 60 * MINUTE, 3 * day, -5].map(voice.duration), [
    'less than a minute',
    '1 minute',
    '1 hour',
    '47 hours',
    '3 days',
    'less than a minute',
  ]);
  t.equal(voice.ago(-400), '0s ago');
  t.end();
});

void t.test("a reader's clock is in the reader's zone and not labelled UTC", (t) => {
  const reader = makeVoice({ lang: 'en', words: en.live, clockLocale: 'en-GB', utc: false });
  t.notMatch(reader.exactClock(NOW), 'UTC');
  t.equal(reader.say('bot.shards', { n: 1 }), '1 shard');
  t.equal(reader.say('bot.shards', { n: 3_584 }), '3,584 shards');
  t.end();
});

void t.test('Japanese has no space between its sentences', (t) => {
  const bot = botOf('2333');
  const asked = { direct: false, bots: 1, counts: bot.counts, now: NOW };
  t.notMatch(answerText(answerLines(shardViewOf(bot, 1), asked, voiceIn('ja'))), '。 ');
  t.end();
});

void t.test('of several bots the one that is worst off is answered for first', (t) => {
  const bots = [botOf('33'), botOf('77'), botOf('22'), botOf('66')].map((bot) => shardViewOf(bot, 0));
  t.same(
    worstFirst(bots).map(({ state, planned }) => (planned ? 'stopped' : state)),
    ['offline', 'resuming', 'stopped', 'online'],
  );
  t.end();
});
