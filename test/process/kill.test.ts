// The proof: whoever makes durable events of all kinds without pause is killed at random moments; nothing that was answered is ever lost, and no number given twice.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import type { Event } from '../../server/core/event.js';
import type { World } from '../../server/core/world.js';
import { openLogOrThrow } from '../../server/log/open.js';
import { learning, registration, Scene, T0 } from '../core/scene.js';
import { post, until } from '../harness.js';
import { unhookedFork } from '../unhooked.js';
import { folder, launch, pageOf } from './child.js';
import { Model, noFacts, type Facts, type Op, type Told } from './durable-model.js';
import type { Answered, Order } from './journal-child.js';

/** Each has a folder of its own, so that no start has to read what thousands of members left. */
const JOURNALS = 4;
const JOURNAL_KILLS_EACH = 46;
const SERVERS = 2;
const SERVER_KILLS_EACH = 10;
/** Now and then it stops as it should, so that the journal does not hold all of it. */
const STOPS_EVERY = 20;
const AT_ONCE = 8;
const ENVIRONMENT = {
  SHARDLIGHT_MAX_CLUSTERS: '100000',
  SHARDLIGHT_REGISTER_BURST: '1000000',
  SHARDLIGHT_READ_BURST: '1000000',
  SHARDLIGHT_HEARTBEAT_BURST: '1000000',
};

/** Not seeded: no seed makes the moment of a death come again. */
const upTo = (count: number): number => Math.floor(Math.random() * (count + 1));

const FLEETS = ['asia', 'eu'] as const;

const oneOf = <T>(some: readonly T[]): T => some[upTo(some.length - 1)]!;

/** One of those who ask at the same time: the clusters and the bot that it speaks of are its own, so its events have one order. */
class Asker {
  readonly #name: string;
  readonly #knowsLeases: boolean;
  /** Its last few identities. */
  readonly #recent: string[] = [];
  #count = 0;

  constructor(name: string, knowsLeases: boolean) {
    this.#name = name;
    this.#knowsLeases = knowsLeases;
  }

