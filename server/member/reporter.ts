// The member: registers, beats, tells changes at once, says goodbye. One request at a time, and nothing it meets reaches the bot.
import type { Kept } from './kept.js';
import { beatDelayMs, retryDelayMs, type After } from './pace.js';
import type { Post, Reply } from './post.js';
import { changedRows, rowsOf, type ShardReport, type WireShard } from './rows.js';
import { createTroubleNotes, type TroubleNotes } from './trouble.js';

export interface ReporterParts {
  post: Post;
  kept: Kept;
  /** What is said of the cluster with every report, beside its identity and lease. */
  about: About;
  shards: () => Iterable<ShardReport>;
  /** How many shards the bot has in all; null: not known yet. */
  shardCount: () => number | null;
  /** What people call the bot; null: not known yet. */
  name: () => string | null;
  /** One line that somebody may want to read. */
  note: (line: string) => void;
  now: () => number;
  after: After;
  random: () => number;
}

export interface About {
  bot?: string;
  fleet?: string;
  version?: string;
  host?: string;
}

export interface Reporter {
  /** Something may have changed: what did is told within a quarter of a second. Costs nothing when nothing did. */
  changed: () => void;
  /** Says goodbye for good: shards are shown as stopping, not as failing. Resolves within a second, and never rejects. */
  stop: () => Promise<void>;
}

const TIMEOUT_MS = 10_000;
const GOODBYE_MS = 600;
const LAST_WORD_MS = 300;
const GATHER_MS = 250;
/** What waits to be told; beyond it the oldest is dropped, and the next beat tells it. */
const MAX_WAITING = 4_096;

type Task = 'register' | 'changes' | 'beat';

export class Member {
  readonly #parts: ReporterParts;
  readonly #trouble: TroubleNotes;
  #said = new Map<number, WireShard>();
  #saidName: string | null = null;
  #identity: string | null = null;
  #lease: string | null = null;
  /** The bot that the server counts us to. */
  #bot: string | null = null;
  #isRegistered = false;
  #beatAt: number;
  #changesAt = Infinity;
  /** Nothing is sent before this, after a failure. */
  #notBefore = 0;
  #failures = 0;
  #isBusy = false;
  #isStopped = false;
  #goodbye: Promise<void> | null = null;
  /** What was asked for last: to go on, not to stop. */
  #goesOn = true;
  #underWay: Promise<void> = Promise.resolve();
  #disarm: () => void = () => undefined;

  constructor(parts: ReporterParts) {
    this.#parts = parts;
    this.#trouble = createTroubleNotes(parts.note, parts.now);
    this.#beatAt = parts.now();
    this.#arm();
  }

