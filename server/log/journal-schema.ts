// What a durable event must look like in the journal. A field that is new needs a default: journals outlive an update.
import * as z from 'zod';
import type { DurableEvent } from '../core/event.js';
import { MAX_SHARD_COUNT } from '../core/registry/registry.js';
import { rulesSchema } from './state-schema.js';

const at = z.number().min(0);
const text = z.string();

const register = z.object({
  type: z.literal('register'),
  at,
  identity: text,
  fleet: text,
  version: text,
  bot: text.nullable(),
  name: text.nullable().default(null),
  shardCount: z.int().min(1).max(MAX_SHARD_COUNT).nullable(),
  host: text.nullable(),
  scrapeTarget: text.nullable(),
  shownHash: text.nullable(),
  leaseHash: text,
  dropped: z.array(text).default([]),
});
const prune = z.object({ type: z.literal('prune'), at, identities: z.array(text) });
const release = z.object({ type: z.literal('release'), at, identity: text });

const forget = z.object({ type: z.literal('forget'), at, identity: text });
const setBot = z.object({
  type: z.literal('set-bot'),
  at,
  bot: text,
  name: text.nullable(),
  shardCount: z.int().min(1).max(MAX_SHARD_COUNT).nullable(),
});
const assign = z.object({ type: z.literal('assign'), at, identity: text, bot: text.nullable() });

const ban = z.object({ type: z.literal('ban'), at, glob: text, banned: z.boolean() });

const learn = z.object({ type: z.literal('learn'), at, bot: text });
const leaseUsed = z.object({ type: z.literal('lease-used'), at, identity: text, hash: text });
const rules = z.object({
  type: z.literal('rules'),
  at,
  rules: rulesSchema,
  forbidden: z.array(z.object({ identity: text, why: text })),
});

export const eventSchema: z.ZodType<DurableEvent> = z.discriminatedUnion('type', [
  register,
  prune,
  release,
  forget,
  setBot,
  assign,
  ban,
  learn,
  leaseUsed,
  rules,
]);
