// Recent incidents on the page: what goes on first, then what is over. Server and script draw the list with this.
import { escapeHtml } from './escape.js';
import { countRanges } from './ranges.js';
import { groupOf, stateOf } from './states.js';
import { escapedSay, type Voice } from './voice.js';
import type { IncidentView, PublicView } from './wire.js';

/** Title, cause and status, a line each; of more than three at once the others are a line each. */
const LINES_IN_FULL = 3;
const MOST_IN_FULL = 3;
const FEWEST_LINES = 4;

/** What is said of an incident, as plain text. */
export interface IncidentLines {
  /** "Ongoing" */
  status: string;
  /** "16 shards of My Bot, 3 still down" */
  what: string;
  /** "21 Nov 2026, 14:02–14:10" or "since 14:02, 8 minutes so far" */
  when: string;
  /** "20 Nov, 14:02" */
  started: string;
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
  return {
    status: voice.say(endedAt === null ? 'incident.ongoing' : 'incident.ended'),
    what: nowOf(incident, whatOf(incident, bot?.name ?? key, bot?.shardCount === 1, voice), voice),
    when:
      endedAt === null
        ? voice.say('incident.since', { since: voice.clock(startedAt, now), duration })
        : voice.span(startedAt, endedAt),
    started: voice.clock(startedAt, now),
    length: endedAt === null ? '' : duration,
    cause: causeOf(incident, voice),
    shards: shardsOf(incident, voice),
  };
}

function whatOf({ count, shards }: IncidentView, bot: string, isWhole: boolean, { say }: Voice): string {
  if (isWhole) return bot;
  return count === 1
    ? say('incident.shard', { shard: shards, bot })
    : say('incident.shards', { n: count, bot });
}

/** What it affected, and what is left of it (RULES 29). */
function nowOf({ count, down, endedAt }: IncidentView, what: string, { say }: Voice): string {
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

/** Lines that the list takes while the page is open: blocks below it must not move when an incident comes or ends. */
export const linesFor = ({ incidents }: Pick<PublicView, 'incidents'>): number => {
  const full = Math.min(MOST_IN_FULL, incidents.filter(({ endedAt }) => endedAt === null).length);
  const more = incidents.length > full ? 1 : 0;
  return Math.max(FEWEST_LINES, full * LINES_IN_FULL + more);
};

export const incidentsSection = (view: PublicView, now: number, voice: Voice): string => {
  const lines = linesFor(view);
  return `<section id=incidents class=incidents aria-labelledby=incidents-title>
<h2 id=incidents-title>${escapedSay(voice)('incidents.title')}</h2>
<div class=r${lines} data-lines=${lines}>${incidentsList(view, now, voice, lines)}</div>
</section>`;
};

/** What the script draws anew: what goes on, then what is over, in so many lines; the rest is folded. */
export function incidentsList(view: PublicView, now: number, voice: Voice, lines: number): string {
  if (view.incidents.length === 0) return `<p class=none>${escapedSay(voice)('incidents.none')}</p>`;
  const { full, short, rest } = spread(view.incidents, lines);
  const draw = (isFull: boolean) => (one: IncidentView) =>
    incidentItem(one, incidentLines(one, view, now, voice), isFull);
  const shown = [...full.map(draw(true)), ...short.map(draw(false))];
  const more = `<li class=more><details><summary>${escapedSay(voice)('bot.more', { n: rest.length })}</summary><ol>${rest.map(draw(false)).join('')}</ol></details>`;
  return `<ol>${shown.join('')}${rest.length > 0 ? more : ''}</ol>`;
}

interface Spread {
  full: IncidentView[];
  short: IncidentView[];
  rest: IncidentView[];
}

function spread(incidents: IncidentView[], lines: number): Spread {
  const ongoing = incidents.filter(({ endedAt }) => endedAt === null).length;
  /** What goes on is in sight, if only as a line. */
  const isEnough = (full: number): boolean =>
    full * LINES_IN_FULL + (ongoing - full) + (incidents.length > ongoing ? 1 : 0) <= lines;
  let full = Math.min(ongoing, MOST_IN_FULL);
  while (full > 0 && !isEnough(full)) full--;
  const left = lines - full * LINES_IN_FULL;
  const others = incidents.length - full;
  const end = full + (others <= left ? others : left - 1);
  return { full: incidents.slice(0, full), short: incidents.slice(full, end), rest: incidents.slice(end) };
}

function incidentItem(
  { id, state, startedAt, endedAt }: IncidentView,
  lines: IncidentLines,
  isFull: boolean,
): string {
  const group = endedAt === null ? groupOf[stateOf(state)!]! : 'over';
  const time = (text: string): string =>
    `<time datetime="${new Date(startedAt).toISOString()}">${escapeHtml(text)}</time>`;
  const status = `<p class=when><b>${escapeHtml(lines.status)}</b> · ${time(lines.when)}</p>`;
  const what = `<h3>${escapeHtml(lines.what)}</h3>`;
  const cause = `<p>${escapeHtml(lines.cause)}</p>`;
  const ids = lines.shards === '' ? '' : `<p class=ids>${escapeHtml(lines.shards)}</p>`;
  const item = isFull
    ? folding(what, ids) + cause + status
    : folding(
        `${time(endedAt === null ? lines.status : lines.started)} ${what} <span>${escapeHtml(lines.length)}</span>`,
        status + cause + ids,
      );
  return `<li id="incident-${escapeHtml(id)}" class="${group}${isFull ? ' full' : ''}">${item}`;
}

/** Opens to more, where there is more. */
const folding = (line: string, more: string): string =>
  more === '' ? line : `<details><summary>${line}</summary>${more}</details>`;
