// Large answers: written as clients read them, two a household, those for roles apart from the public's, and never for ever.
import { connect, type Socket } from 'node:net';
import t from 'tap';
import { json } from '../../server/dialects/json.js';
import {
  createLargeAnswers,
  MOST_AT_ONCE,
  MOST_IN_LINE,
  MOST_IN_LINE_OF_A_HOUSEHOLD,
  MOST_KEPT_BYTES,
} from '../../server/http/large-answers.js';
import { post, serve, until } from '../harness.js';
import { serveRows } from './fake-rows.js';
import { ask, keepAlive } from './raw.js';

const BOTS = 12;
const SHARDS = 16_384;

const TOKENS = { SHARDLIGHT_INGEST_TOKEN: 'bot', SHARDLIGHT_VIEWER_TOKEN: 'see' };
const PROXIED = {
  ...TOKENS,
  SHARDLIGHT_HOST: '127.0.0.1',
  SHARDLIGHT_TRUSTED_PROXY: '1',
  SHARDLIGHT_MAX_LEARNT_SHARDS: `${BOTS * SHARDS}`,
};

/** A view of some 4 MB, more than kernels hold for a client that does not read. */
async function largeView(base: string): Promise<void> {
  const rows = Array.from({ length: SHARDS }, (_, id) => ({ id, state: 'offline' }));
  for (let bot = 0; bot < BOTS; bot++)
    for (let from = 0; from < SHARDS; from += 4_096) {
      const shards = rows.slice(from, from + 4_096);
      await post(`${base}/api/bots/bot-${bot}/shards`, { shards }, { authorization: 'Bearer bot' });
    }
}

type Test = { teardown: (end: () => void) => unknown };

