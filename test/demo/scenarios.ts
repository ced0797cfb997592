// What each scenario promises, checked moment by moment; nothing is sent.
import t from 'tap';
import {
  OFFLINE,
  ONLINE,
  RESUMING,
  STARTING,
  stateNames,
  STOPPING,
  type State,
} from '../../public/shared/states.js';
import { createDice } from '../../scripts/demo/dice.js';
import { membersOf, playingBots, type Member } from '../../scripts/demo/fleet.js';
import { CLUSTER_LEASE_MS } from '../../scripts/demo/leases.js';
import { BEAT_EVERY_MS } from '../../scripts/demo/play.js';
import { actsOf, scriptNames, type ScriptName } from '../../scripts/demo/repertoire.js';
import { createScenario, type Moment, type Scenario } from '../../scripts/demo/scenario.js';

const STARTED_MS = 15_000;
const MINUTE_MS = 60_000;
const STEP_MS = 500;

const fleet = membersOf(playingBots(240));
const ofBot = (key: string): Member[] => fleet.filter(({ bot }) => bot.key === key);
const clusters = ofBot('aurora');

const scenarioOf = (names: ScriptName[], seed = 1): Scenario =>
  createScenario(actsOf(names), createDice(seed));

const timesMs = (fromMs: number, endMs: number, stepMs = STEP_MS): number[] =>
  Array.from({ length: Math.ceil((endMs - fromMs) / stepMs) }, (_, i) => fromMs + i * stepMs);

/** The states of a member's shards; none while it is silent. */
const statesAt = (scenario: Scenario, member: Member, atMs: number): State[] =>
  scenario(member, atMs)?.shards.map(({ state }) => state) ?? [];

const isAll = (states: State[], state: State): boolean =>
  states.length > 0 && states.every((one) => one === state);

const momentsOf = (scenario: Scenario, times: number[]): (Moment | null)[] =>
  times.flatMap((atMs) => fleet.map((member) => scenario(member, atMs)));

/** As a text: there are too many moments to compare them one by one. */
const courseOf = (scenario: Scenario, times: number[]): string => JSON.stringify(momentsOf(scenario, times));

void t.test('the same seed gives the same course, whenever one asks; another seed another', (t) => {
  const times = timesMs(0, 5 * MINUTE_MS, 7_000);
  for (const names of [[], ...scriptNames.map((name) => [name])]) {
    const course = courseOf(scenarioOf(names), times);
    const backwards = scenarioOf(names);
    for (const atMs of times.toReversed()) courseOf(backwards, [atMs]);
    t.ok(courseOf(backwards, times) === course, `the same: ${names.join() || 'a round'}`);
    t.ok(courseOf(scenarioOf(names, 2), times) !== course, `another: ${names.join() || 'a round'}`);
  }
  t.end();
});

void t.test('what happens by chance happens to others with another seed', (t) => {
  const times = timesMs(STARTED_MS, 5 * MINUTE_MS, 5_000);
  for (const name of ['outage', 'zombie', 'chaos'] as const) {
    const statesOf = (seed: number): string =>
      momentsOf(scenarioOf([name], seed), times)
        .map((moment) => moment?.shards.map(({ state }) => state).join('') ?? '')
        .join();
    t.ok(statesOf(1) !== statesOf(2), name);
  }
  t.end();
});

void t.test('everything starts, in any scenario, within the first 15 seconds, and at any size', (t) => {
  for (const shards of [1, 240, 16_384]) {
    const members = membersOf(playingBots(shards));
    const scenario = scenarioOf(['calm']);
    t.ok(members.some((member) => statesAt(scenario, member, 1_000).includes(STARTING)));
    t.ok(
      members.every((member) => isAll(statesAt(scenario, member, STARTED_MS), ONLINE)),
      `${shards} shards`,
    );
  }
  t.end();
});

