// What the public may see of the world (RULES 14 and 15): the whole view, one shard, and what changed.
import {
  isNotReady,
  isNotWorking,
  OFFLINE,
  ONLINE,
  stateNames,
  STOPPED,
  STOPPING,
  UNKNOWN,
  wireName,
  wireState,
} from '../../../public/shared/states.js';
import type { Said } from '../../../public/shared/columns.js';
import { shownStates } from '../../../public/shared/counts.js';
import { shardOfQuery, type GuildQuery } from '../../../public/shared/guild.js';
import { compareClusters } from '../../../public/shared/patch.js';
import { countRanges, formatRanges } from '../../../public/shared/ranges.js';
import {
  MAX_INCIDENTS,
  type BotView,
  type ClusterView,
  type Counts,
  type IncidentView,
  type NotReady,
  type PublicView,
  type ShardView,
} from '../../../public/shared/wire.js';
import { NONE, RUN_OUT } from '../live/claim-table.js';
import { hostOf } from '../live/stance.js';
import { incidentRecord, type IncidentRecord, type OpenIncident } from '../past/incidents.js';
import { clusterName, publicName } from '../names.js';
import { holderOf, leaseMs, shown, type Bot, type Cluster, type World } from '../world.js';

const ZERO = '0'.charCodeAt(0);
const MAX_RANGES = 64;
const CHUNK = 4_096; // arguments that one call takes without growing the stack

export function botView(world: World, bot: Bot, showClusters: boolean): BotView {
  return {
    key: bot.key,
    name: bot.name,
    shardCount: bot.shardCount,
    certain: bot.certain,
    states: statesOf(bot),
    counts: countsOf(bot),
    heardAt: heardAt(world, bot),
    notReady: notReadyOf(world, bot),
    planned: formatRanges(plannedOf(bot)),
    clusters: showClusters ? clustersOf(bot) : [],
    usual: bot.recoveries.usual,
  };
}

/** When anything was last heard of a bot, as people read it. */
export const heardAt = (world: World, bot: Bot): number | null =>
  bot.heardAt === null ? null : shown(world, bot.heardAt);

type BotsIncident = { bot: Bot; incident: OpenIncident | IncidentRecord };

/** The last incidents of all bots: those that go on, latest first, then those that ended last. */
export function recentIncidents(world: World, showClusters: boolean, most = MAX_INCIDENTS): IncidentView[] {
  const bots = [...world.bots.values()];
  const ongoing = bots.flatMap((bot) => [...bot.incidents.open].map((incident) => ({ bot, incident })));
  const ended = bots.flatMap((bot) => bot.incidents.ended.map((incident) => ({ bot, incident })));
  ongoing.sort((a, b) => b.incident.startedAt - a.incident.startedAt);
  ended.sort((a, b) => (b.incident.endedAt ?? 0) - (a.incident.endedAt ?? 0));
  return [...ongoing, ...ended].slice(0, most).map((one) => incidentView(world, one, showClusters));
}

function incidentView(world: World, { bot, incident }: BotsIncident, showClusters: boolean): IncidentView {
  const record = 'endedAt' in incident ? incident : incidentRecord(incident);
  const { number, cause, state, shards, startedAt, endedAt } = record;
  return {
    id: `${bot.key}-${number}`,
    bot: bot.key,
    cause: showClusters && cause !== null ? publicName(cause) : null,
    state: wireName(state),
    shards: shards.split(',', MAX_RANGES).join(','),
    count: countRanges(shards),
    down: 'endedAt' in incident ? 0 : notWorkingOf(bot, incident),
    startedAt: shown(world, startedAt),
    endedAt: endedAt === null ? null : shown(world, endedAt),
  };
}

function notWorkingOf({ state }: Bot, { down }: OpenIncident): number {
  let count = 0;
  for (const shard of down) if (isNotWorking(state[shard]!)) count++;
  return count;
}

