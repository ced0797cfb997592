// Everything in outline: what is wrong, where, since when, and what changed; then fleets and shards.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { BotRow, ClusterRow, FleetRow, TotalRow } from '../../shared/operator-wire.js';
import { formatRanges } from '../../shared/ranges.js';
import { formatValue, healthGrade, metricOf, valueOf, type MetricKey } from '../grades.js';
import {
  badness,
  compareBadness,
  groupOfFleet,
  strained,
  troublesOf,
  verdictOf,
  type Verdict,
} from '../health.js';
import { clusterHref, connectHref, fleetHref, shardHref } from '../place.js';
import { flipsOf, listOf, stripOf, theOne, type RowMap } from '../rows.js';
import { lasting, shortTime } from '../times.js';
import { words } from '../words.js';
import type { Doing } from './doing.js';
import { Flips } from './flips.js';
import { clusterDot, clusterLink, dot, headline, pill, section, since } from './parts.js';
import { Strip } from './strip.js';
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
  const fleets = listOf(rows, 'fleet').sort((a, b) => (a.name < b.name ? -1 : 1));
  const clusters = listOf(rows, 'cluster').sort(compareBadness);
  const { group, sentence } = globalVerdict(rows);
  const shards = bots.reduce((sum, bot) => sum + bot.shardCount, 0);
  const bare = bots.length === 0 && clusters.length === 0;
  return html`<div class="global">
    ${headline(group, sentence, bare ? html`<a class="button" href=${connectHref}>${words.verdict.start}</a>` : beginning(clusters, now))}
    ${total && total.clusters > 0 ? html`<section aria-label=${words.global.totals}>${totals(total.values, shards)}</section>` : null}
    <div class="columns">
      ${section('worst', words.global.worst, worst(clusters, total, now))}
      ${section('changed', words.global.flips, html`<${Flips} flips=${flipsOf(rows)} bots=${bots} now=${now} />`)}
    </div>
    ${
      fleets.length > 0
        ? section(
            'fleets',
            words.global.fleets,
            html`<ul class="cards">
              ${fleets.map(card)}
            </ul>`,
          )
        : null
    }
    ${bots.length > 0 ? section('bots', words.global.shards, html`<div class="bots">${bots.map((bot) => botStrip(bot, rows, doing))}</div>`) : null}
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
  if (clusters.length === 0) return html`<p class="quiet">${words.global.noClusters}</p>`;
  const bad = clusters.filter((cluster) => badness(cluster) > 0).slice(0, SHOWN_WORST);
  const shown = bad.length > 0 ? bad : clusters.slice(0, 5);
  const others = (total?.clusters ?? clusters.length) - shown.length;
  return html`${bad.length === 0 ? html`<p class="well">${dot('up')} ${words.global.allFine}</p>` : null}
    <ul class="worst-list">
      ${shown.map((cluster) => worstRow(cluster, now))}
    </ul>
    ${bad.length > 0 && others > 0 && bad.length < SHOWN_WORST ? html`<p class="quiet">${words.global.fine(others)}</p>` : null}`;
}

function worstRow(cluster: ClusterRow, now: number): VNode {
  const why = troublesOf(cluster);
  const latency = metricOf('latency_seconds');
  const fallback = `${words.status[cluster.status]} · ${cluster.shardsOnline}/${cluster.shards} · ${formatValue('seconds', valueOf(cluster.values, latency))}`;
  return html`<li key=${cluster.identity}>
    ${clusterDot(cluster)}
    <span class="who">${clusterLink(cluster)} <small>${cluster.identity}</small></span>
    <span class="why">${why.length > 0 ? why.join(' · ') : fallback}</span>
    <span class="when">${since(cluster.since, now)}</span>
  </li>`;
}

const CARD_METRICS: readonly MetricKey[] = ['shards_up', 'guilds', 'latency_seconds', 'error_rate'];

function card(fleet: FleetRow): VNode {
  const { name, clusters, clustersUp, clustersStopped, worst: bad, values } = fleet;
  const group = groupOfFleet(fleet);
  const over = new Map(strained(values).map(({ metric, isBad }) => [metric.key, isBad ? 'bad' : 'warn']));
  return html`<li key=${name} class=${`card ${group}`}>
    <div class="card-head">
      <h3><a href=${fleetHref(name)}>${name}</a></h3>
      ${pill(words.global.up(clustersUp, clusters), healthGrade(clustersUp, clusters - clustersStopped))}
      ${clustersStopped > 0 ? html`<small>${words.global.stopped(clustersStopped)}</small>` : null}
    </div>
    <p class="worst-thing">
      ${
        bad
          ? html`${dot(group === 'up' ? 'degraded' : group)}
              <a href=${clusterHref(bad.identity)}>${words.cluster.name(name, bad.number)}</a> ${bad.why}`
          : html`${dot('up')} ${words.global.nothing}`
      }
    </p>
    <dl>
      ${CARD_METRICS.map((key) => {
        const metric = metricOf(key);
        return html`<div key=${key}>
          <dt>${metric.short}</dt>
          <dd class=${over.get(key) ?? ''}>${formatValue(metric.unit, valueOf(values, metric))}</dd>
        </div>`;
      })}
    </dl>
  </li>`;
}

function botStrip(bot: BotRow, rows: RowMap, doing: Doing): VNode {
  const { key, name, shardCount, certain, declared, doubleClaims } = bot;
  const states = stripOf(rows, key).slice(0, shardCount);
  return html`<div class="bot" key=${key}>
    <div class="bot-head">
      <h3>${name}</h3>
      <span class="quiet">${words.bot.size(shardCount, certain)}</span>
      ${declared.length > 1 ? html`<span class="tag">${words.bot.resharding(declared)}</span>` : null}
      ${doubleClaims.length > 0 ? html`<a class="tag warn" href=${shardHref(key, doubleClaims[0]!)}>${words.bot.double(formatRanges(doubleClaims))}</a>` : null}
      <button
        type="button"
        class="plain"
        disabled=${doing.why !== null}
        aria-label=${words.bot.editLabel(name)}
        title=${doing.why}
        onClick=${() => doing.start({ kind: 'bot', bot })}
      >
        ${words.bot.edit}
      </button>
    </div>
    <${Strip}
      bot=${key}
      name=${name}
      states=${states}
      open=${(shard: number) => doing.open(shardHref(key, shard))}
    />
  </div>`;
}