  /** Half of it registers somebody new; the rest is about somebody who was here before. */
  next(): Op {
    const identity = oneOf(this.#recent.slice(-5));
    if (this.#recent.length === 0 || Math.random() < 0.5) return this.#register(this.#newcomer());
    const bot = this.#bot;
    return oneOf<() => Op>([
      () => this.#register(identity),
      () => ({ what: 'release', identity }),
      () => ({ what: this.#knowsLeases ? 'prune' : 'forget', identity }),
      () => ({ what: 'forget', identity }),
      () => ({ what: 'assign', identity, bot: oneOf([bot, null]) }),
      () => ({ what: 'ban', glob: identity, banned: Math.random() < 0.5 }),
      () => ({ what: 'set-bot', bot, name: oneOf([null, 'One', 'Two']), shardCount: oneOf([null, 1, 2]) }),
    ])();
  }

  /** What the life before was told last is asked again. */
  again(): Op {
    return this.#register(this.#recent.at(-1) ?? this.#newcomer());
  }

  get #bot(): string {
    return `bot-of-${this.#name}`;
  }

  #newcomer(): string {
    const identity = `${this.#name}-${this.#count++}`;
    this.#recent.push(identity);
    return identity;
  }

  #register(identity: string): Op {
    const lease = this.#knowsLeases ? `lease ${identity} ${this.#count++}` : null;
    return { what: 'register', identity, fleet: oneOf(FLEETS), bot: this.#bot, lease };
  }
}

/** What was told over all lives of one journal, and who asks. */
class Memory extends Model {
  readonly askers: Asker[];

  constructor(knowsLeases: boolean) {
    super();
    this.askers = Array.from({ length: AT_ONCE }, (_, i) => new Asker(`asker-${i}`, knowsLeases));
  }
}

/** A process that makes events durable. */
interface Owner {
  /** Its answer; null: it is gone, and nobody was told. */
  perform: (op: Op) => Promise<Told | null>;
  kill: () => void;
  gone: Promise<unknown>;
}

/** How a life ends; `answers`: resolves when so many more were answered. */
type End<O extends Owner> = (owner: O, answers: (count: number) => Promise<unknown>) => Promise<void>;

const rules = learning({ maxClusters: Number.MAX_SAFE_INTEGER });

/** What the next start will find. */
async function checkFiles(statePath: string, memory: Memory, knowsLeases: boolean): Promise<void> {
  const opened = await openLogOrThrow(statePath, { namespace: 'discord', rules }, T0);
  opened.lock.unlock();
  const { world } = new Scene(rules, T0, opened.record, opened.events);
  memory.compare(factsIn(world, knowsLeases));
}

function factsIn({ clusters, bots, bans }: World, knowsLeases: boolean): Facts {
  const facts = noFacts();
  for (const { identity, fleet, numbers, leaseHash, saidBot, assignedBot: assigned } of clusters.values()) {
    const lease = knowsLeases ? leaseHash : null;
    facts.clusters.set(identity, {
      fleet,
      numbers: Object.fromEntries(numbers),
      lease,
      bot: saidBot ?? '',
      assigned,
    });
  }
  for (const { key, setName: name, setShardCount: shardCount } of bots.values())
    if (name !== null || shardCount !== null) facts.bots.set(key, { name, shardCount });
  for (const glob of bans) facts.banned.set(glob, true);
  return facts;
}

/** One life: what was told last is asked again, then several ask at a time, until the end. */
async function live<O extends Owner>(memory: Memory, owner: O, end: End<O>): Promise<void> {
  const ask = async (op: Op): Promise<boolean> => {
    memory.asks(op);
    const told = await owner.perform(op);
    memory.note(op, told);
    return told !== null;
  };
  const one = async (asker: Asker): Promise<void> => {
    if (await ask(asker.again())) while (await ask(asker.next()));
  };
  const storm = Promise.all(memory.askers.map(one));
  await end(owner, (count) => {
    const enough = memory.acknowledgements + count;
    return Promise.race([until(() => memory.acknowledgements >= enough), owner.gone]);
  });
  owner.kill();
  await Promise.all([storm, owner.gone]);
}

interface JournalOwner extends Owner {
  tell: (order: Order) => void;
}

/** As the server would make them of what bots and operators say. Who is to be forgotten says goodbye, for nobody who is up is. */
function eventsOf(op: Op): Event[] {
  const at = T0;
  switch (op.what) {
    case 'register': {
      const { identity, fleet, bot, lease } = op;
      return [registration(identity, at, { fleet, bot, leaseHash: lease ?? '' })];
    }
    case 'prune':
      return [{ type: 'prune', at, identities: [op.identity] }];
    case 'forget': {
      const { identity } = op;
      return [
        { type: 'goodbye', at, identity, shownHash: null },
        { type: 'forget', at, identity },
      ];
    }
    case 'release':
      return [{ type: 'release', at, identity: op.identity }];
    case 'assign':
      return [{ type: 'assign', at, identity: op.identity, bot: op.bot }];
    case 'ban':
      return [{ type: 'ban', at, glob: op.glob, banned: op.banned }];
    case 'set-bot':
      return [{ type: 'set-bot', at, bot: op.bot, name: op.name, shardCount: op.shardCount }];
  }
}

/** The process that owns the journal, alone. */
async function journalOwner(t: Test, statePath: string): Promise<JournalOwner> {
  const file = fileURLToPath(new URL('journal-child.js', import.meta.url));
  const child = fork(file, [statePath], unhookedFork);
  const gone = once(child, 'close');
  t.teardown(() => child.kill('SIGKILL'));
  const waiting = new Map<number, (answer: Told) => void>();
  const isOpen = new Promise((resolve, reject) => {
    child.on('message', (said: Answered | 'open') => {
      if (said === 'open') return resolve(null);
      waiting.get(said.number)?.(said.answer);
      waiting.delete(said.number);
    });
    void gone.then(() => reject(new Error('it ended before it was open')));
  });
  await isOpen;
  const tell = (order: Order): void => void child.send(order, () => undefined); // it may be dead by now
  let count = 0;
  const perform = (op: Op): Promise<Told | null> => {
    const number = count++;
    const answered = new Promise<Told>((resolve) => waiting.set(number, resolve));
    tell({ number, events: eventsOf(op) });
    return Promise.race([answered, gone.then(() => null)]);
  };
  return { tell, perform, gone, kill: () => void child.kill('SIGKILL') };
}

/** In the storm, while it writes the state or cuts the journal by it, and while it stops. */
const journalEnds: End<JournalOwner>[] = [
  async (_, answers) => void (await answers(upTo(60))),
  async ({ tell }, answers) => {
    await answers(upTo(20));
    tell('save');
    await answers(upTo(60));
  },
  async (_, answers) => void (await answers(upTo(10))),
  async ({ tell }, answers) => {
    await answers(upTo(20));
    tell('stop');
    await answers(upTo(20));
  },
];

async function killJournals(t: Test, memory: Memory): Promise<void> {
  const statePath = join(folder(t), 'state.json');
  for (let kill = 0; kill < JOURNAL_KILLS_EACH && memory.wrongs.length === 0; kill++) {
    const end = journalEnds[kill % journalEnds.length]!;
    await live(memory, await journalOwner(t, statePath), end);
    await checkFiles(statePath, memory, true);
    if (kill % STOPS_EVERY > 0) continue;
    await live(memory, await journalOwner(t, statePath), async ({ tell, gone }) => {
      tell('stop');
      await gone;
    });
    await checkFiles(statePath, memory, true);
  }
}

interface ServerOwner extends Owner {
  process: ChildProcess;
}

/** The whole program, asked over HTTP. */
async function serverOwner(t: Test, cwd: string): Promise<ServerOwner> {
  const child = launch(t, cwd, ENVIRONMENT);
  const url = await pageOf(child);
  const say = async (path: string, body: object): Promise<Told> => {
    const response = await post(`${url}${path}`, body);
    const text = await response.text();
    const { number } = (text.startsWith('{') ? JSON.parse(text) : {}) as { number?: number };
    if (response.ok) return { ok: true, ...(number === undefined ? {} : { number }) };
    return { ok: false, why: `${response.status} ${text}` };
  };
  const perform = (op: Op): Promise<Told | null> => overHttp(op, say).catch(() => null); // killed before its answer was through
  return { perform, process: child.process, gone: child.exited, kill: () => child.process.kill('SIGKILL') };
}

async function overHttp(op: Op, say: (path: string, body: object) => Promise<Told>): Promise<Told> {
  switch (op.what) {
    case 'register': {
      const { identity, fleet, bot } = op;
      return say('/fleet/register', { identity, fleet, bot });
    }
    case 'prune': // comes of itself, after days
    case 'forget': {
      const { identity } = op;
      await say('/fleet/goodbye', { identity });
      return say('/api/operator/forget', { identity });
    }
    case 'release':
      return say('/api/operator/release-lease', { identity: op.identity });
    case 'assign':
      return say('/api/operator/assign', { identity: op.identity, bot: op.bot });
    case 'ban':
      return say('/api/operator/ban', { glob: op.glob, banned: op.banned });
    case 'set-bot':
      return say('/api/operator/bot', { bot: op.bot, name: op.name, shard_count: op.shardCount });
  }
}

async function killServers(t: Test, memory: Memory): Promise<void> {
  const cwd = folder(t);
  const statePath = join(cwd, 'shardlight-state.json');
  const savedAt = async (): Promise<number> => (await stat(statePath).catch(() => null))?.mtimeMs ?? 0;
  const ends: End<ServerOwner>[] = [
    async (_, answers) => void (await answers(upTo(100))),
    async ({ process, gone }, answers) => {
      await answers(upTo(20));
      process.kill('SIGTERM'); // so that it dies while it writes its last state file, or cuts the journal by it
      await Promise.race([gone, answers(upTo(5))]);
    },
    async ({ process, gone }) => {
      process.kill('SIGTERM');
      await gone;
    },
  ];
  const whileSaving: End<ServerOwner> = async (_, answers) => {
    const before = await savedAt();
    await until(async () => (await savedAt()) !== before);
    await answers(upTo(5)); // the journal is cut now
  };
  for (let kill = 0; kill < SERVER_KILLS_EACH && memory.wrongs.length === 0; kill++) {
    await live(memory, await serverOwner(t, cwd), kill === 1 ? whileSaving : ends[kill % ends.length]!);
    await checkFiles(statePath, memory, false);
  }
}

const OPS: Op['what'][] = ['register', 'release', 'prune', 'forget', 'assign', 'ban', 'set-bot'];

const KILLS = JOURNALS * JOURNAL_KILLS_EACH + SERVERS * SERVER_KILLS_EACH;

void t.test(
  `killed ${KILLS} times at random moments, it keeps every durable event that was answered`,
  async (t) => {
    const servers = Array.from({ length: SERVERS }, () => new Memory(false));
    const journals = Array.from({ length: JOURNALS }, () => new Memory(true));
    const inTurn = async (some: Memory[]): Promise<void> => {
      for (const memory of some) await killJournals(t, memory);
    };
    await Promise.all([
      ...servers.map((memory) => killServers(t, memory)),
      inTurn(journals.slice(0, JOURNALS / 2)),
      inTurn(journals.slice(JOURNALS / 2)),
    ]);
    const memories = [...servers, ...journals];
    t.same(
      memories.flatMap(({ wrongs }) => wrongs),
      [],
    );
    const counts = OPS.map((what) =>
      memories.reduce((sum, { acknowledged }) => sum + (acknowledged.get(what) ?? 0), 0),
    );
    const acknowledged = counts.reduce((sum, count) => sum + count, 0);
    t.ok(acknowledged > 5 * KILLS, `${acknowledged}`);
    OPS.forEach((what, i) => t.ok(counts[i]! > KILLS / 8, `${what}: ${counts[i]}`));
    // On stderr: the reporter shows no comments of tests that pass.
    const each = OPS.map((what, i) => `${counts[i]} ${what}`).join(', ');
    if (memories.every(({ wrongs }) => wrongs.length === 0))
      process.stderr.write(
        `${KILLS} kills, ${acknowledged} acknowledged events (${each}): none lost, no number given twice\n`,
      );
  },
);
