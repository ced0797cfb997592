// The fleet in outline, in one walk over all clusters: roll-ups by fleet and of all, and what is in trouble, the worst first.
import {
  MAX_WORST,
  type BotTroubleRow,
  type FleetRow,
  type NowRow,
  type TotalRow,
} from '../../../public/shared/operator-wire.js';
import {
  botTroubles,
  clusterTroubles,
  compareTroubles,
  isDownTrouble,
  type ClusterFacts,
  type Trouble,
} from '../../../public/shared/trouble.js';
import { notesOf, rounded, type AddressesOf } from './operator-rows.js';
import { isUnheardCluster } from '../live/presence.js';
import { addCluster, addUp, createRollup, type Rollup } from '../measures/rollup.js';
import { botTrouble, hostedTrouble } from './shard-troubles.js';
import { shown, type Cluster, type World } from '../world.js';

export interface Outline {
  fleets: Map<string, FleetOutline>;
  all: Rollup;
  clustersUp: number;
  /** Clusters and bots with something wrong: the worst first, at most 30, and how many there are. */
  worst: Subject[];
  troubles: number;
  /** One of them is that something is down altogether. */
  isDown: boolean;
  /** Shards that nobody reports. */
  shardsMissing: number;
}

export interface FleetOutline {
  clusters: Cluster[];
  up: number;
  stopped: number;
  /** When the first of those was; 0: none is. */
  stoppedAt: number;
  rollup: Rollup;
  worst: ClusterInTrouble | null;
}

/** What is in trouble, and what that is, the worst first. */
export type Subject = ClusterInTrouble | BotInTrouble;

interface ClusterInTrouble {
  cluster: Cluster;
  facts: ClusterFacts;
  troubles: Trouble[];
}

interface BotInTrouble {
  cluster: null;
  bot: BotTroubleRow;
  troubles: Trouble[];
}

export function outlineOf(world: World, addressesOf: AddressesOf): Outline {
  const fleets = new Map<string, FleetOutline>();
  const all = createRollup();
  const subjects = botsInTrouble(world);
  let shardsMissing = subjects.reduce((sum, { bot }) => sum + bot.shardsMissing, 0);
  const inTrouble: Subject[] = [...subjects];
  let clustersUp = 0;
  for (const cluster of world.clusters.values()) {
    let fleet = fleets.get(cluster.fleet);
    if (!fleet) fleets.set(cluster.fleet, (fleet = emptyFleet()));
    const subject = clusterInTrouble(world, cluster, addressesOf);
    take(fleet, cluster, subject);
    if (subject) inTrouble.push(subject);
    shardsMissing += subject?.facts.shardsMissing ?? 0;
    if (cluster.status === 'up') clustersUp++;
  }
  for (const { rollup } of fleets.values()) addUp(all, rollup);
  const worst = inTrouble.sort(compareSubjects).slice(0, MAX_WORST);
  const isDown = inTrouble.some(({ troubles }) => troubles.some(isDownTrouble));
  return { fleets, all, clustersUp, worst, troubles: inTrouble.length, isDown, shardsMissing };
}

const emptyFleet = (): FleetOutline => ({
  clusters: [],
  up: 0,
  stopped: 0,
  stoppedAt: 0,
  rollup: createRollup(),
  worst: null,
});

function take(fleet: FleetOutline, cluster: Cluster, subject: ClusterInTrouble | null): void {
  fleet.clusters.push(cluster);
  if (cluster.status === 'up') fleet.up++;
  if (cluster.status === 'stopped') {
    fleet.stopped++;
    fleet.stoppedAt = Math.min(fleet.stoppedAt || Infinity, cluster.statusAt);
  }
  addCluster(fleet.rollup, cluster);
  if (subject && (!fleet.worst || compareSubjects(subject, fleet.worst) < 0)) fleet.worst = subject;
}

/** A total order, so that equals never change places: bots before clusters, then by name. */
function compareSubjects(a: Subject, b: Subject): number {
  return compareTroubles(a.troubles, b.troubles) || compareNames(a, b);
}

function compareNames(a: Subject, b: Subject): number {
  if (a.cluster === null || b.cluster === null) {
    if (a.cluster === null && b.cluster === null) return a.bot.bot < b.bot.bot ? -1 : 1;
    return a.cluster === null ? -1 : 1;
  }
  if (a.cluster.fleet !== b.cluster.fleet) return a.cluster.fleet < b.cluster.fleet ? -1 : 1;
  return a.cluster.number - b.cluster.number || (a.cluster.identity < b.cluster.identity ? -1 : 1);
}

function botsInTrouble(world: World): BotInTrouble[] {
  return [...world.bots.values()].flatMap((one) => {
    const bot = botTrouble(world, one);
    return bot ? [{ cluster: null, bot, troubles: botTroubles(bot) }] : [];
  });
}

/** Null: nothing is wrong. Nor is it when one was not heard yet since a long gap. */
function clusterInTrouble(world: World, cluster: Cluster, addressesOf: AddressesOf): ClusterInTrouble | null {
  const { status, claims, measures } = cluster;
  if (status === 'stopped' || isUnheardCluster(world, cluster)) return null;
  const { down, missing } = hostedTrouble(world, cluster);
  const facts = {
    status,
    shards: claims.size,
    shardsDown: down,
    shardsMissing: missing,
    notes: notesOf(world, cluster, addressesOf),
    values: measures.values,
  };
  const troubles = clusterTroubles(facts);
  return troubles.length > 0 ? { cluster, facts, troubles } : null;
}

export const totalRow = (
  { all, fleets, clustersUp, troubles, shardsMissing }: Outline,
  clusters: number,
  full: string[] = [],
  endedAt: number | null = null,
): TotalRow => ({
  values: all.values.map(rounded),
  fleets: fleets.size,
  clusters,
  clustersUp,
  troubles,
  shardsMissing,
  endedAt,
  ...(full.length > 0 ? { full } : {}),
});

/** What every view says of all: how long the list of what is wrong is. A bound that is reached is a line of it. */
export const nowRow = ({ troubles, isDown }: Outline, full: readonly string[]): NowRow => ({
  troubles: troubles + full.length,
  isDown,
});

/** When the incident that ended last did, as people read it; null: none ever did. */
export function lastEndOf(world: World): number | null {
  const ends = [...world.bots.values()].map(({ incidents }) => incidents.ended.at(-1)?.endedAt ?? 0);
  const last = Math.max(0, ...ends);
  return last ? shown(world, last) : null;
}

export const fleetRow = (world: World, name: string, fleet: FleetOutline): FleetRow => ({
  name,
  clusters: fleet.clusters.length,
  clustersUp: fleet.up,
  clustersStopped: fleet.stopped,
  values: fleet.rollup.values.map(rounded),
  stoppedAt: fleet.stoppedAt ? shown(world, fleet.stoppedAt) : null,
  worst: fleet.worst && {
    identity: fleet.worst.cluster.identity,
    number: fleet.worst.cluster.number,
    ...fleet.worst.facts,
    values: fleet.worst.facts.values.map(rounded),
  },
});
