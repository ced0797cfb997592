// RULES 12 in its own words: what an incident is, when it ends, and how long recoveries usually take.
import t from 'tap';
import { recentIncidents } from '../../server/core/views/view.js';
import { MAX_ENDED, TOGETHER_MS } from '../../server/core/past/incidents.js';
import { median } from '../../server/core/past/recoveries.js';
import type { StateName } from '../../public/shared/states.js';
import { learning, LEASE, rulesWith, Scene, T0, type Said } from './scene.js';

const MINUTE = 60_000;

/** An incident as tests compare it: its cause, shards, start and end (ms after T0; null: it goes on). */
type ToldIncident = [cause: string | null, shards: string, startedAt: number, endedAt: number | null];

const incidentsOf = ({ world }: Scene): ToldIncident[] =>
  recentIncidents(world, true).map(({ cause, shards, startedAt, endedAt }) => [
    cause,
    shards,
    startedAt - T0,
    endedAt === null ? null : endedAt - T0,
  ]);

/** A bot of four shards, all online by Glance. */
function allOnline(scene = new Scene()): Scene {
  for (const shard of [0, 1, 2, 3]) scene.glance(shard, 'online');
  return scene;
}

/** Time passes while everybody goes on saying what they say. */
function go(scene: Scene, ms: number): void {
  for (let left = ms; left > 0; left -= 15_000) {
    scene.at += Math.min(15_000, left);
    for (const shard of [0, 1, 2, 3]) scene.ping(shard);
  }
}

/** Says the state, after that much time. */
function after(scene: Scene, ms: number, shard: number, state: StateName): void {
  go(scene, ms);
  scene.glance(shard, state);
}

void t.test('12: an incident = flips of one bot to not working with the same cause within 60 s', (t) => {
  const scene = allOnline();
  after(scene, 1_000, 0, 'offline');
  after(scene, 30_000, 1, 'offline');
  after(scene, 50_000, 2, 'offline');
  t.same(incidentsOf(scene), [[null, '0-2', 1_000, null]], 'within 60 s of the flip before');
  after(scene, TOGETHER_MS + 1, 3, 'offline');
  t.same(
    incidentsOf(scene),
    [
      [null, '3', 141_001, null],
      [null, '0-2', 1_000, null],
    ],
    'later ones are another incident; those that go on, latest first',
  );
  t.end();
});

void t.test('12: changing is no incident', (t) => {
  const scene = allOnline();
  for (const state of ['stopping', 'starting', 'resuming', 'online'] as const) after(scene, 1_000, 0, state);
  t.same(incidentsOf(scene), []);
  t.end();
});

void t.test('12: it ends when all are working again', (t) => {
  const scene = allOnline();
  after(scene, 1_000, 0, 'offline');
  after(scene, 1_000, 1, 'offline');
  after(scene, 60_000, 0, 'online');
  t.same(incidentsOf(scene), [[null, '0-1', 1_000, null]]);
  after(scene, 1_000, 1, 'starting');
  t.same(incidentsOf(scene), [[null, '0-1', 1_000, null]], 'on its way back is not back');
  after(scene, 1_000, 1, 'online');
  t.same(incidentsOf(scene), [[null, '0-1', 1_000, 64_000]]);
  t.end();
});

void t.test('12: starting and failing again is the same incident', (t) => {
  const scene = allOnline();
  after(scene, 1_000, 0, 'offline');
  for (let i = 0; i < 5; i++) {
    after(scene, 2 * MINUTE, 0, 'starting');
    after(scene, 1_000, 0, 'offline');
  }
  t.same(incidentsOf(scene), [[null, '0', 1_000, null]]);
  t.end();
});

void t.test(
  '12: one that had ended goes on when the next flip comes within 60 s: a wave is one incident',
  (t) => {
    const scene = allOnline();
    for (const shard of [0, 1, 2, 3]) {
      after(scene, 30_000, shard, 'offline');
      after(scene, 10_000, shard, 'online');
    }
    t.same(incidentsOf(scene), [[null, '0-3', 30_000, 160_000]]);
    after(scene, TOGETHER_MS, 0, 'offline');
    t.equal(incidentsOf(scene).length, 2, 'counted from the flips down, not from the end');
    t.end();
  },
);

