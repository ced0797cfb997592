// Which of the two it is: a cluster or a shard.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { Verdict } from '../health.js';
import type { Place } from '../place.js';
import type { RowMap } from '../rows.js';
import type { ViewProps } from '../scripts.js';
import { words } from '../words.js';
import { ClusterView, clusterVerdict } from './cluster.js';
import { shardVerdict, shardView } from './shard.js';

export function clusterScriptView({ state, doing }: ViewProps): VNode {
  const { place, now, scope } = state;
  const { rows } = scope;
  if (place.view === 'cluster')
    return html`<${ClusterView}
      key=${place.identity}
      ...${{ identity: place.identity, rows, now, doing }}
    />`;
  return place.view === 'shard'
    ? shardView(rows, place.bot, place.shard, now)
    : html`<p class="quiet">${words.loading}</p>`;
}

export function clusterScriptVerdict(place: Place, rows: RowMap): Verdict {
  if (place.view === 'cluster') return clusterVerdict(rows, place.identity);
  const { bot, shard } = place as Extract<Place, { view: 'shard' }>;
  return shardVerdict(rows, bot, shard);
}
