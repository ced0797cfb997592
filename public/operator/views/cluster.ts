// One cluster: how it is, its nine values over time, its shards, what changed, and what is known about it.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type {
  BotRow,
  ClusterDetail,
  ClusterRow,
  ClusterStatusName,
  RowKey,
  ShardRow,
} from '../../shared/operator-wire.js';
import { formatSeconds, formatValue, metrics, valueOf } from '../grades.js';
import { groupOfCluster, whyOfCluster, type Verdict } from '../health.js';
import { shardHref } from '../place.js';
import { flipsOf, listOf, pointsOf, theOne, type RowMap } from '../rows.js';
import { ago, lasting, shortTime } from '../times.js';
import { clusterActs, clusterWords, shardWords } from '../cluster-words.js';
import { words } from '../words.js';
import { chart } from './chart.js';
import { aboutCluster, assigning, banning } from './cluster-acts.js';
import { ask } from './dialogs.js';
import type { Doing } from './doing.js';
import { Flips } from './flips.js';
import {
  botName,
  clusterName,
  headline,
  moment,
  named,
  section,
  since,
  stateBadge,
  statusBadge,
} from './parts.js';
import { DataTable, type Column } from './table.js';

export interface ClusterProps {
  identity: string;
  rows: RowMap;
  now: number;
  doing: Doing;
}

export const clusterOf = (rows: RowMap, identity: string): ClusterRow | undefined =>
  rows.get(`cluster/${identity}` satisfies RowKey) as ClusterRow | undefined;

export function clusterVerdict(rows: RowMap, identity: string): Verdict {
  const cluster = clusterOf(rows, identity);
  if (!cluster) return { group: 'unknown', sentence: words.loading, short: words.loading };
  const name = clusterName(cluster);
  const what = whyOfCluster(cluster)[0]?.replace(/\.$/, '') ?? words.status[cluster.status];
  return { group: groupOfCluster(cluster), sentence: name, short: `${name}: ${what}` };
}

export function ClusterView({ identity, rows, now, doing }: ClusterProps): VNode {
  const [looked, look] = useState<number | null>(null);
  const cluster = clusterOf(rows, identity);
  if (!cluster) return html`<p class="quiet">${words.loading}</p>`;
  const detail = theOne(rows, 'detail');
  const bots = listOf(rows, 'bot');
  const points = pointsOf(rows);
  const isCurrent = cluster.status === 'up';
  const charts = metrics.map((metric) =>
    chart({ metric, value: valueOf(cluster.values, metric), points, looked, look, now, isCurrent }),
  );
  return html`<div class="cluster">
    ${headline(groupOfCluster(cluster), html`${named(clusterName(cluster))} ${statusBadge(cluster.status)}`, said(cluster, now))}
    ${notes(cluster)} ${actions(cluster, detail, bots, doing)}
    ${section('trends', clusterWords.trends, html`<div class="panels">${charts}</div>`)}
    <div class="columns">
      ${section('shards', clusterWords.shards, shardTable(rows, now, doing))}
      ${section('about', clusterWords.about, html`<dl class="facts">${facts(cluster, detail, bots, now)}</dl>`)}
    </div>
    ${section('changed', words.now.flips, html`<${Flips} flips=${flipsOf(rows)} bots=${bots} now=${now} />`)}
  </div>`;
}

function said({ status, since: at, seenAt, identity, shards, shardsOnline }: ClusterRow, now: number): VNode {
  const clock = at === null ? null : sinceText(status, at, now);
  const online = shards > 0 ? clusterWords.online(shardsOnline, shards) : null;
  const parts = [clock, online, clusterWords.heard(ago(now - seenAt))].filter(Boolean);
  return html`<code>${identity}</code> · ${parts.join(' · ')}`;
}

const sinceText = (status: ClusterStatusName, at: number, now: number): string =>
  status === 'stopped'
    ? words.trouble.stopped(shortTime(at, now))
    : clusterWords.since(words.status[status], shortTime(at, now), lasting(now - at));

function notes({ notes: which }: ClusterRow): VNode | null {
  if (which.length === 0) return null;
  const { trouble } = words;
  return html`<ul class="notes" aria-label=${clusterWords.trouble}>
    ${which.map((note) => html`<li key=${note}>${trouble.note[note]} ${clusterWords.advice[note]}</li>`)}
  </ul>`;
}

