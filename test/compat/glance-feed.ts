// The Glance feed, frame by frame, with a listener that behaves like the old page.
import t from 'tap';
import { listen, post, serve, testClock, until, type Listener, type TestServer } from '../harness.js';
import { createOldPage, type OldPage } from './old-page.js';

const START = 1_795_225_265_996;
const LEASE_MS = 45_000;

interface Visit extends Listener {
  page: OldPage;
}

/** An old page that has got its hello. */
async function visit({ base }: TestServer): Promise<Visit> {
  const listener = await listen(`${base.replace('http', 'ws')}/api/feed`);
  const page = createOldPage();
  await until(() => listener.frames.length > 0);
  listener.frames.forEach(page.read);
  listener.socket.on('message', (data: Buffer) => page.read(data.toString()));
  return { ...listener, page };
}

/** The frames after the hello, once there are that many. */
const updates = ({ frames }: Listener, count: number): Promise<string[]> =>
  until(() => frames.length > count && frames.slice(1));

const report = ({ base }: TestServer, path: string): Promise<Response> => post(`${base}/api/${path}`);

const batch = (
  { base }: TestServer,
  bot: string,
  ...shards: [id: number, state: number][]
): Promise<Response> =>
  post(`${base}/api/bots/${bot}/shards`, { shards: shards.map(([id, state]) => ({ id, state })) });

void t.test(
  'one hello comes first: every bot with its length, and the shards that were heard of',
  async (t) => {
    const clock = testClock(START);
    const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4;patron_1:2' }, clock);
    await report(server, 'status/main/0/3');
    clock.advance(4);
    await report(server, 'status/main/2/6');
    const { frames } = await visit(server);
    t.same(frames, [
      '{"op":"hello","payload":{"main":{"len":4,"0":{"state":3,"last_healthy":1795225265.996},' +
        '"2":{"state":6,"last_healthy":1795225266}},"patron_1":{"len":2}}}',
    ]);
  },
);

void t.test('a server that knows no bot says an empty hello', async (t) => {
  const listener = await listen(`${(await serve(t, {})).base.replace('http', 'ws')}/api/feed`);
  t.equal(await until(() => listener.frames[0]), '{"op":"hello","payload":{}}');
});

void t.test(
  'a bot without a shard yet is not in the hello, and closes the socket when it has one',
  async (t) => {
    const server = await serve(t, {});
    await batch(server, 'main', [0, 3]);
    await post(`${server.base}/fleet/register`, { identity: 'a', bot: 'demo' });
    const old = await visit(server);
    t.match(old.frames[0], /^\{"op":"hello","payload":\{"main":\{[^}]*\}\}\}\}$/);
    await batch(server, 'demo', [0, 3]);
    t.equal((await old.closed).code, 1001);
  },
);

void t.test('a status is an update, changed or not, and a sign of life a ping', async (t) => {
  const clock = testClock(START);
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4' }, clock);
  const old = await visit(server);
  for (const [i, path] of [
    'status/main/0/4',
    'status/main/0/4',
    'health/main/0',
    'status/main/0/3',
  ].entries()) {
    clock.advance(100);
    await report(server, path);
    await updates(old, i + 1);
  }
  t.same(old.frames.slice(1), [
    '{"op":"state_update","payload":{"cluster":"main","shard":0,"state":4}}',
    '{"op":"state_update","payload":{"cluster":"main","shard":0,"state":4}}',
    '{"op":"health_ping","payload":{"cluster":"main","shard":0}}',
    '{"op":"state_update","payload":{"cluster":"main","shard":0,"state":3}}',
  ]);
  t.equal(old.page.shown('main', 0), 3);
});

void t.test(
  'a lease that ends is update 1, and the ping that ends the silence carries state 3',
  async (t) => {
    const clock = testClock(START);
    const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4' }, clock);
    await report(server, 'status/main/0/6');
    const old = await visit(server);
    clock.advance(LEASE_MS + 1);
    await updates(old, 1);
    await report(server, 'health/main/0');
    await updates(old, 2);
    clock.advance(100);
    await report(server, 'health/main/0');
    t.same(await updates(old, 3), [
      '{"op":"state_update","payload":{"cluster":"main","shard":0,"state":1}}',
      '{"op":"health_ping","payload":{"cluster":"main","shard":0,"state":3}}',
      '{"op":"health_ping","payload":{"cluster":"main","shard":0}}',
    ]);
  },
);

