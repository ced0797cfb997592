// What must hold whatever happens: random happenings, and a naive second telling of the rules.
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import t from 'tap';
import fc from 'fast-check';
import { NONE } from '../../server/core/live/claim-table.js';
import { countStates, shownStates } from '../../public/shared/counts.js';
import { record } from '../../server/core/recording.js';
import {
  happeningsOf,
  happeningsWithLeases,
  happeningsWithOperator,
  perform,
  smallCast,
  wideCast,
  type Happening,
} from './happenings.js';
import { holds } from '../holds.js';
import { Oracle } from './oracle.js';
import { learning, LEASE, rulesWith, Scene, textOf } from './scene.js';

const histories = (happenings: fc.Arbitrary<Happening>): fc.Arbitrary<Happening[]> =>
  fc.array(happenings, { minLength: 1, maxLength: 40, size: 'max' });
const smallHistories = histories(happeningsOf(smallCast));
const leasedHistories = histories(happeningsWithLeases(smallCast));
const wideHistories = histories(happeningsWithOperator(wideCast));
/** Nobody is mistaken about how many shards there are. */
const agreedHistories = histories(happeningsOf({ ...wideCast, counts: [null, 8] }));

function sceneAfter(happenings: Happening[], scene = new Scene(learning())): Scene {
  for (const happening of happenings) perform(scene, happening);
  return scene;
}

/** After each happening of a history each shard is as the oracle has it. */
const agrees =
  (begin: () => { scene: Scene; oracle: Oracle }) =>
  (happenings: Happening[]): void => {
    const { scene, oracle } = begin();
    for (const happening of happenings) {
      perform(scene, happening);
      oracle.hear(happening, scene.at);
      for (const id of [0, 1, 2, 3]) {
        const { cluster } = scene.shard(id);
        const state = scene.state(id);
        const allowed = oracle.allowed(id, scene.at);
        const isAllowed = allowed.some((one) => one.state === state && one.cluster === cluster);
        if (!isAllowed) deepStrictEqual([id, { state, cluster }], [id, allowed[0]]);
      }
    }
  };

void t.test(
  "1: a shard's state is a function of its claims, the leases and now; nothing else writes it",
  (t) => {
    const check = agrees(() => ({ scene: new Scene(), oracle: new Oracle() }));
    holds(t, fc.property(smallHistories, check));
    t.end();
  },
);

void t.test('22, 35: and so it is where leases are required', (t) => {
  const check = agrees(() => {
    const scene = new Scene(rulesWith({ requireLease: true }));
    scene.shownHash = 'c0ffee';
    return { scene, oracle: new Oracle(true) };
  });
  holds(t, fc.property(leasedHistories, check), 1_000);
  t.end();
});

void t.test('the counts are the counts of the states', (t) => {
  const check = (happenings: Happening[]): boolean => {
    const scene = sceneAfter(happenings);
    return [...scene.world.bots.keys()].every((key) => {
      const view = scene.view(key);
      const counted = countStates(shownStates(view));
      return (
        view.states.length === view.shardCount && JSON.stringify(view.counts) === JSON.stringify(counted)
      );
    });
  };
  holds(t, fc.property(wideHistories, check));
  t.end();
});

void t.test('same events in the same order, same world', (t) => {
  const check = (happenings: Happening[]): boolean =>
    JSON.stringify(sceneAfter(happenings).record()) === JSON.stringify(sceneAfter(happenings).record());
  holds(t, fc.property(wideHistories, check));
  t.end();
});

void t.test('the flips of a shard are a chain: each begins with the state that the last one led to', (t) => {
  const check = (happenings: Happening[]): boolean => {
    const last = new Map<string, number>();
    return sceneAfter(happenings)
      .world.flips.list()
      .every(({ bot, shard, from, to }) => {
        const before = last.get(`${bot} ${shard}`) ?? 0;
        last.set(`${bot} ${shard}`, to);
        return from === before && from !== to;
      });
  };
  holds(t, fc.property(wideHistories, check));
  t.end();
});

