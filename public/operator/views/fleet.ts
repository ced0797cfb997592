// One fleet: what it comes to, its clusters as a table, and what changed.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { FleetRow } from '../../shared/operator-wire.js';
import { groupOfFleet, whyOfCluster, type Verdict } from '../health.js';
import { clusterHref, type Place } from '../place.js';
import { flipsOf, listOf, type RowMap } from '../rows.js';
import { shortTime } from '../times.js';
import { fleetWords } from '../fleet-words.js';
import { words } from '../words.js';
import { Clusters } from './clusters.js';
import type { Doing } from './doing.js';
import { Flips } from './flips.js';
import { headline, named, section } from './parts.js';
import { totals } from './totals.js';

export interface FleetProps {
  place: Extract<Place, { view: 'fleet' }>;
  rows: RowMap;
  now: number;
  doing: Doing;
  show: (place: Place) => void;
}

export function fleetVerdict(rows: RowMap, name: string): Verdict {
  const fleet = fleetOf(rows, name);
  if (!fleet) return { group: 'unknown', sentence: words.loading, short: `${name}: ${words.loading}` };
  const up = fleetWords.up(fleet.clustersUp, fleet.clusters);
  return { group: groupOfFleet(fleet), sentence: up, short: `${name}: ${up}` };
}

const fleetOf = (rows: RowMap, name: string): FleetRow | undefined =>
  rows.get(`fleet/${name}`) as FleetRow | undefined;

export function FleetView({ place, rows, now, doing, show }: FleetProps): VNode {
  const fleet = fleetOf(rows, place.fleet);
  const clusters = listOf(rows, 'cluster');
  const { group, sentence } = fleetVerdict(rows, place.fleet);
  return html`<div class="fleet">
    ${headline(group, named(place.fleet), html`${sentence}. ${fleet ? (worstOf(fleet) ?? stopped(fleet, now)) : null}`)}
    ${fleet ? totals(fleet.values, clusters) : null}
    <${Clusters}
      ...${{ clusters, place, now, doing, show, rows, label: fleetWords.table(place.fleet), isOfFleet: true }}
    />
    ${section('changed', words.now.flips, html`<${Flips} flips=${flipsOf(rows)} bots=${listOf(rows, 'bot')} now=${now} />`)}
  </div>`;
}

function worstOf({ name, worst }: FleetRow): VNode | null {
  if (!worst) return null;
  const link = html`<a href=${clusterHref(worst.identity)} translate=${false}
    >${words.cluster.name(name, worst.number)}</a
  >`;
  return html`${link}: ${whyOfCluster(worst)[0]}`;
}

/** What is there and was stopped on purpose; null: nothing was. */
function stopped({ clustersStopped, clusters, stoppedAt }: FleetRow, now: number): string | null {
  if (stoppedAt === null) return null;
  const clock = shortTime(stoppedAt, now);
  return clustersStopped === clusters
    ? `${words.trouble.stopped(clock)}.`
    : words.trouble.stoppedSome(clustersStopped, clock);
}
