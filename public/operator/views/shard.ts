// One shard: its state, who says what of it, and what changed.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { ClaimRow, RowKey, ShardRow } from '../../shared/operator-wire.js';
import { groupOf, shownOf, type Group, type ShownName } from '../../shared/states.js';
import { formatValue } from '../grades.js';
import type { Verdict } from '../health.js';
import { clusterHref, shardHref } from '../place.js';
import { flipsOf, listOf, type RowMap } from '../rows.js';
import { ago, lasting, shortTime } from '../times.js';
import { shardWords } from '../cluster-words.js';
import { words } from '../words.js';
import { latencyText } from './cluster.js';
import { Flips } from './flips.js';
import { botName, headline, moment, section, stateBadge } from './parts.js';
import { plainTable, type PlainColumn } from './plain-table.js';

const groupOfState = (name: ShownName): Group => groupOf[shownOf(name) ?? 0]!;

const shardOf = (rows: RowMap, bot: string, shard: number): ShardRow | undefined =>
  rows.get(`shard/${bot}/${shard}` satisfies RowKey) as ShardRow | undefined;

export function shardVerdict(rows: RowMap, bot: string, shard: number): Verdict {
  const row = shardOf(rows, bot, shard);
  const name = words.shard.name(shard, botName(listOf(rows, 'bot'), bot));
  if (!row) return { group: 'unknown', sentence: name, short: name };
  return { group: groupOfState(row.state), sentence: name, short: `${words.state[row.state]}: ${name}` };
}

export function shardView(rows: RowMap, bot: string, shard: number, now: number): VNode {
  const row = shardOf(rows, bot, shard);
  if (!row) return html`<p class="quiet">${words.loading}</p>`;
  const bots = listOf(rows, 'bot');
  const { group, sentence } = shardVerdict(rows, bot, shard);
  const clock = row.since === null ? null : sinceText(row.state, row.since, now);
  const claims = listOf(rows, 'claim').sort(
    (a, b) => Number(b.decides) - Number(a.decides) || b.since - a.since,
  );
  const own = bots.find(({ key }) => key === bot);
  return html`<div class="shard">
    ${headline(group, html`${sentence} ${stateBadge(row.state)}`, clock)}
    ${
      own?.doubleClaims.includes(shard)
        ? html`<ul class="notes">
            <li>${shardWords.double}</li>
          </ul>`
        : null
    }
    <dl class="totals four">${facts(row)}</dl>
    ${section('claims', shardWords.claims, claimTable(claims, now))}
    ${section('changed', words.now.flips, html`<${Flips} flips=${flipsOf(rows)} bots=${bots} now=${now} />`)}
    <nav class="neighbours">
      ${shard > 0 ? html`<a href=${shardHref(bot, shard - 1)}>${shardWords.before(shard - 1)}</a>` : html`<span></span>`}
      ${own && shard < own.shardCount - 1 ? html`<a href=${shardHref(bot, shard + 1)}>${shardWords.after(shard + 1)}</a>` : null}
    </nav>
  </div>`;
}

const sinceText = (state: ShownName, at: number, now: number): string =>
  state === 'stopped'
    ? words.trouble.stopped(shortTime(at, now))
    : shardWords.since(shortTime(at, now), lasting(now - at));

function facts({ cluster, latencyMs, guilds, unavailable }: ShardRow): VNode[] {
  const count = (n: number | null): string => (n === null ? words.none : formatValue('count', n));
  const list: [string, VNode | string][] = [
    [
      shardWords.cluster,
      cluster
        ? html`<a href=${clusterHref(cluster.identity)} translate=${false}>${cluster.name}</a>`
        : words.none,
    ],
    [shardWords.latency, latencyText(latencyMs)],
    [shardWords.guilds, count(guilds)],
    ...(unavailable ? [[shardWords.unavailable, count(unavailable)] as [string, string]] : []),
  ];
  return list.map(
    ([name, value]) =>
      html`<div class="total" key=${name}>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`,
  );
}

function claimTable(claims: readonly ClaimRow[], now: number): VNode {
  if (claims.length === 0) return html`<p class="quiet">${shardWords.noClaims}</p>`;
  const { claim } = shardWords;
  const columns: PlainColumn<ClaimRow>[] = [
    { label: claim.holder, cell: holder },
    { label: claim.state, cell: ({ state }) => stateBadge(state) },
    { label: claim.since, cell: ({ since }) => moment(since, now) },
    { label: claim.seen, cell: ({ seenAt }) => ago(now - seenAt) },
    { label: claim.decides, cell: ({ decides }) => (decides ? counts() : null) },
  ];
  const rowClass = ({ decides }: ClaimRow): string => (decides ? 'decides' : '');
  return plainTable({ columns, rows: claims, keyOf: (one) => one.holder, rowClass });
}

const counts = (): VNode =>
  html`<span class="pill good">✓<span class="unseen"> ${shardWords.decides}</span></span>`;

const ANONYMOUS: Record<string, string> = { glance: shardWords.glance, batch: shardWords.batch };

const holder = ({ holder: identity, cluster }: ClaimRow): VNode | string =>
  cluster === null
    ? (ANONYMOUS[identity] ?? identity)
    : html`<a href=${clusterHref(identity)} translate=${false}>${cluster}</a>${' '}
        <small translate=${false}>${identity}</small>`;
