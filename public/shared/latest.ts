// "Latest" on the page: what goes on first, then what is over. Server and script draw the list with this.
import { escapeHtml } from './escape.js';
import { countRanges } from './ranges.js';
import { groupOf, stateOf } from './states.js';
import { escapedSay, type Voice } from './voice.js';
import type { IncidentView, PublicView } from './wire.js';

/** Title, words and status, a line each; of more than three at once the others are a line each. */
const LINES_IN_FULL = 3;
const MOST_IN_FULL = 3;
const MOST_PAST = 3;
/** The first incident that comes and goes leaves a line. */
const FEWEST_LINES = 2;
/** Since a shorter time nobody would call it calm. */
const CALM_AFTER_MS = 3_600_000;

/** What is said of an incident, as plain text. */
export interface IncidentLines {
  /** "asia #2 is not responding", "3 shards of My Bot were down for 4 minutes" */
  title: string;
  /** "Ongoing" */
  status: string;
  /** "16 shards of My Bot, 3 still down"; "16 shards, …" where it is the only bot */
  what: string;
  /** "21 Nov 2026, 14:02–14:10" or "since 14:02, 8 minutes so far" */
  when: string;
  /** "14:02", with the day when it is not today's */
  since: string;
  /** "20 Nov", or "14:02" when that was today */
  day: string;
  /** How long it was; empty while it goes on. */
  length: string;
  cause: string;
  /** "0–15, 32", where it is more than one. */
  shards: string;
}

export function incidentLines(
  incident: IncidentView,
  { bots }: PublicView,
  now: number,
  voice: Voice,
): IncidentLines {
  const { bot: key, startedAt, endedAt } = incident;
  const bot = bots.find((one) => one.key === key);
  const duration = voice.duration((endedAt ?? now) - startedAt);
  const isWhole = bot?.shardCount === 1;
  const what = isWhole ? bot.name : whatOf(incident, bots.length === 1 ? null : (bot?.name ?? key), voice);
  return {
    title: titleOf(incident, what, duration, voice),
    status: voice.say(endedAt === null ? 'incident.ongoing' : 'incident.ended'),
    what: nowOf(incident, what, voice),
    when:
      endedAt === null
        ? voice.say('incident.since', { since: voice.clock(startedAt, now), duration })
        : voice.span(startedAt, endedAt),
    since: voice.clock(startedAt, now),
    day: voice.day(startedAt, now),
    length: endedAt === null ? '' : duration,
    cause: causeOf(incident, voice),
    shards: shardsOf(incident, voice),
  };
}

/** Where there is but one bot, it need not be named. */
function whatOf({ count: n, shards: shard }: IncidentView, bot: string | null, { say }: Voice): string {
  if (bot === null) return n === 1 ? say('grid.shard', { shard }) : say('bot.shards', { n });
  return n === 1 ? say('incident.shard', { shard, bot }) : say('incident.shards', { n, bot });
}

function titleOf(incident: IncidentView, what: string, duration: string, { say }: Voice): string {
  const { cause, state, count: n, down, endedAt } = incident;
  const values = { n, what: cause ?? what, duration };
  if (endedAt !== null) {
    if (cause !== null) return say('incident.past.silent', values);
    return say(state === 'offline' ? 'incident.past.offline' : 'incident.past.unhealthy', values);
  }
  if (cause !== null) return say('incident.title.silent', values);
  if (down === 0) return nowOf(incident, what, { say });
  return say(state === 'offline' ? 'incident.title.offline' : 'incident.title.unhealthy', values);
}

/** What it affected, and what is left of it (RULES 29). */
function nowOf({ count, down, endedAt }: IncidentView, what: string, { say }: Pick<Voice, 'say'>): string {
  if (endedAt !== null || down === count) return what;
  return down === 0 ? say('incident.returning', { what }) : say('incident.still', { what, n: down });
}

function causeOf({ cause, state }: IncidentView, { say }: Voice): string {
  if (cause !== null) return say('incident.silent', { cluster: cause });
  return say(state === 'offline' ? 'incident.offline' : 'incident.unhealthy');
}

function shardsOf({ count, shards }: IncidentView, { say }: Voice): string {
  if (count === 1) return '';
  const rest = count - countRanges(shards);
  const list = shards.replaceAll('-', '–').replaceAll(',', ', ');
  return rest > 0 ? `${list} ${say('bot.more', { n: rest })}` : list;
}

const isOpen = ({ endedAt }: IncidentView): boolean => endedAt === null;

