// The rows that operators see: of a bot, a cluster, a shard, a claim, a flip (`public/shared/operator-wire.ts`).
import { UNNAMED } from '../../../public/shared/bot-name.js';
import { METRIC_KEYS } from '../../../public/shared/metrics.js';
import { formatRanges } from '../../../public/shared/ranges.js';
import { nameOf, ONLINE, STOPPED, UNKNOWN, wireName } from '../../../public/shared/states.js';
import {
  STRIP_SHARDS,
  type BotRow,
  type ClaimRow,
  type ClusterDetail,
  type ClusterNote,
  type ClusterRow,
  type FlipRow,
  type ShardRow,
} from '../../../public/shared/operator-wire.js';
import { bansOf } from '../registry/bans.js';
import { NONE, UNSAID } from '../live/claim-table.js';
import type { Flip } from '../past/flips.js';
import { hostedTrouble, hostedWhich } from './shard-troubles.js';
import { leaseStatus } from '../registry/leases.js';
import { withCaps } from '../live/report.js';
import { areTwo } from '../live/senders.js';
import { fixedCount } from '../registry/registry.js';
import { hostOf, isLiveOnline, stanceOf } from '../live/stance.js';
import type { Trend } from '../measures/trend.js';
import { TREND_POINTS } from '../measures/trend.js';
import { clusterName } from '../names.js';
import { holderOf, shown, type Bot, type Cluster, type World } from '../world.js';

/** The last two addresses that an identity was heard from, the newer one last; undefined: it was one only. */
export type AddressesOf = (identity: string) => [before: string, last: string] | undefined;

export const botRow = (bot: Bot): BotRow => ({
  key: bot.key,
  name: bot.name === UNNAMED ? bot.key : bot.name,
  shardCount: bot.shardCount,
  clusters: bot.clusters.size,
  certain: bot.certain,
  counts: bot.counts,
  declared: [...bot.declarers.keys()].sort((a, b) => a - b),
  doubleClaims: [...bot.doubleClaims].sort((a, b) => a - b),
  configured: fixedCount(bot) !== null,
  setName: bot.setName,
  setShardCount: bot.setShardCount,
});

export function clusterRow(world: World, cluster: Cluster, addressesOf: AddressesOf): ClusterRow {
  const { identity, fleet, number, version, status, seenAt, measures } = cluster;
  const { down, downSince, missing } = hostedTrouble(world, cluster);
  return {
    identity,
    fleet,
    number,
    bot: cluster.bot.key,
    status,
    since: shownOrNull(world, cluster.statusAt),
    seenAt: shown(world, seenAt),
    version,
    values: measures.values.map(rounded),
    shards: cluster.claims.size,
    shardsOnline: cluster.online,
    shardsDown: down,
    downSince: shownOrNull(world, downSince),
    shardsMissing: missing,
    which: down + missing > 0 ? hostedWhich(world, cluster) : '',
    spark: sparkOf(measures.trend),
    notes: notesOf(world, cluster, addressesOf),
  };
}

/** 0: not known. */
const shownOrNull = (world: World, at: number): number | null => (at ? shown(world, at) : null);

/** Sums and averages end in noise, which costs bytes and says nothing. */
export const rounded = (value: number): number =>
  Number.isInteger(value) ? value : Number(value.toPrecision(7));

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';
const LATENCY = METRIC_KEYS.indexOf('latency_seconds');

/** Without the points as objects: a fleet of thousands is drawn at once. */
function sparkOf(trend: Trend | null): string {
  if (!trend) return '';
  const { width, values, next, length } = trend;
  const first = next - length + TREND_POINTS;
  const at = (i: number): number => Math.max(0, values[((first + i) % TREND_POINTS) * width + LATENCY]!);
  let most = 0;
  for (let i = 0; i < length; i++) most = Math.max(most, at(i));
  let text = '';
  for (let i = 0; i < length; i++)
    text += DIGITS[most > 0 ? Math.round((at(i) / most) * (DIGITS.length - 1)) : 0]!;
  return text;
}

export function notesOf(world: World, cluster: Cluster, addressesOf: AddressesOf): ClusterNote[] {
  const notes: ClusterNote[] = [];
  if (hasDoubleClaim(world, cluster)) notes.push('double-claim');
  if (cluster.oversizedAt > 0) notes.push('snapshot-too-large');
  if (areTwo(cluster.senders)) notes.push('two-senders');
  if (addressesOf(cluster.identity)) notes.push('two-addresses');
  return notes;
}