function actions(
  cluster: ClusterRow,
  detail: ClusterDetail | undefined,
  bots: readonly BotRow[],
  doing: Doing,
): VNode {
  const act = clusterActs;
  const isDisabled = doing.why !== null;
  const isUp = cluster.status === 'up';
  const assigned = detail?.assignedBot ?? null;
  const ban = detail?.bans[0];
  return html`<div class="actions" role="group" aria-label=${act.title}>
    <button
      type="button"
      class="plain"
      disabled=${isDisabled}
      onClick=${() => ask(doing, assigning(cluster, assigned, bots))}
    >
      ${act.assign.open}
    </button>
    <button
      type="button"
      class="plain"
      disabled=${isDisabled}
      onClick=${() => ask(doing, aboutCluster('release', cluster))}
    >
      ${act.release.open}
    </button>
    <button
      type="button"
      class="plain"
      disabled=${isDisabled}
      onClick=${() => ask(doing, banning(ban ? 'allow' : 'ban', cluster, ban ?? cluster.identity))}
    >
      ${ban ? act.allow.open : act.ban.open}
    </button>
    <button
      type="button"
      class="plain"
      disabled=${isDisabled || (isUp && !ban)}
      onClick=${() => ask(doing, aboutCluster('forget', cluster))}
    >
      ${act.forget.open}
    </button>
    <span class="quiet">${doing.why ?? (ban ? act.banned : isUp ? act.forget.up : '')}</span>
  </div>`;
}

function facts(
  cluster: ClusterRow,
  detail: ClusterDetail | undefined,
  bots: readonly BotRow[],
  now: number,
): VNode[] {
  const { facts: names, unused } = clusterWords;
  const told = (text: string | null | undefined): VNode | string => (text ? named(text) : unused);
  const counted = (n: number | null | undefined): string => (n == null ? unused : formatValue('count', n));
  const bot = botName(bots, cluster.bot) + (detail?.assignedBot ? ` (${clusterWords.assigned})` : '');
  const list: [name: string, value: VNode | string][] = [
    [names.bot, bot],
    [names.host, told(detail?.host)],
    [names.version, told(cluster.version)],
    [names.library, told(detail?.libraryVersion)],
    [names.argus, told(detail?.argusVersion)],
    [names.scrape, told(detail?.scrapeTarget)],
    ...(detail && detail.dropped.length > 0
      ? [[names.dropped, detail.dropped.join('; ')] as [string, string]]
      : []),
    [names.first, detail ? moment(detail.firstSeenAt, now) : unused],
    [names.last, moment(cluster.seenAt, now)],
    [names.lease, detail ? clusterWords.lease[detail.lease] : unused],
    [names.configured, counted(detail?.shardsConfigured)],
    [names.reconnects, counted(detail?.reconnects)],
    [names.disconnects, counted(detail?.disconnects)],
    [names.lag, detail?.loopLagSeconds == null ? unused : formatSeconds(detail.loopLagSeconds)],
    ...(detail && detail.addresses.length > 0
      ? [[names.addresses, named(detail.addresses.join(', '))] as [string, VNode]]
      : []),
  ];
  return list.map(
    ([name, value]) =>
      html`<div key=${name}>
        <dt>${name}</dt>
        <dd class=${value === unused ? 'quiet' : ''}>${value}</dd>
      </div>`,
  );
}

function shardTable(rows: RowMap, now: number, doing: Doing): VNode {
  const shards = listOf(rows, 'shard').sort((a, b) => a.shard - b.shard);
  const count = (n: number | null): string => (n === null ? words.none : formatValue('count', n));
  const unavailable: Column<ShardRow> = {
    key: 'unavailable',
    label: shardWords.unavailable,
    isNumber: true,
    cell: ({ unavailable: n }) => count(n),
  };
  const columns: Column<ShardRow>[] = [
    { key: 'shard', label: '#', isNumber: true, cell: ({ shard }) => `${shard}` },
    { key: 'state', label: shardWords.claim.state, isNumber: false, cell: ({ state }) => stateBadge(state) },
    { key: 'since', label: shardWords.claim.since, isNumber: true, cell: (one) => since(one.since, now) },
    {
      key: 'latency',
      label: shardWords.latency,
      isNumber: true,
      cell: ({ latencyMs }) => latencyText(latencyMs),
    },
    { key: 'guilds', label: shardWords.guilds, isNumber: true, cell: ({ guilds }) => count(guilds) },
    ...(shards.some(({ unavailable }) => unavailable) ? [unavailable] : []),
  ];
  return html`<${DataTable}
    ...${{
      label: clusterWords.shards,
      kind: 'shards-table',
      columns,
      stackedRem: 6,
      rows: shards,
      keyOf: ({ bot, shard }: ShardRow) => `${bot}/${shard}`,
      hrefOf: ({ bot, shard }: ShardRow) => shardHref(bot, shard),
      linkOf: ({ shard }: ShardRow) => `${shard}`,
      nameOf: ({ bot, shard }: ShardRow) => words.shard.name(shard, bot),
      sort: null,
      onSort: null,
      open: ({ bot, shard }: ShardRow) => doing.open(shardHref(bot, shard)),
      empty: clusterWords.unreported,
    }}
  />`;
}

export const latencyText = (ms: number | null): string =>
  ms === null ? words.none : formatSeconds(ms / 1_000);
