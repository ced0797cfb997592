// The proof: a server that hands out numbers without pause is killed at random moments; nothing that it answered is ever lost or given twice.
import { once } from 'node:events';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { replay } from '../../server/core/replay.js';
import { openLogOrThrow } from '../../server/log/open.js';
import { learning, Scene } from '../core/scene.js';
import { post } from '../harness.js';
import { folder, launch, type Child } from './child.js';

/** Each has a folder of its own, so that no start has to read what thousands of members left. */
const SERVERS = 4;
const KILLS_EACH = 50;
/** Now and then it stops as it should, so that the journal does not hold all of it. */
const STOPS_EVERY = 20;
/** Lives that last until a state file is written, and end while it is or soon after. */
const LONG_LIVES = 6;
const SAVE_AFTER_MS = 5_000;
const AT_ONCE = 8;
const ENVIRONMENT = { SHARDLIGHT_MAX_CLUSTERS: '100000', SHARDLIGHT_REGISTER_BURST: '1000000' };

/** Not seeded: no seed makes the moment of a death come again. */
const upTo = (ms: number): number => Math.random() * ms;
const pass = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Member {
  identity: string;
  fleet: string;
}

/** What members were told, over all lives of one server. */
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
    const i = Math.random() < 0.9 ? this.#count++ : Math.floor(upTo(this.#count));
    return { identity: `member-${i}`, fleet: i % 3 === 0 ? 'eu' : 'asia' };
  }

  note({ identity, fleet }: Member, number: number): void {
    this.acknowledgements++;
    const name = `${fleet} #${number}`;
    const known = this.numbers.get(identity) ?? number;
    const holder = this.holders.get(name) ?? identity;
    if (known !== number) this.wrongs.push(`${identity} was ${fleet} #${known} and is ${name}`);
    if (holder !== identity) this.wrongs.push(`${name} was given to ${holder} and to ${identity}`);
    this.numbers.set(identity, number);
    this.holders.set(name, identity);
  }
}

/** Where it listens, as soon as it does. */
async function urlOf(child: Child): Promise<string> {
  for (;;) {
    const url = /http:\/\/\S+(?=\/\n)/.exec(child.said())?.[0];
    if (url !== undefined) return url;
    const exited = child.exited.then(() => true);
    const isOver = await Promise.race([once(child.process.stderr!, 'data').then(() => false), exited]);
    if (isOver) throw new Error(child.said());
  }
}

/** Registers it and remembers the answer; false: the server is gone. */
async function register(url: string, memory: Memory, member: Member): Promise<boolean> {
  let answer: { status: number; text: string };
  try {
    const response = await post(`${url}/fleet/register`, member);
    answer = { status: response.status, text: await response.text() };
  } catch {
    return false; // killed before its answer was through: nobody was told
  }
  if (answer.status !== 200) memory.wrongs.push(`${answer.status}: ${answer.text}`);
  else {
    memory.note(member, (JSON.parse(answer.text) as { number: number }).number);
    memory.recent.push(member);
  }
  return true;
}

/** Several registers are always under way, until it is gone. */
async function storm(url: string, memory: Memory): Promise<void> {
  const one = async (): Promise<void> => {
    while (await register(url, memory, memory.next()));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

/** What the next start will find: every number that was ever told. */
async function checkFiles(statePath: string, memory: Memory): Promise<void> {
  const opened = await openLogOrThrow(statePath, 'discord', Date.now());
  opened.unlock();
  const { world } = new Scene(learning({ maxClusters: Infinity }), Date.now(), opened.record);
  replay(world, opened.events);
  for (const [identity, number] of memory.numbers)
    if (world.clusters.get(identity)?.number !== number)
      memory.wrongs.push(`${identity} lost its number ${number}`);
}

/** One life: who was told something in the last one asks again, then calm, then the storm, then the end. */
async function live(
  t: Test,
  cwd: string,
  memory: Memory,
  end: (child: Child) => Promise<void>,
  calmMs = 0,
): Promise<void> {
  const child = launch(t, cwd, ENVIRONMENT);
  const url = await urlOf(child);
  const before = memory.recent.splice(0);
  for (const member of [...before.slice(-5), memory.next()]) await register(url, memory, member);
  await pass(calmMs);
  const storming = storm(url, memory);
  await end(child);
  child.process.kill('SIGKILL');
  await Promise.all([storming, child.exited]);
  await checkFiles(join(cwd, 'shardlight-state.json'), memory);
}

async function dieOften(t: Test, memory: Memory): Promise<void> {
  const cwd = folder(t);
  for (let kill = 1; kill <= KILLS_EACH && memory.wrongs.length === 0; kill++) {
    await live(t, cwd, memory, async (child) => {
      await pass(upTo(kill % 2 ? 20 : 120));
      if (kill % 4 > 0) return;
      child.process.kill('SIGTERM'); // so that it dies while it writes its last state file, or cuts the journal by it
      await pass(upTo(30));
    });
    if (kill % STOPS_EVERY > 0) continue;
    await live(t, cwd, memory, async (child) => {
      child.process.kill('SIGTERM');
      await child.exited;
    });
  }
}

/** The first register of a life plans the save; that there are many members makes it take a while. */
async function dieWhileSaving(t: Test, memory: Memory): Promise<void> {
  const cwd = folder(t);
  await live(t, cwd, memory, () => pass(SAVE_AFTER_MS));
  for (let kill = 1; kill < LONG_LIVES && memory.wrongs.length === 0; kill++)
    await live(t, cwd, memory, () => pass(200 + upTo(150)), SAVE_AFTER_MS - 180);
}

const KILLS = SERVERS * KILLS_EACH + LONG_LIVES;

void t.test(`killed ${KILLS} times at random moments, it never loses or repeats a number`, async (t) => {
  const memories = Array.from({ length: SERVERS + 1 }, () => new Memory());
  const [patient, ...others] = memories as [Memory, ...Memory[]];
  const inTurn = async (some: Memory[]): Promise<void> => {
    for (const memory of some) await dieOften(t, memory);
  };
  const half = SERVERS / 2; // two at a time, for as many cores
  await Promise.all([dieWhileSaving(t, patient), inTurn(others.slice(0, half)), inTurn(others.slice(half))]);
  t.same(
    memories.flatMap(({ wrongs }) => wrongs),
    [],
  );
  const acknowledged = memories.reduce((sum, memory) => sum + memory.acknowledgements, 0);
  t.ok(acknowledged > 5 * KILLS, `${acknowledged}`);
  // On stderr: the reporter shows no comments of tests that pass.
  process.stderr.write(`${KILLS} kills, ${acknowledged} acknowledged registers: none lost or given twice\n`);
});
