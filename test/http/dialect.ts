// A dialect that nobody speaks yet: whatever refuses at its address, it writes the answer, in its form and with its headers.
import t from 'tap';
import type { Dialect } from '../../server/http/refusal.js';
import type { Route } from '../../server/http/router.js';
import { serveRows } from './fake-rows.js';
import { ask } from './raw.js';

/** Errors in the encoding of the request, and where to get a token. */
const scores: Dialect = {
  name: 'scores',
  words: { unauthorized: 'who are you?' },
  tooOften: 'not so fast',
  tokenFirst: true,
  write: (reason, error, asked) => ({
    headers: {
      'content-type': asked['content-type'],
      ...(reason === 'unauthorized' ? { 'www-authenticate': 'Bearer realm="scores"' } : {}),
    },
    body:
      asked['content-type'] === 'application/x-protobuf'
        ? Buffer.from([0x12, error.length, ...Buffer.from(error)])
        : error,
  }),
};

const CAP = 1_024;
const row = { method: 'POST', maxBytes: CAP, dialect: scores } as const;
const rows: Route[] = [
  { ...row, path: '/scores', role: 'ingest', handle: () => ({ status: 200, body: 'taken' }) },
  { ...row, path: '/scores/seldom', role: 'viewer', rate: 'read', handle: () => ({ status: 200, body: '' }) },
  {
    ...row,
    path: '/scores/broken',
    role: 'ingest',
    handle: () => {
      throw new Error('broken');
    },
  },
];
const tokens = { ingest: ['bot'], viewer: ['see'], metrics: [], operator: [] };
const packed = { 'Content-Type': 'application/x-protobuf' };
const bot = { ...packed, Authorization: 'Bearer bot' };
const inProtobuf = (error: string): string => `\u0012${String.fromCharCode(error.length)}${error}`;

void t.test('every refusal at its address is written by the dialect', async (t) => {
  const { port } = await serveRows(t, rows, { access: { tokens }, readBurst: 1 });
  const refused = async (line: string, headers: Record<string, string>, body = ''): Promise<unknown[]> => {
    const answer = await ask(port, line, headers, body);
    return [answer.status, answer.body, answer.headers.get('content-type')];
  };
  const written = (status: number, error: string): unknown[] => [
    status,
    inProtobuf(error),
    'application/x-protobuf',
  ];
  const stranger = await ask(port, 'POST /scores', packed, 'x');
  t.equal(stranger.headers.get('www-authenticate'), 'Bearer realm="scores"');
  t.same([stranger.status, stranger.body], [401, inProtobuf('who are you?')]);
  t.same(await refused('POST /scores', { 'Content-Type': 'text/x' }, 'x'), [401, 'who are you?', 'text/x']);
  t.same(
    await refused('PUT /scores', packed),
    written(401, 'who are you?'),
    'a token comes before the method',
  );
  t.match(await refused('PUT /scores', bot), [405]);
  const long = `Maximum request body size ${CAP} exceeded, actual body size ${CAP + 1}`;
  t.same(await refused('POST /scores', bot, 'x'.repeat(CAP + 1)), written(413, long));
  t.match(await refused('POST /scores', { ...bot, 'Content-Encoding': 'br' }, 'x'), [415, /\u0012/]);
  t.match(await refused('POST /scores/broken', bot, 'x'), [500, /\u0012.*the log of the server/]);
  const see = { ...packed, Authorization: 'Bearer see' };
  t.equal((await ask(port, 'POST /scores/seldom', see, 'x')).status, 200);
  t.same(await refused('POST /scores/seldom', see, 'x'), written(429, 'not so fast'));
  t.same((await ask(port, 'POST /scores', bot, 'x')).body, 'taken');
});