function hasDoubleClaim(world: World, { bot, claims }: Cluster): boolean {
  for (const shard of bot.doubleClaims) {
    const claim = claims.get(shard);
    if (claim !== undefined && isLiveOnline(world, claim)) return true;
  }
  return false;
}

export function clusterDetail(world: World, cluster: Cluster, addressesOf: AddressesOf): ClusterDetail {
  const { latest } = cluster.measures;
  const [before, last] = addressesOf(cluster.identity) ?? [];
  return {
    host: cluster.host,
    scrapeTarget: cluster.scrapeTarget,
    dropped: [
      ...withCaps(cluster.droppedAtRegister, cluster.noCountAtRegister, null),
      ...cluster.droppedAtBeat,
    ],
    firstSeenAt: shown(world, cluster.firstSeenAt),
    lease: leaseStatus(cluster, world.rules.requireLease),
    oversizedAt: shownOrNull(world, cluster.oversizedAt),
    addresses: before === undefined || last === undefined ? [] : [last, before],
    assignedBot: cluster.assignedBot,
    bans: bansOf(world, cluster.identity),
    shardsConfigured: latest?.shardsConfigured ?? null,
    reconnects: latest?.reconnects ?? null,
    disconnects: latest?.disconnects ?? null,
    loopLagSeconds: latest?.loopLagSeconds ?? null,
    libraryVersion: latest?.libraryVersion ?? null,
    argusVersion: latest?.argusVersion ?? null,
  };
}

/** The shard as its claims have it; what it was said of is of the claim that counts. */
export function shardRow(world: World, bot: Bot, shard: number): ShardRow {
  const { claims, holders } = world;
  const state = bot.state[shard] ?? UNKNOWN;
  const claim = bot.winner[shard] ?? NONE;
  const row = { bot: bot.key, shard, state: nameOf(state), since: shownOrNull(world, bot.since[shard] ?? 0) };
  if (claim === NONE) return { ...row, latencyMs: null, cluster: null, guilds: null, unavailable: null };
  const holder = holders[claims.holder[claim]!]!;
  const latencyMs = claims.latencyMs[claim]!;
  const isAnonymous = holder.kind !== 'cluster';
  return {
    ...row,
    latencyMs: state === ONLINE && Number.isFinite(latencyMs) ? Math.round(latencyMs * 10) / 10 : null,
    cluster: isAnonymous ? null : { identity: holder.identity, name: clusterName(holder) },
    guilds: saidOf(claims.guilds[claim]!),
    unavailable: saidOf(claims.unavailable[claim]!),
  };
}

const saidOf = (count: number): number | null => (count === UNSAID ? null : count);

/** Who says what of a shard, in no order; `key` tells holders apart, though a cluster may be called "glance". */
export function claimRows(world: World, bot: Bot, shard: number): [key: string, row: ClaimRow][] {
  const rows: [string, ClaimRow][] = [];
  for (let claim = bot.firstClaim[shard] ?? NONE; claim !== NONE; claim = world.claims.next[claim]!) {
    const cluster = hostOf(world, claim);
    const { kind } = holderOf(world, claim);
    const { state, since } = stanceOf(world, claim);
    rows.push([
      cluster ? `cluster:${cluster.identity}` : kind,
      {
        holder: cluster?.identity ?? kind,
        cluster: cluster ? clusterName(cluster) : null,
        state: nameOf(state),
        since: shown(world, since),
        seenAt: shown(world, world.claims.seenAt[claim]!),
        decides: bot.winner[shard] === claim,
      },
    ]);
  }
  return rows;
}

const MAX_RANGES = 64;

/** A flip that went the same for all these shards. */
export const flipRow = (world: World, flip: Flip, shards: ReadonlySet<number>): FlipRow => ({
  at: shown(world, flip.at),
  bot: flip.bot,
  shards: formatRanges(shards).split(',', MAX_RANGES).join(','),
  count: shards.size,
  from: wireName(flip.from),
  to: wireName(flip.to),
  cause: flip.cause,
  planned: flip.to === STOPPED,
});

/** The n-th piece of a bot's shards, one character each. */
export function stripOf({ state, shardCount }: Bot, n: number): string {
  const from = n * STRIP_SHARDS;
  return state.subarray(from, Math.min(from + STRIP_SHARDS, shardCount)).join('');
}

export const stripsOf = ({ shardCount }: Bot): number => Math.ceil(shardCount / STRIP_SHARDS);
