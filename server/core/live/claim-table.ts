// The table of claims as parallel typed arrays: 49 bytes a claim, so that 100,000 shards fit in a few megabytes.

const FIRST_CAPACITY = 256;
export const NONE = -1;
export const UNSAID = -1;

/** The holder was heard within its lease: its word counts. */
export const HELD = 0;
/** The claim has outlived its lease. */
export const RUN_OUT = 1;
/** The same, before a gap longer than the lease: Unknown until it is heard, or silent for one more lease. */
export const RAN_OUT_BEFORE = 2;
/** The lease held when such a gap began, and the holder was not heard since: Unknown, with its word kept. */
export const UNHEARD = 3;

/** A claim is a row number in this table. Rows of one shard are chained by `next`; freed rows are used again. */
export class ClaimTable {
  holder = new Int32Array(FIRST_CAPACITY);
  shard = new Int32Array(FIRST_CAPACITY);
  /** What the holder said, 0 to 6. */
  state = new Uint8Array(FIRST_CAPACITY);
  /** Since when it says so; once its lease ran out, since when it is silent, unless it said Offline. ms since 1970. */
  since = new Float64Array(FIRST_CAPACITY);
  /** Since when its holder speaks for the shard without a break: not over a lapse, or a stop. ms since 1970. */
  heldFrom = new Float64Array(FIRST_CAPACITY);
  /** Last sign of life for this shard, ms since 1970. */
  seenAt = new Float64Array(FIRST_CAPACITY);
  /** NaN: not said. */
  latencyMs = new Float32Array(FIRST_CAPACITY);
  /** How many guilds the shard has, and how many of them it still waits for. UNSAID: not said. */
  guilds = new Int32Array(FIRST_CAPACITY);
  unavailable = new Int32Array(FIRST_CAPACITY);
  /** HELD, RUN_OUT, RAN_OUT_BEFORE or UNHEARD. */
  lease = new Uint8Array(FIRST_CAPACITY);
  next = new Int32Array(FIRST_CAPACITY);
  #used = 0;
  #free: number[] = [];

  /** A new row; the caller chains it. */
  add(holder: number, shard: number): number {
    const row = this.#free.pop() ?? this.#used++;
    if (row >= this.state.length) this.#grow();
    this.holder[row] = holder;
    this.shard[row] = shard;
    this.state[row] = 0;
    this.since[row] = 0;
    this.heldFrom[row] = 0;
    this.seenAt[row] = 0;
    this.latencyMs[row] = NaN;
    this.guilds[row] = UNSAID;
    this.unavailable[row] = UNSAID;
    this.lease[row] = HELD;
    this.next[row] = NONE;
    return row;
  }

  /** Gives the row back; the caller has unchained it. */
  free(row: number): void {
    this.holder[row] = NONE;
    this.#free.push(row);
  }

  /** How many rows are in use. */
  get size(): number {
    return this.#used - this.#free.length;
  }

  /** Every row in use. */
  *rows(): Generator<number> {
    for (let row = 0; row < this.#used; row++) if (this.holder[row] !== NONE) yield row;
  }

  #grow(): void {
    const capacity = this.state.length * 2;
    this.holder = grown(this.holder, new Int32Array(capacity));
    this.shard = grown(this.shard, new Int32Array(capacity));
    this.state = grown(this.state, new Uint8Array(capacity));
    this.since = grown(this.since, new Float64Array(capacity));
    this.heldFrom = grown(this.heldFrom, new Float64Array(capacity));
    this.seenAt = grown(this.seenAt, new Float64Array(capacity));
    this.latencyMs = grown(this.latencyMs, new Float32Array(capacity));
    this.guilds = grown(this.guilds, new Int32Array(capacity));
    this.unavailable = grown(this.unavailable, new Int32Array(capacity));
    this.lease = grown(this.lease, new Uint8Array(capacity));
    this.next = grown(this.next, new Int32Array(capacity));
  }
}

/** `into`, beginning with the contents of `from`. */
export function grown<T extends Int32Array | Uint8Array | Float64Array | Float32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
