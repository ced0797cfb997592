// Incidents as they were measured: what goes on, then what is over.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { BotRow } from '../../shared/operator-wire.js';
import type { Group } from '../../shared/states.js';
import type { IncidentView } from '../../shared/wire.js';
import type { Verdict } from '../health.js';
import type { Place } from '../place.js';
import { shardHref } from '../place.js';
import { listOf, type RowMap } from '../rows.js';
import type { ViewProps } from '../scripts.js';
import { lasting } from '../times.js';
import { incidentWords } from '../incident-words.js';
import { botName, dot, headline, minute, section, since } from './parts.js';
import { plainTable, type PlainColumn } from './plain-table.js';

const { columns } = incidentWords;

const openOf = (rows: RowMap): IncidentView[] =>
  listOf(rows, 'incident').filter(({ endedAt }) => endedAt === null);

/** As on Now: nothing of a cluster works, or of a bot. What is on its way back is no alarm any more. */
function groupOfOpen({ down, cause, bot }: IncidentView, bots: readonly BotRow[]): Group {
  if (down === 0) return 'changing';
  const all = bots.find(({ key }) => key === bot)?.shardCount;
  return cause !== null || down === all ? 'down' : 'degraded';
}

export function incidentsVerdict(_: Place, rows: RowMap): Verdict {
  const open = openOf(rows);
  const groups = open.map((one) => groupOfOpen(one, listOf(rows, 'bot')));
  const group = (['down', 'degraded', 'changing'] as const).find((one) => groups.includes(one)) ?? 'up';
  const sentence = incidentWords.title(open.length);
  return { group, sentence, short: sentence.replace(/\.$/, '') };
}

export function incidentsView({ state: { scope, now, place } }: ViewProps): VNode {
  const { rows } = scope;
  const bots = listOf(rows, 'bot');
  const { group, sentence } = incidentsVerdict(place, rows);
  const open = openOf(rows).sort((a, b) => b.startedAt - a.startedAt);
  const ended = listOf(rows, 'incident')
    .filter(({ endedAt }) => endedAt !== null)
    .sort((a, b) => b.endedAt! - a.endedAt!);
  const list = html`<ul class="troubles">
    ${open.map((one) => openLine(one, bots, now))}
  </ul>`;
  const over = plainTable({ columns: endedColumns(bots, now), rows: ended, keyOf: ({ id }) => id });
  return html`<div class="incidents">
    ${headline(group, sentence, incidentWords.measured)}
    ${open.length > 0 ? section('open', incidentWords.open, list) : null}
    ${ended.length > 0 ? section('ended', incidentWords.ended, over) : null}
  </div>`;
}

const openLine = (one: IncidentView, bots: readonly BotRow[], now: number): VNode =>
  html`<li key=${one.id}>
    ${dot(groupOfOpen(one, bots))}
    <span class="what">${link(one, bots)}</span>
    <span class="why">${whatNow(one)}</span>
    <span class="when">${since(one.startedAt, now)}</span>
  </li>`;

function whatNow({ down, count, shards }: IncidentView): string {
  const incidents = incidentWords;
  return down === 0
    ? incidents.back(count)
    : incidents.down(down, count, down === count ? rangesOf(shards) : '');
}

function link({ bot, shards, cause, count, endedAt }: IncidentView, bots: readonly BotRow[]): VNode {
  const incidents = incidentWords;
  const name = botName(bots, bot);
  const what =
    cause !== null
      ? incidents.silent(cause, endedAt !== null)
      : count === 1
        ? incidents.shard(shards, name)
        : incidents.shards(count, name);
  return html`<a href=${shardHref(bot, Number.parseInt(shards, 10))}>${what}</a>`;
}

const rangesOf = (shards: string): string => shards.replaceAll('-', '–').replaceAll(',', ', ');

const endedColumns = (bots: readonly BotRow[], now: number): PlainColumn<IncidentView>[] => [
  { label: columns.began, cell: ({ startedAt }) => minute(startedAt, now) },
  { label: columns.what, cell: (one) => link(one, bots) },
  { label: columns.lasted, cell: ({ startedAt, endedAt }) => lasting(endedAt! - startedAt) },
  { label: columns.shards, isNumber: true, cell: ({ shards }) => rangesOf(shards) },
];
