// What followed is told as facts: plain data, in order, numbered, each once; and who knows no more than them knows the world.
import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { OFFLINE, ONLINE, UNHEALTHY, UNKNOWN } from '../../public/shared/states.js';
import type { Fact, What } from '../../server/core/fact.js';
import { keyOf } from '../../server/core/fact.js';
import type { World } from '../../server/core/world.js';
import { holds } from '../holds.js';
import { happeningsWithOperator, perform, wideCast } from './happenings.js';
import { learning, LEASE, rulesWith, Scene, T0 } from './scene.js';

/** What the last event led to, but for numbers and times. */
const whatOf = ({ facts }: Scene): What[] =>
  facts.map((fact) => {
    const what: Partial<Fact> = { ...fact };
    delete what.n;
    delete what.at;
    return what as What;
  });

const keysOf = ({ facts }: Scene): string[] => facts.map((fact) => `${fact.type} ${keyOf(fact)}`);

void t.test('a shard that comes up and falls silent with its cluster', (t) => {
  const scene = new Scene();
  scene.register('a');
  scene.beat('a', { 0: 'online' });
  const shard = { type: 'shard', bot: 'main', shard: 0, holder: 'a', cause: null, isFlip: true };
  t.same(whatOf(scene), [{ ...shard, from: UNKNOWN, to: ONLINE, since: T0, formerly: null }]);
  scene.pass(LEASE + 1);
  const since = T0 + LEASE;
  t.same(whatOf(scene), [
    { type: 'cluster', identity: 'a', from: 'up', to: 'down', since },
    { ...shard, from: ONLINE, to: UNHEALTHY, since, cause: 'asia #1', formerly: 'a' },
    {
      type: 'incident',
      bot: 'main',
      number: 1,
      step: 'opened',
      cause: 'asia #1',
      startedAt: since,
      shards: 1,
      down: 1,
    },
  ]);
  t.same(keysOf(scene), ['cluster a', 'shard main/0', 'incident main-1']);
  t.same(
    scene.facts.map(({ at }) => at),
    [T0 + LEASE + 1, T0 + LEASE + 1, T0 + LEASE + 1],
    'all at the time of the event they follow from',
  );
  t.end();
});

void t.test('a beat that changes nothing makes no fact, and is news all the same', (t) => {
  const scene = new Scene();
  scene.register('a');
  scene.beat('a', { 0: 'online' });
  const { revision } = scene.world;
  let news = 0;
  scene.listeners.push(({ facts }) => (news += facts.length === 0 ? 1 : 100));
  scene.at += 1;
  scene.beat('a', { 0: 'online' });
  t.equal(news, 1, 'it was heard');
  t.ok(scene.world.revision > revision);
  scene.tell({ type: 'sweep', at: scene.at });
  t.equal(news, 1, 'a sweep that finds nothing is not');
  t.end();
});

void t.test('another cluster takes a shard over: whose word it is, and no flip', (t) => {
  const scene = new Scene();
  for (const identity of ['a', 'b']) scene.register(identity);
  scene.beat('a', { 0: 'online' });
  scene.at += 1;
  scene.beat('b', { 0: 'online' });
  const [fact] = scene.facts;
  t.match(fact, { type: 'shard', from: ONLINE, to: ONLINE, holder: 'b', formerly: 'a', isFlip: false });
  scene.tell({ type: 'prune', at: scene.at, identities: ['b'] });
  t.match(whatOf(scene), [
    { type: 'shard', from: ONLINE, to: ONLINE, holder: 'a', formerly: 'b' },
    { type: 'double-claim', holders: [] },
    { type: 'member', identity: 'b', formerly: 'asia #2', formerBot: 'main', isForgotten: true },
  ]);
  t.end();
});

void t.test('a gap tells of whom nothing is known; its shards come back without a flip', (t) => {
  const scene = new Scene();
  scene.batch({ 0: 'online' });
  scene.at += LEASE + 1;
  scene.gap(T0);
  t.match(whatOf(scene), [
    { type: 'shard', from: ONLINE, to: UNKNOWN, isFlip: false },
    { type: 'gap', from: T0, unknown: ['main'] },
  ]);
  scene.batch({ 0: 'online' });
  t.match(whatOf(scene), [{ type: 'shard', from: UNKNOWN, to: ONLINE, isFlip: false }]);
  t.end();
});

void t.test('an operator’s word is told with whom it is about', (t) => {
  const scene = new Scene(learning());
  scene.register('a');
  const { at } = scene;
  scene.tell({ type: 'set-bot', at, bot: 'main', name: 'Music', shardCount: 8 });
  t.match(whatOf(scene), [
    { type: 'bot', bot: 'main', name: 'Music', shardCount: 0 },
    { type: 'word', act: 'set-bot', subject: 'main' },
    { type: 'bot', bot: 'main', name: 'Music', shardCount: 8, formerCount: 0, certain: true },
  ]);
  scene.register('b', { bot: 'other' });
  scene.tell({ type: 'assign', at, identity: 'a', bot: 'other' });
  t.match(whatOf(scene), [
    { type: 'word', act: 'assign', subject: 'a' },
    { type: 'member', identity: 'a', bot: 'other', formerly: 'asia #1', formerBot: 'main' },
  ]);
  scene.tell({ type: 'release', at, identity: 'a' });
  scene.tell({ type: 'ban', at, glob: 'a*', banned: true });
  t.same(whatOf(scene), [{ type: 'word', act: 'ban', subject: 'a*' }]);
  scene.tell({ type: 'forget', at, identity: 'a' });
  t.match(whatOf(scene), [
    { type: 'word', act: 'forget', subject: 'a' },
    { type: 'member', isForgotten: true },
  ]);
  t.end();
});

