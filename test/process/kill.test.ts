// The proof: whoever hands out numbers without pause is killed at random moments; nothing that was answered is ever lost or given twice.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { replay } from '../../server/core/replay.js';
import { openLogOrThrow } from '../../server/log/open.js';
import { learning, Scene, T0 } from '../core/scene.js';
import { post, until } from '../harness.js';
import { unhookedFork } from '../unhooked.js';
import { folder, launch, pageOf } from './child.js';
import type { Registered, Told } from './journal-child.js';

/** Each has a folder of its own, so that no start has to read what thousands of members left. */
const JOURNALS = 4;
const JOURNAL_KILLS_EACH = 46;
const SERVERS = 2;
const SERVER_KILLS_EACH = 10;
/** Now and then it stops as it should, so that the journal does not hold all of it. */
const STOPS_EVERY = 20;
const AT_ONCE = 8;
const ENVIRONMENT = { SHARDLIGHT_MAX_CLUSTERS: '100000', SHARDLIGHT_REGISTER_BURST: '1000000' };

/** Not seeded: no seed makes the moment of a death come again. */
const upTo = (count: number): number => Math.floor(Math.random() * (count + 1));

interface Member {
  identity: string;
  fleet: string;
}

/** What members were told, over all lives of one journal. */
class Memory {
  readonly numbers = new Map<string, number>();
  readonly holders = new Map<string, string>();
  readonly wrongs: string[] = [];
  acknowledgements = 0;
  /** Those that were told something in this life. */
  recent: Member[] = [];
  #count = 0;

  /** Mostly somebody new; now and then somebody who was here before. */
  next(): Member {
    const i = Math.random() < 0.9 ? this.#count++ : Math.floor(Math.random() * this.#count);
    return { identity: `member-${i}`, fleet: i % 3 === 0 ? 'eu' : 'asia' };
  }

  note(member: Member, answer: unknown): void {
    const { identity, fleet } = member;
    const { number } = answer as { number?: number };
    if (number === undefined) return void this.wrongs.push(`${identity}: ${JSON.stringify(answer)}`);
    this.acknowledgements++;
    this.recent.push(member);
    const name = `${fleet} #${number}`;
    const known = this.numbers.get(identity) ?? number;
    const holder = this.holders.get(name) ?? identity;
    if (known !== number) this.wrongs.push(`${identity} was ${fleet} #${known} and is ${name}`);
    if (holder !== identity) this.wrongs.push(`${name} was given to ${holder} and to ${identity}`);
    this.numbers.set(identity, number);
    this.holders.set(name, identity);
  }
}

/** A process that hands out numbers. */
interface Owner {
  /** Its answer; null: it is gone, and nobody was told. */
  register: (member: Member) => Promise<unknown>;
  kill: () => void;
  gone: Promise<unknown>;
}

/** How a life ends; `answers`: resolves when so many more members were told their number. */
type End<O extends Owner> = (owner: O, answers: (count: number) => Promise<unknown>) => Promise<void>;

/** What the next start will find: every number that was ever told. */
async function checkFiles(statePath: string, memory: Memory): Promise<void> {
  const opened = await openLogOrThrow(statePath, 'discord', T0);
  opened.lock.unlock();
  const { world } = new Scene(learning({ maxClusters: Infinity }), T0, opened.record);
  replay(world, opened.events);
  for (const [identity, number] of memory.numbers)
    if (world.clusters.get(identity)?.number !== number)
      memory.wrongs.push(`${identity} lost its number ${number}`);
}

/** One life: who was told something in the last one asks again, then several ask at a time, until the end. */
async function live<O extends Owner>(
  statePath: string,
  memory: Memory,
  owner: O,
  end: End<O>,
): Promise<void> {
  const ask = async (member: Member): Promise<boolean> => {
    const answer = await owner.register(member);
    if (answer !== null) memory.note(member, answer);
    return answer !== null;
  };
  for (const member of [...memory.recent.splice(0).slice(-5), memory.next()]) await ask(member);
  const one = async (): Promise<void> => {
    while (await ask(memory.next()));
  };
  const storm = Promise.all(Array.from({ length: AT_ONCE }, one));
  await end(owner, (count) => {
    const enough = memory.acknowledgements + count;
    return Promise.race([until(() => memory.acknowledgements >= enough), owner.gone]);
  });
  owner.kill();
  await Promise.all([storm, owner.gone]);
  await checkFiles(statePath, memory);
}

