// A world under test with a clock of its own: facts go in as bots say them, views and flips come out.
import { isDeepStrictEqual } from 'node:util';
import { shownStates } from '../../public/shared/counts.js';
import { shownNameOf } from '../../public/shared/shard.js';
import { nameOf, stateOf, type ShownName, type StateName } from '../../public/shared/states.js';
import type { BotView, ShardView } from '../../public/shared/wire.js';
import type { Answer } from '../../server/core/answer.js';
import {
  isDurable,
  type BeatEvent,
  type DurableEvent,
  type Event,
  type RegisterEvent,
  type RulesEvent,
  type ShardRow,
} from '../../server/core/event.js';
import { door } from '../../server/core/door.js';
import type { Fact } from '../../server/core/fact.js';
import type { WorldRecord } from '../../server/core/record.js';
import { record } from '../../server/core/recording.js';
import { restore } from '../../server/core/restore.js';
import { step, type Applied } from '../../server/core/step.js';
import { isBehind } from '../../server/core/live/sweep.js';
import { botView, shardView } from '../../server/core/views/view.js';
import { NO_RULES, type Rules } from '../../server/core/registry/registry.js';
import { createWorld, type Bot, type World } from '../../server/core/world.js';

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

/** The operator configures that. */
export const rulesEvent = (rules: Rules, at = T0): RulesEvent => ({
  type: 'rules',
  at,
  rules,
  forbidden: [],
});

/** A world that was configured, and nothing more. */
export function worldWith(rules: Rules): World {
  const world = createWorld();
  step(world, rulesEvent(rules));
  return world;
}

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
  world: World;
  at: number;
  /** What followed from the last event. */
  facts: readonly Fact[] = [];
  /** What clusters show, where nothing else is said. */
  shownHash: string | null = null;
  /** Told what follows from each event, as the engine's are. */
  readonly listeners: ((applied: Applied) => void)[] = [];

  /** What was kept comes back as at a start: the record, what the journal holds beyond it, and a gap from then until now. */
  constructor(
    rules: Rules = rulesWith(),
    at = T0,
    kept: WorldRecord | null = null,
    events: readonly DurableEvent[] = [],
  ) {
    this.at = at;
    this.world = createWorld();
    if (kept) restore(this.world, kept);
    for (const event of events) step(this.world, event);
    this.configure(rules);
    if (kept) this.gap(kept.savedAt);
    this.catchUp();
  }

  /** As a start does, where the configuration is another. */
  configure(rules: Rules): void {
    if (!isDeepStrictEqual(this.world.rules, rules)) this.append(rulesEvent(rules, this.at));
  }

  /** Through the door, as the engine lets it in. */
  tell(event: Event): Answer {
    const stop = door(this.world, event);
    if (stop && 'refusal' in stop) {
      this.facts = [];
      return stop.refusal;
    }
    if (stop) this.append(stop.first);
    return isDurable(event) ? this.append(event) : this.apply(event);
  }

  /** A test that has a log of its own puts it in between. */
  append: (event: DurableEvent) => Answer = (event) => this.apply(event);

  apply(event: Event): Answer {
    const applied = step(this.world, event);
    this.facts = applied.facts;
    if (applied.isNews) for (const listener of this.listeners) listener(applied);
    return applied.answer;
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

  /** The same world at the same moment, put back from its record. */
  twin(): Scene {
    const world = createWorld();
    restore(world, this.record());
    return Scene.of(world, this.at);
  }

  /** A scene on a world that came about elsewhere. */
  static of(world: World, at: number): Scene {
    const scene = new Scene(NO_RULES, at);
    scene.world = world;
    return scene;
  }

  /** The server that comes up after this one. */
  restart({ downMs = 1_000, rules = this.world.rules, events = [] as readonly DurableEvent[] } = {}): Scene {
    return new Scene(rules, this.at + downMs, this.record(), events);
  }
}

/** What only durable events made, as text. */
export function registryText({ rules, bots, clusters, numbers, bans }: World): string {
  const botsOf = [...bots.values()].map(({ key, givenName, configuredCount, setName, setShardCount }) => ({
    key,
    givenName,
    configuredCount,
    setName,
    setShardCount,
  }));
  const clustersOf = [...clusters.values()].map((cluster) => [
    [cluster.identity, cluster.bot.key, cluster.fleet, cluster.number, [...cluster.numbers]],
    [cluster.version, cluster.saidBot, cluster.assignedBot, cluster.firstSeenAt, cluster.isBanned],
    [
      cluster.leaseHash,
      cluster.formerLeaseHash,
      cluster.host,
      cluster.scrapeTarget,
      cluster.droppedAtRegister,
    ],
  ]);
  return JSON.stringify([rules, botsOf, clustersOf, [...numbers], [...bans]]);
}

/** The record, through its text. */
export const recordOf = (world: World, savedAt: number): WorldRecord =>
  JSON.parse(textOf(world, savedAt)) as WorldRecord;

export function textOf(world: World, savedAt: number): string {
  const { pieces, end } = record(world, savedAt, 0);
  const text = [...pieces].join('');
  end();
  return text;
}