  changed(): void {
    if (this.#isStopped || !this.#isRegistered || this.#changesAt < Infinity) return;
    this.#changesAt = this.#parts.now() + GATHER_MS;
    this.#arm();
  }

  /** Whoever stops it again, as a signal and the bot's own handler of it do, waits for the same goodbye. */
  stop(): Promise<void> {
    this.#goesOn = false;
    return (this.#goodbye ??= this.#sayGoodbye());
  }

  /** After a goodbye: it registers and reports again, once that goodbye is said. */
  goOn(): void {
    this.#goesOn = true;
    void this.#goodbye?.then(() => this.#goesOn && this.#beginAnew());
  }

  #beginAnew(): void {
    if (!this.#isStopped) return;
    this.#goodbye = null;
    this.#isStopped = false;
    this.#isRegistered = false;
    this.#beatAt = this.#parts.now();
    this.#arm();
  }

  async #sayGoodbye(): Promise<void> {
    this.#isStopped = true;
    this.#disarm();
    const pause = new Promise<void>((resolve) => this.#parts.after(LAST_WORD_MS, resolve));
    await Promise.race([this.#underWay, pause]); // or a beat would arrive after the goodbye
    if (this.#isRegistered) await this.#parts.post('/fleet/goodbye', this.#who(), GOODBYE_MS);
  }

  /** One timer, for whatever is due first. It keeps no process alive. */
  #arm(): void {
    this.#disarm();
    if (this.#isStopped || this.#isBusy) return;
    const dueAt = Math.max(Math.min(this.#beatAt, this.#changesAt), this.#notBefore);
    const run = (): void => void (this.#underWay = this.#run());
    this.#disarm = this.#parts.after(Math.max(0, dueAt - this.#parts.now()), run);
  }

  async #run(): Promise<void> {
    this.#isBusy = true;
    try {
      this.#settle(await this.#perform(this.#due()));
    } catch (error) {
      this.#fail({ status: 0, text: String(error), retryAfterMs: 0 }); // what the bot gave us is odd: not its problem
    }
    this.#isBusy = false;
    this.#arm();
  }

  #due(): Task {
    if (!this.#isRegistered) return 'register';
    return this.#changesAt <= this.#beatAt ? 'changes' : 'beat';
  }

  #perform(task: Task): Promise<Reply | null> {
    if (task === 'register') return this.#register();
    return task === 'changes' ? this.#tellChanges() : this.#beat();
  }

  async #register(): Promise<Reply> {
    const { post, kept, about } = this.#parts;
    this.#identity ??= await kept.identity();
    this.#lease ??= await kept.lease(this.#identity);
    const name = this.#parts.name();
    const body = { ...this.#who(), ...about, ...named(name), ...this.#count() };
    const reply = await post('/fleet/register', body, TIMEOUT_MS);
    if (reply.status !== 200) return reply;
    this.#saidName = name;
    const { lease, bot } = JSON.parse(reply.text) as { lease?: string; bot?: string };
    this.#bot = bot ?? about.bot ?? null;
    this.#isRegistered = true;
    this.#beatAt = this.#parts.now();
    this.#said = new Map();
    if (lease !== undefined) await kept.keepLease(this.#identity, (this.#lease = lease));
    return reply;
  }

  /** The whole list: whatever events did not say is put right by it. */
  async #beat(): Promise<Reply> {
    const { post, now, random, about } = this.#parts;
    this.#beatAt = now() + beatDelayMs(random());
    this.#changesAt = Infinity;
    const rows = this.#rows();
    const shards = rows.size > 0 ? { shards: [...rows.values()] } : {};
    const bot = about.bot === undefined ? {} : { bot: about.bot };
    const name = this.#parts.name();
    const news = name === this.#saidName ? {} : named(name);
    const body = { ...this.#who(), ...bot, ...news, ...this.#count(), ...shards };
    const reply = await post('/fleet/heartbeat', body, TIMEOUT_MS);
    if (isFine(reply)) {
      this.#said = rows;
      this.#saidName = name;
    }
    return reply;
  }

  /** Null: nothing had changed after all. */
  async #tellChanges(): Promise<Reply | null> {
    this.#changesAt = Infinity;
    const changed = changedRows(this.#rows(), this.#said).slice(-MAX_WAITING);
    if (changed.length === 0 || this.#bot === null) return null;
    const path = `/api/bots/${encodeURIComponent(this.#bot)}/shards`;
    const reply = await this.#parts.post(
      path,
      { ...this.#who(), ...this.#count(), shards: changed },
      TIMEOUT_MS,
    );
    if (isFine(reply)) for (const row of changed) this.#said.set(row.id, row);
    return reply;
  }

  #rows(): Map<number, WireShard> {
    return rowsOf(this.#parts.shards());
  }

  #who(): { identity: string | null; lease?: string } {
    return { identity: this.#identity, ...(this.#lease === null ? {} : { lease: this.#lease }) };
  }

  #count(): { shard_count?: number } {
    const count = this.#parts.shardCount();
    return count === null ? {} : { shard_count: count };
  }

  #settle(reply: Reply | null): void {
    if (reply === null || isFine(reply)) {
      this.#trouble.over();
      this.#failures = 0;
      this.#notBefore = 0;
      return;
    }
    if (reply.status === 404) this.#isRegistered = false; // it does not know us any more: nothing is wrong with that
    if (reply.status === 404 && this.#failures === 0) this.#failures = 1;
    else this.#fail(reply);
  }

  #fail(reply: Reply): void {
    const { now, random } = this.#parts;
    this.#failures++;
    this.#notBefore = now() + Math.max(reply.retryAfterMs, retryDelayMs(this.#failures, random()));
    this.#beatAt = Math.min(this.#beatAt, this.#notBefore);
    this.#trouble.tell(reply);
  }
}

const named = (name: string | null): { name?: string } => (name === null ? {} : { name });

const isFine = ({ status }: Reply): boolean => status >= 200 && status < 300;
