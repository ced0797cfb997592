// One bot on the page: name, freshness, counts, what is not online, and the grid. Server and script draw it with this.
import { escapeHtml } from './escape.js';
import { shownCounts, shownStates, sinceOf } from './counts.js';
import { formatRanges } from './ranges.js';
import { isSilent } from './silence.js';
import { nameOf, ONLINE, shownNames, STOPPED, type State } from './states.js';
import { grid, type Mark } from './tile.js';
import { escapedSay, type Voice } from './voice.js';
import type { BotView } from './wire.js';

const LISTED = 200; // shard numbers per state; the grid shows the rest
/** In the order in which people want to read them. */
export const worstFirst: State[] = [2, 1, 6, 4, 5, 0, STOPPED];

export interface Moment {
  now: number;
  /** A ticking page says "4s ago"; one that stands still must name the time. */
  ticking: boolean;
}

export function botSection(bot: BotView, voice: Voice, moment: Moment, mark?: Mark): string {
  const key = escapeHtml(bot.key);
  const hidden = bot.counts.online === bot.states.length ? ' hidden' : '';
  const silent = isSilent(bot, moment.now) ? ' silent' : '';
  return `<section class="bot${silent}" data-bot="${key}" aria-labelledby="bot-${key}">
<header><h2 id="bot-${key}">${escapeHtml(bot.name)}</h2><p class=size>${escapeHtml(sizeLine(bot, voice))}</p>${heard(bot, voice, moment)}</header>
<ul class=counts aria-label="${escapedSay(voice)('legend.label')}">${countItems(bot, voice)}</ul>
<details class=notonline${hidden}><summary>${escapedSay(voice)('bot.notOnline')}</summary><ul>${notOnlineItems(bot, voice, moment.now)}</ul></details>
${grid(bot, voice, mark)}
</section>`;
}

export const sizeLine = (bot: BotView, { say }: Voice): string =>
  say(bot.certain ? 'bot.shards' : 'bot.shards.atLeast', { n: bot.shardCount });

export interface HeardLine {
  text: string;
  silent: boolean;
}

/** When the bot last gave a sign of life, and whether that is too long ago. */
export function heardLine(bot: BotView, voice: Voice, { now, ticking }: Moment): HeardLine {
  const { heardAt } = bot;
  if (heardAt === null) return { text: voice.say('bot.never'), silent: true };
  const clock = voice.exactClock(heardAt);
  if (isSilent(bot, now))
    return {
      text: voice.say('bot.silent', { duration: voice.duration(now - heardAt), clock }),
      silent: true,
    };
  const text = ticking
    ? voice.say('bot.heard', { ago: voice.ago(now - heardAt) })
    : voice.say('bot.heard.at', { clock });
  return { text, silent: false };
}

function heard(bot: BotView, voice: Voice, moment: Moment): string {
  const { text, silent } = heardLine(bot, voice, moment);
  const time = bot.heardAt === null ? '' : ` datetime="${new Date(bot.heardAt).toISOString()}"`;
  return `<time class="heard${silent ? ' silent' : ''}"${time}>${escapeHtml(text)}</time>`;
}

/** The states of the legend, in its order. */
export const legend = [ONLINE, ...worstFirst].map(nameOf);

/** "238 Online, 2 Resuming, …": all of them, so that it is the legend too and nothing below moves when one appears. */
export function countItems({ counts }: BotView, { say, count }: Voice): string {
  const shown = shownCounts(counts);
  return legend
    .map((name) => {
      const none = shown[name] === 0 ? ' class=none' : '';
      return `<li${none}><span class="swatch ${name}"></span><span><b>${count(shown[name])}</b> ${escapeHtml(say(`state.${name}`))}</span>`;
    })
    .join('');
}

/** The same as the grid for who reads: each state with its shards, and since when the first of them is in it. */
export function notOnlineItems(bot: BotView, voice: Voice, now: number): string {
  const ids = idsByState(shownStates(bot));
  return worstFirst
    .filter((state) => ids[state]!.length > 0)
    .map((state) => `<li>${escapeHtml(stateLine(bot, state, ids[state]!, voice, now))}`)
    .join('');
}

/** "Offline since 14:02: 0-15,32", "Stopped on purpose at 13:07: 0-15" */
export function stateLine(bot: BotView, state: State, ids: number[], voice: Voice, now: number): string {
  const sinces = ids.flatMap((id) => sinceOf(bot.notReady, id) ?? []);
  const word = voice.say(`state.${nameOf(state)}`);
  const lead =
    sinces.length === 0
      ? `${word}:`
      : voice.say(state === STOPPED ? 'bot.stopped' : 'bot.since', {
          state: word,
          since: voice.clock(earliest(sinces), now),
        });
  return `${lead} ${shownRanges(ids, voice)}`;
}

/** "0–15, 32 and 4 more" */
export function shownRanges(ids: number[], { say }: Voice): string {
  const rest = ids.length - LISTED;
  const list = formatRanges(ids.slice(0, LISTED)).replaceAll('-', '–').replaceAll(',', ', ');
  return `${list}${rest > 0 ? ` ${say('bot.more', { n: rest })}` : ''}`;
}

export const earliest = (times: number[]): number => times.reduce((first, time) => Math.min(first, time));

/** The shard ids of each state, by state number; `shown` is one character a shard. */
export function idsByState(shown: string): number[][] {
  const ids: number[][] = shownNames.map(() => []);
  for (let id = 0; id < shown.length; id++) ids[Number(shown[id])]!.push(id);
  return ids;
}
