// Random happenings from bots, clusters and time, for properties that must hold whatever happens.
import fc from 'fast-check';
import { stateNames, type StateName } from '../../public/shared/states.js';
import { LEASE, type Said, type Scene } from './scene.js';

export type Happening =
  | { happens: 'glance'; bot: string; shard: number; state: StateName }
  | { happens: 'ping'; bot: string; shard: number }
  | { happens: 'batch'; bot: string; said: Said; shardCount: number | null }
  | { happens: 'register'; identity: string; fleet: string; bot: string | null; shardCount: number | null }
  | { happens: 'beat'; identity: string; said: Said | null; shardCount: number | null }
  | { happens: 'shards'; identity: string; bot: string; said: Said; shardCount: number | null }
  | { happens: 'goodbye' | 'oversize' | 'prune'; identity: string }
  | { happens: 'forget' | 'release'; identity: string }
  | { happens: 'set-bot'; bot: string; name: string | null; shardCount: number | null }
  | { happens: 'assign'; identity: string; bot: string | null }
  | { happens: 'wait'; ms: number }
  | { happens: 'gap'; ms: number };

export interface Cast {
  bots: string[];
  identities: string[];
  fleets: string[];
  /** Shard ids are below this. */
  shards: number;
  /** What may be declared as a shard count. */
  counts: (number | null)[];
}

/** One bot of four shards, two clusters: few enough to meet often. */
export const smallCast: Cast = {
  bots: ['main'],
  identities: ['a', 'b', 'c'],
  fleets: ['asia'],
  shards: 4,
  counts: [null],
};

/** Bots that are learnt, move and grow. */
export const wideCast: Cast = {
  bots: ['main', 'patron', 'own'],
  identities: ['a', 'b', 'c'],
  fleets: ['asia', 'eu'],
  shards: 6,
  counts: [null, null, 4, 6, 8],
};

export function happeningsOf(cast: Cast): fc.Arbitrary<Happening> {
  const bot = fc.constantFrom(...cast.bots);
  const identity = fc.constantFrom(...cast.identities);
  const shard = fc.nat(cast.shards - 1);
  const state = fc.constantFrom('online', 'online', ...stateNames);
  const shardCount = fc.constantFrom(...cast.counts);
  const said = fc
    .array(fc.tuple(shard, state), { maxLength: cast.shards })
    .map((pairs): Said => Object.fromEntries(pairs));
  const ms = fc.oneof(
    fc.integer({ min: 1, max: 2_000 }),
    fc.integer({ min: LEASE - 2, max: LEASE + 2 }),
    fc.nat(LEASE),
  );
  const kind = <F extends Happening['happens']>(name: F): { happens: fc.Arbitrary<F> } => ({
    happens: fc.constant(name),
  });
  const fleet = fc.constantFrom(...cast.fleets);
  const saidOrNothing = fc.option(said, { freq: 4 });
  return fc.oneof(
    { weight: 3, arbitrary: fc.record({ ...kind('glance'), bot, shard, state }) },
    { weight: 3, arbitrary: fc.record({ ...kind('ping'), bot, shard }) },
    { weight: 3, arbitrary: fc.record({ ...kind('batch'), bot, said, shardCount }) },
    {
      weight: 3,
      arbitrary: fc.record({ ...kind('register'), identity, fleet, bot: fc.option(bot), shardCount }),
    },
    { weight: 6, arbitrary: fc.record({ ...kind('beat'), identity, said: saidOrNothing, shardCount }) },
    { weight: 3, arbitrary: fc.record({ ...kind('shards'), identity, bot, said, shardCount }) },
    { weight: 1, arbitrary: fc.record({ ...kind('goodbye'), identity }) },
    { weight: 1, arbitrary: fc.record({ ...kind('oversize'), identity }) },
    { weight: 1, arbitrary: fc.record({ ...kind('prune'), identity }) },
    { weight: 4, arbitrary: fc.record({ ...kind('wait'), ms }) },
    { weight: 1, arbitrary: fc.record({ ...kind('gap'), ms }) },
  );
}

/** The same where leases are required, which an operator may release. */
export const happeningsWithLeases = (cast: Cast): fc.Arbitrary<Happening> =>
  fc.oneof(
    { weight: 16, arbitrary: happeningsOf(cast) },
    {
      weight: 1,
      arbitrary: fc.record({
        happens: fc.constant('release' as const),
        identity: fc.constantFrom(...cast.identities),
      }),
    },
  );

/** The same, and an operator who has a word in it. */
export function happeningsWithOperator(cast: Cast): fc.Arbitrary<Happening> {
  const bot = fc.constantFrom(...cast.bots);
  const identity = fc.constantFrom(...cast.identities);
  const shardCount = fc.constantFrom(...cast.counts);
  const name = fc.constantFrom(null, 'Our Bot');
  const kind = <F extends Happening['happens']>(name: F): { happens: fc.Arbitrary<F> } => ({
    happens: fc.constant(name),
  });
  return fc.oneof(
    { weight: 8, arbitrary: happeningsOf(cast) },
    { weight: 1, arbitrary: fc.record({ ...kind('forget'), identity }) },
    { weight: 1, arbitrary: fc.record({ ...kind('set-bot'), bot, name, shardCount }) },
    { weight: 1, arbitrary: fc.record({ ...kind('assign'), identity, bot: fc.option(bot) }) },
  );
}

/** Brings the happening about, a millisecond after the one before; leases are looked at first. */
export function perform(scene: Scene, happening: Happening): void {
  scene.pass(happening.happens === 'wait' ? happening.ms : 1);
  switch (happening.happens) {
    case 'glance':
      return void scene.glance(happening.shard, happening.state, happening.bot);
    case 'ping':
      return void scene.ping(happening.shard, happening.bot);
    case 'batch':
      return void scene.batch(happening.said, happening);
    case 'register':
      return void scene.register(happening.identity, happening);
    case 'beat':
      return void scene.beat(happening.identity, happening.said, happening.shardCount);
    case 'shards':
      return void scene.someShards(happening.identity, happening.said, happening);
    case 'goodbye':
    case 'oversize':
      return void scene.tell({
        type: happening.happens,
        at: scene.at,
        identity: happening.identity,
        shownHash: scene.shownHash,
      });
    case 'prune':
      return void scene.tell({ type: 'prune', at: scene.at, identities: [happening.identity] });
    case 'forget':
    case 'release':
      return void scene.tell({ type: happening.happens, at: scene.at, identity: happening.identity });
    case 'set-bot':
      return void scene.tell({ ...happening, type: 'set-bot', at: scene.at });
    case 'assign':
      return void scene.tell({ ...happening, type: 'assign', at: scene.at });
    case 'gap': {
      const from = scene.at;
      scene.at += happening.ms;
      return scene.gap(from);
    }
    case 'wait':
      return;
  }
}
