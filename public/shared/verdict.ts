// The one sentence on top, the title of the tab and the colour of the icon: all three say the same.
import { changing, downSince, notWorking, stoppedSince } from './counts.js';
import { longest, longWinded } from './room.js';
import { isSilent } from './silence.js';
import { groupsWorstFirst, type Group } from './states.js';
import type { Voice } from './voice.js';
import type { LiveKey } from './words/en.js';
import type { BotView, PublicView } from './wire.js';

export interface Verdict {
  group: Group;
  sentence: string;
  /** For the tab: "3 of 240 shards down". */
  short: string;
}

interface Tally {
  bots: BotView[];
  n: number;
  total: number;
  certain: boolean;
}

/** The worst group wins, and only the bots in it are spoken of. A bot that was never heard of says nothing beside others. */
export function verdictOf(view: PublicView, voice: Voice, now: number): Verdict {
  const heard = view.bots.filter((bot) => bot.heardAt !== null);
  const bots = heard.length > 0 ? heard : view.bots;
  if (bots.length === 0)
    return { group: 'unknown', sentence: voice.say('verdict.none'), short: voice.say('title.none') };
  const group = groupsWorstFirst.find((candidate) => bots.some((bot) => groupOfBot(bot) === candidate))!;
  const silent = bots.filter((bot) => isSilent(bot, now));
  const isBad = group === 'down' || group === 'degraded';
  return silent.length > 0 && !isBad
    ? silence(silent, voice, now)
    : phrase(group, tally(bots, group), voice, now);
}

/** The longest that the sentence may come to be with these bots. */
export function verdictRoom({ bots }: PublicView, speaker: Voice): string {
  const voice = longWinded(speaker);
  const all = tally(bots, 'up');
  const names = longest([voice.say('verdict.bots', { n: bots.length }), ...bots.map(({ name }) => name)]);
  const values = { total: shownTotal(all, voice), bots: names, since: voice.clock(0, 0) };
  const said = groupsWorstFirst.flatMap((group) =>
    [all.total - 1, all.total].map((n) => voice.say(keysOf(group, { ...all, n })[0], { ...values, n })),
  );
  return longest([...said, voice.say('verdict.silent', { ...values, n: bots.length })]);
}

/** What a silent bot last said is no reason to call it well. */
function silence(bots: BotView[], voice: Voice, now: number): Verdict {
  const since = Math.min(...bots.map(({ heardAt }) => heardAt ?? now));
  const values = { n: bots.length, bots: namesOf(bots, voice), since: voice.clock(since, now) };
  return {
    group: 'unknown',
    sentence: voice.say('verdict.silent', values),
    short: voice.say('title.silent'),
  };
}

const namesOf = (bots: BotView[], { say }: Voice): string =>
  bots.length === 1 ? bots[0]!.name : say('verdict.bots', { n: bots.length });

/** The group of a bot as a whole. */
export function groupOfBot({ counts }: BotView): Group {
  if (counts.offline > counts.planned) return 'down';
  if (counts.unhealthy > 0) return 'degraded';
  if (changing(counts) > 0) return 'changing';
  if (counts.unknown > 0) return 'unknown';
  return counts.planned > 0 ? 'stopped' : 'up';
}

function tally(all: BotView[], group: Group): Tally {
  const bots = group === 'up' ? all : all.filter((bot) => sizeOf(bot, group) > 0);
  const sum = (of: (bot: BotView) => number): number => bots.reduce((total, bot) => total + of(bot), 0);
  return {
    bots,
    n: sum((bot) => sizeOf(bot, group)),
    total: sum((bot) => bot.shardCount),
    certain: bots.every((bot) => bot.certain),
  };
}

/** Down and degraded count alike what does not work; which word is used depends on whether any is Offline. */
function sizeOf({ counts, shardCount }: BotView, group: Group): number {
  switch (group) {
    case 'down':
    case 'degraded':
      return notWorking(counts);
    case 'changing':
      return changing(counts);
    case 'unknown':
      return counts.unknown;
    case 'stopped':
      return counts.planned;
    case 'up':
      return shardCount;
  }
}

function phrase(group: Group, { bots, n, total, certain }: Tally, voice: Voice, now: number): Verdict {
  const { say } = voice;
  const sinceOf = group === 'stopped' ? stoppedSince : downSince;
  const since = Math.min(...bots.map((bot) => sinceOf(bot) ?? now));
  const values = {
    n,
    total: shownTotal({ total, certain }, voice),
    bots: namesOf(bots, voice),
    since: voice.clock(since, now),
  };
  const [sentence, short] = keysOf(group, { bots, n, total, certain });
  return { group, sentence: say(sentence, values), short: say(short, values) };
}

const shownTotal = ({ total, certain }: Pick<Tally, 'total' | 'certain'>, { say, count }: Voice): string =>
  certain ? count(total) : say('atLeast', { n: total });

/** "All of them" and "the only one" are said only where the shard count is certain. */
function keysOf(group: Group, { n, total, certain }: Tally): [sentence: LiveKey, short: LiveKey] {
  if (total === 1 && certain) return [`verdict.${group}.one`, `title.${group}.one`];
  if (group === 'up')
    return certain ? ['verdict.up', 'title.up'] : ['verdict.up.atLeast', 'title.up.atLeast'];
  return [n === total && certain ? `verdict.${group}.all` : `verdict.${group}`, `title.${group}`];
}
