// A fleet as a card: how many of its clusters are up, and the worst thing in it.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { FleetRow } from '../../shared/operator-wire.js';
import type { MetricKey } from '../../shared/metrics.js';
import { formatValue, healthGrade, metricOf, valueOf } from '../grades.js';
import { groupOfFleet, overText, strained } from '../health.js';
import { clusterHref, fleetHref } from '../place.js';
import { words } from '../words.js';
import { dot, pill } from './parts.js';

const CARD_METRICS: readonly MetricKey[] = ['shards_up', 'guilds', 'latency_seconds', 'error_rate'];

export function fleetCard(fleet: FleetRow): VNode {
  const { name, clusters, clustersUp, clustersStopped, values } = fleet;
  const stopped = clustersStopped > 0 ? html`<small>${words.global.stopped(clustersStopped)}</small>` : null;
  return html`<li key=${name} class=${`card ${groupOfFleet(fleet)}`}>
    <div class="card-head">
      <h3><a href=${fleetHref(name)}>${name}</a></h3>
      ${stopped}${pill(words.global.up(clustersUp, clusters), healthGrade(clustersUp, clusters - clustersStopped))}
    </div>
    <p class="worst-thing">${worstThing(fleet)}</p>
    <dl>${CARD_METRICS.map((key) => small(key, values))}</dl>
  </li>`;
}

function worstThing(fleet: FleetRow): VNode {
  const { name, worst, values } = fleet;
  const group = groupOfFleet(fleet);
  if (worst) {
    const link = html`<a href=${clusterHref(worst.identity)}>${words.cluster.name(name, worst.number)}</a>`;
    return html`${dot(group === 'up' ? 'degraded' : group)} <span>${link} ${worst.why}</span>`;
  }
  const over = strained(values)[0];
  return html`${dot(group)} <span>${over ? overText(over.metric, values) : words.global.nothing}</span>`;
}

function small(key: MetricKey, values: readonly number[]): VNode {
  const metric = metricOf(key);
  const over = strained(values).find((one) => one.metric === metric);
  const grade = over ? (over.isBad ? 'bad' : 'warn') : '';
  const text = formatValue(metric.unit, valueOf(values, metric));
  return html`<div key=${key}>
    <dt>${metric.short}</dt>
    <dd class=${grade}>${text}</dd>
  </div>`;
}
