// What a lookup says, as plain lines, and their HTML: page, script, embeds and plain text say the same, in the same order.
import { botName } from './bot-name.js';
import { isOneShard } from './bots.js';
import { escapeHtml } from './escape.js';
import { notWorking } from './counts.js';
import { longest, longWinded } from './room.js';
import { shownNameOf, shownStateOf } from './shard.js';
import {
  groupOf,
  groupsWorstFirst,
  isNotReady,
  isNotWorking,
  ONLINE,
  shownNames,
  STOPPED,
  UNKNOWN,
  wireName,
  type Group,
} from './states.js';
import { escapedSay, type Voice } from './voice.js';
import type { Counts, ShardView, Usual } from './wire.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** How long things may last for the answer to have room for it: below a minute no number is said. */
const LASTING_MS = [0, HOUR - MINUTE];

/** In the order in which they are said. */
export interface AnswerLines {
  bot: string;
  shard: number;
  group: Group;
  /** "Your server is affected." */
  lead: string;
  /** "It is on shard 178 of 240 of My Bot. This shard has been offline for 2 minutes (since 14:02)." */
  state: string;
  /** What usually happens next, and whether anything is to be done. */
  next: string;
  /** "128 other shards are down.", or "". */
  others: string;
  /** The longest that lead may come to say, and that state, next and others may. */
  room: { lead: string; rest: string };
  /** Cluster, latency, since when it is online. */
  facts: string[];
  isBrief: boolean | undefined;
}

export interface Asked {
  direct: boolean;
  /** Of how many bots the answer speaks: of several, each says its name first. */
  bots: number;
  /** One of several that work: only whether the server is affected, and what its shard does. */
  isBrief?: boolean | undefined;
  /** Of the bot the shard belongs to; undefined when the view does not know the bot. */
  counts: Counts | undefined;
  usual?: Usual | undefined;
  now: number;
}

export function answerLines(shard: ShardView, asked: Asked, voice: Voice): AnswerLines {
  const [lead, ...rest] = linesOf(shard, asked, voice);
  const [stateLine, next, others] = rest;
  return {
    bot: shard.bot,
    shard: shard.shard,
    group: groupOf[shownStateOf(shard)]!,
    lead,
    state: stateLine,
    next,
    others,
    room: roomOf(shard, asked, longWinded(voice)),
    facts: asked.isBrief ? [] : factsOf(shard, asked.now, voice),
    isBrief: asked.isBrief,
  };
}

/** All that is said of one bot, as one text. */
export const answerText = ({ lead, state, next, others }: AnswerLines): string =>
  inOneLine([lead, state, next, others]);

/** Japanese has no space between sentences. */
export const inOneLine = (sentences: string[]): string =>
  sentences
    .filter((sentence) => sentence !== '')
    .join(' ')
    .replaceAll('。 ', '。');

/** Of several bots the one that is worst off is answered for first. */
export const worstFirst = <Shard extends Pick<ShardView, 'state' | 'planned'>>(shards: Shard[]): Shard[] => {
  const rank = (shard: Shard): number => groupsWorstFirst.indexOf(groupOf[shownStateOf(shard)]!);
  return [...shards].sort((a, b) => rank(a) - rank(b));
};

/** What works beside others is told in brief. Said once, when the answer is found, so that it keeps its size. */
export const isBrief = (shard: Pick<ShardView, 'state' | 'planned'>, index: number): boolean =>
  index > 0 && groupOf[shownStateOf(shard)] === 'up';

/** The id of the tile that the answer for a bot links to; the first answer's is short, for links by hand. */
export const anchorOf = (index: number, bot: string): string => (index === 0 ? 'marked' : `marked-${bot}`);

type Lines = [lead: string, state: string, next: string, others: string];

function linesOf(shard: ShardView, asked: Asked, voice: Voice): Lines {
  const lead = leadOf(shard, asked, voice);
  const place = inOneLine([placeOf(shard, asked.direct, voice), stateSentence(shard, asked.now, voice)]);
  if (asked.isBrief) return [lead, place, '', ''];
  const others = asked.counts ? othersLine(notWorking(asked.counts), shard, voice) : '';
  const usual = usually(asked.usual?.[shownNameOf(shard) as keyof Usual], voice);
  return [lead, place, usual ?? nextLine(shard, asked.direct, voice), others];
}

function leadOf(shard: ShardView, { direct, bots }: Asked, voice: Voice): string {
  const is = affectedness(shard, direct);
  const lead = voice.say(
    is === 'maybe' ? 'answer.server.maybe' : `answer.${direct ? 'direct' : 'server'}.${is}`,
  );
  return bots > 1 ? `${botName(shard, voice)}: ${lead}` : lead;
}

function affectedness(shard: ShardView, direct: boolean): 'yes' | 'no' | 'maybe' | 'unknown' {
  const group = groupOf[shownStateOf(shard)]!;
  if (group === 'unknown') return 'unknown';
  if (group !== 'up') return 'yes';
  return isLoading(shard, direct) ? 'maybe' : 'no';
}

/** Direct messages belong to no server that could still be missing. */
const isLoading = ({ loading }: ShardView, direct: boolean): boolean => loading && !direct;

