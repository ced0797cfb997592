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
  /** How long commands took. Null: not said. */
  durations: Histogram | null;
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

/** How many were at most each bound: the bounds ascend, and the last is Infinity where the snapshot is complete. */
export interface Histogram {
  bounds: number[];
  counts: number[];
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

/** The keys whose values are numbers. */
export type NumberKey = {
  [Key in keyof Measured]: number extends Measured[Key] ? Key : never;
}[keyof Measured];
