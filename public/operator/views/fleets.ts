// All of the fleet: its bots and its fleets, a line each, the worst first.
import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import type { BotRow, FleetRow } from '../../shared/operator-wire.js';
import type { MetricKey } from '../../shared/metrics.js';
import { ONLINE } from '../../shared/states.js';
import { formatValue, metricOf, valueOf, type Metric } from '../grades.js';
import {
  compareFleets,
  countsOf,
  groupOfCluster,
  groupOfFleet,
  shardsOf,
  whyOfCluster,
  type Verdict,
} from '../health.js';
import { botHref, clusterHref, fleetHref, settingsHref } from '../place.js';
import { listOf, theOne, type RowMap } from '../rows.js';
import { fleetsWords } from '../fleet-words.js';
import { words } from '../words.js';
import { botSaid, groupOfBotRow } from './bot-view.js';
import { compareBots, sizeOf } from './bot.js';
import { editButton } from './bot-act.js';
import type { Doing } from './doing.js';
import { dot, headline, section } from './parts.js';
import { plainTable, type PlainColumn } from './plain-table.js';

const FLEET_METRICS: readonly MetricKey[] = ['shards_up', 'guilds', 'latency_seconds', 'error_rate'];

export function fleetsVerdict(rows: RowMap): Verdict {
  const isDown = theOne(rows, 'now')?.isDown ?? false;
  const isWell = (theOne(rows, 'now')?.troubles ?? 0) === 0;
  const { title } = fleetsWords;
  return { group: isDown ? 'down' : isWell ? 'up' : 'degraded', sentence: title, short: title };
}

export function fleetsView(rows: RowMap, doing: Doing): VNode {
  const bots = listOf(rows, 'bot').sort(compareBots);
  const fleets = listOf(rows, 'fleet').sort(compareFleets);
  const { group, sentence } = fleetsVerdict(rows);
  const clusters = theOne(rows, 'total')?.clusters ?? 0;
  const said = fleetsWords.said(bots.length, fleets.length, clusters, shardsOf(bots));
  const isBare = bots.length === 0 && fleets.length === 0;
  const start = html`<a class="button" href=${settingsHref}>${words.verdict.start}</a>`;
  return html`<div class="fleets">
    ${isBare ? headline('unknown', words.verdict.none, start) : headline(group, sentence, said)}
    ${
      bots.length > 0
        ? section(
            'all-bots',
            fleetsWords.bots,
            plainTable({ columns: botColumns(doing), rows: bots, keyOf: ({ key }) => key }),
          )
        : null
    }
    ${
      fleets.length > 0
        ? section(
            'all-fleets',
            fleetsWords.fleets,
            plainTable({ columns: fleetColumns, rows: fleets, keyOf: ({ name }) => name }),
          )
        : null
    }
  </div>`;
}

const { columns } = fleetsWords;

const textOf = ({ unit }: Metric, value: number): string | null =>
  unit === 'count' ? some(value) : formatValue(unit, value);

/** That there is none needs no number. */
const some = (n: number): string | null => (n > 0 ? formatValue('count', n) : null);

const linked = (group: Parameters<typeof dot>[0], href: string, name: string): ComponentChildren =>
  html`${dot(group)} <a href=${href} translate=${false}>${name}</a>`;

const botColumns = (doing: Doing): PlainColumn<BotRow>[] => [
  { label: columns.bot, cell: (bot) => linked(groupOfBotRow(bot), botHref(bot.key), bot.name) },
  { label: columns.shards, cell: sizeOf },
  { label: columns.online, isNumber: true, cell: ({ counts }) => some(counts[ONLINE] ?? 0) },
  { label: columns.others, cell: (bot) => botSaid(countsOf([bot])).join(', ') },
  { label: '', cell: (bot) => editButton(bot, doing) },
];

const fleetColumns: PlainColumn<FleetRow>[] = [
  { label: columns.fleet, cell: (fleet) => linked(groupOfFleet(fleet), fleetHref(fleet.name), fleet.name) },
  { label: columns.up, isNumber: true, cell: (one) => fleetsWords.up(one.clustersUp, one.clusters) },
  ...FLEET_METRICS.map((key): PlainColumn<FleetRow> => {
    const metric = metricOf(key);
    return {
      label: metric.label,
      isNumber: true,
      cell: ({ values }) => textOf(metric, valueOf(values, metric)),
    };
  }),
  { label: columns.worst, cell: worstOf },
];

function worstOf({ name, worst }: FleetRow): ComponentChildren {
  if (!worst) return null;
  const link = html`<a href=${clusterHref(worst.identity)} translate=${false}
    >${words.cluster.name(name, worst.number)}</a
  >`;
  return html`${dot(groupOfCluster(worst))} ${link} ${whyOfCluster(worst)[0]}`;
}