void t.test('calm: after the start nothing is ever anything but online', (t) => {
  const scenario = scenarioOf(['calm']);
  for (const member of fleet)
    t.ok(
      timesMs(STARTED_MS, 10 * MINUTE_MS).every((atMs) => isAll(statesAt(scenario, member, atMs), ONLINE)),
    );
  t.end();
});

void t.test('rolling restart: one cluster after the other stops, starts anew and comes back', (t) => {
  const scenario = scenarioOf(['rolling-restart']);
  const stopped: string[] = [];
  let most = 0;
  for (const atMs of timesMs(STARTED_MS, 4 * MINUTE_MS)) {
    const stopping = fleet.filter((member) => statesAt(scenario, member, atMs).includes(STOPPING));
    most = Math.max(most, stopping.length);
    if (stopping[0] && stopped.at(-1) !== stopping[0].identity) stopped.push(stopping[0].identity);
  }
  t.equal(most, 1, 'at a time');
  const identities = clusters.map(({ identity }) => identity);
  t.same(stopped.slice(0, 30), [...identities, ...identities], 'all in their order, and then again');
  for (const member of clusters) {
    const backAtMs = 20_000 + (member.index + 2) * 6_500;
    t.ok(isAll(statesAt(scenario, member, backAtMs), ONLINE));
    t.ok(scenario(member, backAtMs)!.startedAtMs > 20_000, 'as another process');
  }
  t.end();
});

void t.test('rolling restart: of many clusters, each has its turn; one alone has time to come back', (t) => {
  const scenario = scenarioOf(['rolling-restart']);
  const first = (member: Member): Member => ({ ...member, shards: member.shards.slice(0, 1) });
  const many = membersOf(playingBots(3_584).slice(0, 1)).map(first);
  const turns = many.map((_, turn) => 20_000 + turn * 6_500 + 1_000);
  t.ok(many.every((member, turn) => isAll(statesAt(scenario, member, turns[turn]!), STOPPING)));
  const [alone] = membersOf(playingBots(1));
  const times = timesMs(STARTED_MS, 3 * MINUTE_MS);
  const online = times.filter((atMs) => isAll(statesAt(scenario, alone!, atMs), ONLINE));
  t.ok(online.length > times.length / 2 && online.length < times.length);
  t.end();
});

void t.test('outage: a cluster and single shards are offline, and resume one by one', (t) => {
  const scenario = scenarioOf(['outage']);
  const countAt = (state: State, atMs: number, members = fleet): number =>
    members.flatMap((member) => statesAt(scenario, member, atMs)).filter((one) => one === state).length;
  for (const beganAtMs of [20_000, 60_000, 100_000]) {
    t.ok(
      clusters.some((member) => isAll(statesAt(scenario, member, beganAtMs), OFFLINE)),
      'a cluster',
    );
    t.equal(countAt(OFFLINE, beganAtMs, ofBot('biscuit')), 5);
    t.equal(countAt(OFFLINE, beganAtMs, ofBot('comet')), 1);
    t.equal(countAt(OFFLINE, beganAtMs, ofBot('pico')), 0);
    const offline = timesMs(beganAtMs, beganAtMs + 27_000).map((atMs) => countAt(OFFLINE, atMs));
    t.same(
      offline,
      offline.toSorted((a, b) => b - a),
      'fewer and fewer',
    );
    t.ok(new Set(offline).size > 10, 'one by one');
    t.ok(countAt(RESUMING, beganAtMs + 13_000) > 0);
    t.equal(countAt(ONLINE, beganAtMs + 30_000), 240 + 48 + 16 + 1, 'all are back before the next');
  }
  t.end();
});

