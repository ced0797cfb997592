// The metrics snapshot of a pretend Argus cluster: the families that a real one sends about its shards and itself.
import { ONLINE } from '../../public/shared/states.js';
import type { Family } from './families.js';
import type { Member, PretendBot } from './fleet.js';
import type { Moment, PretendShard } from './scenario.js';
import { traffic } from './traffic.js';

export interface ArgusSnapshot {
  metrics: Record<string, Family>;
}

/** What the snapshot needs to know of a member. */
type Reporter = Pick<Member, 'index'> & { bot: Pick<PretendBot, 'shardCount'> };

export const GUILDS_PER_SHARD = 1_024;

/** `atMs` is on the scenario's clock, as the moment's times are. Argus knows shards as up or down only. */
export function argusSnapshot(
  member: Reporter,
  { shards, startedAtMs }: Moment,
  atMs: number,
): ArgusSnapshot {
  const online = shards.filter((shard) => shard.state === ONLINE);
  const cluster = { cluster: String(member.index) };
  const one = (name: string, value: number): [string, Family] => [name, gauge(name, [[cluster, value]])];
  const each = (
    name: string,
    of: PretendShard[],
    value: (shard: PretendShard) => number,
  ): [string, Family] => [
    name,
    gauge(
      name,
      of.map((shard) => [{ shard: String(shard.id) }, value(shard)]),
    ),
  ];
  return {
    metrics: {
      ...traffic(member.index, atMs - startedAtMs),
      ...Object.fromEntries([
        each('discord_shard_latency_seconds', online, (shard) => shard.latencyMs / 1000),
        each('discord_shard_up', shards, (shard) => (shard.state === ONLINE ? 1 : 0)),
        each('discord_shard_ws_ratelimited', shards, () => 0),
        one('discord_shards_connected', online.length),
        one('discord_shards_configured', member.bot.shardCount),
        one('discord_guilds', online.length * GUILDS_PER_SHARD),
        one('discord_uptime_seconds', (atMs - startedAtMs) / 1000),
        one('discord_event_loop_lag_seconds', 0.002),
      ]),
    },
  };
}

const gauge = (name: string, values: [Record<string, string>, number][]): Family => ({
  type: 'gauge',
  samples: values.map(([labels, value]) => ({ name, labels, value })),
});
