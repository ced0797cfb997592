// The numbers that are kept of one metrics snapshot.

/** The numbers of a snapshot, each over all its series; null where it says nothing. Always finite. */
export interface Measured {
  /** The slowest shard. */
  latencySeconds: number | null;
  shardsUp: number | null;
  guilds: number | null;
  cachedUsers: number | null;
  uptimeSeconds: number | null;
  /** Totals since the process started: they count up, and begin anew when it restarts. */
  interactions: number | null;
  ratelimits: number | null;
  errors: number | null;
  commands: number | null;
  /** How many commands took at most so long, ascending; the last bound is Infinity. Null: not said. */
  durations: { leSeconds: number; count: number }[] | null;
  /** When the process started, in seconds since 1970. */
  processStartedAt: number | null;
  /** How many shards it should host. */
  shardsConfigured: number | null;
  reconnects: number | null;
  disconnects: number | null;
  loopLagSeconds: number | null;
  libraryVersion: string | null;
  argusVersion: string | null;
}

export const nothingMeasured = (): Measured => ({
  latencySeconds: null,
  shardsUp: null,
  guilds: null,
  cachedUsers: null,
  uptimeSeconds: null,
  interactions: null,
  ratelimits: null,
  errors: null,
  commands: null,
  durations: null,
  processStartedAt: null,
  shardsConfigured: null,
  reconnects: null,
  disconnects: null,
  loopLagSeconds: null,
  libraryVersion: null,
  argusVersion: null,
});
