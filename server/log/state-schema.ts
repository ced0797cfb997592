// What a state file must look like to be ours: anything else refuses the start.
import * as z from 'zod';
import { STOPPED } from '../../public/shared/states.js';
import { UNHEARD } from '../core/live/claim-table.js';
import { RECORD_VERSION, type ClaimRecord, type WorldRecord } from '../core/record.js';
import { MAX_SHARD_COUNT, type Rules } from '../core/registry/registry.js';
import { OLDER_VERSION, type OlderClaim, type OlderRecord } from './older.js';

const time = z.number().min(0);
const shard = z
  .int()
  .min(0)
  .max(MAX_SHARD_COUNT - 1);
const LAST_STATE = 6;
const state = z.int().min(0).max(LAST_STATE);
const shown = z.int().min(0).max(STOPPED);
const count = z.int().min(1).max(MAX_SHARD_COUNT).nullable();
/** Shard ids as "0-15,32", so short that none is beyond any shard count. */
const ranges = z.string().regex(/^(\d{1,5}(-\d{1,5})?(,|$))*$/);
const numbers = z.array(z.tuple([z.string(), z.int().min(1)]));

const signsOfLife = { seenAt: time, declaredCount: count, declaredAt: time };
const holder = {
  ...signsOfLife,
  claims: z.custom<ClaimRecord[]>((value) => areClaims(value, CLAIM_FIELDS), 'not all of them are claims'),
};
const olderHolder = {
  ...signsOfLife,
  claims: z.custom<OlderClaim[]>((value) => areClaims(value, OLDER_FIELDS), 'not all of them are claims'),
};

/** How many fields a claim has at least, and at most. */
type Fields = readonly [least: number, most: number];
const CLAIM_FIELDS: Fields = [6, 9];
const OLDER_FIELDS: Fields = [5, 6];

/** By hand, and not copied: 80,000 tuples through zod cost 40 MB and most of the time of a start. */
function areClaims(value: unknown, fields: Fields): boolean {
  return Array.isArray(value) && value.every((one) => isClaim(one, fields));
}

function isClaim(value: unknown, [least, most]: Fields): boolean {
  if (!Array.isArray(value) || value.length < least || value.length > most) return false;
  const [id, said, since, seenAt, lease, heldFrom = 0, latencyMs = null, ...counts] = value as unknown[];
  const isOfShard = isWhole(id, MAX_SHARD_COUNT - 1) && isWhole(said, LAST_STATE);
  const isTimed = isTime(since) && isTime(seenAt) && isWhole(lease, UNHEARD) && isTime(heldFrom);
  const isMeasured = latencyMs === null || Number.isFinite(latencyMs);
  return (
    isOfShard && isTimed && isMeasured && counts.every((one) => one === null || isWhole(one, MOST_GUILDS))
  );
}

const MOST_GUILDS = 2 ** 31 - 1;
const isWhole = (value: unknown, most: number): boolean =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
const isTime = (value: unknown): boolean => Number.isFinite(value) && (value as number) >= 0;

const incident = z.object({
  number: z.int().min(1),
  cause: z.string().nullable(),
  state,
  startedAt: time,
  lastAt: time,
  endedAt: time.nullable(),
  shards: ranges,
  down: ranges,
  isJoined: z.boolean().exactOptional(),
});

const lengths = z.array(time);
const olderHistory = z.object({
  count: z.int().min(0),
  incidents: z.array(incident),
  recoveries: z.object({ unhealthy: lengths, offline: lengths, starting: lengths, resuming: lengths }),
});
const history = olderHistory.extend({ underWay: z.array(z.tuple([shard], time.nullable())) });

const states = z
  .string()
  .max(MAX_SHARD_COUNT)
  .regex(/^[0-7]*$/);
const someShards = z.int().min(0).max(MAX_SHARD_COUNT);
const botBase = {
  key: z.string(),
  shardCount: someShards,
  setName: z.string().nullable(),
  saidName: z.string().nullable(),
  setShardCount: count,
  declared: z.boolean(),
  heardAt: time.nullable(),
  flippedTo: states,
};

const bot = z.object({
  ...botBase,
  givenName: z.string().nullable(),
  configuredCount: someShards.nullable(),
  certain: z.boolean(),
  lastDeclared: count,
  largestId: z
    .int()
    .min(-1)
    .max(MAX_SHARD_COUNT - 1),
  since: z.array(z.tuple([shard, time])),
  glance: z.object(holder).nullable(),
  batch: z.object(holder).nullable(),
  history,
});
const olderBot = z.object({
  ...botBase,
  glance: z.object(olderHolder).nullable(),
  batch: z.object(olderHolder).nullable(),
  history: olderHistory,
});

const clusterBase = {
  identity: z.string(),
  fleet: z.string(),
  number: z.int().min(1),
  numbers,
  version: z.string(),
  saidBot: z.string().nullable(),
  assignedBot: z.string().nullable(),
  firstSeenAt: time,
  leaseHash: z.string(),
  formerLeaseHash: z.string().nullable(),
  host: z.string(),
  scrapeTarget: z.string(),
  status: z.enum(['up', 'down', 'stopped']),
  statusAt: time,
  oversizedAt: time,
};
const words = z.array(z.string());
const cluster = z.object({
  ...holder,
  ...clusterBase,
  bot: z.string(),
  droppedAtRegister: words,
  usedLeaseHash: z.string(),
  noCountAtRegister: z.string().nullable(),
  droppedAtBeat: words,
  senders: z.array(z.int()),
});
const olderCluster = z.object({
  ...olderHolder,
  ...clusterBase,
  bot: z.string().nullable(),
  dropped: words.exactOptional(),
});

const flip = z.object({
  at: time,
  bot: z.string(),
  shard,
  from: shown,
  to: shown,
  cause: z.string().nullable(),
  host: z.string().exactOptional(),
});

const ms = z.number().positive();
const most = z.int().min(0);
export const rulesSchema: z.ZodType<Rules> = z.object({
  shardLeaseMs: ms,
  clusterLeaseMs: ms,
  heartbeatMs: ms,
  requireLease: z.boolean(),
  learnBots: z.boolean(),
  maxClusters: most,
  maxLearntShards: most,
  maxClaims: most,
  maxFleets: most,
  maxFleetsPerIdentity: most,
  memberRows: z.array(
    z.union([
      z.object({ identity: z.string(), bot: z.string() }),
      z.object({ fleet: z.string(), bot: z.string() }),
    ]),
  ),
  configuredBots: z.array(z.object({ key: z.string(), shardCount: someShards, name: z.string() })),
});

const recordBase = {
  savedAt: time,
  sequence: z.int().min(0),
  flips: z.array(flip),
  numbers,
};

export const recordSchema: z.ZodType<WorldRecord> = z.object({
  version: z.literal(RECORD_VERSION),
  ...recordBase,
  rules: rulesSchema,
  leasesFrom: time,
  unheardBefore: time,
  skewMs: z.number(),
  bans: z.array(z.string()),
  bots: z.array(bot),
  clusters: z.array(cluster),
  told: z.int().min(0),
  flipCount: z.int().min(0),
});

export const olderSchema: z.ZodType<OlderRecord> = z.object({
  version: z.literal(OLDER_VERSION),
  ...recordBase,
  unheardBefore: time.exactOptional(),
  bans: z.array(z.string()).exactOptional(),
  bots: z.array(olderBot),
  clusters: z.array(olderCluster),
});
