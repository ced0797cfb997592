// The operators' socket with real connections: who gets in, what comes, over restarts, and what ends it.
import { connect } from 'node:net';
import t from 'tap';
import type { OperatorFrame, ScopePatch, ScopeSnapshot } from '../../public/shared/operator-wire.js';
import {
  forget,
  freePort,
  listen,
  post,
  serve,
  startServer,
  testClock,
  until,
  type Listener,
  type TestServer,
} from '../harness.js';
import { ask } from '../http/raw.js';

const environment = {
  SHARDLIGHT_BOTS: 'main:4',
  SHARDLIGHT_HOST: '127.0.0.1',
  SHARDLIGHT_INGEST_TOKEN: 'bot',
  SHARDLIGHT_VIEWER_TOKEN: 'see',
  SHARDLIGHT_OPERATOR_TOKEN: 'act',
};
const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });

const open = ({ base }: TestServer, headers: Record<string, string> = bearer('see')): Promise<Listener> =>
  listen(`${base.replace('http', 'ws')}/live/operator`, headers);

const watch = ({ socket }: Listener, scope: string, v = 0, e = ''): void =>
  socket.send(JSON.stringify({ op: 'watch', scope, v, e }));

const frames = ({ frames: texts }: Listener): OperatorFrame[] =>
  texts.map((text) => JSON.parse(text) as OperatorFrame);

