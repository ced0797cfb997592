// Files of the version before: a state file without rules, the journal that went with it, and what was read out of an Argus file.
import { formatRanges, readRanges } from '../../public/shared/ranges.js';
import { OFFLINE } from '../../public/shared/states.js';
import { HELD, RUN_OUT, UNHEARD } from '../core/live/claim-table.js';
import type { DurableEvent } from '../core/event.js';
import type { IncidentRecord } from '../core/past/incidents.js';
import type { Measured } from '../core/measures/measured.js';
import {
  RECORD_VERSION,
  type BotRecord,
  type ClaimRecord,
  type ClusterRecord,
  type HistoryRecord,
  type HolderRecord,
  type WorldRecord,
} from '../core/record.js';
import { keyOfMember } from '../core/registry/judge.js';
import { MAX_SHARD_COUNT, type Rules } from '../core/registry/registry.js';
import { givenAs } from '../core/names.js';

export const OLDER_VERSION = 2;

/** `heldFrom` is missing where it is `since`. */
export type OlderClaim = [
  shard: number,
  state: number,
  since: number,
  seenAt: number,
  lease: number,
  heldFrom?: number,
];

export interface OlderHolder extends Omit<HolderRecord, 'claims'> {
  claims: OlderClaim[];
}

export interface OlderBot extends Pick<
  BotRecord,
  'key' | 'shardCount' | 'setName' | 'saidName' | 'setShardCount' | 'declared' | 'heardAt' | 'flippedTo'
> {
  glance: OlderHolder | null;
  batch: OlderHolder | null;
  history: Omit<HistoryRecord, 'underWay'>;
}

export interface OlderCluster
  extends OlderHolder, Omit<ClusterRecord, keyof HolderRecord | keyof Later | 'bot'> {
  /** Null: unsaid, in what was imported. */
  bot: string | null;
  dropped?: string[];
  /** What its last snapshot said, at `seenAt`, in what was imported. */
  measured?: Measured;
}

type Later = Pick<
  ClusterRecord,
  'droppedAtRegister' | 'usedLeaseHash' | 'noCountAtRegister' | 'droppedAtBeat' | 'senders'
>;

export interface OlderRecord extends Pick<WorldRecord, 'savedAt' | 'sequence' | 'numbers' | 'flips'> {
  version: typeof OLDER_VERSION;
  /** Missing in what was imported. */
  unheardBefore?: number;
  bans?: string[];
  bots: OlderBot[];
  clusters: OlderCluster[];
}

/** Nothing of ours was kept, and a journal goes on from it. */
export const nothing = (savedAt: number): OlderRecord => ({
  version: OLDER_VERSION,
  savedAt,
  sequence: 0,
  numbers: [],
  flips: [],
  bots: [],
  clusters: [],
});

/** None of its events was refused when it happened, so no bound of today may refuse it. The event `rules` follows. */
const lenient = (rules: Rules): Rules => ({
  ...rules,
  requireLease: false,
  learnBots: true,
  maxClusters: Number.MAX_SAFE_INTEGER,
  maxLearntShards: Number.MAX_SAFE_INTEGER,
  maxClaims: Number.MAX_SAFE_INTEGER,
  maxFleets: Number.MAX_SAFE_INTEGER,
  maxFleetsPerIdentity: Number.MAX_SAFE_INTEGER,
});

/** That a report had created a bot was in no journal: a word on one proves it. */
export function withLearnt(events: DurableEvent[]): DurableEvent[] {
  const end = events.findIndex(({ type }) => type === 'rules'); // from there on it is today's, and says so
  const older = end < 0 ? events : events.slice(0, end);
  return [...older.flatMap(learntFirst), ...events.slice(older.length)];
}

const learntFirst = (event: DurableEvent): DurableEvent[] =>
  (event.type === 'set-bot' || event.type === 'assign') && event.bot !== null
    ? [{ type: 'learn', at: event.at, bot: event.bot }, event]
    : [event];

/** The record as today's program would have written it under these rules, but for their bounds. */
export function upgraded(older: OlderRecord, today: Rules): WorldRecord {
  const rules = lenient(today);
  const { savedAt, sequence, flips, numbers, bans = [] } = older;
  const { unheardBefore = savedAt - rules.clusterLeaseMs } = older;
  const isImported = older.unheardBefore === undefined;
  const clusters = older.clusters.map((one) => clusterOf(one, older, rules, isImported));
  return {
    version: RECORD_VERSION,
    savedAt,
    sequence,
    rules,
    leasesFrom: 0,
    unheardBefore: Math.max(0, heardBy(savedAt, unheardBefore)),
    skewMs: 0,
    numbers: highest([...numbers, ...clusters.flatMap((one) => one.numbers)]),
    bans,
    bots: botsOf(older, clusters, rules),
    clusters,
    told: 0,
    flipCount: flips.length,
    flips,
  };
}

function highest(given: [fleet: string, number: number][]): [string, number][] {
  const numbers = new Map<string, number>();
  for (const [fleet, number] of given) numbers.set(fleet, Math.max(numbers.get(fleet) ?? 0, number));
  return [...numbers];
}

/** A record took a while to write, and what was volatile in it went on meanwhile. */
const WRITTEN_WITHIN_MS = 60_000;

/** A time from the future was read off a clock that was wrong: its silence would count from then only. */
const heardBy = (savedAt: number, at: number): number => (at > savedAt + WRITTEN_WITHIN_MS ? savedAt : at);

