// One shard: its state, who says what of it, and what changed.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { ClaimRow, RowKey, ShardRow } from '../../shared/operator-wire.js';
import type { ShownName } from '../../shared/states.js';
import { formatValue } from '../grades.js';
import { groupOfState } from '../flips.js';
import type { Verdict } from '../health.js';
import { clusterHref, shardHref } from '../place.js';
import { flipsOf, listOf, type RowMap } from '../rows.js';
import { ago, lasting, shortTime } from '../times.js';
import { words } from '../words.js';
import { latencyText } from './cluster.js';
import { Flips } from './flips.js';
import { botName, headline, moment, section, stateBadge } from './parts.js';

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
            <li>${words.shard.double}</li>
          </ul>`
        : null
    }
    <dl class="totals four">${facts(row)}</dl>
    ${section('claims', words.shard.claims, claimTable(claims, now))}
    ${section('changed', words.shard.flips, html`<${Flips} flips=${flipsOf(rows)} bots=${bots} now=${now} />`)}
    <nav class="neighbours">
      ${shard > 0 ? html`<a href=${shardHref(bot, shard - 1)}>${words.shard.before(shard - 1)}</a>` : html`<span></span>`}
      ${own && shard < own.shardCount - 1 ? html`<a href=${shardHref(bot, shard + 1)}>${words.shard.after(shard + 1)}</a>` : null}
    </nav>
  </div>`;
}

const sinceText = (state: ShownName, at: number, now: number): string =>
  state === 'stopped'
    ? words.trouble.stopped(shortTime(at, now))
    : words.shard.since(shortTime(at, now), lasting(now - at));

function facts({ cluster, latencyMs, guilds, unavailable }: ShardRow): VNode[] {
  const count = (n: number | null): string => (n === null ? words.none : formatValue('count', n));
  const list: [string, VNode | string, string?][] = [
    [
      words.shard.cluster,
      cluster
        ? html`<a href=${clusterHref(cluster.identity)} translate=${false}>${cluster.name}</a>`
        : words.none,
    ],
    [words.shard.latency, latencyText(latencyMs)],
    [words.shard.guilds, count(guilds)],
    [words.shard.unavailable, count(unavailable), unavailable ? 'warn' : ''],
  ];
  return list.map(
    ([name, value, grade = '']) =>
      html`<div class=${`total ${grade}`} key=${name}>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`,
  );
}

function claimTable(claims: readonly ClaimRow[], now: number): VNode {
  if (claims.length === 0) return html`<p class="quiet">${words.shard.noClaims}</p>`;
  const { claim } = words.shard;
  return html`<div class="table claims-table">
    <table>
      <thead>
        <tr>
          ${[claim.holder, claim.state, claim.since, claim.seen, claim.decides].map((name) => html`<th key=${name} scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${claims.map(
          (one) =>
            html`<tr key=${one.holder} class=${one.decides ? 'decides' : ''}>
              <th scope="row">${holder(one)}</th>
              <td>${stateBadge(one.state)}</td>
              <td>${moment(one.since, now)}</td>
              <td>${ago(now - one.seenAt)}</td>
              <td>
                ${one.decides ? html`<span class="pill good">✓<span class="unseen"> ${words.shard.decides}</span></span>` : ''}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const ANONYMOUS: Record<string, string> = { glance: words.shard.glance, batch: words.shard.batch };

const holder = ({ holder: identity, cluster }: ClaimRow): VNode | string =>
  cluster === null
    ? (ANONYMOUS[identity] ?? identity)
    : html`<a href=${clusterHref(identity)} translate=${false}>${cluster}</a>${' '}
        <small translate=${false}>${identity}</small>`;
