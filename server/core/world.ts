// Everything we know, as plain data: bots, their shards, the holders who claim them, and the last flips.
import { shownNames, UNKNOWN, type State } from '../../public/shared/states.js';
import { ClaimTable, grown, NONE } from './live/claim-table.js';
import { FlipLine, MOST_FLIPS } from './live/flip-line.js';
import { Flips } from './past/flips.js';
import type { ClusterStatus, Fact } from './fact.js';
import { createMeasures, type Measures } from './measures/measures.js';
import { noIncidents, type Incidents } from './past/incidents.js';
import { noRecoveries, type Recoveries } from './past/recoveries.js';
import { givenAs, nameWithout } from './names.js';
import {
  MAX_SHARD_COUNT,
  NO_RULES,
  type Member,
  type RegisteredBot,
  type Registry,
  type Rules,
} from './registry/registry.js';
import { noSenders, type Senders } from './live/senders.js';

/** Dialects whose reports name no cluster. */
export const ANONYMOUS = ['glance', 'batch'] as const;

/** Whose word it is: one anonymous holder each for Glance and the batch route per bot, or a cluster. */
export interface AnonymousHolder extends Claimant {
  kind: (typeof ANONYMOUS)[number];
}

interface Claimant {
  id: number;
  bot: Bot;
  /** Shard id → row in the claim table. */
  claims: Map<number, number>;
  /** How many of its claims are live and Online. */
  online: number;
  /** The shard count it declares for its bot, and when it first said so. */
  declaredCount: number | null;
  declaredAt: number;
  /** Last sign of life, ms since 1970. */
  seenAt: number;
}

export interface Cluster extends Claimant, Member {
  kind: 'cluster';
  bot: Bot;
  /** The lease that a report showed last, which voids the one before at once; the log knows of it a moment later. */
  usedLeaseHash: string;
  /** Why the shard count of its last register was not taken; null: it was. */
  noCountAtRegister: string | null;
  /** What was wrong in its last beat, and counts as not said. */
  droppedAtBeat: readonly string[];
  status: ClusterStatus;
  /** Since when it has that status; 0: not known. */
  statusAt: number;
  /** When its last report was too long to read; 0: it was not. */
  oversizedAt: number;
  senders: Senders;
  measures: Measures;
  revision: number;
}

export type Holder = AnonymousHolder | Cluster;

/** One Discord application. The arrays have a slot a shard, and room to grow. */
export interface Bot extends RegisteredBot {
  /** What people see: what an operator set, else what was given. */
  name: string;
  /** What its clusters call it; null: they have not said. */
  saidName: string | null;
  shardCount: number;
  /** The shard count was configured or declared, rather than guessed from the largest id. */
  declared: boolean;
  /** Nobody disagrees about the shard count. */
  certain: boolean;
  /** Holders with Online claims that declare a count, by that count: two counts mean resharding. */
  declarers: Map<number, Set<Holder>>;
  /** The count somebody declared last, Online or not. */
  lastDeclared: number | null;
  largestId: number;
  /** Something happened that may change the shard count. */
  recountDue: boolean;
  state: Uint8Array;
  /** Since when, ms since 1970; 0: never heard from. */
  since: Float64Array;
  /** Row of the claim that decides; NONE: nobody claims the shard. */
  winner: Int32Array;
  /** First row of the shard's chain of claims. */
  firstClaim: Int32Array;
  /** The state of the last recorded flip: a restart shows Unknown, and is no flip. */
  flippedTo: Uint8Array;
  /** How many shards are in each state, by state number. */
  counts: number[];
  heardAt: number | null;
  anonymous: Map<AnonymousHolder['kind'], AnonymousHolder>;
  clusters: Set<Cluster>;
  /** Shards that several live holders say are Online on theirs. */
  doubleClaims: Set<number>;
  incidents: Incidents;
  recoveries: Recoveries;
  revision: number;
}

/** What a shard is from then on, as its claims say it. */
export interface Settled {
  bot: Bot;
  shard: number;
  state: State;
  since: number;
  /** When what it follows from changed. */
  changedAt: number;
  /** We cannot know more: Unknown over a gap. */
  isOurs: boolean;
  /** The cluster that fell silent, if that is why. */
  cause: string | null;
  /** The identity that it is about: whose word counts since, else whose did before. */
  host: string | null;
  /** Whose word counts, and whose did. */
  holder: string | null;
  formerly: string | null;
}

/** Everything we know: the registry, and what lives on top of it. It follows from the log, and is in the record. */
interface Living extends Registry {
  rules: Rules;
  bots: Map<string, Bot>;
  clusters: Map<string, Cluster>;
  numbers: Map<string, number>;
  bans: Set<string>;
  /** When the last gap ended: every lease began anew then. */
  leasesFrom: number;
  /** When the last gap that was longer than a cluster's lease ended: of who was not heard since, nothing is known. */
  unheardBefore: number;
  /** How far our times are ahead of the wall clock, which was set back: what people read is that much earlier. */
  skewMs: number;
  /** By holder id; ids of forgotten holders are given again. */
  holders: Holder[];
  freeHolderIds: number[];
  claims: ClaimTable;
  /** How many rows asked for a claim more than may be, and who sent the last one. */
  refusedClaims: { count: number; last: Holder | null };
  flips: Flips;
  /** How many facts were told, ever. */
  told: number;
}

