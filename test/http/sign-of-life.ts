// A body too large to read may be a sign of life: its row sees the first KiB, then the 413 is answered (RULES 22).
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { fleet } from '../../server/dialects/fleet.js';
import type { Request } from '../../server/http/message.js';
import type { Route } from '../../server/http/router.js';
import { until } from '../harness.js';
import { serveRows } from './fake-rows.js';
import { ask, chunked, keepAlive } from './raw.js';

const CAP = 4_096;
const auth = { Authorization: 'Bearer bot' };

function row(seen: { beginning: string; request: Request; address: string }[]): Route {
  return {
    method: 'POST',
    path: '/beat',
    role: 'ingest',
    maxBytes: CAP,
    dialect: fleet,
    handle: ({ body }) => ({ status: 200, body: `${body.length}` }),
    tooLarge: (beginning, request) =>
      seen.push({ beginning: beginning.toString(), request, address: request.address }),
  };
}
const access = { tokens: { ingest: ['bot'], viewer: [], metrics: [], operator: [] } };
const long = `{"identity":"a",${'x'.repeat(CAP)}`;

void t.test(
  'the first KiB of what is too long is looked at, declared or grown, and answered 413',
  async (t) => {
    const seen: Parameters<typeof row>[0] = [];
    const { port, underWay, turnedAway } = await serveRows(t, [row(seen)], { access });
    const declared = await ask(port, 'POST /beat', auth, long);
    t.equal(declared.status, 413);
    t.equal(declared.body, `Maximum request body size ${CAP} exceeded, actual body size ${long.length}`);
    const grown = await ask(port, 'POST /beat', { ...auth, 'Transfer-Encoding': 'chunked' }, chunked(long));
    t.same([grown.status, grown.body], [413, `Maximum request body size ${CAP} exceeded`]);
    t.same(
      seen.map(({ beginning }) => beginning),
      [long.slice(0, 1_024), long.slice(0, 1_024)],
    );
    t.equal(seen[0]?.address, '127.0.0.1');
    t.equal(seen[0]?.request.headers.authorization, 'Bearer bot');
    t.equal(seen[0]?.request.body.length, 0);
    t.same(turnedAway, ['too-large', 'too-large']);
    t.equal(underWay(), 0);
  },
);

void t.test('what comes in pieces is looked at as soon as a KiB is there', async (t) => {
  const seen: Parameters<typeof row>[0] = [];
  const { port, underWay } = await serveRows(t, [row(seen)], { access });
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.on('data', (data) => (heard += data.toString()));
  socket.write(`POST /beat HTTP/1.1\r\nHost: x\r\nAuthorization: bot\r\nContent-Length: ${CAP * 2}\r\n\r\n`);
  socket.write(long.slice(0, 600));
  await until(() => underWay() === 1);
  t.equal(seen.length, 0);
  socket.write(long.slice(600, 1_500));
  await until(() => heard.includes('413'));
  t.same(
    seen.map(({ beginning }) => beginning),
    [long.slice(0, 1_024)],
  );
  socket.destroy();
  await until(() => underWay() === 0);
});

void t.test('compressed, unauthorized or of another row: not looked at', async (t) => {
  const seen: Parameters<typeof row>[0] = [];
  const plain: Route = { ...row([]), path: '/plain', maxBytes: CAP };
  delete plain.tooLarge;
  const { port, turnedAway } = await serveRows(t, [row(seen), plain], { access });
  const gzip = { ...auth, 'Content-Encoding': 'gzip' };
  const noise = Buffer.from(Array.from({ length: CAP * 2 }, (_, i) => (i * 7_919) % 251));
  t.equal((await ask(port, 'POST /beat', gzip, noise)).status, 413, 'declared');
  t.equal((await ask(port, 'POST /beat', gzip, gzipSync(Buffer.alloc(CAP + 1)))).status, 413, 'a bomb');
  const pieces = { ...gzip, 'Transfer-Encoding': 'chunked' };
  t.equal((await ask(port, 'POST /beat', pieces, chunked('x'.repeat(CAP), 'x'))).status, 413, 'grown');
  t.equal((await ask(port, 'POST /beat', {}, long)).status, 401);
  t.equal((await ask(port, 'POST /plain', auth, long)).status, 413);
  t.same(seen, []);
  t.same(turnedAway, ['too-large', 'too-large', 'unauthorized', 'too-large']);
});

void t.test('a mistake in looking is a bug in the log, and the 413 stands', async (t) => {
  const broken: Route = {
    ...row([]),
    tooLarge: () => {
      throw new Error('broken');
    },
  };
  const { port, bugs } = await serveRows(t, [broken], { access });
  t.equal((await ask(port, 'POST /beat', auth, long)).status, 413);
  t.equal(bugs.length, 1);
});

void t.test(
  'a body of exactly the cap is read, and the connection serves on after one that was not',
  async (t) => {
    const { port } = await serveRows(t, [row([])], { access });
    const connection = keepAlive(port);
    t.teardown(connection.end);
    t.equal((await connection.ask('POST /beat', auth, 'x'.repeat(CAP)))?.body, `${CAP}`);
    t.equal((await connection.ask('POST /beat', auth, 'x'.repeat(CAP + 1)))?.status, 413);
    t.equal((await connection.ask('POST /beat', auth, 'x'.repeat(100 * CAP)))?.status, 413);
    t.equal((await connection.ask('POST /beat', auth, 'x'))?.body, '1');
  },
);