async function signIn({ port }: TestServer, token: string): Promise<string> {
  const type = { 'Content-Type': 'application/json' };
  const answer = await ask(port, 'POST /api/session', type, JSON.stringify({ token }));
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

async function report(server: TestServer, state = 'online'): Promise<void> {
  const headers = { authorization: 'Bearer bot' };
  const shards = [{ id: 0, state }];
  await post(`${server.base}/fleet/register`, { identity: 'asia-0', fleet: 'asia' }, headers);
  await post(`${server.base}/fleet/heartbeat`, { identity: 'asia-0', shards }, headers);
}

void t.test('viewers and operators get in, by bearer and by cookie; nobody else', async (t) => {
  const server = await serve(t, environment);
  await report(server);
  for (const token of ['see', 'act'])
    for (const headers of [bearer(token), { Cookie: await signIn(server, token) }]) {
      const listener = await open(server, headers);
      watch(listener, 'cluster:asia-0');
      const [first] = await until(() => listener.frames.length > 0 && frames(listener));
      t.match(first, { op: 'snapshot', rows: { 'cluster/asia-0': { number: 1 }, detail: {} } });
      listener.socket.close();
    }
  for (const headers of [{}, bearer('bot'), bearer('wrong'), { Cookie: 'shardlight=viewer.9999999999.x.y' }])
    await t.rejects(open(server, headers), /401/, JSON.stringify(headers));
});

void t.test('a page of another origin gets no socket, though the cookie came along', async (t) => {
  const url = 'https://status.example.com';
  const server = await serve(t, { ...environment, SHARDLIGHT_PUBLIC_URL: url });
  const Cookie = await signIn(server, 'act');
  await t.rejects(open(server, { Cookie, Origin: 'https://evil.example' }), /403/);
  await t.rejects(open(server, { Cookie, Origin: url, 'Sec-Fetch-Site': 'cross-site' }), /403/);
  (await open(server, { Cookie, Origin: url })).socket.close();
});

void t.test('nor where everybody of this machine is let in', async (t) => {
  const server = await serve(t, {});
  for (const headers of [
    { Origin: 'https://evil.example' },
    { Origin: 'http://127.0.0.1:1' },
    { Origin: 'null' },
    { Origin: 'http://evil.example', Host: 'evil.example' }, // whose DNS led here
    { Origin: server.base, 'Sec-Fetch-Site': 'cross-site' },
    { Origin: 'http://localhost:3000', 'Sec-Fetch-Site': 'same-site' },
  ])
    await t.rejects(open(server, headers), /403/, JSON.stringify(headers));
  for (const headers of [
    {},
    { Origin: server.base },
    { Origin: server.base, 'Sec-Fetch-Site': 'same-origin' },
  ])
    (await open(server, headers)).socket.close();
});

void t.test('a snapshot, then patches; another scope, and only that', async (t) => {
  const clock = testClock();
  const server = await serve(t, environment, clock);
  await report(server);
  const listener = await open(server);
  watch(listener, 'shard:main/0');
  const [first] = (await until(() => listener.frames.length > 0 && frames(listener))) as [ScopeSnapshot];
  clock.advance(250);
  await report(server, 'resuming');
  const patch = (await until(() => frames(listener).find(({ op }) => op === 'patch'))) as ScopePatch;
  t.match(patch, { v: first.v + 1, at: clock.now(), put: { 'shard/main/0': { state: 'resuming' } } });
  watch(listener, 'fleet:asia');
  await until(() => frames(listener).some((one) => one.op === 'snapshot' && one.scope === 'fleet:asia'));
  const before = listener.frames.length;
  clock.advance(250);
  await report(server, 'online');
  await until(() => listener.frames.length > before);
  for (const frame of frames(listener).slice(before)) t.match(frame, { op: 'patch', scope: 'fleet:asia' });
  t.equal((await fetch(`${server.base}/live/operator`, { headers: bearer('see') })).status, 400);
});

void t.test('a key with capitals is a bot at every door', async (t) => {
  const server = await serve(t, { ...environment, SHARDLIGHT_BOTS: 'MyBot:4;mybot:1' });
  const asBot = { authorization: 'Bearer bot' };
  const asOperator = { authorization: 'Bearer act' };
  const shards = [{ id: 0, state: 'online' }];
  const said = async (path: string, body: unknown, headers: Record<string, string>): Promise<number> =>
    (await post(`${server.base}${path}`, body, headers)).status;
  t.equal(await said('/api/bots/MyBot/shards', { shards }, asBot), 200);
  t.equal(await said('/api/status/MyBot/1/3', '', { authorization: 'bot' }), 204);
  t.equal(await said('/fleet/register', { identity: 'a', bot: 'MyBot' }, asBot), 200);
  t.equal(await said('/fleet/heartbeat', { identity: 'a', bot: 'MyBot', shards }, asBot), 204);
  t.equal(await said('/api/operator/bot', { bot: 'MyBot', name: 'Mine', shard_count: 4 }, asOperator), 204);
  t.equal(await said('/api/operator/assign', { identity: 'a', bot: 'MyBot' }, asOperator), 204);
  const listener = await open(server);
  watch(listener, 'shard:MyBot/0');
  t.match(await until(() => frames(listener)[0]), {
    op: 'snapshot',
    rows: { 'bot/MyBot': {}, 'shard/MyBot/0': {} },
  });
  t.equal(await said('/api/bots/NotMine/shards', { shards }, asBot), 400, 'and who is not known is not');
  listener.socket.close();
});

void t.test('a report creates a bot under any such key', async (t) => {
  const server = await serve(t, {});
  const answer = await post(`${server.base}/api/bots/MyBot/shards`, { shards: [{ id: 0, state: 'online' }] });
  t.equal(answer.status, 200);
});

void t.test('who comes back resumes; after a restart of the server all comes anew', async (t) => {
  const settings = { ...environment, SHARDLIGHT_PORT: `${await freePort()}` };
  const clock = testClock();
  const server = await startServer(settings, clock);
  await report(server);
  const listener = await open(server);
  watch(listener, 'fleet:asia');
  const [{ v, e }] = (await until(() => listener.frames.length > 0 && frames(listener))) as [ScopeSnapshot];
  listener.socket.close();
  await listener.closed;
  clock.advance(1_000);
  await report(server, 'resuming');
  const back = await open(server);
  watch(back, 'fleet:asia', v, e);
  t.match(await until(() => back.frames.length > 0 && frames(back)[0]), { op: 'patch', v: v + 1 });
  await server.stop();
  const { code, reason } = await back.closed;
  t.equal(code, 1012, 'it restarts');
  t.match(reason, /^\d+$/, 'come back after so many milliseconds');
  const next = await startServer(settings, clock, server.statePath);
  t.teardown(() => next.stop().finally(() => forget(next)));
  const again = await open(next);
  watch(again, 'fleet:asia', v + 1, e);
  const [frame] = (await until(() => again.frames.length > 0 && frames(again))) as [ScopeSnapshot];
  t.match(frame, { op: 'snapshot', rows: { 'cluster/asia-0': { number: 1 } } });
  t.not(frame.e, e);
});

void t.test('what is no watch frame ends the socket; the public feed goes on ignoring', async (t) => {
  const server = await serve(t, environment);
  for (const said of [
    'hello',
    '{"op":"watch"}',
    Buffer.from('{"op":"watch","scope":"global","v":0,"e":""}'),
  ]) {
    const listener = await open(server);
    listener.socket.send(said);
    const { code, reason } = await listener.closed;
    t.equal(code, 4002);
    t.match(reason, /not a watch frame: send/);
  }
  const long = await open(server);
  long.socket.send(JSON.stringify({ op: 'watch', scope: `fleet:${'x'.repeat(1_024)}`, v: 0, e: '' }));
  await long.closed;
  const reader = await listen(`${server.base.replace('http', 'ws')}/live?p=2`);
  reader.socket.send('{"op":"watch","scope":"global","v":0,"e":""}');
  await report(server);
  await until(() => reader.frames.some((text) => text.includes('"op":"patch"')));
  t.notOk(reader.frames.some((text) => text.includes('asia-0')));
  t.same(
    server.log.filter((line) => line.includes('A bug')),
    [],
  );
});

void t.test('signing out ends the sockets of that session in all tabs, and no other', async (t) => {
  const server = await serve(t, environment);
  const [mine, yours] = [await signIn(server, 'see'), await signIn(server, 'see')];
  const tabs = [await open(server, { Cookie: mine }), await open(server, { Cookie: mine })];
  const others = [await open(server, { Cookie: yours }), await open(server)];
  await ask(server.port, 'DELETE /api/session', { Cookie: mine });
  for (const tab of tabs) t.equal((await tab.closed).code, 4001);
  for (const other of others) {
    watch(other, 'global');
    await until(() => other.frames.length > 0);
  }
});

void t.test('an expired session ends its sockets', async (t) => {
  const clock = testClock();
  const server = await serve(t, environment, clock);
  const tab = await open(server, { Cookie: await signIn(server, 'act') });
  const other = await open(server);
  clock.advance(12 * 3_600_000);
  t.equal((await tab.closed).code, 4001, 'at the next sign of life, which is at most 5 s away');
  t.ok(other.frames.some((text) => text.includes('"alive"')) || other.socket.readyState === 1);
  await t.rejects(open(server, { Cookie: 'shardlight=operator.1.x.y' }), /401/);
});

/** A socket that watches and never reads, opened by hand. */
function slowReader(server: TestServer, scope: string): Promise<void> {
  const text = JSON.stringify({ op: 'watch', scope, v: 0, e: '' });
  const head = [
    'GET /live/operator?token=see HTTP/1.1',
    'Host: x',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: c2hhcmRsaWdodC1iZW5jaA==',
    '',
    '',
  ].join('\r\n');
  const masked = Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
  return new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(head));
    socket.on('error', () => undefined); // it is cut off in the end
    socket.once('data', () => {
      socket.pause();
      socket.write(masked, () => resolve());
    });
  });
}

