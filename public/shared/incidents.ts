// Recent incidents on the page: what goes on first, then what is over. Server and script draw the list with this.
import { escapeHtml } from './escape.js';
import { countRanges } from './ranges.js';
import { groupOf, stateOf } from './states.js';
import { escapedSay, type Voice } from './voice.js';
import type { IncidentView, PublicView } from './wire.js';

const SHORT = 48; // characters of shard numbers that need no folding away

/** What is said of an incident, as plain text. */
export interface IncidentLines {
  /** "Ongoing" */
  status: string;
  /** "16 shards of My Bot" */
  what: string;
  /** "21 Nov 2026, 14:02–14:10" or "since 14:02, 8 minutes so far" */
  when: string;
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
    what: whatOf(incident, bot?.name ?? key, bot?.shardCount === 1, voice),
    when:
      endedAt === null
        ? voice.say('incident.since', { since: voice.clock(startedAt, now), duration })
        : voice.span(startedAt, endedAt),
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

export const incidentsSection = (view: PublicView, now: number, voice: Voice): string =>
  `<section id=incidents class=incidents aria-labelledby=incidents-title>
<h2 id=incidents-title>${escapedSay(voice)('incidents.title')}</h2>
<div>${incidentsList(view, now, voice)}</div>
</section>`;

/** What the script draws anew. */
export function incidentsList(view: PublicView, now: number, voice: Voice): string {
  if (view.incidents.length === 0) return `<p class=none>${escapedSay(voice)('incidents.none')}</p>`;
  const items = view.incidents.map((one) => incidentItem(one, incidentLines(one, view, now, voice), voice));
  return `<ol>${items.join('')}</ol>`;
}

function incidentItem(
  { id, state, startedAt, endedAt }: IncidentView,
  lines: IncidentLines,
  voice: Voice,
): string {
  const group = endedAt === null ? groupOf[stateOf(state)!]! : 'over';
  const started = new Date(startedAt).toISOString();
  const length = lines.length === '' ? '' : `<span>${escapeHtml(lines.length)}</span>`;
  return `<li id="incident-${escapeHtml(id)}" class=${group}><h3><b>${escapeHtml(lines.status)}</b> ${escapeHtml(lines.what)}</h3>
<p class=when><time datetime="${started}">${escapeHtml(lines.when)}</time>${length}</p>
<p>${escapeHtml(lines.cause)}</p>${shardList(lines.shards, voice)}`;
}

function shardList(shards: string, voice: Voice): string {
  if (shards === '') return '';
  if (shards.length <= SHORT) return `<p class=ids>${escapeHtml(shards)}</p>`;
  const question = escapedSay(voice)('incident.which');
  return `<details><summary>${question}</summary><p class=ids>${escapeHtml(shards)}</p></details>`;
}
