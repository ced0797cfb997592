// The world as the state file keeps it (schema version 2), written piece by piece while events go on.
import type { DurableEvent } from './event.js';
import type { Flip } from './flips.js';
import type { Measured } from './measured.js';
import { incidentRecords, type IncidentRecord } from './incidents.js';
import type { RecoveryLengths } from './recoveries.js';
import type { AnonymousHolder, Bot, Cluster, ClusterStatus, Holder, World } from './world.js';

export const RECORD_VERSION = 2;

/**
 * [shard, state, since, last seen, how its lease is: HELD to UNHEARD in `claim-table.ts`; older files know 0 and 1, since
 * when it speaks for the shard without a break: missing where it is `since`, and in older files]
 */
export type ClaimRecord = [
  shard: number,
  state: number,
  since: number,
  seenAt: number,
  lease: number,
  heldFrom?: number,
];

/** A fleet and a number in it; pairs, for a fleet may be called anything. */
export type NumberRecord = [fleet: string, number: number];

export interface HolderRecord {
  seenAt: number;
  declaredCount: number | null;
  declaredAt: number;
  claims: ClaimRecord[];
}

export interface BotRecord {
  key: string;
  name: string;
  shardCount: number;
  /** What an operator set; null, and missing in older files: nothing. */
  setName: string | null;
  /** What its clusters call it; missing in older files. */
  saidName: string | null;
  setShardCount: number | null;
  declared: boolean;
  heardAt: number | null;
  /** The state after the last flip, one character a shard. */
  flippedTo: string;
  glance: HolderRecord | null;
  batch: HolderRecord | null;
  /** Missing in files written before there were any: then they are read out of the flips. */
  history?: HistoryRecord;
}

/** In the bot's own piece, so that it fits `flippedTo`. */
export interface HistoryRecord {
  /** How many incidents the bot ever had. */
  count: number;
  incidents: IncidentRecord[];
  recoveries: RecoveryLengths;
}

export interface ClusterRecord extends HolderRecord {
  identity: string;
  fleet: string;
  number: number;
  numbers: NumberRecord[];
  version: string;
  saidBot: string | null;
  assignedBot: string | null;
  /** The bot its claims are about; null: unsaid, in what was imported. */
  bot: string | null;
  firstSeenAt: number;
  leaseHash: string;
  /** Null: void. */
  formerLeaseHash: string | null;
  host: string;
  scrapeTarget: string;
  /** Missing in older files, and where nothing was. */
  dropped?: string[];
  status: ClusterStatus;
  statusAt: number;
  oversizedAt: number;
  /** What its last snapshot said, at `seenAt`. In what was imported only: ours is beside the state file. */
  measured?: Measured;
}

export interface WorldRecord {
  version: typeof RECORD_VERSION;
  savedAt: number;
  /** As in the world; missing in older files. */
  unheardBefore?: number;
  /** It holds every durable event up to this one, and none after it. */
  sequence: number;
  bots: BotRecord[];
  clusters: ClusterRecord[];
  flips: Flip[];
  numbers: NumberRecord[];
  /** Globs of identities; missing in older files. */
  bans?: string[];
}

/** How many claims or flips one piece holds at most: well under a millisecond of work. */
const MOST_IN_A_PIECE = 500;

/** A record that is being written. */
export interface Recording {
  /** Its JSON. Between two pieces anything may happen to the world. */
  pieces: Iterable<string>;
  /** To be told of each durable event just before it is applied, while pieces are still due. */
  keep: (event: DurableEvent) => void;
}

/**
 * Begins a record that holds the durable events up to `sequence`, the last one applied, and none after it, however long
 * it takes to write: a cluster that a later event is about to touch is put into words before. So replay needs no guessing:
 * it applies exactly what came after. What is volatile is of the moment at which its piece is written.
 */
export function record(world: World, savedAt: number, sequence: number): Recording {
  const clusters = [...world.clusters.values()];
  const numbers = JSON.stringify([...world.numbers]);
  const bans = JSON.stringify([...world.bans]);
  const flips = world.flips.list();
  const due = new Set(clusters);
  const kept = new Map<Cluster, string>();
  function* clusterPieces(cluster: Cluster): Generator<string> {
    due.delete(cluster);
    const text = kept.get(cluster);
    kept.delete(cluster);
    if (text === undefined) yield* piecesOfCluster(world, cluster);
    else yield text;
  }
  function* pieces(): Generator<string> {
    yield `{"version":${RECORD_VERSION},"savedAt":${savedAt},"unheardBefore":${world.unheardBefore},`;
    yield `"sequence":${sequence},"numbers":${numbers},"bans":${bans},"bots":[`;
    yield* joined(world.bots.values(), (bot) => piecesOfBot(world, bot));
    yield '],"clusters":[';
    yield* joined(clusters, clusterPieces);
    yield '],"flips":[';
    yield* joined(chunks(flips), (some) => [some.map((flip) => JSON.stringify(flip)).join(',')]);
    yield ']}\n';
  }
  const keep = (event: DurableEvent): void => {
    for (const identity of touchedBy(event)) {
      const cluster = world.clusters.get(identity);
      if (cluster && due.delete(cluster)) kept.set(cluster, [...piecesOfCluster(world, cluster)].join(''));
    }
  };
  return { pieces: pieces(), keep };
}

