// The fleet view as a cache: what makes it new, what does not, and how it is sent.
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import type { Fact } from '../../server/core/fact.js';
import { step } from '../../server/core/step.js';
import type { World } from '../../server/core/world.js';
import { createFleetView, type FleetView } from '../../server/api/fleet-view.js';
import { createHealth } from '../../server/api/health.js';
import { createDocument, send, type Document } from '../../server/http/cached.js';
import { NO_HEADERS, type Request } from '../../server/http/message.js';
import type { Event } from '../../server/core/event.js';
import { until } from '../harness.js';
import {
  beatOf,
  learning,
  LEASE,
  registration,
  rowsOf,
  Scene,
  T0,
  type Said,
  worldWith,
} from '../core/scene.js';

const MAX_AGE = 1_000;

/** A world and its fleet view, on a clock that is moved. */
class Plane {
  readonly world: World;
  readonly view: FleetView;
  at = T0;
  builds = 0;

  constructor(world = worldWith(learning({ maxClusters: 10_000 }))) {
    this.world = world;
    this.view = createFleetView({
      world,
      epoch: 'run',
      maxAgeMs: MAX_AGE,
      now: () => this.at,
      built: () => this.builds++,
    });
  }

  tell(event: Event): readonly Fact[] {
    return step(this.world, event).facts;
  }

  register(identity: string, fleet = 'asia', bot: string | null = null): void {
    this.tell(registration(identity, this.at, { fleet, bot }));
  }

  beat(identity: string, said: Said | null = null): void {
    this.tell(beatOf(identity, this.at, { rows: said && rowsOf(said) }));
  }

  async read(): Promise<{ etag: string; fleets: FleetOf[] }> {
    this.at += MAX_AGE;
    const { etag, body } = await this.view.document();
    return { etag, ...(JSON.parse(body.toString()) as { fleets: FleetOf[] }) };
  }

  /** Like "asia 1:up 2:down, eu 1:up". */
  async summary(): Promise<string> {
    const { fleets } = await this.read();
    const clusters = ({ clusters }: FleetOf): string =>
      clusters
        .map(({ number, status, shards }) => `${number}:${status}${shards.map(shardText).join('')}`)
        .join(' ');
    return fleets.map((fleet) => `${fleet.name} ${clusters(fleet)}`).join(', ');
  }
}

void t.test(
  'a beat that says nothing new is seen, and the silence of a cluster without shards',
  async (t) => {
    const plane = new Plane();
    const lastSeen = async (): Promise<string | undefined> =>
      (await plane.read()).fleets[0]?.clusters[0]?.last_seen;
    plane.register('a');
    const first = await lastSeen();
    plane.beat('a');
    t.not(await lastSeen(), first);
    plane.at += LEASE + 1;
    plane.tell({ type: 'sweep', at: plane.at });
    t.equal(await plane.summary(), 'asia 1:down');
  },
);

interface FleetOf {
  name: string;
  clusters: { number: number; status: string; last_seen: string; shards: ShardOf[] }[];
}
interface ShardOf {
  shard_id: string;
  status: string;
}
const shardText = ({ shard_id: id, status }: ShardOf): string => ` ${id}${status === 'up' ? '+' : '-'}`;

void t.test('a view is kept for its age, and then as long as nothing changed', async (t) => {
  const plane = new Plane();
  plane.register('a');
  const first = await plane.view.document();
  plane.beat('a', { 0: 'online' });
  t.equal(await plane.view.document(), first, 'young enough');
  t.equal(plane.view.unchanged(), null);
  plane.at += MAX_AGE;
  const second = await plane.view.document();
  const text = second.body.toString();
  t.not(second.etag, first.etag);
  plane.at += MAX_AGE;
  const third = await plane.view.document();
  t.equal(third.etag, second.etag, 'nothing changed but the time');
  t.not(third.body.toString(), text);
  t.equal(plane.view.unchanged(), third);
  t.equal(plane.builds, 3);
});

void t.test('many who ask at once get one build', async (t) => {
  const plane = new Plane();
  for (let i = 0; i < 2_000; i++) plane.register(`c${i}`);
  const documents = await Promise.all(Array.from({ length: 20 }, () => plane.view.document()));
  t.equal(new Set(documents).size, 1);
  t.equal(plane.builds, 1);
});

const SIXTEEN = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [i, 'online'])) as Said;