/** What this process needs to work on it: in no record, and another on every replica. */
interface Workings {
  /** Of the event that is being applied. */
  at: number;
  /** What it has led to so far. */
  facts: Fact[];
  /** Rises with all that is drawn otherwise from then on; what changed has it as its own. */
  revision: number;
  /** When clusters came, went or got another name last. */
  listRevision: number;
  /** A record is being written: to be told what is about to change. Null: there is none. */
  touch: ((one: Bot | Cluster) => void) | null;
  /** How many flips an event makes at most, and how many more this one may: the others wait in line. */
  mostFlips: number;
  flipsLeft: number;
  line: FlipLine<Settled>;
  /** Claims whose lease was found to have run out, the next one last. */
  due: number[];
  /** No lease runs out before this: spares most sweeps the walk. */
  nextLapseAt: number;
}

export type World = Living & Workings;

/** Nothing happened yet, and nothing is allowed: the event `rules` comes first. */
export function createWorld(): World {
  return {
    rules: NO_RULES,
    leasesFrom: 0,
    unheardBefore: 0,
    skewMs: 0,
    bots: new Map(),
    clusters: new Map(),
    numbers: new Map(),
    bans: new Set(),
    holders: [],
    freeHolderIds: [],
    claims: new ClaimTable(),
    refusedClaims: { count: 0, last: null },
    flips: new Flips(),
    told: 0,
    at: 0,
    facts: [],
    revision: 0,
    listRevision: 0,
    touch: null,
    mostFlips: MOST_FLIPS,
    flipsLeft: Infinity,
    line: new FlipLine(),
    due: [],
    nextLapseAt: Infinity,
  };
}

/** A bot that was never heard from; `configuredCount` null: it was learnt from a report. */
export function addBot(world: World, key: string, name: string, configuredCount: number | null): Bot {
  const shardCount = configuredCount ?? 0;
  const givenName = givenAs(key, name);
  const bot: Bot = {
    key,
    name: nameWithout(key, givenName),
    givenName,
    saidName: null,
    configuredCount,
    setName: null,
    setShardCount: null,
    shardCount,
    declared: configuredCount !== null,
    certain: configuredCount !== null,
    declarers: new Map(),
    lastDeclared: null,
    largestId: -1,
    recountDue: false,
    state: new Uint8Array(shardCount),
    since: new Float64Array(shardCount),
    winner: new Int32Array(shardCount).fill(NONE),
    firstClaim: new Int32Array(shardCount).fill(NONE),
    flippedTo: new Uint8Array(shardCount),
    counts: shownNames.map((_, state) => (state === UNKNOWN ? shardCount : 0)),
    heardAt: null,
    anonymous: new Map(),
    clusters: new Set(),
    doubleClaims: new Set(),
    incidents: noIncidents(),
    recoveries: noRecoveries(),
    revision: 0,
  };
  world.bots.set(key, bot);
  return bot;
}

/** The one holder of a bot's reports by this dialect. */
export function anonymousHolder(world: World, bot: Bot, kind: AnonymousHolder['kind']): AnonymousHolder {
  const known = bot.anonymous.get(kind);
  if (known) return known;
  const holder: AnonymousHolder = { kind, ...newClaimant(world, bot) };
  bot.anonymous.set(kind, holder);
  world.holders[holder.id] = holder;
  return holder;
}

export type NewCluster = Pick<
  Member,
  | 'identity'
  | 'fleet'
  | 'number'
  | 'version'
  | 'saidBot'
  | 'leaseHash'
  | 'host'
  | 'scrapeTarget'
  | 'droppedAtRegister'
>;

const NOTHING: readonly string[] = [];

export function addCluster(world: World, bot: Bot, at: number, said: NewCluster): Cluster {
  const cluster: Cluster = {
    kind: 'cluster',
    ...newClaimant(world, bot),
    ...said,
    assignedBot: null,
    usedLeaseHash: '',
    noCountAtRegister: null,
    droppedAtBeat: NOTHING,
    numbers: new Map([[said.fleet, said.number]]),
    firstSeenAt: at,
    formerLeaseHash: '',
    isBanned: false,
    status: 'up',
    statusAt: at,
    oversizedAt: 0,
    senders: noSenders(),
    measures: createMeasures(),
    revision: 0,
  };
  world.clusters.set(said.identity, cluster);
  world.holders[cluster.id] = cluster;
  bot.clusters.add(cluster);
  return cluster;
}

/** Forgets a cluster that claims nothing any more. Its number stays taken. */
export function removeCluster(world: World, cluster: Cluster): void {
  world.clusters.delete(cluster.identity);
  cluster.bot.clusters.delete(cluster);
  world.freeHolderIds.push(cluster.id);
}

function newClaimant(world: World, bot: Bot): Claimant {
  return {
    id: world.freeHolderIds.pop() ?? world.holders.length,
    bot,
    claims: new Map(),
    online: 0,
    declaredCount: null,
    declaredAt: 0,
    seenAt: 0,
  };
}

/** Makes room for shards 0…count−1. Room is never given back: counts shrink rarely and rise again. */
export function makeRoom(bot: Bot, count: number): void {
  if (count <= bot.state.length) return;
  const capacity = Math.min(MAX_SHARD_COUNT, Math.max(count, bot.state.length * 2, 16));
  bot.state = grown(bot.state, new Uint8Array(capacity));
  bot.since = grown(bot.since, new Float64Array(capacity));
  bot.winner = grown(bot.winner, new Int32Array(capacity).fill(NONE));
  bot.firstClaim = grown(bot.firstClaim, new Int32Array(capacity).fill(NONE));
  bot.flippedTo = grown(bot.flippedTo, new Uint8Array(capacity));
}

/** A time as people read it. */
export const shown = ({ skewMs }: World, at: number): number => at - skewMs;

/** How long this holder's silence is fine. */
export const leaseMs = (world: World, holder: Holder): number =>
  holder.kind === 'cluster' ? world.rules.clusterLeaseMs : world.rules.shardLeaseMs;

export const holderOf = (world: World, claim: number): Holder => world.holders[world.claims.holder[claim]!]!;