void t.test('zombie: one cluster is silent past its lease, and goes on as the same process', (t) => {
  const scenario = scenarioOf(['zombie']);
  const zombies = [20_000, 90_000, 160_000].map((beganAtMs) => {
    const silent = fleet.filter((member) => scenario(member, beganAtMs) === null);
    t.match(silent, [{ bot: { key: 'aurora' } }]);
    t.equal(silent.length, 1);
    const [member] = silent;
    const silence = timesMs(beganAtMs, beganAtMs + 70_000).filter((atMs) => !scenario(member!, atMs));
    t.equal(silence.at(-1)! - silence[0]!, (silence.length - 1) * STEP_MS, 'in one piece');
    t.ok(silence.length * STEP_MS > CLUSTER_LEASE_MS + BEAT_EVERY_MS, 'long enough to be missed');
    const [before, after] = [beganAtMs - 1, beganAtMs + 69_000].map((atMs) => scenario(member!, atMs)!);
    t.equal(after!.startedAtMs, before!.startedAtMs);
    return member!.identity;
  });
  t.ok(new Set(zombies).size > 1, 'not always the same one');
  t.end();
});

void t.test('chaos: every state is seen, clusters are restarted and fall silent; all come back', (t) => {
  const scenario = scenarioOf(['chaos']);
  const seen = new Set<State>();
  let silenceMs = 0;
  const silent = new Set<string>();
  const starts = new Map<string, Set<number>>();
  for (const member of fleet) {
    let wasOnline = 0;
    for (const atMs of timesMs(STARTED_MS, 6 * MINUTE_MS)) {
      const moment = scenario(member, atMs);
      if (!moment) {
        silent.add(member.bot.key);
        silenceMs += STEP_MS;
        continue;
      }
      for (const { state } of moment.shards) seen.add(state);
      starts.set(member.identity, (starts.get(member.identity) ?? new Set()).add(moment.startedAtMs));
      wasOnline += moment.shards.filter(({ state }) => state === ONLINE).length / moment.shards.length;
    }
    t.ok(wasOnline > 200, `${member.identity} is mostly online`);
  }
  t.same([...seen].sort(), Object.keys(stateNames).map(Number));
  t.ok(silenceMs > CLUSTER_LEASE_MS);
  t.same([...silent], ['aurora'], 'the member client cannot be silenced');
  const restarted = [...starts].filter(([, times]) => times.size > 1).map(([identity]) => identity);
  t.ok(restarted.some((identity) => identity.startsWith('aurora')));
  t.ok(restarted.some((identity) => identity.startsWith('comet')));
  t.end();
});

void t.test('without a flag: everything in its time, as the timetable says', (t) => {
  const scenario = scenarioOf([]);
  t.same(
    actsOf([]).map(({ when }) => when),
    ['0:20, every 4:00', '0:55, every 4:00', '1:20, every 4:00', '2:45, every 4:00', 'all the time'],
  );
  const cometsNapping = [0, 1, 2].flatMap((round) => {
    const atMs = (ms: number): number => round * 4 * MINUTE_MS + ms;
    t.ok(
      clusters.some((member) => isAll(statesAt(scenario, member, atMs(20_000)), OFFLINE)),
      'outage',
    );
    t.ok(isAll(statesAt(scenario, clusters[0]!, atMs(55_000)), STOPPING), 'rolling restart');
    t.same(statesAt(scenario, ofBot('pico')[0]!, atMs(80_000)), [OFFLINE]);
    t.equal(fleet.filter((member) => !scenario(member, atMs(165_000))).length, 1, 'zombie');
    return ofBot('comet').filter((member) => isAll(statesAt(scenario, member, atMs(80_000)), STOPPING));
  });
  t.same(cometsNapping, ofBot('comet'), 'each of the clusters of Comet has its turn');
  const calmMs = timesMs(STARTED_MS, 20_000);
  const hiccups = calmMs.flatMap((atMs) => fleet.flatMap((member) => statesAt(scenario, member, atMs)));
  t.same([...new Set(hiccups)].sort(), [ONLINE, RESUMING]);
  t.end();
});

void t.test('scenarios that go together are all played', (t) => {
  const scenario = scenarioOf(['zombie', 'outage']);
  t.ok(fleet.some((member) => !scenario(member, 25_000)));
  t.ok(fleet.some((member) => statesAt(scenario, member, 25_000).includes(OFFLINE)));
  t.end();
});
