// What a state file must look like to be ours: anything else refuses the start.
import * as z from 'zod';
import { OFFLINE, STOPPED } from '../../public/shared/states.js';
import { UNHEARD } from '../core/claim-table.js';
import { RECORD_VERSION, type ClaimRecord, type WorldRecord } from '../core/record.js';
import { MAX_SHARD_COUNT } from '../core/world.js';

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

const holder = {
  seenAt: time,
  declaredCount: count,
  declaredAt: time,
  claims: z.custom<ClaimRecord[]>(areClaims, 'not all of them are claims'),
};

/** By hand, and not copied: 80,000 tuples through zod cost 40 MB and most of the time of a start. */
function areClaims(value: unknown): boolean {
  return Array.isArray(value) && value.every(isClaim);
}

function isClaim(value: unknown): boolean {
  if (!Array.isArray(value) || value.length < 5 || value.length > 6) return false;
  const [id, said, since, seenAt, lease, heldFrom = 0] = value as unknown[];
  const isOfShard = isWhole(id, MAX_SHARD_COUNT - 1) && isWhole(said, LAST_STATE);
  return isOfShard && isTime(since) && isTime(seenAt) && isWhole(lease, UNHEARD) && isTime(heldFrom);
}

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
});

const lengths = z.array(time);
const history = z.object({
  count: z.int().min(0),
  incidents: z.array(incident),
  recoveries: z.object({ unhealthy: lengths, offline: lengths, starting: lengths, resuming: lengths }),
});

const bot = z.object({
  key: z.string(),
  name: z.string(),
  shardCount: z.int().min(0).max(MAX_SHARD_COUNT),
  // Missing in files written before operators could set them.
  setName: z.string().nullable().default(null),
  saidName: z.string().nullable().default(null),
  setShardCount: count.default(null),
  declared: z.boolean(),
  heardAt: time.nullable(),
  flippedTo: z
    .string()
    .max(MAX_SHARD_COUNT)
    .regex(/^[0-7]*$/),
  glance: z.object(holder).nullable(),
  batch: z.object(holder).nullable(),
  history: history.exactOptional(),
});

const cluster = z.object({
  ...holder,
  identity: z.string(),
  fleet: z.string(),
  number: z.int().min(1),
  numbers,
  version: z.string(),
  saidBot: z.string().nullable(),
  assignedBot: z.string().nullable().default(null),
  bot: z.string().nullable(),
  firstSeenAt: time,
  leaseHash: z.string(),
  // Missing in files written before there were any.
  formerLeaseHash: z.string().nullable().default(null),
  host: z.string().default(''),
  scrapeTarget: z.string().default(''),
  dropped: z.array(z.string()).exactOptional(),
  status: z.enum(['up', 'down', 'stopped']).default('up'),
  statusAt: time.default(0),
  oversizedAt: time.default(0),
});

const flip = z
  .object({
    at: time,
    bot: z.string(),
    shard,
    from: shown,
    to: shown,
    cause: z.string().nullable(),
    host: z.string().exactOptional(),
    // In files written before "stopped on purpose" was a state of its own.
    planned: z.literal(true).optional(),
  })
  .transform(({ planned, ...one }) => (planned && one.to === OFFLINE ? { ...one, to: STOPPED } : one));

export const recordSchema: z.ZodType<WorldRecord> = z.object({
  version: z.literal(RECORD_VERSION),
  savedAt: time,
  unheardBefore: time.exactOptional(),
  sequence: z.int().min(0).default(0),
  bots: z.array(bot),
  clusters: z.array(cluster),
  flips: z.array(flip),
  numbers,
  bans: z.array(z.string()).exactOptional(),
});