/** Callers have checked that the shard is in range. */
export function shardView(world: World, bot: Bot, shard: number, showClusters: boolean): ShardView {
  const claim = bot.winner[shard] ?? NONE;
  const latencyMs = claim === NONE ? NaN : world.claims.latencyMs[claim]!;
  const host = claim === NONE ? undefined : hostOf(world, claim);
  return {
    bot: bot.key,
    name: bot.name,
    shard,
    shardCount: bot.shardCount,
    certain: bot.certain,
    state: wireName(bot.state[shard] ?? UNKNOWN),
    planned: bot.state[shard] === STOPPED,
    since: sinceOf(world, bot, shard),
    latencyMs:
      bot.state[shard] === ONLINE && Number.isFinite(latencyMs) ? Math.round(latencyMs * 10) / 10 : null,
    cluster: host && showClusters ? publicName(clusterName(host)) : null,
    loading: claim !== NONE && bot.state[shard] === ONLINE && world.claims.unavailable[claim]! > 0,
    ...(claim === NONE ? {} : notSeenSince(world, claim)),
  };
}

/** Since when a shard is what it is, as people read it; null: it was never heard from. */
const sinceOf = (world: World, { since }: Bot, shard: number): number | null =>
  since[shard] ? shown(world, since[shard]) : null;

/** What falls silent is silent since its lease ran out; over a gap nobody knows when that was, only when it was last seen. */
function notSeenSince(world: World, claim: number): Pick<ShardView, 'notSeenSince'> {
  const { lease, since, seenAt, state } = world.claims;
  if (lease[claim] !== RUN_OUT || state[claim] === OFFLINE || state[claim] === STOPPING) return {};
  const isOverGap = since[claim]! > seenAt[claim]! + leaseMs(world, holderOf(world, claim));
  return isOverGap ? { notSeenSince: shown(world, seenAt[claim]!) } : {};
}

/** Where a guild is: one shard of every bot whose shards are known. */
export function lookup(world: World, query: GuildQuery, showClusters: boolean): ShardView[] {
  const bots = [...world.bots.values()].filter((bot) => bot.shardCount > 0);
  return bots.map((bot) => shardView(world, bot, shardOfQuery(query, bot.shardCount), showClusters));
}

/** Tells two views apart: by version, and by when anything was last heard, which makes no new version. */
export const tagOf = ({ epoch, version, bots }: PublicView): string =>
  `${epoch}-${version}-${Math.max(0, ...bots.map((bot) => bot.heardAt ?? 0))}`;

/** What is said of a shard when it changed. */
export function saidShard(world: World, { state, since }: Bot, shard: number): Said {
  return { state: state[shard]!, since: shown(world, since[shard]!) };
}

/** The same, of a shard of a view: for any of its shards. */
export function saidOf(bot: BotView): (shard: number) => Said {
  const states = shownStates(bot);
  const since = new Map(bot.notReady);
  return (shard) => ({ state: Number(states[shard]), since: since.get(shard) ?? 0 });
}

/** The shards that are this cluster's word: another holder's claim may count for some that it lists. */
export function clusterView(cluster: Cluster): ClusterView {
  const { winner, shardCount } = cluster.bot;
  const hosted: number[] = [];
  for (const [shard, claim] of cluster.claims)
    if (winner[shard] === claim && shard < shardCount) hosted.push(shard);
  return { name: publicName(clusterName(cluster)), shards: formatRanges(hosted) };
}

function clustersOf(bot: Bot): ClusterView[] {
  return [...bot.clusters]
    .map(clusterView)
    .filter((cluster) => cluster.shards !== '')
    .sort((a, b) => compareClusters(a.name, b.name));
}

function statesOf(bot: Bot): string {
  const codes = bot.state.subarray(0, bot.shardCount).map((state) => ZERO + wireState(state));
  let text = '';
  for (let from = 0; from < codes.length; from += CHUNK)
    text += String.fromCharCode(...codes.subarray(from, from + CHUNK));
  return text;
}

function countsOf({ counts }: Bot): Counts {
  const planned = counts[STOPPED]!;
  const said = Object.fromEntries(stateNames.map((name, state) => [name, counts[state]])) as Counts;
  return { ...said, offline: said.offline + planned, planned };
}

function* plannedOf({ counts, state, shardCount }: Bot): Generator<number> {
  if (counts[STOPPED] === 0) return;
  for (let shard = 0; shard < shardCount; shard++) if (state[shard] === STOPPED) yield shard;
}

function notReadyOf(world: World, bot: Bot): NotReady[] {
  const list: NotReady[] = [];
  for (let shard = 0; shard < bot.shardCount; shard++)
    if (isNotReady(bot.state[shard]!)) list.push([shard, shown(world, bot.since[shard]!)]);
  return list;
}
