// What a lookup says, as plain lines, and their HTML: server and script draw them alike.
import { escapeHtml } from './escape.js';
import { notWorking } from './counts.js';
import { longest, longWinded } from './room.js';
import { shownNameOf, shownStateOf } from './shard.js';
import { groupOf, isNotReady, isNotWorking, shownNames, STOPPED, wireName, type Group } from './states.js';
import type { Voice } from './voice.js';
import type { Counts, ShardView, Usual } from './wire.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** How long things may last for the answer to have room for it: below a minute no number is said. */
const LASTING_MS = [0, HOUR - MINUTE];

export interface AnswerLines {
  bot: string;
  shard: number;
  group: Group;
  /** "Your server is on shard 178 of 240 of My Bot." */
  place: string;
  /** "It has been resuming for 2 minutes (since 14:02)." */
  state: string;
  affected: string;
  /** What usually happens next, and whether anything is to be done. */
  next: string;
  /** The longest that state, affected and next may come to say. */
  room: string;
  /** Cluster, latency, since when it is online. */
  facts: string[];
}

export interface Asked {
  direct: boolean;
  /** Of the bot the shard belongs to; undefined when the view does not know the bot. */
  counts: Counts | undefined;
  usual?: Usual | undefined;
  now: number;
}

export function answerLines(shard: ShardView, asked: Asked, voice: Voice): AnswerLines {
  const { direct, counts, usual, now } = asked;
  const state = shownStateOf(shard);
  const group = groupOf[state]!;
  return {
    bot: shard.bot,
    shard: shard.shard,
    group,
    place: placeOf(shard, direct, voice),
    state: stateSentence(shard, now, voice),
    affected: counts ? affectedSentence(notWorking(counts), isNotWorking(state), voice) : '',
    next:
      usually(usual?.[shownNameOf(shard) as keyof Usual], voice) ?? voice.say(nextKey(group, shard.loading)),
    room: roomOf(shard, asked, longWinded(voice)),
    facts: factsOf(shard, now, voice),
  };
}

/** The id of the tile that the answer for a bot links to; the first answer's is short, for links by hand. */
export const anchorOf = (index: number, bot: string): string => (index === 0 ? 'marked' : `marked-${bot}`);

function placeOf(
  { name, shard, shardCount, certain }: ShardView,
  direct: boolean,
  { say, count }: Voice,
): string {
  const total = certain ? count(shardCount) : say('atLeast', { n: shardCount });
  const key = direct ? 'answer.place.direct' : 'answer.place';
  const place = say(key, { shard: `${shard}`, total, bot: name });
  return certain || direct ? place : `${place} ${say('answer.guess', { bot: name })}`;
}

/** "It is online." is enough for a shard that works; for the others the time is what people ask for. */
export function stateSentence(shard: ShardView, now: number, voice: Voice): string {
  const { since } = shard;
  const state = shownNameOf(shard);
  if (since === null || state === 'online') return voice.say(`now.${state}`);
  return voice.say(`lasting.${state}`, {
    duration: voice.duration(now - since),
    since: voice.clock(since, now),
  });
}

function affectedSentence(n: number, isOne: boolean, { say }: Voice): string {
  if (n === 0) return '';
  return n === 1 && isOne ? say('answer.affected.only') : say('answer.affected', { n });
}

const nextKey = (group: Group, loading: boolean): `answer.next.${Group | 'loading'}` =>
  `answer.next.${loading ? 'loading' : group}`;

/** What is usual may become known while the answer stands, so room for that is kept, too. */
function roomOf(shard: ShardView, { counts, now }: Asked, voice: Voice): string {
  const affected = counts ? voice.say('answer.affected', { n: shard.shardCount }) : '';
  const usuals = LASTING_MS.flatMap((ms) => usually(ms, voice) ?? []);
  const texts = shownNames.map((_, index) => {
    const shown = { ...shard, state: wireName(index), planned: index === STOPPED };
    const lasting = LASTING_MS.map((ms) => stateSentence({ ...shown, since: now - ms }, now, voice));
    const next = longest([false, true].map((loading) => voice.say(nextKey(groupOf[index]!, loading))));
    return [longest(lasting), affected, isNotReady(index) ? longest([next, ...usuals]) : next].join(' ');
  });
  return longest(texts);
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

/** `action` is the HTML of what leads to the tile. */
export function foundHtml(
  { group, place, state, affected, next, room, facts }: AnswerLines,
  action: string,
): string {
  const details = facts.map((fact) => `<span>${escapeHtml(fact)}</span>`).join('');
  return `<div class="found ${group}">
<p class=place>${escapeHtml(place)}</p>
<p class=state data-room="${escapeHtml(room)}"><span><strong>${escapeHtml(state)}</strong> ${escapeHtml(affected)} ${escapeHtml(next)}</span></p>
<p class=facts>${details}${action}</p>
</div>`;
}