interface JournalOwner extends Owner {
  tell: (what: Told) => void;
}

/** The process that owns the journal, alone. */
async function journalOwner(t: Test, statePath: string): Promise<JournalOwner> {
  const file = fileURLToPath(new URL('journal-child.js', import.meta.url));
  const child = fork(file, [statePath], unhookedFork);
  const gone = once(child, 'close');
  t.teardown(() => child.kill('SIGKILL'));
  const waiting = new Map<string, { answered: Promise<unknown>; answer: (answer: unknown) => void }>();
  const isOpen = new Promise((resolve, reject) => {
    child.on('message', (said: Registered | 'open') => {
      if (said === 'open') return resolve(null);
      waiting.get(said.identity)?.answer(said.answer);
      waiting.delete(said.identity);
    });
    void gone.then(() => reject(new Error('it ended before it was open')));
  });
  await isOpen;
  const tell = (what: Told): void => void child.send(what, () => undefined); // it may be dead by now
  const ask = (member: Member): Promise<unknown> => {
    let answer: (answer: unknown) => void = () => undefined;
    const answered = new Promise((resolve) => (answer = resolve));
    waiting.set(member.identity, { answered, answer });
    tell(member);
    return answered;
  };
  const register = (member: Member): Promise<unknown> =>
    Promise.race([waiting.get(member.identity)?.answered ?? ask(member), gone.then(() => null)]);
  return { tell, register, gone, kill: () => void child.kill('SIGKILL') };
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
    await live(statePath, memory, await journalOwner(t, statePath), end);
    if (kill % STOPS_EVERY > 0) continue;
    await live(statePath, memory, await journalOwner(t, statePath), async ({ tell, gone }) => {
      tell('stop');
      await gone;
    });
  }
}

interface ServerOwner extends Owner {
  process: ChildProcess;
}

/** The whole program, asked over HTTP. */
async function serverOwner(t: Test, cwd: string): Promise<ServerOwner> {
  const child = launch(t, cwd, ENVIRONMENT);
  const url = await pageOf(child);
  const register = async (member: Member): Promise<unknown> => {
    try {
      const response = await post(`${url}/fleet/register`, member);
      const text = await response.text();
      return response.status === 200 ? JSON.parse(text) : { status: response.status, text };
    } catch {
      return null; // killed before its answer was through
    }
  };
  return { register, process: child.process, gone: child.exited, kill: () => child.process.kill('SIGKILL') };
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
  for (let kill = 0; kill < SERVER_KILLS_EACH && memory.wrongs.length === 0; kill++)
    await live(
      statePath,
      memory,
      await serverOwner(t, cwd),
      kill === 1 ? whileSaving : ends[kill % ends.length]!,
    );
}

const KILLS = JOURNALS * JOURNAL_KILLS_EACH + SERVERS * SERVER_KILLS_EACH;

void t.test(`killed ${KILLS} times at random moments, it never loses or repeats a number`, async (t) => {
  const memories = Array.from({ length: JOURNALS + SERVERS }, () => new Memory());
  const journals = memories.slice(SERVERS);
  const inTurn = async (some: Memory[]): Promise<void> => {
    for (const memory of some) await killJournals(t, memory);
  };
  await Promise.all([
    ...memories.slice(0, SERVERS).map((memory) => killServers(t, memory)),
    inTurn(journals.slice(0, JOURNALS / 2)),
    inTurn(journals.slice(JOURNALS / 2)),
  ]);
  t.same(
    memories.flatMap(({ wrongs }) => wrongs),
    [],
  );
  const acknowledged = memories.reduce((sum, memory) => sum + memory.acknowledgements, 0);
  t.ok(acknowledged > 5 * KILLS, `${acknowledged}`);
  // On stderr: the reporter shows no comments of tests that pass.
  process.stderr.write(`${KILLS} kills, ${acknowledged} acknowledged registers: none lost or given twice\n`);
});
