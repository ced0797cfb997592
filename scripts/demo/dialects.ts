// How members say what they are: each dialect's own requests, and what it must remember between them.
import { createReporter, type Reporter, type ShardReport } from '../../server/member/index.js';
import { ONLINE, STOPPING, wireName, type State } from '../../public/shared/states.js';
import type { Dialect, Member } from './fleet.js';
import type { Post } from './post.js';
import type { Moment } from './scenario.js';
import { argusSnapshot, GUILDS_PER_SHARD } from './snapshot.js';

/** Where a member speaks to, and by what means. */
export interface Wire {
  origin: string;
  /** For the dialects that are spoken here; the member client has its own. */
  post: Post;
  /** Where the member client keeps its leases. */
  stateDir: string;
  log: (line: string) => void;
}

export interface Voice {
  /** Reports one moment of one member. Never rejects; what did not get through is said again with the next. */
  say: (moment: Moment, atMs: number) => Promise<void>;
  /** Says goodbye, where the dialect has a word for it. */
  leave?: () => Promise<void>;
}

export const dialects = {
  argus: argusCluster,
  member: memberClient,
  batch: batchBot,
  glance: glanceBot,
} satisfies Record<Dialect, (member: Member, wire: Wire) => Voice>;

const UNKNOWN_MEMBER = 404;

const isTaken = (status: number | null): boolean => status !== null && status < 400;

/** Registers when its process is new or unknown over there, then beats. Argus leaves the states out, we accept them. */
function argusCluster(member: Member, { post }: Wire): Voice {
  let registeredAtMs: number | undefined;
  const { identity, fleet, bot } = member;
  const say = async (moment: Moment, atMs: number): Promise<void> => {
    if (registeredAtMs !== moment.startedAtMs) {
      const status = await post('/fleet/register', { identity, fleet, version: '0.4.2' });
      if (!isTaken(status)) return;
      registeredAtMs = moment.startedAtMs;
    }
    const snapshot = argusSnapshot(member, moment, atMs);
    const body = { identity, bot: bot.key, shard_count: bot.shardCount, shards: rowsOf(moment), snapshot };
    if ((await post('/fleet/heartbeat', body)) === UNKNOWN_MEMBER) registeredAtMs = undefined;
  };
  return { say };
}

/** As a bot has it: a reporter for each process, which asks for the shards when it wants to, and is told that they changed. */
function memberClient({ identity, index, fleet, bot }: Member, { origin, stateDir, log }: Wire): Voice {
  let latest: Moment | undefined;
  let reporter: Reporter | undefined;
  const start = (): Reporter =>
    createReporter({
      url: origin,
      bot: bot.key,
      identity,
      clusterId: index,
      fleet,
      stateDir,
      signals: false,
      note: log,
      shards: () => latest?.shards.map(shardReport) ?? [],
      shardCount: () => bot.shardCount,
    });
  const leave = async (): Promise<void> => {
    const leaving = reporter;
    reporter = undefined;
    await leaving?.stop();
  };
  const say = async (moment: Moment): Promise<void> => {
    const isStopping = moment.shards.every(({ state }) => state === STOPPING);
    if (isStopping || (latest && latest.startedAtMs !== moment.startedAtMs)) await leave();
    latest = moment;
    if (isStopping) return;
    reporter ??= start();
    reporter.changed();
  };
  return { say, leave };
}

const shardReport = ({ id, state, latencyMs }: Moment['shards'][number]): ShardReport => ({
  id,
  state: wireName(state),
  latencyMs,
  guilds: state === ONLINE ? GUILDS_PER_SHARD : 0,
});

function batchBot({ bot }: Member, { post }: Wire): Voice {
  const say = async (moment: Moment): Promise<void> => {
    await post(`/api/bots/${bot.key}/shards`, { shard_count: bot.shardCount, shards: rowsOf(moment) });
  };
  return { say };
}

const rowsOf = ({ shards }: Moment): { id: number; state: string; latency_ms: number }[] =>
  shards.map(({ id, state, latencyMs }) => ({ id, state: wireName(state), latency_ms: latencyMs }));

/** Says a state when it changes, and between changes only that the shard lives. */
function glanceBot({ bot }: Member, { post }: Wire): Voice {
  const told = new Map<number, State>();
  const say = async ({ shards }: Moment): Promise<void> => {
    for (const { id, state } of shards) {
      const isNews = told.get(id) !== state;
      const path = isNews ? `/api/status/${bot.key}/${id}/${state}` : `/api/health/${bot.key}/${id}`;
      if (isTaken(await post(path))) told.set(id, state);
      else told.delete(id);
    }
  };
  return { say };
}
