// What a state file must look like to be ours: anything else refuses the start.
import { z } from 'zod';
import { RECORD_VERSION, type WorldRecord } from '../core/record.js';
import { MAX_SHARD_COUNT } from '../core/world.js';

const time = z.number().min(0);
const shard = z
  .int()
  .min(0)
  .max(MAX_SHARD_COUNT - 1);
const state = z.int().min(0).max(6);
const count = z.int().min(1).max(MAX_SHARD_COUNT).nullable();
const numbers = z.array(z.tuple([z.string(), z.int().min(1)]));

const holder = {
  seenAt: time,
  declaredCount: count,
  declaredAt: time,
  claims: z.array(z.tuple([shard, state, time, time, z.int().min(0).max(1)])),
};

const bot = z.object({
  key: z.string(),
  name: z.string(),
  shardCount: z.int().min(0).max(MAX_SHARD_COUNT),
  declared: z.boolean(),
  heardAt: time.nullable(),
  flippedTo: z
    .string()
    .max(MAX_SHARD_COUNT)
    .regex(/^[0-6]*$/),
  glance: z.object(holder).nullable(),
  batch: z.object(holder).nullable(),
});

const cluster = z.object({
  ...holder,
  identity: z.string(),
  fleet: z.string(),
  number: z.int().min(1),
  numbers,
  version: z.string(),
  saidBot: z.string().nullable(),
  bot: z.string(),
  firstSeenAt: time,
  leaseHash: z.string(),
});

const flip = z.object({
  at: time,
  bot: z.string(),
  shard,
  from: state,
  to: state,
  cause: z.string().nullable(),
});

export const recordSchema: z.ZodType<WorldRecord> = z.object({
  version: z.literal(RECORD_VERSION),
  savedAt: time,
  bots: z.array(bot),
  clusters: z.array(cluster),
  flips: z.array(flip),
  numbers,
});
