// How members say what they are: each dialect's own requests, and what it must remember between them.
import { nameOf, type State } from '../../public/shared/states.js';
import type { Dialect, Member } from './fleet.js';
import type { Post } from './post.js';
import type { Moment } from './scenario.js';
import { argusSnapshot } from './snapshot.js';

/** Reports one moment of one member. Never rejects; what did not get through is said again with the next. */
export type Report = (moment: Moment, atMs: number) => Promise<void>;

export const dialects = {
  argus: argusCluster,
  batch: batchBot,
  glance: glanceBot,
} satisfies Record<Dialect, (member: Member, post: Post) => Report>;

const UNKNOWN_MEMBER = 404;

const isTaken = (status: number | null): boolean => status !== null && status < 400;

/** Registers when its process is new or unknown over there, then beats. Argus leaves the states out, we accept them. */
function argusCluster(member: Member, post: Post): Report {
  let registeredAtMs: number | undefined;
  const { identity, fleet, bot } = member;
  return async (moment, atMs) => {
    if (registeredAtMs !== moment.startedAtMs) {
      const status = await post('/fleet/register', { identity, fleet, version: '0.4.2' });
      if (!isTaken(status)) return;
      registeredAtMs = moment.startedAtMs;
    }
    const snapshot = argusSnapshot(member, moment, atMs);
    const body = { identity, bot: bot.key, shard_count: bot.shardCount, shards: rowsOf(moment), snapshot };
    if ((await post('/fleet/heartbeat', body)) === UNKNOWN_MEMBER) registeredAtMs = undefined;
  };
}

function batchBot({ bot }: Member, post: Post): Report {
  return async (moment) => {
    await post(`/api/bots/${bot.key}/shards`, { shard_count: bot.shardCount, shards: rowsOf(moment) });
  };
}

const rowsOf = ({ shards }: Moment): { id: number; state: string; latency_ms: number }[] =>
  shards.map(({ id, state, latencyMs }) => ({ id, state: nameOf(state), latency_ms: latencyMs }));

/** Says a state when it changes, and between changes only that the shard lives. */
function glanceBot({ bot }: Member, post: Post): Report {
  const told = new Map<number, State>();
  return async ({ shards }) => {
    for (const { id, state } of shards) {
      const isNews = told.get(id) !== state;
      const path = isNews ? `/api/status/${bot.key}/${id}/${state}` : `/api/health/${bot.key}/${id}`;
      if (isTaken(await post(path))) told.set(id, state);
      else told.delete(id);
    }
  };
}
