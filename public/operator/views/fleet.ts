// One fleet: what it comes to, and its clusters as a table that sorts and filters.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { ClusterRow, FleetRow, RowKey } from '../../shared/operator-wire.js';
import { clusterColumns, filtered, nextSort, sorted, type ClusterColumn } from '../columns.js';
import { healthGrade } from '../grades.js';
import { groupOfFleet, whyOfCluster, type Verdict } from '../health.js';
import { clusterHref, type Place } from '../place.js';
import { flipsOf, listOf, type RowMap } from '../rows.js';
import { sparkPath } from '../scale.js';
import { words } from '../words.js';
import type { Doing } from './doing.js';
import { Flips } from './flips.js';
import { clusterName, headline, named, pill, section, since, statusBadge } from './parts.js';
import { DataTable, type Column } from './table.js';
import { totals } from './totals.js';

export type FleetPlace = Extract<Place, { view: 'fleet' }>;

export interface FleetProps {
  place: FleetPlace;
  rows: RowMap;
  now: number;
  doing: Doing;
  /** The same fleet, shown in another way. */
  show: (place: FleetPlace) => void;
}

/** Values change all the time; rows change their places no more than once in this time. */
const SORT_EVERY_MS = 1_000;

export function fleetVerdict(rows: RowMap, name: string): Verdict {
  const fleet = fleetOf(rows, name);
  if (!fleet) return { group: 'unknown', sentence: words.loading, short: words.loading };
  const up = words.global.up(fleet.clustersUp, fleet.clusters);
  return { group: groupOfFleet(fleet), sentence: up, short: up };
}

const fleetOf = (rows: RowMap, name: string): FleetRow | undefined =>
  rows.get(`fleet/${name}`) as FleetRow | undefined;

export function FleetView({ place, rows, now, doing, show }: FleetProps): VNode {
  const fleet = fleetOf(rows, place.fleet);
  const { sort, find } = place;
  const clusters = listOf(rows, 'cluster');
  const order = useMemo(
    () => sorted(filtered(clusters, find), sort).map(({ identity }): RowKey => `cluster/${identity}`),
    [place, clusters.length, Math.floor(now / SORT_EVERY_MS)],
  );
  const shown = order.flatMap((key) => (rows.get(key) as ClusterRow | undefined) ?? []);
  const { group, sentence } = fleetVerdict(rows, place.fleet);
  const onFind = (event: InputEvent): void =>
    show({ ...place, find: (event.currentTarget as HTMLInputElement).value });
  const up = fleet
    ? pill(sentence, healthGrade(fleet.clustersUp, fleet.clusters - fleet.clustersStopped))
    : null;
  return html`<div class="fleet">
    ${headline(group, html`${named(place.fleet)} ${up}`, fleet?.worst ? html`<a href=${clusterHref(fleet.worst.identity)} translate=${false}>${words.cluster.name(fleet.name, fleet.worst.number)}</a> ${whyOfCluster(fleet.worst)[0]}` : null)}
    ${fleet ? totals(fleet.values) : null}
    <div class="table-head">
      <label for="filter" class="unseen">${words.fleet.filter}</label>
      <input
        id="filter"
        type="search"
        value=${find}
        placeholder=${`${words.fleet.filter}: ${words.fleet.filterHint}`}
        onInput=${onFind}
        autocomplete="off"
        spellcheck=${false}
      />
      <p role="status">${words.fleet.shown(shown.length, clusters.length)}</p>
      ${sort ? html`<button type="button" class="plain" onClick=${() => show({ ...place, sort: null })}>${words.fleet.worstFirst}</button>` : html`<span class="quiet">${words.fleet.worstFirst}</span>`}
    </div>
    <${DataTable}
      ...${{
        label: words.fleet.table(place.fleet),
        kind: 'clusters-table',
        columns: clusterColumns.map((one) => drawn(one, now)),
        rows: shown,
        keyOf: (cluster: ClusterRow) => cluster.identity,
        hrefOf: (cluster: ClusterRow) => clusterHref(cluster.identity),
        linkOf: (cluster: ClusterRow) => `#${cluster.number}`,
        nameOf: clusterName,
        rowClass: (cluster: ClusterRow) => cluster.status,
        sort,
        onSort: (one: Column<ClusterRow>) => show({ ...place, sort: nextSort(sort, one) }),
        open: (cluster: ClusterRow) => doing.open(clusterHref(cluster.identity)),
        empty: words.fleet.nothing,
      }}
    />
    ${section('changed', words.global.flips, html`<${Flips} flips=${flipsOf(rows)} bots=${listOf(rows, 'bot')} now=${now} />`)}
  </div>`;
}

function drawn({ key, label, isNumber, text, grade }: ClusterColumn, now: number): Column<ClusterRow> {
  return { key, label, isNumber, grade, cell: text ?? ((cluster) => cellOf(key, cluster, now)) };
}

function cellOf(key: string, cluster: ClusterRow, now: number): VNode | string {
  switch (key) {
    case 'status':
      return html`${statusBadge(cluster.status)}${cluster.notes.length > 0 ? html` ${sign(cluster)}` : null}`;
    case 'since':
      return since(cluster.since, now);
    case 'spark':
      return sparkline(cluster.spark);
    default:
      return '';
  }
}

/** That there is something to look at, and what. */
function sign({ notes }: ClusterRow): VNode {
  const text = notes.map((note) => words.trouble.note[note]).join(' ');
  return html`<abbr class="tag warn" title=${text}>!<span class="unseen"> ${text}</span></abbr>`;
}

const SPARK = { width: 76, height: 18 };

const sparkline = (spark: string): VNode =>
  html`<svg
    class="spark"
    viewBox=${`-1 -2 ${SPARK.width + 2} ${SPARK.height + 4}`}
    width=${SPARK.width + 2}
    height=${SPARK.height + 4}
    aria-hidden="true"
  >
    <path d=${sparkPath(spark, SPARK.width, SPARK.height)} />
  </svg>`;
