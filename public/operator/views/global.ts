// Everything in outline: what is wrong, where, since when, and what changed; then fleets and shards.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { MAX_WORST, type ClusterRow, type TotalRow } from '../../shared/operator-wire.js';
import { badness, compareBadness, compareFleets, troublesOf, verdictOf, type Verdict } from '../health.js';
import { connectHref } from '../place.js';
import { flipsOf, listOf, theOne, type RowMap } from '../rows.js';
import { lasting, shortTime } from '../times.js';
import { words } from '../words.js';
import { botStrip } from './bot.js';
import type { Doing } from './doing.js';
import { fleetCard } from './fleet-card.js';
import { Flips } from './flips.js';
import { clusterDot, clusterLink, dot, headline, section, since } from './parts.js';
import { totals } from './totals.js';

const SHOWN_WORST = 12;

export function globalVerdict(rows: RowMap): Verdict {
  return verdictOf({
    total: theOne(rows, 'total'),
    bots: listOf(rows, 'bot'),
    fleets: listOf(rows, 'fleet'),
  });
}

export function globalView(rows: RowMap, now: number, doing: Doing): VNode {
  const total = theOne(rows, 'total');
  const bots = listOf(rows, 'bot').sort((a, b) => (a.key < b.key ? -1 : 1));
  const fleets = listOf(rows, 'fleet').sort(compareFleets);
  const clusters = listOf(rows, 'cluster').sort(compareBadness);
  const { group, sentence } = globalVerdict(rows);
  const isBare = bots.length === 0 && !total?.clusters;
  const start = html`<a class="button" href=${connectHref}>${words.verdict.start}</a>`;
  const changed = html`<${Flips} flips=${flipsOf(rows)} bots=${bots} now=${now} />`;
  const cards = html`<ul class="cards">
    ${fleets.map(fleetCard)}
  </ul>`;
  const strips = html`<div class="bots">${bots.map((bot) => botStrip(bot, rows, doing))}</div>`;
  return html`<div class="global">
    ${headline(group, sentence, isBare ? start : beginning(clusters, now))}
    ${total?.clusters ? html`<section aria-label=${words.global.totals}>${totals(total.values)}</section>` : null}
    <div class="columns">
      ${section('worst', words.global.worst, worst(clusters, total, now))}
      ${section('changed', words.global.flips, changed)}
    </div>
    ${fleets.length > 0 ? section('fleets', words.global.fleets, cards) : null}
    ${bots.length > 0 ? section('bots', words.global.shards, strips) : null}
  </div>`;
}

/** Since when the clusters that are down are down. */
function beginning(clusters: readonly ClusterRow[], now: number): string | null {
  const times = clusters.flatMap(({ status, since: at }) => (status === 'down' && at !== null ? [at] : []));
  if (times.length === 0) return null;
  const first = Math.min(...times);
  return words.verdict.since(shortTime(first, now), lasting(now - first));
}

function worst(clusters: readonly ClusterRow[], total: TotalRow | undefined, now: number): VNode {
  if (!total?.clusters) return html`<p class="quiet">${words.global.noClusters}</p>`;
  const bad = clusters.filter((cluster) => badness(cluster) > 0);
  if (bad.length === 0) return html`<p class="well">${dot('up')} ${words.global.allFine}</p>`;
  const shown = bad.slice(0, SHOWN_WORST);
  const others = total.clusters - bad.length;
  const isAll = bad.length < MAX_WORST; // else the server left some out
  return html`<ul class="worst-list">
      ${shown.map((cluster) => worstRow(cluster, now))}
    </ul>
    <p class="quiet">
      ${[
        ...(bad.length > shown.length ? [words.global.more(bad.length - shown.length, isAll)] : []),
        ...(isAll && others > 0 ? [words.global.fine(others)] : []),
      ].join(' ')}
    </p>`;
}

const worstRow = (cluster: ClusterRow, now: number): VNode =>
  html`<li key=${cluster.identity}>
    ${clusterDot(cluster)}
    <span class="who">${clusterLink(cluster)} <small>${cluster.identity}</small></span>
    <span class="why">${troublesOf(cluster).join(' · ')}</span>
    <span class="when">${cluster.status === 'up' ? null : since(cluster.since, now)}</span>
  </li>`;