/** 3,000 clusters with 16 shards each: a view of them takes more than a turn of the event loop. Of several bots, for where all claim the same shards it is the claims that take the time. */
function largePlane(): Plane {
  const plane = new Plane();
  const names = Array.from({ length: 3_000 }, (_, i) => `c${i}`);
  names.forEach((name, i) => plane.register(name, 'asia', `bot${i % 60}`));
  for (const name of names) plane.beat(name, SIXTEEN);
  return plane;
}

void t.test('who asks while a view is being built gets that one, however old the last', async (t) => {
  const plane = largePlane();
  await plane.view.document();
  for (const name of plane.world.clusters.keys()) plane.beat(name, SIXTEEN);
  plane.at += 100 * MAX_AGE;
  const building = plane.view.document();
  await new Promise((resolve) => setImmediate(resolve)); // it has begun
  t.equal(plane.builds, 1);
  t.equal(await plane.view.document(), await building);
  t.equal(plane.builds, 2);
});

void t.test('whatever changes of a cluster is seen', async (t) => {
  const plane = new Plane();
  plane.register('a');
  plane.register('b', 'eu');
  t.equal(await plane.summary(), 'asia 1:up, eu 1:up');
  plane.beat('a', { 10: 'offline' });
  plane.beat('a', { 0: 'online', 10: 'offline', 2: 'resuming', 3: 'unknown' });
  t.equal(await plane.summary(), 'asia 1:up 0+ 2- 10-, eu 1:up');
  plane.register('b');
  t.equal(await plane.summary(), 'asia 1:up 0+ 2- 10- 2:up', 'moved');
  plane.at += 40_000;
  plane.beat('b', { 0: 'online' });
  plane.tell({ type: 'sweep', at: plane.at });
  t.equal(await plane.summary(), 'asia 1:up 0+ 2- 10- 2:up 0+');
  plane.at += 10_000;
  plane.tell({ type: 'sweep', at: plane.at });
  t.equal(await plane.summary(), 'asia 1:down 0- 2- 3- 10- 2:up 0+', 'silent, though another has its shard');
  plane.tell({ type: 'goodbye', at: plane.at, identity: 'b', shownHash: null });
  t.equal(await plane.summary(), 'asia 1:down 0- 2- 3- 10- 2:down 0-', 'stopped is down');
  plane.tell({ type: 'prune', at: plane.at, identities: ['a'] });
  plane.register('c');
  t.equal(await plane.summary(), 'asia 2:down 0- 3:up', 'forgotten, and its number stays taken');
});

void t.test('after a long gap shards are left out until they are heard of, or a lease is over', async (t) => {
  const before = new Scene(learning());
  before.register('a');
  before.beat('a', { 0: 'online' });
  before.pass(2 * LEASE);
  const scene = before.restart({ downMs: LEASE + 1 });
  const plane = new Plane(scene.world);
  t.equal(await plane.summary(), 'asia 1:down');
  scene.pass(LEASE + 1);
  t.equal(await plane.summary(), 'asia 1:down 0-');
});

void t.test('what is not of clusters makes no new view', async (t) => {
  const plane = new Plane();
  plane.register('a');
  plane.beat('a', { 0: 'online' });
  const { etag } = await plane.read();
  plane.tell({ type: 'batch', at: plane.at, bot: 'other', shardCount: 1, rows: rowsOf({ 0: 'online' }) });
  t.equal((await plane.read()).etag, etag);
});

void t.test('clusters that come, go and beat while a view is being built', async (t) => {
  const plane = largePlane();
  const building = plane.view.document();
  await new Promise((resolve) => setImmediate(resolve));
  t.equal(plane.builds, 0, 'it takes more than a turn');
  plane.tell({ type: 'prune', at: plane.at, identities: ['c0', 'c2999'] });
  plane.register('new');
  plane.beat('c1', SIXTEEN);
  t.equal(plane.view.unchanged(), null);
  const { fleets } = JSON.parse((await building).body.toString()) as { fleets: FleetOf[] };
  t.equal(fleets[0]?.clusters.length, 3_000, 'those of the moment it began');
  plane.at += MAX_AGE;
  const next = (await plane.view.document()).body.toString();
  const { clusters } = (JSON.parse(next) as { fleets: FleetOf[] }).fleets[0]!;
  t.equal(clusters.length, 2_999);
  t.equal(clusters.at(-1)?.number, 3_001);
  t.equal(next, await freshText(plane), 'as one that was never built before');
});