function clusterOf(
  older: OlderCluster,
  { savedAt }: OlderRecord,
  rules: Rules,
  isImported: boolean,
): ClusterRecord {
  const said: OlderCluster = { ...older };
  delete said.measured;
  delete said.dropped;
  return {
    ...said,
    ...holderOf(older, savedAt, rules.clusterLeaseMs, isImported),
    bot: older.bot ?? older.assignedBot ?? keyOfMember({ rules }, older),
    firstSeenAt: heardBy(savedAt, older.firstSeenAt),
    statusAt: heardBy(savedAt, older.statusAt),
    oversizedAt: heardBy(savedAt, older.oversizedAt),
    droppedAtRegister: older.dropped ?? [],
    usedLeaseHash: '',
    noCountAtRegister: null,
    droppedAtBeat: [],
    senders: [],
  };
}

function holderOf(older: OlderHolder, savedAt: number, leaseMs: number, isImported: boolean): HolderRecord {
  return {
    seenAt: heardBy(savedAt, older.seenAt),
    declaredCount: older.declaredCount,
    declaredAt: heardBy(savedAt, older.declaredAt),
    claims: older.claims.map((claim) => claimOf(claim, savedAt, leaseMs, isImported)),
  };
}

/** What is imported says since when something was said, and no word of when its lease ran out after that. */
function claimOf(older: OlderClaim, savedAt: number, leaseMs: number, isImported: boolean): ClaimRecord {
  const [shard, state, saidSince, lastSeenAt, lease, heldFrom = saidSince] = older;
  const seenAt = heardBy(savedAt, lastSeenAt);
  const hasRunOut = isImported && lease === RUN_OUT && state !== OFFLINE;
  const isOverdue = isImported && lease === HELD && seenAt + leaseMs < savedAt;
  const since = hasRunOut ? seenAt + leaseMs : heardBy(savedAt, saidSince);
  return [shard, state, since, seenAt, isOverdue ? UNHEARD : lease, heardBy(savedAt, heldFrom)];
}

/** Configured ones first, as the world has them; then those that were learnt. */
function botsOf(older: OlderRecord, clusters: ClusterRecord[], rules: Rules): BotRecord[] {
  const known = new Map(older.bots.map((bot) => [bot.key, bot]));
  const configured = new Map(rules.configuredBots.map((bot) => [bot.key, bot]));
  const keys = new Set([...configured.keys(), ...known.keys(), ...clusters.map(({ bot }) => bot)]);
  return [...keys].map((key) => {
    const said = configured.get(key);
    const base = botOf(known.get(key) ?? unheardBot(key), older.savedAt, rules);
    const own = clusters.filter(({ bot }) => bot === key);
    const configuredCount = said?.shardCount ?? null;
    const fixed = base.setShardCount ?? configuredCount;
    const claimed = [base.glance, base.batch, ...own].flatMap((holder) => holder?.claims ?? []);
    const shardCount = fixed ?? base.shardCount;
    return {
      ...base,
      givenName: said ? givenAs(key, said.name) : null,
      configuredCount,
      shardCount,
      declared: fixed !== null || base.declared,
      certain: fixed !== null || base.declared,
      lastDeclared: own.find(({ declaredCount }) => declaredCount !== null)?.declaredCount ?? null,
      largestId: Math.max(
        base.flippedTo.length - 1,
        fixed === null ? shardCount - 1 : -1,
        ...claimed.map(([id]) => id),
      ),
      history: { ...base.history, incidents: settled(base.history.incidents, claimed, older.savedAt) },
    };
  });
}

const unheardBot = (key: string): OlderBot => ({
  key,
  shardCount: 0,
  setName: null,
  saidName: null,
  setShardCount: null,
  declared: false,
  heardAt: null,
  flippedTo: '',
  glance: null,
  batch: null,
  history: {
    count: 0,
    incidents: [],
    recoveries: { unhealthy: [], offline: [], starting: [], resuming: [] },
  },
});

function botOf(older: OlderBot, savedAt: number, { shardLeaseMs }: Rules): BotRecord {
  const { key, setName, saidName, setShardCount, shardCount, declared, history } = older;
  const holder = (one: OlderHolder | null): HolderRecord | null =>
    one && holderOf(one, savedAt, shardLeaseMs, false);
  return {
    key,
    givenName: null,
    configuredCount: null,
    setName,
    setShardCount,
    saidName,
    shardCount,
    declared,
    certain: declared,
    lastDeclared: null,
    largestId: -1,
    heardAt: older.heardAt === null ? null : heardBy(savedAt, older.heardAt),
    flippedTo: older.flippedTo.slice(0, MAX_SHARD_COUNT),
    since: [],
    glance: holder(older.glance),
    batch: holder(older.batch),
    history: { ...history, underWay: [] },
  };
}

/** Of shards that nobody speaks of any more nobody can say that they are back. */
function settled(incidents: IncidentRecord[], claimed: ClaimRecord[], savedAt: number): IncidentRecord[] {
  const ids = new Set(claimed.map(([id]) => id));
  return incidents.map((one) => {
    if (one.endedAt !== null) return one;
    const down = [...readRanges(one.down)].filter((id) => ids.has(id));
    return { ...one, down: formatRanges(down), endedAt: down.length > 0 ? null : savedAt };
  });
}