void t.test('GLANCE_HEALTH_TIMEOUT is the length of the silence', async (t) => {
  const clock = testClock(START);
  const server = await serve(t, { GLANCE_BOTS: 'main:4', GLANCE_HEALTH_TIMEOUT: '30' }, clock);
  await report(server, 'status/main/0/3');
  const old = await visit(server);
  clock.advance(30_001);
  await updates(old, 1);
  t.equal(old.page.shown('main', 0), 1);
});

void t.test('an Offline that was said stays, and a Stopping becomes Offline', async (t) => {
  const clock = testClock(START);
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4' }, clock);
  await report(server, 'status/main/0/2');
  await report(server, 'status/main/1/5');
  const old = await visit(server);
  clock.advance(LEASE_MS + 1);
  t.same(await updates(old, 1), ['{"op":"state_update","payload":{"cluster":"main","shard":1,"state":2}}']);
  await report(server, 'health/main/0');
  t.equal((await updates(old, 2))[1], '{"op":"health_ping","payload":{"cluster":"main","shard":0}}');
  t.equal(old.page.shown('main', 0), 2);
});

void t.test('beats of other dialects ping a shard at most once a lease', async (t) => {
  const clock = testClock(START);
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4' }, clock);
  await report(server, 'status/main/3/3');
  await batch(server, 'main', [0, 3], [1, 3]);
  const old = await visit(server);
  for (let beat = 0; beat < 4; beat++) {
    await batch(server, 'main', [0, 3], [1, 3]);
    clock.advance(LEASE_MS / 3);
  }
  await report(server, 'status/main/3/3');
  const ping = (shard: number): string =>
    `{"op":"health_ping","payload":{"cluster":"main","shard":${shard}}}`;
  const pings = await until(() => old.frames.at(-1)?.includes('state_update') && old.frames.slice(1, -1));
  t.same(pings, [ping(0), ping(1), ping(0), ping(1)]);
});

void t.test('what other dialects report are updates too', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4' }, testClock(START));
  const old = await visit(server);
  await batch(server, 'main', [2, 4]);
  t.equal(
    (await updates(old, 1))[0],
    '{"op":"state_update","payload":{"cluster":"main","shard":2,"state":4}}',
  );
});

void t.test('a new bot or another shard count closes the socket, and the next hello has it', async (t) => {
  const clock = testClock(START);
  const server = await serve(t, {}, clock);
  await batch(server, 'main', [0, 3]);
  const first = await visit(server);
  await batch(server, 'demo', [0, 3]);
  t.equal((await first.closed).code, 1001);
  const second = await visit(server);
  t.equal(second.page.shown('demo', 0), 3);
  await batch(server, 'main', [7, 3]);
  t.equal((await second.closed).code, 1001);
  const third = await visit(server);
  t.match(third.frames[0], '"main":{"len":8,');
  t.equal(third.frames.length, 1);
});

void t.test('what an old page sends is ignored', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4' });
  const old = await visit(server);
  for (const junk of ['', '{"op":"hello"}', '[', 'x'.repeat(1_000)]) old.socket.send(junk);
  await report(server, 'status/main/0/3');
  await updates(old, 1);
  t.equal(old.page.shown('main', 0), 3);
});

void t.test('it asks for no subprotocol and takes any origin', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4' });
  const url = `${server.base.replace('http', 'ws')}/api/feed`;
  const listener = await listen(url, { Origin: 'https://status.example.com' });
  t.equal(listener.socket.protocol, '');
  t.match(await until(() => listener.frames[0]), '"op":"hello"');
});

void t.test('a stop says goodbye', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4' });
  const old = await visit(server);
  await server.stop();
  t.equal((await old.closed).code, 1001);
});

void t.test(
  'the hello of 16,384 shards is one message to the old page, in however many fragments it travels',
  async (t) => {
    const server = await serve(t, { SHARDLIGHT_BOTS: 'main:16384' });
    for (let from = 0; from < 16_384; from += 4_096)
      await batch(
        server,
        'main',
        ...Array.from({ length: 4_096 }, (_, i): [number, number] => [from + i, 3]),
      );
    const listener = await visit(server);
    const [hello] = listener.frames;
    const { payload } = JSON.parse(hello!) as { payload: { main: Record<string, unknown> } };
    t.ok(hello!.length > 500_000);
    t.equal(Object.keys(payload.main).length, 16_384 + 1);
    await batch(server, 'main', [16_383, 2]);
    const news = await updates(listener, 1);
    t.same(JSON.parse(news[0]!), {
      op: 'state_update',
      payload: { cluster: 'main', shard: 16_383, state: 2 },
    });
  },
);