/** Lines that the list takes while the page is open: blocks below it must not move when an incident comes or ends. */
export function linesFor({ incidents }: Pick<PublicView, 'incidents'>): number {
  const open = incidents.filter(isOpen).length;
  const past = incidents.length - open;
  if (open === 0) return Math.max(FEWEST_LINES, 1 + Math.min(past, MOST_PAST) + (past > MOST_PAST ? 1 : 0));
  const full = Math.min(open, MOST_IN_FULL);
  return full * LINES_IN_FULL + (incidents.length > full ? 1 : 0);
}

export const latestSection = (view: PublicView, now: number, voice: Voice): string => {
  const lines = linesFor(view);
  return `<section id=latest class=latest aria-labelledby=latest-title>
<h2 id=latest-title>${escapedSay(voice)('latest.title')}</h2>
<div class=r${lines} data-lines=${lines}>${latestList(view, now, voice, lines)}</div>
</section>`;
};

/** What the script draws anew: what goes on, or for how long nothing did, then what is over, in so many lines; the rest is folded. */
export function latestList(view: PublicView, now: number, voice: Voice, lines: number): string {
  const { incidents } = view;
  const calm = incidents.some(isOpen) ? '' : `<p class=calm>${calmLine(incidents, now, voice)}</p>`;
  if (incidents.length === 0) return calm;
  const { full, short, rest } = spread(incidents, lines - (calm === '' ? 0 : 1));
  const draw = (isFull: boolean) => (one: IncidentView) =>
    incidentItem(one, incidentLines(one, view, now, voice), isFull);
  const shown = [...full.map(draw(true)), ...short.map(draw(false))];
  const more = `<li class=more><details><summary>${escapedSay(voice)('bot.more', { n: rest.length })}</summary><ol>${rest.map(draw(false)).join('')}</ol></details>`;
  return `${calm}<ol>${shown.join('')}${rest.length > 0 ? more : ''}</ol>`;
}

function calmLine(incidents: IncidentView[], now: number, voice: Voice): string {
  const say = escapedSay(voice);
  if (incidents.length === 0) return say('latest.none');
  const calmMs = now - Math.max(...incidents.map(({ endedAt }) => endedAt ?? now));
  return calmMs < CALM_AFTER_MS
    ? say('latest.over')
    : say('latest.calm', { duration: voice.duration(calmMs) });
}

interface Spread {
  full: IncidentView[];
  short: IncidentView[];
  rest: IncidentView[];
}

function spread(incidents: IncidentView[], lines: number): Spread {
  const open = incidents.filter(isOpen).length;
  /** What goes on is in sight, if only as a line. */
  const isEnough = (full: number): boolean =>
    full * LINES_IN_FULL + (open - full) + (incidents.length > open ? 1 : 0) <= lines;
  let full = Math.min(open, MOST_IN_FULL);
  while (full > 0 && !isEnough(full)) full--;
  const left = Math.max(1, Math.min(lines - full * LINES_IN_FULL, open > 0 ? lines : MOST_PAST + 1));
  const others = incidents.length - full;
  const end = full + (others <= left ? others : left - 1);
  return { full: incidents.slice(0, full), short: incidents.slice(full, end), rest: incidents.slice(end) };
}

function incidentItem(
  { id, cause, state, count, down, startedAt, endedAt }: IncidentView,
  lines: IncidentLines,
  isFull: boolean,
): string {
  const group = endedAt === null ? groupOf[stateOf(state)!]! : 'over';
  const time = (text: string): string =>
    `<time datetime="${new Date(startedAt).toISOString()}">${escapeHtml(text)}</time>`;
  const line = (text: string, kind = ''): string => (text === '' ? '' : `<p${kind}>${escapeHtml(text)}</p>`);
  const status = (when: string): string =>
    `<p class=when><b>${escapeHtml(lines.status)}</b> · ${time(when)}</p>`;
  const title = `<h3>${escapeHtml(lines.title)}</h3>`;
  const ids = line(lines.shards, ' class=ids');
  const why = line(lines.cause);
  // Of a cluster the title says what happened; else it says how many it affected, and this what is left of them.
  const isSaid = cause === null && (endedAt !== null || down === count || down === 0);
  const what = isSaid ? '' : line(lines.what);
  const more = status(lines.when) + what + why + ids;
  const item = isFull
    ? folding(title, more) + (what || ids || why) + status(lines.since)
    : folding(`${time(endedAt === null ? lines.status : lines.day)} ${title}`, more);
  return `<li id="incident-${escapeHtml(id)}" class="${group}${isFull ? ' full' : ''}">${item}`;
}

/** Opens to what there is no line for. */
const folding = (line: string, more: string): string =>
  `<details><summary>${line}</summary>${more}</details>`;