void t.test(
  '12: the cause is the cluster that fell silent, and each has its own incident, from the end of its lease',
  (t) => {
    const scene = new Scene();
    for (const [identity, first] of [
      ['a', 0],
      ['b', 2],
    ] as const) {
      scene.register(identity);
      scene.beat(identity, { [first]: 'online', [first + 1]: 'online' });
    }
    scene.pass(LEASE + 250);
    t.same(incidentsOf(scene).sort(), [
      ['asia #1', '0-1', LEASE, null],
      ['asia #2', '2-3', LEASE, null],
    ]);
    scene.pass(1_000);
    scene.beat('b', null);
    t.same(
      incidentsOf(scene),
      [
        ['asia #1', '0-1', LEASE, null],
        ['asia #2', '2-3', LEASE, LEASE + 1_250],
      ],
      'those that go on first',
    );
    t.end();
  },
);

void t.test('12: two bots have two incidents', (t) => {
  const configuredBots = ['main', 'own'].map((key) => ({ key, shardCount: 4, name: key }));
  const scene = new Scene(rulesWith({ configuredBots }));
  scene.glance(0, 'offline', 'main');
  scene.glance(0, 'offline', 'own');
  t.same(
    recentIncidents(scene.world, true).map(({ id, bot }) => [id, bot]),
    [
      ['main-1', 'main'],
      ['own-1', 'own'],
    ],
  );
  t.end();
});

void t.test('4, 12: stopped on purpose is no outage', (t) => {
  const scene = allOnline();
  scene.glance(0, 'stopping');
  for (let i = 0; i < 5; i++) {
    scene.pass(15_000);
    for (const shard of [1, 2, 3]) scene.ping(shard);
  }
  t.equal(scene.state(0), 'stopped');
  t.same(incidentsOf(scene), []);
  after(scene, 10 * MINUTE, 0, 'online');
  t.same(incidentsOf(scene), []);
  t.end();
});

void t.test(
  '12: a shard that is stopped on purpose, or that nobody hosts any more, leaves its incident',
  (t) => {
    const scene = new Scene();
    scene.register('a');
    scene.beat('a', { 0: 'offline', 1: 'offline' });
    scene.pass(1_000);
    scene.beat('a', { 0: 'offline' });
    t.same(incidentsOf(scene), [[null, '0-1', 0, null]]);
    scene.pass(1_000);
    scene.beat('a', { 0: 'stopping' });
    scene.pass(LEASE + 1);
    t.same(incidentsOf(scene), [[null, '0-1', 0, 2_000]], 'it ended when the shard was stopped');
    t.end();
  },
);

void t.test('12: shards that a bot no longer has leave its incidents', (t) => {
  const scene = new Scene(learning());
  scene.register('a');
  scene.beat('a', { 0: 'online', 5: 'online' }, 6);
  scene.pass(1_000);
  scene.beat('a', { 0: 'online', 5: 'offline' }, 6);
  t.same(incidentsOf(scene), [[null, '5', 1_000, null]]);
  scene.pass(1_000);
  scene.beat('a', { 0: 'online', 5: 'offline' }, 4);
  t.same(incidentsOf(scene), [[null, '5', 1_000, 2_000]]);
  t.end();
});

void t.test('29: an incident keeps apart how many it affected, and how many still do not work', (t) => {
  const scene = new Scene(learning());
  const all = (state: StateName): Said =>
    Object.fromEntries(Array.from({ length: 8 }, (_, id) => [id, state]));
  const told = (): unknown =>
    recentIncidents(scene.world, true).map(({ count, down, endedAt }) => [count, down, endedAt !== null]);
  scene.batch(all('online'), { shardCount: 8 });
  scene.batch(all('offline'));
  t.same(told(), [[8, 8, false]]);
  scene.batch({ 0: 'starting' });
  t.same(told(), [[8, 7, false]]);
  t.ok(
    scene.facts.some(({ type }) => type === 'incident'),
    'which is news',
  );
  scene.batch(all('online'));
  t.same(told(), [[8, 0, true]]);
  scene.pass(16_000);
  scene.batch({ 0: 'offline' });
  t.same(told(), [[8, 1, false]], 'the same incident goes on, with one shard down');
  t.end();
});

void t.test('12: a restart by itself opens no incident and ends none: Unknown is not working again', (t) => {
  const before = new Scene();
  before.batch({ 0: 'offline', 1: 'unhealthy', 2: 'online' });
  const next = before.restart({ downMs: LEASE + 1 });
  t.equal(next.state(1), 'unknown');
  t.same(incidentsOf(next), [[null, '0-1', 0, null]]);
  next.pass(1_000);
  next.batch({ 0: 'online', 1: 'unhealthy', 2: 'online' });
  t.same(incidentsOf(next), [[null, '0-1', 0, null]]);
  next.pass(1_000);
  next.batch({ 0: 'online', 1: 'resuming' });
  t.same(incidentsOf(next), [[null, '0-1', 0, null]]);
  next.pass(1_000);
  next.batch({ 0: 'online', 1: 'online' });
  t.same(incidentsOf(next), [[null, '0-1', 0, LEASE + 3_001]]);
  t.same(incidentsOf(next.restart()), incidentsOf(next));
  t.end();
});

