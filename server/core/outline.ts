// The fleet in outline, in one walk over all clusters: roll-ups by fleet and of all, and the clusters with most to look at.
import { MAX_WORST, type FleetRow, type TotalRow } from '../../public/shared/operator-wire.js';
import { worstGrade } from './grades.js';
import { notesOf, rounded, type AddressesOf } from './operator-rows.js';
import { addCluster, addUp, createRollup, type Rollup } from './rollup.js';
import type { Cluster, World } from './world.js';

export interface Outline {
  fleets: Map<string, FleetOutline>;
  all: Rollup;
  clustersUp: number;
  /** Worst first, at most 30; those with nothing wrong are left out. */
  worst: Cluster[];
}

export interface FleetOutline {
  clusters: Cluster[];
  up: number;
  stopped: number;
  rollup: Rollup;
  worst: Trouble | null;
}

/** What is wrong with a cluster; the higher the weight, the worse. */
export interface Trouble {
  cluster: Cluster;
  weight: number;
  why: string;
}

export function outlineOf(world: World, addressesOf: AddressesOf): Outline {
  const fleets = new Map<string, FleetOutline>();
  const all = createRollup();
  const troubles: Trouble[] = [];
  let clustersUp = 0;
  for (const cluster of world.clusters.values()) {
    let fleet = fleets.get(cluster.fleet);
    if (!fleet) fleets.set(cluster.fleet, (fleet = emptyFleet()));
    const trouble = troubleOf(world, cluster, addressesOf);
    take(fleet, cluster, trouble);
    if (trouble) troubles.push(trouble);
    if (cluster.status === 'up') clustersUp++;
  }
  for (const { rollup } of fleets.values()) addUp(all, rollup);
  troubles.sort((a, b) => (isWorse(a, b) ? -1 : 1));
  return { fleets, all, clustersUp, worst: troubles.slice(0, MAX_WORST).map(({ cluster }) => cluster) };
}

const emptyFleet = (): FleetOutline => ({
  clusters: [],
  up: 0,
  stopped: 0,
  rollup: createRollup(),
  worst: null,
});

function take(fleet: FleetOutline, cluster: Cluster, trouble: Trouble | null): void {
  fleet.clusters.push(cluster);
  if (cluster.status === 'up') fleet.up++;
  if (cluster.status === 'stopped') fleet.stopped++;
  addCluster(fleet.rollup, cluster);
  if (trouble && (!fleet.worst || isWorse(trouble, fleet.worst))) fleet.worst = trouble;
}

/** A total order, so that equals never change places. */
function isWorse(a: Trouble, b: Trouble): boolean {
  if (a.weight !== b.weight) return a.weight > b.weight;
  if (a.cluster.fleet !== b.cluster.fleet) return a.cluster.fleet < b.cluster.fleet;
  return a.cluster.number !== b.cluster.number
    ? a.cluster.number < b.cluster.number
    : a.cluster.identity < b.cluster.identity;
}

// Beside these weights the number of shards concerned counts, which is at most 16,384.
const DOWN = 600_000;
const NOT_ONLINE = 500_000;
const DOUBLE_CLAIM = 400_000;
const BAD = 300_000;
const TOO_LARGE = 200_000;
const TWO_ADDRESSES = 150_000;
const WARN = 100_000;

const NOTE_TROUBLE = {
  'double-claim': [DOUBLE_CLAIM, 'double claim'],
  'snapshot-too-large': [TOO_LARGE, 'snapshot too large'],
  'two-addresses': [TWO_ADDRESSES, 'seen from two addresses'],
} as const;

/** Null: nothing is wrong. Nor is it when one was stopped on purpose, or was not heard from yet since our start. */
function troubleOf(world: World, cluster: Cluster, addressesOf: AddressesOf): Trouble | null {
  const { status, claims, online } = cluster;
  if (status === 'stopped' || (status === 'up' && cluster.seenAt < world.startedAt)) return null;
  if (status === 'down') return { cluster, weight: DOWN + claims.size, why: 'down' };
  const missing = claims.size - online;
  if (missing > 0)
    return { cluster, weight: NOT_ONLINE + missing, why: `${missing} of ${claims.size} shards not online` };
  const [note] = notesOf(world, cluster, addressesOf);
  const ofNote = note ? NOTE_TROUBLE[note] : null;
  const grade = worstGrade(cluster.measures.values);
  const ofGrade = grade ? ([grade.isBad ? BAD : WARN, grade.names.join(', ')] as const) : null;
  const worse = (ofNote?.[0] ?? 0) > (ofGrade?.[0] ?? 0) ? ofNote : ofGrade;
  if (!worse) return null;
  const graded = worse === ofGrade ? `${grade!.isBad ? 'bad' : 'high'} ${worse[1]}` : worse[1];
  return { cluster, weight: worse[0], why: graded };
}

export const totalRow = ({ all, fleets, clustersUp }: Outline, clusters: number): TotalRow => ({
  values: all.values.map(rounded),
  fleets: fleets.size,
  clusters,
  clustersUp,
});

export const fleetRow = (name: string, fleet: FleetOutline): FleetRow => ({
  name,
  clusters: fleet.clusters.length,
  clustersUp: fleet.up,
  clustersStopped: fleet.stopped,
  values: fleet.rollup.values.map(rounded),
  worst: fleet.worst && {
    identity: fleet.worst.cluster.identity,
    number: fleet.worst.cluster.number,
    why: fleet.worst.why,
  },
});