void t.test(
  '12: the shards that are down in an incident are those that went there and did not come back; none is in two',
  (t) => {
    const check = (happenings: Happening[]): void => {
      for (const { incidents, key } of sceneAfter(happenings).world.bots.values()) {
        const down = [...incidents.open].flatMap((incident) => [...incident.down]);
        deepStrictEqual([...incidents.byShard.keys()].sort(), down.sort(), key);
        for (const { down, shards, startedAt, lastAt } of incidents.open)
          ok(down.size > 0 && [...down].every((shard) => shards.has(shard)) && startedAt <= lastAt);
        for (const { down, startedAt, endedAt } of incidents.ended)
          ok(down === '' && endedAt !== null && endedAt >= startedAt);
      }
    };
    holds(t, fc.property(wideHistories, check));
    t.end();
  },
);

void t.test('12: a shard that is not working is in an incident, unless it was stopped on purpose', (t) => {
  const check = (happenings: Happening[]): void => {
    const scene = sceneAfter(happenings, new Scene());
    for (const [shard, state] of scene.states().entries()) {
      const isIn = scene.bot().incidents.byShard.has(shard);
      const isGivenUp = scene.bot().winner[shard] === NONE;
      if (state === 'online' || state === 'stopped' || (state === 'unknown' && isGivenUp)) ok(!isIn);
      if (state === 'offline' || state === 'unhealthy') ok(isIn);
    }
  };
  holds(t, fc.property(smallHistories, check));
  t.end();
});

void t.test('restore(record(w)) is w, byte for byte, and goes on as w does', (t) => {
  const check = (happenings: Happening[], more: Happening[]): void => {
    const scene = sceneAfter(happenings);
    const twin = scene.twin();
    strictEqual(textOf(twin.world, twin.at), textOf(scene.world, scene.at));
    for (const happening of more) {
      perform(scene, happening);
      perform(twin, happening);
      strictEqual(textOf(twin.world, twin.at), textOf(scene.world, scene.at));
      for (const key of scene.world.bots.keys()) deepStrictEqual(twin.view(key), scene.view(key));
    }
  };
  holds(t, fc.property(wideHistories, wideHistories, check));
  holds(t, fc.property(leasedHistories, leasedHistories, check));
  t.end();
});

void t.test('a record that is written in pieces amid events is the world as it was when it began', (t) => {
  const check = (happenings: Happening[], more: Happening[]): void => {
    const scene = sceneAfter(happenings);
    const before = textOf(scene.world, scene.at);
    const { pieces, end } = record(scene.world, scene.at, 0);
    let text = '';
    const rest = more.values();
    for (const piece of pieces) {
      text += piece;
      const { value } = rest.next();
      if (value) perform(scene, value);
    }
    end();
    strictEqual(text, before);
  };
  holds(t, fc.property(wideHistories, wideHistories, check));
  t.end();
});

/** Everybody whose word was good says again what it said; Glance bots last, for they cannot say how many shards there are. */
function confirm(scene: Scene, before: Scene): void {
  const { claims, bots, clusters } = before.world;
  const isHeld = (claim: number): boolean => claims.lease[claim] === 0;
  for (const cluster of clusters.values())
    if ([...cluster.claims.values()].every(isHeld)) scene.beat(cluster.identity, null);
  const { at } = scene;
  for (const kind of ['batch', 'glance'] as const)
    for (const { key: bot, anonymous } of bots.values()) {
      const holder = anonymous.get(kind);
      for (const [id, claim] of holder?.claims ?? []) {
        const state = claims.state[claim]!;
        if (!isHeld(claim)) continue;
        if (kind === 'glance') scene.tell({ type: 'status', at, bot, shard: id, state });
        else
          scene.tell({
            type: 'batch',
            at,
            bot,
            shardCount: holder!.declaredCount,
            rows: [{ id, state, latencyMs: null }],
          });
      }
    }
}

void t.test(
  'A restart by itself opens no incident: it is no flip, and leaves the page as it was once everybody was heard',
  (t) => {
    const check = (happenings: Happening[], downMs: number): void => {
      const before = sceneAfter(happenings);
      const after = before.restart({ downMs });
      deepStrictEqual(after.flips(), before.flips());
      confirm(after, before);
      for (const key of before.world.bots.keys())
        for (const [shard, state] of before.states(key).entries())
          if (state !== 'unhealthy' && state !== 'offline')
            deepStrictEqual([key, shard, after.state(shard, key)], [key, shard, state]);
    };
    holds(t, fc.property(agreedHistories, fc.constantFrom(1_000, LEASE, LEASE + 1, 3_600_000), check));
    t.end();
  },
);
