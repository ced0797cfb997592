// Clients that never finish: what they hold is let go, and nobody else waits for them.
import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import t from 'tap';
import { json } from '../../server/dialects/json.js';
import type { Route } from '../../server/http/router.js';
import { readJson } from '../../server/http/body.js';
import { until } from '../harness.js';
import { holds } from '../holds.js';
import { serveRows } from './fake-rows.js';
import { ask } from './raw.js';

const row: Route = {
  method: 'POST',
  path: '/report',
  role: 'ingest',
  maxBytes: 1_048_576,
  dialect: json,
  handle: ({ body }) => ({ status: 200, body: `${body.length}` }),
};
const slow: Route = {
  ...row,
  path: '/slow',
  handle: () => new Promise(() => undefined),
};
const HEAD = (path: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n`;

function open(port: number, count: number, bytes: string): { sockets: Socket[]; closed: () => number } {
  let closed = 0;
  const sockets = Array.from({ length: count }, () =>
    connect(port, '127.0.0.1')
      .on('error', () => undefined)
      .on('close', () => closed++)
      .resume(),
  );
  for (const socket of sockets) socket.write(bytes);
  return { sockets, closed: () => closed };
}

void t.test('a client that leaves in the middle of its body leaves nothing behind', async (t) => {
  const { port, underWay, bugs } = await serveRows(t, [row, slow]);
  for (const bytes of [`${HEAD('/report')}half`, `${HEAD('/slow')}${'x'.repeat(1_000)}`]) {
    const { sockets } = open(port, 50, bytes);
    await until(() => underWay() === 50);
    for (const socket of sockets) socket.resetAndDestroy();
    await until(() => underWay() === 0);
  }
  t.same(bugs, []);
  t.equal((await ask(port, 'POST /report', {}, 'x')).body, '1');
});

void t.test('a client that sends a byte now and then is hung up on, and nobody waits for it', async (t) => {
  const { port, underWay } = await serveRows(t, [row]);
  const heads = open(port, 20, 'POST /report HTTP/1.1\r\nHo');
  const bodies = open(port, 20, `${HEAD('/report')}h`);
  await until(() => underWay() === 20);
  const drip = setInterval(() => bodies.sockets.forEach((socket) => socket.write('x')), 500);
  t.teardown(() => clearInterval(drip));
  t.equal((await ask(port, 'POST /report', {}, 'xy')).body, '2', 'others are served meanwhile');
  await until(() => heads.closed() === 20 && bodies.closed() === 20);
  t.equal(underWay(), 0);
});

void t.test(
  'no text makes the JSON dialect throw or yield a number that is none, save what is too large to be one',
  (t) => {
    const words = fc.constantFrom(
      'NaN',
      'Infinity',
      '-Infinity',
      '1e5',
      '-0',
      'null',
      '"NaN"',
      '[NaN]',
      '{"a":Infinity}',
    );
    const lists = fc
      .array(fc.oneof(words, fc.json()), { maxLength: 8 })
      .map((parts) => `[${parts.join(',')}]`);
    const isFinite = (value: unknown): boolean => {
      if (typeof value === 'number') return Number.isFinite(value);
      return typeof value !== 'object' || value === null || Object.values(value).every(isFinite);
    };
    holds(
      t,
      fc.property(fc.oneof(lists, fc.string()), (text) => {
        const read = readJson(Buffer.from(text), '');
        return !read.ok || isFinite(read.value);
      }),
      1_000,
    );
    t.end();
  },
);