void t.test('12: an incident number is never given twice, over a restart too', (t) => {
  const before = allOnline();
  after(before, 1_000, 0, 'offline');
  const next = before.restart();
  after(next, 2 * MINUTE, 1, 'offline');
  t.same(
    recentIncidents(next.world, true).map(({ id }) => id),
    ['main-2', 'main-1'],
  );
  t.end();
});

void t.test('12: the last 20 are shown', (t) => {
  t.equal(MAX_ENDED, 20);
  const scene = allOnline();
  for (let i = 0; i < 25; i++) {
    after(scene, 2 * MINUTE, 0, 'offline');
    after(scene, 1_000, 0, 'online');
  }
  const shown = recentIncidents(scene.world, true);
  t.same(
    shown.map(({ id }) => id),
    Array.from({ length: 20 }, (_, i) => `main-${25 - i}`),
  );
  t.end();
});

void t.test(
  '12, 14: without public cluster names an incident has no cause; long lists of shards are cut',
  (t) => {
    const configuredBots = [{ key: 'main', shardCount: 400, name: 'main' }];
    const scene = new Scene(rulesWith({ configuredBots }));
    scene.register('TELLTALE');
    scene.beat('TELLTALE', Object.fromEntries(Array.from({ length: 200 }, (_, i) => [2 * i, 'online'])));
    scene.pass(LEASE + 1);
    const [incident] = recentIncidents(scene.world, false);
    t.match(incident, { cause: null, state: 'unhealthy', count: 200 });
    t.equal(incident!.shards.split(',').length, 64);
    t.notMatch(JSON.stringify(recentIncidents(scene.world, true)), 'TELLTALE');
    t.end();
  },
);

/** A scene in which shard 0 recovered from resuming that often, each time in that many seconds. */
function recovered(...seconds: number[]): Scene {
  const scene = allOnline();
  for (const length of seconds) {
    after(scene, MINUTE, 0, 'resuming');
    after(scene, length * 1_000, 0, 'online');
  }
  return scene;
}

void t.test('12: "It usually takes …" is unsaid below 5 recoveries', (t) => {
  t.same(recovered(1, 2, 3, 4).view().usual, {});
  t.same(recovered(5, 1, 4, 2, 3).view().usual, { resuming: 3_000 });
  t.end();
});

void t.test("12: it is the median of the bot's last 20 recoveries from that state", (t) => {
  t.same([median([3, 1, 2]), median([4, 1, 3, 2])], [2, 2.5]);
  const slow = Array.from({ length: 20 }, () => 90);
  const quick = Array.from({ length: 20 }, () => 10);
  t.same(recovered(...slow, ...quick).view().usual, { resuming: 10_000 });
  t.end();
});

void t.test('12: a recovery lasts until the shard is Online, whatever came between', (t) => {
  const scene = allOnline();
  for (let i = 0; i < 5; i++) {
    after(scene, MINUTE, 0, 'offline');
    after(scene, 100_000, 0, 'starting');
    after(scene, 20_000, 0, 'online');
  }
  t.same(scene.view().usual, { offline: 120_000, starting: 20_000 });
  t.end();
});

void t.test('4, 12: what was stopped on purpose does not recover', (t) => {
  const scene = allOnline();
  for (let i = 0; i < 5; i++) {
    scene.glance(0, 'stopping');
    for (let j = 0; j < 40; j++) {
      scene.pass(15_000);
      for (const shard of [1, 2, 3]) scene.ping(shard);
    }
    scene.glance(0, 'online');
  }
  t.same(scene.view().usual, {});
  t.end();
});

void t.test('12: it survives a restart, and a recovery that the restart interrupts is not measured', (t) => {
  const before = recovered(5, 1, 4, 2, 3);
  after(before, 1_000, 1, 'resuming');
  const next = before.restart({ downMs: 10 * MINUTE });
  t.same(next.view().usual, { resuming: 3_000 });
  after(next, 1_000, 1, 'online');
  t.equal(next.bot().recoveries.lengths.resuming.length, 5);
  t.end();
});
