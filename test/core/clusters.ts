// Clusters over time: up, down and stopped; goodbyes; reports that are too long; moving, forgetting, and numbers that stay taken.
import t from 'tap';
import type { Fact } from '../../server/core/fact.js';
import { longSilent } from '../../server/core/live/members.js';
import { holderOf } from '../../server/core/world.js';
import { learning, LEASE, Scene, T0 } from './scene.js';

const statusOf = (scene: Scene, identity = 'a'): string | undefined =>
  scene.world.clusters.get(identity)?.status;
const numberOf = (scene: Scene, identity: string): number => scene.world.clusters.get(identity)!.number;
const goodbye = (scene: Scene, identity = 'a'): boolean =>
  scene.tell({ type: 'goodbye', at: scene.at, identity, shownHash: null }).ok;
const statusChanges = (facts: readonly Fact[]): string[] =>
  facts.flatMap((fact) => (fact.type === 'cluster' ? [`${fact.from} → ${fact.to}`] : []));

void t.test('a cluster is up while now − lastSeen ≤ interval × ttl factor', (t) => {
  const scene = new Scene();
  scene.register('a');
  scene.pass(LEASE);
  t.equal(statusOf(scene), 'up');
  scene.pass(1);
  t.equal(statusOf(scene), 'down');
  t.same(statusChanges(scene.facts), ['up → down']);
  scene.beat('a', null);
  t.equal(statusOf(scene), 'up');
  t.same(statusChanges(scene.facts), ['down → up']);
  scene.pass(LEASE);
  t.same(statusChanges(scene.facts), [], 'the lease began anew');
  t.end();
});

void t.test(
  '25: a cluster keeps its last status over a gap, however long, and for one lease after it',
  (t) => {
    const before = new Scene();
    before.register('a');
    const scene = before.restart({ downMs: 10 * LEASE });
    scene.pass(LEASE);
    t.equal(statusOf(scene), 'up');
    scene.pass(1);
    t.equal(statusOf(scene), 'down');
    t.equal(scene.world.clusters.get('a')!.statusAt, T0 + 11 * LEASE);
    t.end();
  },
);

void t.test('a goodbye: shards Stopping, cluster stopped, no outage', (t) => {
  const scene = new Scene();
  scene.register('a');
  scene.beat('a', { 0: 'online', 1: 'offline', 2: 'resuming' });
  scene.at += 1_000;
  t.ok(goodbye(scene));
  t.same(scene.states(), ['stopping', 'offline', 'stopping', 'unknown']);
  t.equal(statusOf(scene), 'stopped');
  scene.pass(LEASE + 1);
  t.same(scene.states(), ['stopped', 'offline', 'stopped', 'unknown']);
  t.equal(scene.since(0), 1_000, 'since the goodbye, as the cluster is');
  t.equal(statusOf(scene), 'stopped', 'silence after a goodbye is no news');
  const affected = [...scene.bot().incidents.open].flatMap(({ down }) => [...down]);
  t.same(affected, [1], 'only the shard that was down before');
  scene.beat('a', { 0: 'online' });
  t.equal(statusOf(scene), 'up');
  t.equal(scene.state(0), 'online');
  t.end();
});

void t.test(
  '27: a cluster whose shards were all stopping when it fell silent has stopped, goodbye or not',
  (t) => {
    const scene = new Scene();
    scene.register('a');
    scene.register('b');
    scene.beat('a', { 0: 'stopping', 1: 'stopping' });
    scene.beat('b', { 2: 'stopping', 3: 'online' });
    scene.pass(LEASE + 1);
    t.same([statusOf(scene, 'a'), statusOf(scene, 'b')], ['stopped', 'down']);
    t.equal(scene.world.clusters.get('a')!.statusAt, T0, 'since its last word, as its shards');
    t.same(scene.states(), ['stopped', 'stopped', 'stopped', 'unhealthy']);
    t.end();
  },
);

