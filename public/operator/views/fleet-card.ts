// A fleet as a card: how many of its clusters are up, and the worst thing in it.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { FleetRow } from '../../shared/operator-wire.js';
import type { MetricKey } from '../../shared/metrics.js';
import { formatValue, healthGrade, metricOf, valueOf } from '../grades.js';
import { groupOfCluster, groupOfFleet, strained, whyOfCluster } from '../health.js';
import { clusterHref, fleetHref } from '../place.js';
import { shortTime } from '../times.js';
import { words } from '../words.js';
import { dot, pill } from './parts.js';

const CARD_METRICS: readonly MetricKey[] = ['shards_up', 'guilds', 'latency_seconds', 'error_rate'];

export function fleetCard(fleet: FleetRow, now: number): VNode {
  const { name, clusters, clustersUp, clustersStopped, values } = fleet;
  return html`<li key=${name} class=${`card ${groupOfFleet(fleet)}`}>
    <div class="card-head">
      <h3><a href=${fleetHref(name)} translate=${false}>${name}</a></h3>
      ${pill(words.global.up(clustersUp, clusters), healthGrade(clustersUp, clusters - clustersStopped))}
    </div>
    <p class="worst-thing">${worstThing(fleet, now)}</p>
    <dl>${CARD_METRICS.map((key) => small(key, values))}</dl>
  </li>`;
}

function worstThing(fleet: FleetRow, now: number): VNode {
  const { name, worst } = fleet;
  if (worst) {
    const link = html`<a href=${clusterHref(worst.identity)} translate=${false}
      >${words.cluster.name(name, worst.number)}</a
    >`;
    return html`${dot(groupOfCluster(worst))} <span>${link} ${whyOfCluster(worst)[0]}</span>`;
  }
  return html`${dot(groupOfFleet(fleet))} <span>${stopped(fleet, now) ?? words.global.allFine}</span>`;
}

/** What is there and was stopped on purpose; null: nothing was. */
function stopped({ clustersStopped, clusters, stoppedAt }: FleetRow, now: number): string | null {
  if (stoppedAt === null) return null;
  const clock = shortTime(stoppedAt, now);
  return clustersStopped === clusters
    ? words.trouble.stopped(clock)
    : words.trouble.stoppedSome(clustersStopped, clock);
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
