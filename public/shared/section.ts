// One bot on the page: how many of its shards are online, what is not, and the grid; or a line that opens to that.
import { isOneShard } from './bots.js';
import { shownCounts, sinceOf } from './counts.js';
import { botName } from './bot-name.js';
import { escapeHtml } from './escape.js';
import { factsOf } from './answer.js';
import { grid } from './grid.js';
import { formatRanges } from './ranges.js';
import { shardViewOf, shownNameOf } from './shard.js';
import { isSilent } from './silence.js';
import { nameOf, shownNames, STOPPED, type ShownName, type State } from './states.js';
import { verdictOf } from './verdict.js';
import { escapedSay, type Voice } from './voice.js';
import type { BotView, ShardView } from './wire.js';

const LISTED = 200; // shard numbers per state
/** In the order in which people want to read them. */
export const worstFirst: State[] = [2, 1, 6, 4, 5, 0, STOPPED];

export interface Moment {
  now: number;
  /** A ticking page says "4s ago"; one that stands still must name the time. */
  ticking: boolean;
}

/** How a bot stands among others: the only one; the worst, which is open; or a line that opens. */
export type Standing = 'alone' | 'open' | 'line';

export interface Drawing {
  standing: Standing;
  /** Of a bot that is one shard: latency, and since when it is online. */
  shard?: ShardView | undefined;
}

/** Nothing for a bot that is alone and one shard: the sentence on top says it all. */
export function botSection(bot: BotView, voice: Voice, { now }: Moment, drawing: Drawing): string {
  if (isOneShard(bot) && drawing.standing === 'alone') return '';
  const key = escapeHtml(bot.key);
  return `<section class="bot${isSilent(bot, now) ? ' silent' : ''}" data-bot="${key}" aria-labelledby="bot-${key}">
${isOneShard(bot) ? oneShard(bot, voice, now, drawing) : manyShards(bot, voice, now, drawing)}
</section>`;
}

const oneShard = (bot: BotView, voice: Voice, now: number, { shard }: Drawing): string =>
  `<div class=row>${rowHtml(bot, voice, now, shard)}</div>`;

function manyShards(bot: BotView, voice: Voice, now: number, { standing }: Drawing): string {
  const chips = `<ul class=counts aria-label="${escapedSay(voice)('legend.label')}">${countItems(bot, voice)}</ul>`;
  const tiles = grid(bot, voice);
  if (standing === 'line')
    return `<details class=row><summary>${rowHtml(bot, voice, now)}</summary>${chips}${tiles}</details>`;
  const isAlone = standing === 'alone';
  const title = isAlone ? sizeLine(bot, voice) : botName(bot, voice);
  return `<header><h2 translate=${isAlone ? 'yes' : 'no'} id="bot-${escapeHtml(bot.key)}">${escapeHtml(title)}</h2><p class=size>${escapeHtml(onlineLine(bot, standing === 'open', voice))}</p></header>
${chips}
${tiles}`;
}

/** Glyph, name, and how the bot is. */
export function rowHtml(bot: BotView, voice: Voice, now: number, shard?: ShardView): string {
  return `<span class="swatch ${stateOfBot(bot)}"></span><div><h2 translate=no id="bot-${escapeHtml(bot.key)}">${escapeHtml(botName(bot, voice))}</h2><p class=size>${escapeHtml(rowLine(bot, voice, now, shard))}</p></div>`;
}

function rowLine(bot: BotView, voice: Voice, now: number, shard?: ShardView): string {
  const view = { version: 0, epoch: '', at: now, title: '', bots: [bot], incidents: [] };
  const facts =
    shard && shownNameOf(shard) === shownNameOf(shardViewOf(bot, 0))
      ? factsOf({ ...shard, cluster: null }, now, voice)
      : [];
  return [verdictOf(view, voice, now).short, ...facts].join(' · ');
}

/** The worst state that any of its shards is in. */
const stateOfBot = ({ counts }: BotView): ShownName =>
  worstFirst.map(nameOf).find((state) => shownCounts(counts)[state] > 0) ?? 'online';

export const sizeLine = (bot: BotView, { say }: Voice): string =>
  say(bot.certain ? 'bot.shards' : 'bot.shards.atLeast', { n: bot.shardCount });

/** "216 online"; beside the name of one of several bots "3,566 of 3,584 online". */
export function onlineLine(bot: BotView, isNamed: boolean, { say, count }: Voice): string {
  const { counts, states } = bot;
  if (isNamed) {
    const total = bot.certain ? count(bot.shardCount) : say('atLeast', { n: bot.shardCount });
    return say('cluster.online', { online: count(counts.online), total });
  }
  return counts.online === states.length ? say('bot.online.all') : say('bot.online', { n: counts.online });
}

/** A chip for each state that is not Online and that some shard is in, worst first. */
export const countItems = (bot: BotView, voice: Voice): string =>
  worstFirst
    .map(nameOf)
    .filter((name) => shownCounts(bot.counts)[name] > 0)
    .map((name) => countItem(name, bot, voice))
    .join('');

export function countItem(name: ShownName, bot: BotView, voice: Voice): string {
  const room = `${voice.count(bot.shardCount)} ${afterNumber(name, voice)}`;
  return `<li data-state=${name}><span class="swatch ${name}"></span> <span data-room="${escapeHtml(room)}"><span>${countText(name, bot, voice)}</span></span>`;
}

export const countText = (name: ShownName, { counts }: BotView, voice: Voice): string =>
  `<b>${voice.count(shownCounts(counts)[name])}</b> ${escapeHtml(afterNumber(name, voice))}`;

/** "2 offline", "2 reconnecting to Discord" */
const afterNumber = (name: ShownName, { say }: Voice): string =>
  say(`state.${name}`).replace(/^(?!Discord)./, (first) => first.toLowerCase());

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