/** So many that a patch of all of them is large. */
const SHARDS = 4_096;

void t.test('a slow watcher delays nobody, and is let go when too much waits for it', async (t) => {
  const clock = testClock();
  const server = await serve(t, { ...environment, SHARDLIGHT_BOTS: `main:${SHARDS}` }, clock);
  await report(server);
  await slowReader(server, 'cluster:asia-0');
  const reader = await open(server);
  watch(reader, 'cluster:asia-0');
  await until(() => reader.frames.length > 0);
  const sockets = async (): Promise<number> => {
    const metrics = await ask(server.port, 'GET /metrics', { Authorization: 'Bearer see' });
    return Number(/^shardlight_viewers\{feed="operator"\} (\d+)/m.exec(metrics.body)?.[1]);
  };
  t.equal(await sockets(), 2);
  let patches = 0;
  while ((await sockets()) === 2) {
    clock.advance(250);
    const before = reader.frames.length;
    const state = patches % 2 === 0 ? 'resuming' : 'online';
    const shards = Array.from({ length: SHARDS }, (_, id) => ({ id, state }));
    const headers = { authorization: 'Bearer bot' };
    await post(`${server.base}/fleet/heartbeat`, { identity: 'asia-0', shards }, headers);
    await until(() => reader.frames.length > before);
    reader.frames.length = 0;
    patches++;
  }
  t.ok(patches > 1, `${patches} patches later`);
  t.equal(reader.socket.readyState, 1, 'the other one never noticed');
});