/** An operator's word on a bot touches no cluster, and neither does a ban; said again to a record that has it already, it changes nothing. */
function touchedBy(event: DurableEvent): string[] {
  if (event.type === 'prune') return event.identities;
  return event.type === 'set-bot' || event.type === 'ban' ? [] : [event.identity];
}

function* joined<T>(items: Iterable<T>, write: (item: T) => Iterable<string>): Generator<string> {
  let separator = '';
  for (const item of items) {
    if (separator) yield separator;
    yield* write(item);
    separator = ',';
  }
}

function* chunks<T>(items: Iterable<T>): Generator<T[]> {
  let some: T[] = [];
  for (const item of items) {
    if (some.push(item) < MOST_IN_A_PIECE) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

/** What it was last seen to be comes with its incidents in one piece, for they must fit each other. */
function* piecesOfBot(world: World, bot: Bot): Generator<string> {
  const said: Omit<BotRecord, AnonymousHolder['kind']> = {
    key: bot.key,
    name: bot.name,
    shardCount: bot.shardCount,
    setName: bot.setName,
    saidName: bot.saidName,
    setShardCount: bot.setShardCount,
    declared: bot.declared,
    heardAt: bot.heardAt,
    flippedTo: bot.flippedTo.subarray(0, bot.largestId + 1).join(''),
    history: {
      count: bot.incidents.count,
      incidents: incidentRecords(bot.incidents),
      recoveries: bot.recoveries.lengths,
    },
  };
  yield opened(said);
  for (const kind of ['glance', 'batch'] as const) {
    const holder = bot.anonymous.get(kind);
    if (!holder) {
      yield `,"${kind}":null`;
      continue;
    }
    yield `,"${kind}":${opened(signsOfLife(holder))}`;
    yield* piecesOfClaims(world, holder);
    yield '}';
  }
  yield '}';
}

function* piecesOfCluster(world: World, cluster: Cluster): Generator<string> {
  const said: Omit<ClusterRecord, 'claims'> = {
    identity: cluster.identity,
    fleet: cluster.fleet,
    number: cluster.number,
    numbers: [...cluster.numbers],
    version: cluster.version,
    saidBot: cluster.saidBot,
    assignedBot: cluster.assignedBot,
    firstSeenAt: cluster.firstSeenAt,
    leaseHash: cluster.leaseHash,
    formerLeaseHash: cluster.formerLeaseHash,
    host: cluster.host,
    scrapeTarget: cluster.scrapeTarget,
    ...(cluster.droppedAtRegister.length > 0 ? { dropped: [...cluster.droppedAtRegister] } : {}),
    status: cluster.status,
    statusAt: cluster.statusAt,
    oversizedAt: cluster.oversizedAt,
    bot: cluster.bot.key,
    ...signsOfLife(cluster),
  };
  yield opened(said);
  yield* piecesOfClaims(world, cluster);
  yield '}';
}

const signsOfLife = ({ seenAt, declaredCount, declaredAt }: Holder): Omit<HolderRecord, 'claims'> => ({
  seenAt,
  declaredCount,
  declaredAt,
});

/** An object's JSON without its end: more follows. */
const opened = (fields: object): string => JSON.stringify(fields).slice(0, -1);

function* piecesOfClaims(world: World, holder: Holder): Generator<string> {
  yield ',"claims":[';
  yield* joined(chunks(holder.claims), (some) => [some.map((claim) => claimText(world, claim)).join(',')]);
  yield ']';
}

/** Put together by hand: at 80,000 claims three times as fast as JSON.stringify of as many arrays. */
function claimText({ claims }: World, [shard, claim]: [shard: number, claim: number]): string {
  const { state, since, heldFrom, seenAt, lease } = claims;
  const from = heldFrom[claim] === since[claim] ? '' : `,${heldFrom[claim]!}`;
  return `[${shard},${state[claim]!},${since[claim]!},${seenAt[claim]!},${lease[claim]!}${from}]`;
}
