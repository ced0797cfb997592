// How long the demo's server waits for a sign of life: as short as its members allow, so that one can watch a lease run out.

/** The member client beats every 15 s, a tenth early or late, and nobody can tell it otherwise. */
const CLUSTER_BEAT_SECONDS = 15;
const CLUSTER_BEATS = 2;
const ANONYMOUS_SECONDS = 15;

export const CLUSTER_LEASE_MS = CLUSTER_BEAT_SECONDS * CLUSTER_BEATS * 1_000;

/** As the server's variables. */
export const leases = {
  SHARDLIGHT_HEARTBEAT_INTERVAL: `${CLUSTER_BEAT_SECONDS}`,
  SHARDLIGHT_TTL_FACTOR: `${CLUSTER_BEATS}`,
  SHARDLIGHT_SHARD_LEASE: `${ANONYMOUS_SECONDS}`,
};
