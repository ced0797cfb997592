// The table of clusters of a fleet or a bot, which sorts and filters; the address says how.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import type { ClusterRow, RowKey } from '../../shared/operator-wire.js';
import { clusterColumns, filtered, nextSort, sorted, type ClusterColumn } from '../columns.js';
import { clusterHref, type Place, type Sort } from '../place.js';
import type { RowMap } from '../rows.js';
import { sparkPath } from '../scale.js';
import { fleetWords } from '../fleet-words.js';
import { words } from '../words.js';
import type { Doing } from './doing.js';
import { useNarrow } from './narrow.js';
import { clusterName, since, statusBadge } from './parts.js';
import { useSteady } from './steady.js';
import { DataTable, type Column } from './table.js';

export type ClustersPlace = Extract<Place, { view: 'fleet' | 'bot' }>;

export interface ClustersProps {
  clusters: readonly ClusterRow[];
  place: ClustersPlace;
  rows: RowMap;
  now: number;
  doing: Doing;
  show: (place: Place) => void;
  label: string;
  /** They are all of one fleet, so that their numbers are names. */
  isOfFleet: boolean;
}

export function Clusters(props: ClustersProps): VNode {
  const { clusters, place, rows, now, doing, show, label, isOfFleet } = props;
  const { sort, find } = place;
  const body = useRef<HTMLTableSectionElement>(null);
  const wanted = sorted(filtered(clusters, find), sort).map(({ identity }): RowKey => `cluster/${identity}`);
  const order = useSteady(wanted, now, body, JSON.stringify([sort, find]));
  const shown = order.flatMap((key) => (rows.get(key as RowKey) as ClusterRow | undefined) ?? []);
  const columns = isOfFleet ? clusterColumns : clusterColumns.filter(({ key }) => key !== 'spark'); // names need the room
  const nameOf = (one: ClusterRow): string => (isOfFleet ? `#${one.number}` : clusterName(one));
  return html`${tableHead(props, shown.length)}
    <${DataTable}
      ...${{
        label,
        kind: `clusters-table${isOfFleet ? '' : ' named'}`,
        columns: columns.map((one) => drawn(one, now)),
        stackedRem: 9,
        rows: shown,
        body,
        keyOf: (cluster: ClusterRow) => cluster.identity,
        hrefOf: (cluster: ClusterRow) => clusterHref(cluster.identity),
        linkOf: nameOf,
        nameOf: clusterName,
        rowClass: (cluster: ClusterRow) => cluster.status,
        sort,
        onSort: (one: Column<ClusterRow>) => show({ ...place, sort: nextSort(sort, one) }),
        open: (cluster: ClusterRow) => doing.open(clusterHref(cluster.identity)),
        empty: fleetWords.nothing,
      }}
    />`;
}

function tableHead({ clusters, place, show }: ClustersProps, shown: number): VNode {
  const isNarrow = useNarrow();
  const { sort, find } = place;
  const onFind = (event: InputEvent): void =>
    show({ ...place, find: (event.currentTarget as HTMLInputElement).value });
  const unsort = html`<button type="button" class="plain" onClick=${() => show({ ...place, sort: null })}>
    ${fleetWords.worstFirst}
  </button>`;
  return html`<div class="table-head">
    <label for="filter" class="unseen">${fleetWords.filter}</label>
    <input
      id="filter"
      type="search"
      value=${find}
      placeholder=${`${fleetWords.filter}: ${fleetWords.filterHint}`}
      onInput=${onFind}
      autocomplete="off"
      spellcheck=${false}
    />
    <p role="status">${fleetWords.shown(shown, clusters.length)}</p>
    ${isNarrow ? sortChoice(sort, (next) => show({ ...place, sort: next })) : sort ? unsort : html`<span class="quiet">${fleetWords.worstFirst}</span>`}
  </div>`;
}

/** Where columns have no heads to click on. */
function sortChoice(sort: Sort | null, choose: (sort: Sort | null) => void): VNode {
  const onChange = (event: Event): void => {
    const key = (event.currentTarget as HTMLSelectElement).value;
    const column = clusterColumns.find((one) => one.key === key);
    choose(column ? nextSort(null, column) : null);
  };
  return html`<label class="sort"
    >${fleetWords.sort}
    <select onChange=${onChange}>
      <option value="" selected=${sort === null}>${fleetWords.worstFirst}</option>
      ${clusterColumns.map(({ key, label }) => html`<option key=${key} value=${key} selected=${sort?.column === key}>${label}</option>`)}
    </select></label
  >`;
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
