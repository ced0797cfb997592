// What followed is told here, in order; and what is drawn otherwise from now on is marked, so that views look at it again.
import type { Fact, What } from './fact.js';
import { clusterName } from './names.js';
import type { Bot, Cluster, Holder, World } from './world.js';

/** Nothing followed: shared, for it is so of most beats. */
const NOTHING: readonly Fact[] = [];

export function tell(world: World, what: What): void {
  world.facts.push({ ...what, n: ++world.told, at: world.at });
}

/** What was told since it was last taken. */
export function takeFacts(world: World): readonly Fact[] {
  const { facts } = world;
  if (facts.length === 0) return NOTHING;
  world.facts = [];
  return facts;
}

/** It is not as it was drawn. */
export function revise(world: World, one: Bot | Cluster): void {
  one.revision = ++world.revision;
}

/** All of it. */
export function reviseAll(world: World): void {
  world.bots.forEach((bot) => revise(world, bot));
  world.clusters.forEach((cluster) => revise(world, cluster));
  reviseLists(world);
}

/** What an anonymous holder says is a matter of its bot. */
export const reviseHolder = (world: World, holder: Holder): void =>
  revise(world, holder.kind === 'cluster' ? holder : holder.bot);

/** Clusters came, went, or have another name: lists of them are others. */
export function reviseLists(world: World): void {
  world.listRevision = ++world.revision;
}

export function tellBot(world: World, bot: Bot, formerCount: number | null): void {
  const { key, name, shardCount, certain } = bot;
  revise(world, bot);
  tell(world, { type: 'bot', bot: key, name, shardCount, formerCount, certain });
}

/** What it was, where that may be another now. */
export interface Former {
  name: string;
  bot: Bot;
  isForgotten?: boolean;
}

export const formerOf = (cluster: Cluster): Former => ({ name: clusterName(cluster), bot: cluster.bot });

export function tellMember(world: World, cluster: Cluster, former?: Former): void {
  const { identity, fleet, number, version, bot } = cluster;
  const isForgotten = former?.isForgotten ?? false;
  const hasMoved = former !== undefined && (isForgotten || former.bot !== bot);
  const formerly = hasMoved || former?.name !== clusterName(cluster) ? (former?.name ?? null) : null;
  const formerBot = hasMoved ? former.bot.key : null;
  revise(world, cluster);
  if (formerly !== null) reviseLists(world);
  const what = { identity, fleet, number, version, bot: bot.key, formerly, formerBot, isForgotten };
  tell(world, { type: 'member', ...what });
}