/** What a view says that was never built before. */
async function freshText({ world, at }: Plane): Promise<string> {
  const fresh = new Plane(world);
  fresh.at = at;
  return (await fresh.view.document()).body.toString();
}

void t.test('a view is written over the last one, but never under somebody who still reads', async (t) => {
  const plane = new Plane();
  for (let i = 0; i < 40; i++) plane.register(`c${i}`);
  const next = async (): Promise<Document> => {
    plane.at += MAX_AGE;
    plane.beat(`c${plane.builds}`, { 0: 'online', 1: 'offline' });
    return plane.view.document();
  };
  const slow = await next();
  const answer = await send(slow, asking({}));
  const text = slow.body.toString();
  const used = new Set([slow.body.buffer]);
  for (let i = 0; i < 5; i++) used.add((await next()).body.buffer);
  t.equal(answer.body?.toString(), text, 'as it was, five views later');
  t.equal(used.size, 2, 'its own, and one for the others');
  answer.sent?.();
  t.equal(slow.readers, 0);
  t.equal((await plane.view.document()).body.toString(), await freshText(plane));
});

const SHARDS = 40;
const oneOf = fc.nat({ max: 30 }).map((i) => `c${i}`);
const happening = fc.oneof(
  fc.record({
    is: fc.constant('registers' as const),
    who: oneOf,
    fleet: fc.constantFrom('asia', 'eu', 'us'),
  }),
  fc.record({ is: fc.constant('beats' as const), who: oneOf, shards: fc.nat({ max: SHARDS }) }),
  fc.record({ is: fc.constant('goes' as const), who: oneOf }),
);

void t.test(
  'however clusters come, go, move, grow and shrink: a view is as if it were the first',
  async () => {
    const history = fc.array(fc.array(happening, { maxLength: 20 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(history, async (views) => {
        const plane = new Plane();
        for (const happenings of views) {
          for (const one of happenings) happen(plane, one);
          plane.at += MAX_AGE;
          t.equal((await plane.view.document()).body.toString(), await freshText(plane));
        }
      }),
    );
  },
);

function happen(plane: Plane, one: typeof happening extends fc.Arbitrary<infer T> ? T : never): void {
  if (one.is === 'registers') return plane.register(one.who, one.fleet);
  if (one.is === 'goes') return void plane.tell({ type: 'prune', at: plane.at, identities: [one.who] });
  const states = Array.from({ length: one.shards }, (_, id) => [id, 'online'] as const);
  plane.beat(one.who, Object.fromEntries(states));
}

const asking = (headers: Partial<Request['headers']>): Pick<Request, 'headers'> => ({
  headers: { ...NO_HEADERS, ...headers },
});

void t.test('a large document goes out plain while it is being packed, and then packed', async (t) => {
  const text = JSON.stringify(Array.from({ length: 100_000 }, (_, i) => i));
  const document = createDocument(text, 'tag', {});
  const gzip = asking({ 'accept-encoding': 'gzip' });
  const first = await send(document, gzip, { isUrgent: true });
  t.equal(first.headers?.['content-encoding'], undefined);
  t.equal(first.body?.toString(), text);
  const later = await until(async () => {
    const answer = await send(document, gzip, { isUrgent: true });
    return answer.headers?.['content-encoding'] === 'gzip' && answer;
  });
  t.equal(gunzipSync(later.body as Buffer).toString(), text);
  t.equal((await send(document, asking({ 'if-none-match': 'W/"tag"' }), { isUrgent: true })).status, 304);
});

void t.test('what is small, or not urgent, waits for its packing', async (t) => {
  const gzip = asking({ 'accept-encoding': 'gzip' });
  const small = createDocument('x'.repeat(10_000), 'tag', {});
  t.equal((await send(small, gzip, { isUrgent: true })).headers?.['content-encoding'], 'gzip');
  const large = createDocument('x'.repeat(1_000_000), 'tag', {});
  t.equal((await send(large, gzip)).headers?.['content-encoding'], 'gzip');
});

void t.test('not ready: 503, and why', (t) => {
  let why: string | null = 'the log cannot be written';
  const { readyz, healthz } = createHealth(() => why);
  const request = asking({}) as Request;
  t.match(readyz(request), { status: 503, body: 'the log cannot be written\n' });
  t.match(healthz(request), { status: 200, body: 'ok\n' });
  why = null;
  t.match(readyz(request), { status: 200, body: 'ready\n' });
  t.end();
});