void t.test('a report that was too long is a sign of life, and operators can tell', (t) => {
  const scene = new Scene();
  scene.register('a');
  scene.beat('a', { 0: 'online' });
  scene.pass(LEASE - 1);
  const oversize = { type: 'oversize', at: scene.at, identity: 'a', shownHash: null } as const;
  t.ok(scene.tell(oversize).ok);
  t.equal(scene.world.clusters.get('a')?.oversizedAt, scene.at);
  scene.pass(LEASE);
  t.equal(scene.state(0), 'online');
  t.equal(statusOf(scene), 'up');
  scene.beat('a', { 0: 'online' });
  t.equal(scene.world.clusters.get('a')?.oversizedAt, 0, 'until one could be read again');
  t.end();
});

void t.test('a number is taken for good: when its cluster moves, and when it is forgotten', (t) => {
  const scene = new Scene();
  scene.register('a');
  scene.register('b');
  scene.register('a', { fleet: 'eu' });
  t.equal(numberOf(scene, 'a'), 1, 'eu #1');
  scene.register('c');
  t.equal(numberOf(scene, 'c'), 3, 'asia #1 stays taken');
  scene.register('a');
  t.equal(numberOf(scene, 'a'), 1, 'moving back reclaims asia #1');
  scene.tell({ type: 'prune', at: scene.at, identities: ['b', 'c', 'unheard-of'] });
  t.same([...scene.world.clusters.keys()], ['a']);
  scene.register('b');
  t.equal(numberOf(scene, 'b'), 4);
  t.end();
});

void t.test('a forgotten cluster claims nothing, and its place among the holders is used again', (t) => {
  const scene = new Scene();
  scene.register('a');
  scene.beat('a', { 0: 'online', 1: 'online' });
  scene.register('b');
  scene.beat('b', { 2: 'online' });
  scene.tell({ type: 'prune', at: scene.at, identities: ['a'] });
  t.same(scene.states(), ['unknown', 'unknown', 'online', 'unknown']);
  t.ok(scene.facts.some((fact) => fact.type === 'member' && fact.isForgotten && fact.identity === 'a'));
  t.same(scene.view().clusters, [{ name: 'asia #2', shards: '2' }]);
  const holders = scene.world.holders.length;
  scene.register('c');
  scene.beat('c', { 0: 'starting' });
  t.equal(scene.world.holders.length, holders);
  t.equal(holderOf(scene.world, scene.bot().winner[0]!), scene.world.clusters.get('c'));
  t.equal(scene.beat('a', null).ok, false, 'who was forgotten has to register');
  t.end();
});

void t.test('clusters that were silent for longer than the retention are up for forgetting', (t) => {
  const scene = new Scene();
  scene.register('a');
  scene.register('b');
  scene.at += 1_000;
  scene.beat('b', null);
  const day = 86_400_000;
  scene.pass(day - 1_000);
  t.same(longSilent(scene.world, scene.at, day), []);
  scene.pass(1);
  t.same(longSilent(scene.world, scene.at, day), ['a']);
  scene.beat('a', null);
  t.same(longSilent(scene.world, scene.at, day), [], 'it was heard again');
  t.end();
});

void t.test(
  '25: after a gap nobody is up for forgetting before a lease to be heard in, and one more',
  (t) => {
    const day = 86_400_000;
    const scene = new Scene();
    for (const identity of ['alive', 'cut off for a minute', 'gone']) scene.register(identity);
    scene.pass(LEASE);
    scene.beat('alive', null);
    scene.pass(1);
    scene.at += day; // the clock was set forward
    scene.tell({ type: 'gap', from: scene.at - day, at: scene.at });
    t.same(longSilent(scene.world, scene.at, day), []);
    scene.pass(LEASE);
    for (const identity of ['alive', 'cut off for a minute']) scene.beat(identity, null);
    scene.pass(LEASE);
    t.same(longSilent(scene.world, scene.at, day), []);
    scene.pass(1);
    t.same(longSilent(scene.world, scene.at, day), ['gone']);
    t.end();
  },
);

void t.test('host and scrape target are kept until something else is said; "" clears them', (t) => {
  const scene = new Scene(learning());
  scene.register('a', { host: 'node-1', scrapeTarget: '10.0.0.5:9191' });
  scene.register('a');
  const cluster = scene.world.clusters.get('a');
  t.match(cluster, { host: 'node-1', scrapeTarget: '10.0.0.5:9191', firstSeenAt: T0 });
  scene.register('a', { scrapeTarget: '' });
  t.match(cluster, { host: 'node-1', scrapeTarget: '' });
  t.end();
});
