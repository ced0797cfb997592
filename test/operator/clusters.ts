// A cluster row for tests, with nothing wrong.
import type { ClusterRow, FleetRow, WorstOfFleet } from '../../public/shared/operator-wire.js';

export const NOW = 1_795_225_265_000;

/** In the order on the wire: latency, shards, guilds, users, interactions, errors, p95, rate limits, uptime. */
export const FINE = [0.04, 16, 16_000, 900_000, 12, 0.002, 0.4, 0, 86_400];

export const clusterOf = (change: Partial<ClusterRow> = {}): ClusterRow => ({
  identity: `${change.fleet ?? 'asia'}-${change.number ?? 1}`,
  fleet: 'asia',
  number: 1,
  bot: 'main',
  status: 'up',
  since: NOW - 60_000,
  seenAt: NOW - 3_000,
  version: '0.4.2',
  values: FINE,
  shards: 16,
  shardsOnline: 16,
  shardsDown: 0,
  downSince: null,
  shardsMissing: 0,
  which: '',
  spark: '0za',
  notes: [],
  ...change,
});

export const fleetOf = (change: Partial<FleetRow> = {}): FleetRow => ({
  name: 'asia',
  clusters: 3,
  clustersUp: 3,
  clustersStopped: 0,
  values: FINE,
  stoppedAt: null,
  worst: null,
  ...change,
});

/** The values with one of them changed. */
export const withValue = (place: number, value: number): number[] => FINE.with(place, value);

/** What a fleet's row says of its worst cluster. */
export function worstOf(change: Partial<ClusterRow>): WorstOfFleet {
  const { identity, number, status, shards, shardsDown, shardsMissing, notes, values } = clusterOf(change);
  return { identity, number, status, shards, shardsDown, shardsMissing, notes, values };
}
