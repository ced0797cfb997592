// The columns of the fleet's table: what stands in them, and how they sort and filter.
import type { ClusterRow } from '../shared/operator-wire.js';
import type { MetricKey } from '../shared/metrics.js';
import { formatValue, gradeOf, metricOf, valueOf, type Grade } from './grades.js';
import { compareBadness, weighed } from './health.js';
import type { Sort } from './place.js';
import { words } from './words.js';
import { fleetWords } from './fleet-words.js';

export interface ClusterColumn {
  key: string;
  label: string;
  isNumber: boolean;
  /** What it sorts by; NaN and "" come last. */
  value: (cluster: ClusterRow) => number | string;
  /** Null: a view draws it. */
  text: ((cluster: ClusterRow) => string) | null;
  grade?: (cluster: ClusterRow) => Grade;
}

const { columns: names } = fleetWords;
const STATUS_RANK = { down: 0, stopped: 1, up: 2 };

export const clusterColumns: readonly ClusterColumn[] = [
  column('number', names.number, ({ number }) => number, null),
  column(
    'identity',
    names.identity,
    ({ identity }) => identity,
    ({ identity }) => identity,
  ),
  {
    ...column('status', names.status, ({ status }) => STATUS_RANK[status], null),
    isNumber: false,
  },
  column('since', names.since, ({ since }) => since ?? NaN, null),
  metricColumn('latency', 'latency_seconds'),
  column('spark', names.spark, ({ values }) => valueOf(values, metricOf('latency_seconds')), null),
  {
    ...column(
      'shards',
      names.shards,
      ({ shardsOnline }) => shardsOnline,
      (one) => {
        return one.shards === 0 ? words.none : `${one.shardsOnline}/${one.shards}`;
      },
    ),
    grade: ({ status, shards, shardsDown, shardsMissing }) => {
      const wrong = shardsDown + shardsMissing;
      return status !== 'up' || wrong === 0 ? 'neutral' : wrong === shards ? 'bad' : 'warn';
    },
  },
  metricColumn('guilds', 'guilds'),
  metricColumn('users', 'cached_users'),
  metricColumn('interactions', 'interactions_rate'),
  metricColumn('errors', 'error_rate'),
  metricColumn('p95', 'duration_p95_seconds'),
  metricColumn('limits', 'ratelimits_rate'),
  metricColumn('uptime', 'uptime_seconds'),
  column(
    'version',
    names.version,
    ({ version }) => version,
    ({ version }) => version || words.none,
  ),
];

function column(
  key: string,
  label: string,
  value: ClusterColumn['value'],
  text: ClusterColumn['text'],
): ClusterColumn {
  const isNumber = !['identity', 'version', 'spark'].includes(key);
  return { key, label, value, text, isNumber };
}

/** A cluster that is not up says nothing any more: its last values are shown, without a grade. */
function metricColumn(key: string, name: MetricKey): ClusterColumn {
  const metric = metricOf(name);
  const value = ({ values }: ClusterRow): number => valueOf(values, metric);
  return {
    key,
    label: metric.short,
    isNumber: true,
    value,
    text: (cluster) => formatValue(metric.unit, value(cluster)),
    grade: (cluster) => (cluster.status === 'up' ? gradeOf(metric, value(cluster)) : 'neutral'),
  };
}

export const columnOf = (key: string): ClusterColumn | undefined =>
  clusterColumns.find((one) => one.key === key);

/** Sorted by a column, or the worst first; among equals the worst first. An unknown column is none. */
export function sorted(clusters: readonly ClusterRow[], sort: Sort | null): ClusterRow[] {
  const by = sort ? columnOf(sort.column) : undefined;
  const keyed = clusters.map((cluster) => ({ ...weighed(cluster), key: by?.value(cluster) ?? '' }));
  if (!sort || !by) return keyed.sort(compareBadness).map(({ cluster }) => cluster);
  const turn = sort.descending ? -1 : 1;
  keyed.sort((a, b) => compareKeys(a.key, b.key, turn) || compareBadness(a, b));
  return keyed.map(({ cluster }) => cluster);
}

function compareKeys(a: number | string, b: number | string, turn: number): number {
  const [noA, noB] = [isNothing(a), isNothing(b)];
  if (noA || noB) return Number(noA) - Number(noB);
  if (typeof a === 'number' && typeof b === 'number') return (a - b) * turn;
  return (a < b ? -1 : a > b ? 1 : 0) * turn;
}

const isNothing = (key: number | string): boolean => key === '' || Number.isNaN(key);

/** Those that have every word of the text in number, identity, status, version or notes. */
export function filtered(clusters: readonly ClusterRow[], find: string): ClusterRow[] {
  const wanted = find.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [...clusters];
  return clusters.filter((cluster) => {
    const text = textOf(cluster);
    return wanted.every((word) => text.includes(word));
  });
}

const textOf = ({ number, identity, status, version, bot, notes }: ClusterRow): string =>
  `#${number} ${identity} ${words.status[status]} ${version} ${bot} ${notes.join(' ')}`.toLowerCase();

/** What a click on a head leads to: numbers from the largest down, words from A on; again turns it, a third time ends it. */
export function nextSort(
  now: Sort | null,
  { key, isNumber }: Pick<ClusterColumn, 'key' | 'isNumber'>,
): Sort | null {
  const first = isNumber && key !== 'number';
  if (now?.column !== key) return { column: key, descending: first };
  return now.descending === first ? { column: key, descending: !first } : null;
}