/** Asks, and reads nothing. */
function askIdly(t: Test, port: number, path: string, headers: Record<string, string> = {}): Socket {
  const socket = connect(port, '127.0.0.1').pause();
  socket.on('error', () => undefined);
  const lines = Object.entries({ Host: 'localhost', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  t.teardown(() => socket.destroy());
  return socket;
}

const from = (address: string): Record<string, string> => ({ 'X-Forwarded-For': address });

void t.test('a large answer arrives whole, and slow readers hold up themselves only', async (t) => {
  const { base, port, log, clock } = await serve(t, PROXIED);
  await largeView(base);
  const plain = { 'accept-encoding': 'identity', ...from('192.0.2.200') };
  // What was posted last is in the view with the next patch.
  const whole = await until(async () => {
    const text = await (await fetch(`${base}/api/view`, { headers: plain })).text();
    const { bots } = JSON.parse(text) as { bots: { counts: { offline: number } }[] };
    return bots.length === BOTS && bots.every(({ counts }) => counts.offline === SHARDS) && text;
  });
  t.ok(whole.length > 4e6, `${whole.length} characters`);

  const home = from('192.0.2.1');
  const idle = Array.from({ length: 2 + MOST_IN_LINE_OF_A_HOUSEHOLD }, () =>
    askIdly(t, port, '/api/view', home),
  );
  await until(async () => (await ask(port, 'GET /api/view', home)).status === 503);
  const busy = await ask(port, 'GET /api/view', home);
  t.match(JSON.parse(busy.body), {
    error: 'too many large answers are under way; please try again in a second',
  });
  t.equal(busy.headers.get('retry-after'), '1');
  t.match(log.join('\n'), /GET \/api\/view refused to 192\.0\.2\.1 \(503\): too many large answers/);
  t.equal((await ask(port, 'GET /plain', home)).status, 200, 'small answers go on');
  t.equal((await ask(port, 'HEAD /api/view', home)).status, 200, 'and so do heads');
  t.equal((await ask(port, 'GET /api/view', from('192.0.2.2'))).status, 200, 'nobody else notices');

  let read = 0;
  const slow = idle[0]!.on('data', (chunk: Buffer) => (read += chunk.length));
  slow.resume();
  await until(() => read > whole.length);
  t.ok(read < whole.length + 1_000, 'a slow reader gets it all, once');

  const closed = new Set<Socket>();
  const stubborn = idle.slice(1);
  for (const one of stubborn) one.on('close', () => closed.add(one));
  clock.advance(60_000);
  t.notMatch(log.join('\n'), 'was ended', 'half a minute, and a second more for each 64 KB');
  clock.advance(600_000);
  for (const one of stubborn) one.resume(); // who is paused hears of its end only when it reads
  await until(() => closed.size === stubborn.length);
  t.match(log.join('\n'), / WARN an answer to 192\.0\.2\.\d+ was ended: in \d+ s it read \d+ of \d{7} bytes/);
  t.equal((await ask(port, 'GET /api/view', home)).status, 200, 'there is room again');
});

void t.test('slow readers of the public page do not hold up those who have a role', async (t) => {
  const row = { method: 'GET', maxBytes: 0, dialect: json } as const;
  const body = Buffer.alloc(8e6, 'x');
  const handle = () => ({ status: 200, body });
  const { port } = await serveRows(t, [
    { ...row, role: 'public', path: '/open', handle },
    { ...row, role: 'viewer', path: '/closed', handle },
  ]);
  for (let i = 0; i < MOST_AT_ONCE + MOST_IN_LINE; i++) askIdly(t, port, '/open', from(`10.0.${i >> 1}.1`));
  const status = async (path: string): Promise<number> =>
    (await ask(port, `GET ${path}`, from('10.1.0.1'))).status;
  await until(async () => (await status('/open')) === 503);
  t.equal(await status('/closed'), 200);
});

void t.test('places: two a household, its others in line, and who leaves makes room', (t) => {
  const { enter } = createLargeAnswers();
  const body = Buffer.alloc(10);
  const begun: string[] = [];
  const come = (household: string, name: string) => {
    const place = enter(body, { household, isPublic: true });
    if (place?.isFree) begun.push(name);
    else place?.whenFree(() => begun.push(name));
    return place;
  };
  const first = come('a', 'a1');
  const second = come('a', 'a2');
  const third = come('a', 'a3');
  come('a', 'a4');
  come('b', 'b1');
  t.same(begun, ['a1', 'a2', 'b1']);
  third?.leave(); // it was waited for in vain
  first?.leave();
  first?.leave();
  t.same(begun, ['a1', 'a2', 'b1', 'a4']);
  for (let i = 0; i < MOST_IN_LINE_OF_A_HOUSEHOLD; i++) t.ok(come('a', 'late'));
  t.equal(come('a', 'too late'), null);
  second?.leave();
  t.ok(come('a', 'in line again'));
  for (let i = 0; i < 2 * (MOST_AT_ONCE + MOST_IN_LINE); i++) come(`c${i}`, 'c');
  t.equal(come('new', 'new'), null, 'the line has an end');
  t.equal(enter(body, { household: 'new', isPublic: false })?.isFree, true);
  t.end();
});

void t.test('what slow readers keep in memory has a bound in bytes; one body counts once', (t) => {
  const { enter } = createLargeAnswers();
  const big = Buffer.alloc(MOST_KEPT_BYTES - 1_000);
  const places = ['a', 'b', 'c'].map((household) => enter(big, { household, isPublic: true }));
  t.ok(places.every((place) => place?.isFree));
  t.equal(enter(Buffer.alloc(1_001), { household: 'd', isPublic: true }), null);
  t.ok(enter(Buffer.alloc(1_000), { household: 'd', isPublic: true }));
  for (const place of places) place?.leave();
  t.ok(enter(Buffer.alloc(1_001), { household: 'd', isPublic: true }));
  const { enter: enterAnew } = createLargeAnswers();
  t.ok(
    enterAnew(Buffer.alloc(MOST_KEPT_BYTES + 1), { household: 'a', isPublic: true }),
    'one alone may be larger',
  );
  t.end();
});

void t.test('who asks and asks and reads nothing is hung up on before answers pile up', async (t) => {
  const { port, log, clock } = await serve(t, { ...PROXIED, SHARDLIGHT_BOTS: 'main:4' });
  for (const line of ['GET /healthz', 'HEAD /healthz', 'GET /plain', 'OPTIONS /api/view', 'GET /nope']) {
    const head = `${line} HTTP/1.1\r\nHost: localhost\r\nOrigin: https://a.example\r\n\r\n`;
    const socket = connect(port, '127.0.0.1').pause();
    let isClosed = false;
    socket.on('error', () => (isClosed = true)).on('close', () => (isClosed = true));
    t.teardown(() => socket.destroy());
    const many = head.repeat(1_000);
    let sent = 0;
    await until(() => {
      if (!isClosed && socket.writableLength < many.length) socket.write(many);
      return isClosed || ++sent > 500;
    });
    t.ok(isClosed, line);
    const said =
      / WARN a connection of 127\.0\.0\.1 was ended: it sent request after request without reading the answers/;
    await until(() => log.some((one) => said.test(one)));
    log.length = 0;
    clock.advance(60_000);
  }
});

void t.test('a connection serves on after a large answer', async (t) => {
  const { base, port } = await serve(t, { SHARDLIGHT_BOTS: 'a:16384;b:16384;c:16384;d:16384' });
  const connection = keepAlive(port);
  t.teardown(connection.end);
  const whole = await (await fetch(`${base}/api/view`)).text();
  for (let i = 0; i < 3; i++) t.equal((await connection.ask('GET /api/view'))?.body, whole);
  t.equal((await connection.ask('GET /plain'))?.status, 200);
});