void t.test('12: an incident is told once an event, by the largest that happened to it', (t) => {
  const scene = new Scene(rulesWith({ configuredBots: [{ key: 'main', shardCount: 4, name: 'My Bot' }] }));
  const steps = (): string[] =>
    scene.facts.flatMap((fact) =>
      fact.type === 'incident' ? [`${keyOf(fact)} ${fact.step} ${fact.down} of ${fact.shards}`] : [],
    );
  scene.batch({ 0: 'online', 1: 'online', 2: 'online', 3: 'online' });
  t.same(steps(), []);
  scene.batch({ 0: 'offline', 1: 'offline' });
  t.same(steps(), ['main-1 opened 2 of 2']);
  scene.batch({ 1: 'online', 2: 'offline' });
  t.same(steps(), ['main-1 grew 2 of 3']);
  scene.batch({ 0: 'starting' });
  t.same(steps(), ['main-1 changed 2 of 3'], 'it is on its way');
  scene.batch({ 0: 'online' });
  t.same(steps(), ['main-1 shrank 1 of 3']);
  scene.batch({ 2: 'online' });
  t.same(steps(), ['main-1 ended 0 of 3']);
  scene.at += 1_000;
  scene.batch({ 0: 'offline' });
  t.same(steps(), ['main-1 reopened 1 of 3'], 'the same cause within a minute');
  t.end();
});

/** Knows what facts say, and nothing else. */
class Hearsay {
  readonly states = new Map<string, number>();
  readonly hosts = new Map<string, string | null>();
  readonly bots = new Map<string, string>();
  readonly clusters = new Map<string, string>();
  readonly statuses = new Map<string, string>();
  readonly down = new Map<string, number>();
  readonly double = new Set<string>();
  last = 0;

  hear(fact: Fact): void {
    deepStrictEqual(fact.n, this.last + 1, 'each once, in order');
    deepStrictEqual(JSON.parse(JSON.stringify(fact)), fact, 'plain data');
    this.last = fact.n;
    const key = keyOf(fact);
    if (fact.type === 'shard') this.#hearShard(key, fact);
    else if (fact.type === 'bot') this.bots.set(key, `${fact.name} ${fact.shardCount} ${fact.certain}`);
    else if (fact.type === 'cluster') this.statuses.set(key, fact.to);
    else if (fact.type === 'double-claim') this.double[fact.holders.length > 0 ? 'add' : 'delete'](key);
    else if (fact.type === 'member') {
      if (fact.isForgotten) this.clusters.delete(key);
      else this.clusters.set(key, `${fact.fleet} #${fact.number} of ${fact.bot}`);
      if (!this.statuses.has(key) || fact.isForgotten) this.statuses.set(key, 'up');
    } else if (fact.type === 'incident') {
      deepStrictEqual(fact.step === 'opened', !this.down.has(key), `${key} ${fact.step}`);
      deepStrictEqual(fact.step === 'ended', fact.down === 0);
      this.down.set(key, fact.down);
    }
  }

  #hearShard(key: string, fact: Extract<What, { type: 'shard' }>): void {
    deepStrictEqual(this.states.get(key) ?? UNKNOWN, fact.from);
    deepStrictEqual(this.hosts.get(key) ?? null, fact.formerly);
    this.states.set(key, fact.to);
    this.hosts.set(key, fact.holder);
  }

  check(world: World): void {
    const { bots, clusters } = world;
    for (const bot of bots.values()) {
      deepStrictEqual(this.bots.get(bot.key), `${bot.name} ${bot.shardCount} ${bot.certain}`);
      for (let shard = 0; shard <= bot.largestId; shard++)
        deepStrictEqual(this.states.get(`${bot.key}/${shard}`) ?? UNKNOWN, bot.state[shard]);
      for (const { number, down } of bot.incidents.open)
        deepStrictEqual(this.down.get(`${bot.key}-${number}`), down.size);
      const doubles = [...this.double].filter((key) => key.startsWith(`${bot.key}/`));
      deepStrictEqual(doubles.sort(), [...bot.doubleClaims].map((id) => `${bot.key}/${id}`).sort());
    }
    deepStrictEqual([...this.clusters.keys()].sort(), [...clusters.keys()].sort());
    for (const { identity, fleet, number, bot, status } of clusters.values()) {
      deepStrictEqual(this.clusters.get(identity), `${fleet} #${number} of ${bot.key}`);
      deepStrictEqual(this.statuses.get(identity), status, identity);
    }
  }
}

void t.test('each fact is told once, in order, and who knows no more than facts knows the world', (t) => {
  holds(
    t,
    fc.property(
      fc.array(happeningsWithOperator(wideCast), { minLength: 1, maxLength: 40, size: 'max' }),
      fc.constantFrom(1, 3, Infinity),
      (happenings, mostFlips) => {
        const scene = new Scene(learning());
        const hearsay = new Hearsay();
        scene.world.mostFlips = mostFlips;
        scene.listeners.push(({ facts }) => facts.forEach((fact) => hearsay.hear(fact)));
        for (const happening of happenings) {
          perform(scene, happening);
          scene.catchUp();
          hearsay.check(scene.world);
        }
      },
    ),
  );
  t.end();
});

void t.test('a shard that is down while its bot is asked of again goes on being the same incident', (t) => {
  const scene = new Scene();
  scene.batch({ 0: 'online' });
  scene.batch({ 0: 'offline' });
  const told = scene.world.told;
  const twin = scene.twin();
  t.equal(twin.world.told, told, 'what a record keeps was told when it happened');
  t.same(twin.world.facts, []);
  twin.at += 1;
  twin.batch({ 0: 'online' });
  t.match(twin.facts[0], { n: told + 1, from: OFFLINE, to: ONLINE });
  t.end();
});