/** "It is on shard 178 of 240 of My Bot."; of a bot with one shard there is nothing to say. */
function placeOf(answered: ShardView, direct: boolean, { say, count }: Voice): string {
  if (isOneShard(answered)) return '';
  const { name, shard, shardCount, certain } = answered;
  const total = certain ? count(shardCount) : say('atLeast', { n: shardCount });
  const place = say(direct ? 'answer.place.direct' : 'answer.place', { shard: `${shard}`, total, bot: name });
  return certain || direct ? place : `${place} ${say('answer.guess', { bot: name })}`;
}

/** "This shard is online." is enough for a shard that works; for the others the time is what people ask for. */
function stateSentence(shard: ShardView, now: number, voice: Voice): string {
  const { since } = shard;
  const state = shownNameOf(shard);
  const it = isOneShard(shard) ? shard.name : voice.say('answer.it');
  if (since === null || state === 'online') return voice.say(`now.${state}`, { it });
  return voice.say(`lasting.${state}`, {
    it,
    duration: voice.duration(now - since),
    since: voice.clock(since, now),
  });
}

function othersLine(down: number, shard: ShardView, { say }: Voice): string {
  const isDown = isNotWorking(shownStateOf(shard));
  const n = isDown ? down - 1 : down;
  if (n > 0) return say('answer.others', { n });
  return isDown && !isOneShard(shard) ? say('answer.others.none') : '';
}

function nextLine(shard: ShardView, direct: boolean, { say }: Voice): string {
  const group = groupOf[shownStateOf(shard)]!;
  if (isLoading(shard, direct)) return say('answer.next.loading');
  return say(group === 'up' && direct ? 'answer.next.up.direct' : `answer.next.${group}`);
}

/**
 * What is usual may become known while the answer stands, so room for that is kept, too. That nothing is known is
 * longer to say and comes only after a restart: no line stays empty for it.
 */
function roomOf(shard: ShardView, asked: Asked, voice: Voice): AnswerLines['room'] {
  const others = asked.counts ? voice.say('answer.others', { n: shard.shardCount }) : '';
  const usuals = LASTING_MS.flatMap((ms) => usually(ms, voice) ?? []);
  const said = shownNames.flatMap((_, index) =>
    LASTING_MS.flatMap((ms) =>
      (index === ONLINE ? [false, true] : [false]).map((loading) => {
        const shown = { state: wireName(index), planned: index === STOPPED };
        const then = { ...shard, ...shown, since: asked.now - ms, loading };
        const [lead, line, next] = linesOf(then, { ...asked, usual: {} }, voice);
        const longestNext = isNotReady(index) ? longest([next, ...usuals]) : next;
        const rest = asked.isBrief ? line : inOneLine([line, longestNext, others]);
        return { lead: index === UNKNOWN ? '' : lead, rest };
      }),
    ),
  );
  return { lead: longest(said.map(({ lead }) => lead)), rest: longest(said.map(({ rest }) => rest)) };
}

/** How long recoveries from the shard's state usually take, where that is known; to the minute, later to the hour. */
function usually(ms: number | undefined, { say, duration }: Voice): string | undefined {
  if (ms === undefined) return undefined;
  const unit = ms < HOUR ? MINUTE : HOUR;
  return ms < MINUTE
    ? say('answer.usually.moment')
    : say('answer.usually', { duration: duration(Math.round(ms / unit) * unit) });
}

/** What else is known of a shard, for the small print. */
export function factsOf(
  { state, since, notSeenSince, cluster, latencyMs, loading }: ShardView,
  now: number,
  voice: Voice,
): string[] {
  const facts: string[] = [];
  if (loading) facts.push(voice.say('answer.loading'));
  if (notSeenSince !== undefined)
    facts.push(voice.say('answer.notSeenSince', { since: voice.clock(notSeenSince, now) }));
  if (cluster !== null) facts.push(cluster);
  if (latencyMs !== null) facts.push(voice.say('answer.latency', { ms: Math.round(latencyMs) }));
  if (state === 'online' && since !== null)
    facts.push(voice.say('answer.since', { since: voice.clock(since, now) }));
  return facts;
}

/** What the buttons of an answer say, which depends on what was done with them. */
export interface Kept {
  copy: 'copy' | 'copied' | 'copy.failed';
  remember: 'remember' | 'forget';
}

export const NOT_KEPT: Kept = { copy: 'copy', remember: 'remember' };

/** Below all that was found. The buttons need the script; style hides them where there is none. */
export function keepHtml(direct: boolean, kept: Kept, voice: Voice): string {
  const say = escapedSay(voice);
  const buttons = (['copy', 'remember'] as const).map(
    (act) => `<button class=link data-act=${act}>${say(`answer.${kept[act]}`)}</button>`,
  );
  return `<p class=keep>${buttons.join('')}</p>${direct ? '' : `<p class=note>${say('answer.if')}</p>`}`;
}

/** `action` is the HTML of what leads to the tile. */
export function foundHtml(
  { group, lead, state, next, others, room, facts, isBrief }: AnswerLines,
  action: string,
): string {
  const details = facts.map((fact) => `<span>${escapeHtml(fact)}</span>`).join('');
  return `<div class="found ${group}${isBrief ? ' brief' : ''}">
<div class=said data-lead="${escapeHtml(room.lead)}" data-rest="${escapeHtml(room.rest)}"><div>
<p class=lead><strong>${escapeHtml(lead)}</strong></p>
<p class=state>${escapeHtml(inOneLine([state, next, others]))}</p>
</div></div>
<p class=facts>${details}${action}</p>
</div>`;
}
