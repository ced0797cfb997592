// A world under test with a clock of its own: facts go in as bots say them, views and flips come out.
import { shownStates } from '../../public/shared/counts.js';
import { shownNameOf } from '../../public/shared/shard.js';
import { nameOf, stateOf, type ShownName, type StateName } from '../../public/shared/states.js';
import type { BotView, ShardView } from '../../public/shared/wire.js';
import type { Answer, Change } from '../../server/core/change.js';
import type { BeatEvent, DurableEvent, Event, RegisterEvent, ShardRow } from '../../server/core/event.js';
import { record, type WorldRecord } from '../../server/core/record.js';
import { replay } from '../../server/core/replay.js';
import { restore } from '../../server/core/restore.js';
import { step } from '../../server/core/step.js';
import { isBehind } from '../../server/core/sweep.js';
import { botView, shardView } from '../../server/core/view.js';
import { createWorld, type Bot, type Rules, type World } from '../../server/core/world.js';

/** When scenes begin; tests tell times from here. */
export const T0 = 1_795_225_265_000;
export const LEASE = 45_000;

/** One bot "main" of 4 shards, nothing learnt, unless said otherwise. */
export const rulesWith = (some: Partial<Rules> = {}): Rules => ({
  shardLeaseMs: LEASE,
  clusterLeaseMs: LEASE,
  heartbeatMs: LEASE / 3,
  requireLease: false,
  learnBots: false,
  maxClusters: 1_000,
  maxLearntShards: 65_536,
  maxClaims: 262_144,
  maxFleets: 1_000,
  maxFleetsPerIdentity: 8,
  memberRows: [],
  configuredBots: [{ key: 'main', shardCount: 4, name: 'My Bot' }],
  ...some,
});

/** A server on which no bots are configured. */
export const learning = (some: Partial<Rules> = {}): Rules =>
  rulesWith({ learnBots: true, configuredBots: [], ...some });

/** What a holder says of its shards, by id. */
export type Said = Record<number, StateName>;

export const rowsOf = (said: Said): ShardRow[] =>
  Object.entries(said).map(([id, name]) => ({ id: Number(id), state: stateOf(name)!, latencyMs: null }));

/** A register as the plainest member sends it, but for what is said of it. */
export const registration = (
  identity: string,
  at: number,
  said: Partial<RegisterEvent> = {},
): RegisterEvent => ({
  type: 'register',
  at,
  identity,
  fleet: 'asia',
  version: '1.0',
  bot: null,
  name: null,
  shardCount: null,
  host: null,
  scrapeTarget: null,
  shownHash: null,
  leaseHash: 'c0ffee',
  dropped: [],
  ...said,
});

/** A beat as the plainest member sends it, but for what is said of it. */
export const beatOf = (identity: string, at: number, said: Partial<BeatEvent> = {}): BeatEvent => ({
  type: 'beat',
  at,
  identity,
  rows: null,
  shardCount: null,
  measured: null,
  shownHash: null,
  sender: 0,
  name: null,
  dropped: [],
  ...said,
});

/** A flip as tests compare it: when (ms after T0), which shard, from, to, and the cluster that caused it. */
export type ToldFlip = [at: number, shard: number, from: ShownName, to: ShownName, cause: string | null];

export class Scene {
  readonly world: World;
  at: number;
  /** What followed from the last event. */
  changes: Change[] = [];
  /** What clusters show, where nothing else is said. */
  shownHash: string | null = null;
  /** Told what follows from each event, as the engine's are. */
  readonly listeners: ((changes: Change[]) => void)[] = [];

  /** What was kept comes back as at a start: the record, what the journal holds beyond it, and a gap from then until now. */
  constructor(
    rules: Rules = rulesWith(),
    at = T0,
    kept: WorldRecord | null = null,
    events: readonly DurableEvent[] = [],
  ) {
    this.at = at;
    this.world = createWorld(rules);
    if (kept) restore(this.world, kept);
    replay(this.world, events);
    if (kept) this.gap(kept.savedAt);
    this.catchUp();
  }

  tell(event: Event): Answer {
    const { answer, changes } = step(this.world, event);
    this.changes = changes;
    for (const listener of this.listeners) listener(changes);
    return answer;
  }

  /** Since then nobody could be heard. */
  gap(from: number): void {
    this.tell({ type: 'gap', from, at: this.at });
  }

  /** Time passes; leases are looked at once, at its end. */
  pass(ms: number): void {
    this.at += ms;
    this.tell({ type: 'sweep', at: this.at });
  }

  /** What one event had no room for follows, as it does by itself in a server. */
  catchUp(): void {
    while (isBehind(this.world)) this.tell({ type: 'sweep', at: this.at });
  }

  glance(shard: number, state: StateName, bot = 'main'): Answer {
    return this.tell({ type: 'status', at: this.at, bot, shard, state: stateOf(state)! });
  }

  ping(shard: number, bot = 'main'): Answer {
    return this.tell({ type: 'health', at: this.at, bot, shard });
  }

  batch(said: Said, { bot = 'main', shardCount = null as number | null } = {}): Answer {
    return this.tell({ type: 'batch', at: this.at, bot, shardCount, rows: rowsOf(said) });
  }

  register(identity: string, said: Partial<RegisterEvent> = {}): Answer {
    return this.tell(registration(identity, this.at, { shownHash: this.shownHash, ...said }));
  }

  /** `said` null: a sign of life without a word about shards. */
  beat(identity: string, said: Said | null, shardCount: number | null = null): Answer {
    return this.beatRows(identity, said && rowsOf(said), shardCount);
  }

  beatRows(identity: string, rows: ShardRow[] | null, shardCount: number | null = null): Answer {
    return this.tell(beatOf(identity, this.at, { rows, shardCount, shownHash: this.shownHash }));
  }

  /** As the batch route has it of a cluster. */
  someShards(
    identity: string,
    said: Said,
    { bot = 'main', shardCount = null as number | null, shownHash = this.shownHash } = {},
  ): Answer {
    const rows = rowsOf(said);
    return this.tell({ type: 'shards', at: this.at, identity, bot, shardCount, rows, shownHash });
  }

  bot(key = 'main'): Bot {
    return this.world.bots.get(key)!;
  }

  view(key = 'main'): BotView {
    return botView(this.world, this.bot(key), true);
  }

  shard(id: number, key = 'main'): ShardView {
    return shardView(this.world, this.bot(key), id, true);
  }

  state(id: number, key = 'main'): ShownName {
    return shownNameOf(this.shard(id, key));
  }

  states(key = 'main'): ShownName[] {
    return shownStates(this.view(key))
      .split('')
      .map((character) => nameOf(Number(character)));
  }

  /** In ms after T0. */
  since(id: number, key = 'main'): number {
    return this.shard(id, key).since! - T0;
  }

  flips(): ToldFlip[] {
    const told = ({ at, shard, from, to, cause }: ReturnType<World['flips']['list']>[number]): ToldFlip => [
      at - T0,
      shard,
      nameOf(from),
      nameOf(to),
      cause,
    ];
    return this.world.flips.list().map(told);
  }

  record(): WorldRecord {
    return recordOf(this.world, this.at);
  }

  /** The server that comes up after this one. */
  restart({ downMs = 1_000, rules = this.world.rules, events = [] as readonly DurableEvent[] } = {}): Scene {
    return new Scene(rules, this.at + downMs, this.record(), events);
  }
}

/** The record, through its text. */
export const recordOf = (world: World, savedAt: number): WorldRecord =>
  JSON.parse([...record(world, savedAt, 0).pieces].join('')) as WorldRecord;
