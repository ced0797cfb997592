// What bad input gets: for each route and each way to be wrong, a status and words; never a 500, and the server serves on.
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { serve, until, type TestServer } from '../harness.js';
import { ask, chunked, exchange, keepAlive, readAnswer } from './raw.js';

const CAP = 2_048;
const environment = {
  SHARDLIGHT_BOTS: 'main:4',
  SHARDLIGHT_INGEST_TOKEN: 'secret',
  SHARDLIGHT_HOST: '127.0.0.1',
  SHARDLIGHT_MAX_BODY_BYTES: `${CAP}`,
};
const auth = { Authorization: 'Bearer secret' };

const BATCH = 'POST /api/bots/main/shards';
const REGISTER = 'POST /fleet/register';
const HEARTBEAT = 'POST /fleet/heartbeat';
const GOODBYE = 'POST /fleet/goodbye';
const bodied = [BATCH, REGISTER, HEARTBEAT, GOODBYE];

/** The error of a JSON answer, or the line of a text answer. */
function errorOf(body: string): string {
  if (!body.startsWith('{')) return body.replace(/\n$/, '');
  return Buffer.from((JSON.parse(body) as { error: string }).error, 'latin1').toString();
}

/** After everything a test sent, nothing was a bug and the server still answers. */
async function stillServes(t: Pick<Tap, 'same' | 'equal'>, { base, log }: TestServer): Promise<void> {
  t.same(
    log.filter((line) => line.startsWith('A bug')),
    [],
    'no bug in the log',
  );
  t.equal((await fetch(`${base}/api/view`)).status, 200, 'still serves');
}

type Tap = typeof t;

interface Attack {
  what: string;
  headers?: Record<string, string>;
  body: string | Buffer;
  status: number;
  /** By route where they differ; a text: the same for all. */
  error: string | Record<string, string>;
}

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const notJson = {
  [BATCH]: 'the body is not valid JSON',
  [REGISTER]: 'invalid JSON body',
  [HEARTBEAT]: 'invalid JSON body',
  [GOODBYE]: 'invalid JSON body',
};
const BATCH_SHAPE =
  'the body must be a JSON object like {"shard_count":1,"shards":[{"id":0,"state":"online"}]}';
const noObject = {
  [BATCH]: BATCH_SHAPE,
  [REGISTER]: 'expected a JSON object',
  [HEARTBEAT]: 'expected a JSON object',
  [GOODBYE]: 'expected a JSON object',
};
const nothingSaid = {
  [BATCH]: 'shards: must be a list of shards',
  [REGISTER]: 'identity required',
  [HEARTBEAT]: 'identity required',
  [GOODBYE]: 'identity required',
};
const unknownEncoding = (encoding: string): string =>
  `content-encoding '${encoding}' is not understood: send gzip, deflate or none`;
const encoded = (encoding: string): Attack => ({
  what: `the encoding ${encoding}`,
  headers: { 'Content-Encoding': encoding },
  body: '{}',
  status: 415,
  error: unknownEncoding(encoding.slice(0, 40)),
});

const attacks: Attack[] = [
  { what: 'no body', body: '', status: 400, error: notJson },
  { what: 'blanks', body: ' \n', status: 400, error: notJson },
  { what: 'half of JSON', body: '{"identity":"a', status: 400, error: notJson },
  { what: 'a form', body: 'identity=a&shards=', status: 400, error: notJson },
  { what: 'two values', body: '{} {}', status: 400, error: notJson },
  { what: 'a byte order mark', body: '\ufeff{}', status: 400, error: notJson },
  { what: 'broken UTF-8', body: Buffer.from([0x22, 0xc3, 0x28, 0x22]), status: 400, error: notJson },
  { what: 'lone words of Python', body: 'NaN Infinity', status: 400, error: notJson },
  { what: 'a word of Python', body: '-Infinity', status: 400, error: noObject },
  { what: 'a text', body: '"identity"', status: 400, error: noObject },
  { what: 'a number', body: '1e999', status: 400, error: noObject },
  { what: 'an empty list', body: '[]', status: 400, error: noObject },
  { what: 'an empty object', body: '{}', status: 400, error: nothingSaid },
  { what: 'lists 1,000 deep', body: nested(1_000), status: 400, error: noObject },
  {
    what: 'only a prototype',
    body: '{"__proto__":{"identity":"a","shards":[]}}',
    status: 400,
    error: nothingSaid,
  },
  {
    what: 'a body over the cap',
    body: 'x'.repeat(CAP + 1),
    status: 413,
    error: `Maximum request body size ${CAP} exceeded, actual body size ${CAP + 1}`,
  },
  {
    what: 'chunks over the cap',
    headers: { 'Transfer-Encoding': 'chunked' },
    body: chunked('x'.repeat(CAP), 'x'),
    status: 413,
    error: `Maximum request body size ${CAP} exceeded`,
  },
  {
    what: 'a gzip bomb',
    headers: { 'Content-Encoding': 'gzip' },
    body: gzipSync(Buffer.alloc(1_000_000)),
    status: 413,
    error: `Maximum request body size ${CAP} exceeded`,
  },
  {
    what: 'gzip that is none',
    headers: { 'Content-Encoding': 'gzip' },
    body: '{}',
    status: 400,
    error: 'the body is not gzip',
  },
  {
    what: 'half of gzip',
    headers: { 'Content-Encoding': 'gzip' },
    body: gzipSync('{"identity":"a"}').subarray(0, 20),
    status: 400,
    error: 'the body is not gzip',
  },
  ...['br', 'zstd', 'gzip, gzip', 'toString', '__proto__', 'constructor', 'x'.repeat(1_000)].map(encoded),
];

void t.test('each route that reads a body refuses each bad one in its own words', async (t) => {
  const server = await serve(t, environment);
  for (const line of bodied) {
    for (const { what, headers, body, status, error } of attacks) {
      const answer = await ask(server.port, line, { ...auth, ...headers }, body);
      const words = typeof error === 'string' ? error : error[line];
      t.same([answer.status, errorOf(answer.body)], [status, words], `${line}: ${what}`);
    }
  }
  await stillServes(t, server);
});

void t.test('a megabyte of brackets is read and refused', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4' });
  const deepBy = (levels: number): string => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);
  const deep = deepBy(4_000); // two of them are below 64 KiB
  for (const [line, status] of [
    [BATCH, 400],
    [REGISTER, 200],
    [HEARTBEAT, 204],
  ] as const) {
    t.equal((await ask(server.port, line, {}, nested(500_000))).status, 400, line);
    const within = `{"identity":"a","snapshot":{"metrics":${deep}},"more":${deep}}`;
    t.equal((await ask(server.port, line, {}, within)).status, status, line);
    const beyond = `{"identity":"a","shards":[],"snapshot":{"metrics":${deepBy(12_000)}}}`;
    const { status: refused, body } = await ask(server.port, line, {}, beyond);
    t.equal(refused, 400, line);
    t.match(body, /the body nests deeper than 64 levels/, line);
  }
  const shards = `{"shards":[${nested(4_000)},{"id":0,"state":3,"more":${deep}}]}`;
  const answer = await ask(server.port, BATCH, {}, shards);
  t.same(JSON.parse(answer.body), { accepted: 1, rejected: [{ index: 0, error: 'must be an object' }] });
  await stillServes(t, server);
});

void t.test('of a key said twice the last counts, and a prototype is a key like any other', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4' });
  const shards = '{"shards":7,"shards":[{"id":9,"id":0,"state":0,"state":3,"__proto__":{"id":7}}]}';
  t.equal((await ask(server.port, BATCH, {}, shards)).body, '{"accepted":1,"rejected":[]}');
  const twice = '{"identity":"a","identity":"b","__proto__":{"isAdmin":true}}';
  t.equal((await ask(server.port, REGISTER, {}, twice)).status, 200);
  t.equal((await ask(server.port, HEARTBEAT, {}, '{"identity":"a"}')).status, 404);
  t.equal((await ask(server.port, HEARTBEAT, {}, '{"identity":"b"}')).status, 204);
  t.equal(({} as Record<string, unknown>)['isAdmin'], undefined);
  await stillServes(t, server);
});

void t.test('names that objects have are names like any other', async (t) => {
  const server = await serve(t, {});
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    const registered = await ask(server.port, REGISTER, {}, JSON.stringify({ identity: name, fleet: name }));
    t.match(JSON.parse(registered.body), { number: 1 }, name);
    const shards = [{ id: 0, state: 3 }];
    t.equal((await ask(server.port, HEARTBEAT, {}, JSON.stringify({ identity: name, shards }))).status, 204);
  }
  for (const bot of ['__proto__', 'constructor'])
    t.equal(
      (await ask(server.port, `POST /api/bots/${bot}/shards`, {}, '{"shards":[{"id":0,"state":3}]}')).status,
      200,
    );
  const bots = await until(async () => {
    const view = (await (await fetch(`${server.base}/api/view`)).json()) as { bots: { key: string }[] };
    return view.bots.length === 3 && view.bots; // the view is as of the last patch
  });
  t.same(
    bots.map((bot) => bot.key),
    ['main', '__proto__', 'constructor'],
  );
  for (const path of ['/', '/plain', '/?guild=@me'])
    t.equal((await fetch(`${server.base}${path}`)).status, 200, path);
  await stillServes(t, server);
});

interface Target {
  line: string;
  status: number;
  error: string;
}

const nowhere = { status: 404, error: 'there is nothing at this address' };
const wrongMethod = {
  status: 405,
  error: 'this address does not take that method; the Allow header says which it takes',
};
const outside = (shard: string): Omit<Target, 'line'> => ({
  status: 400,
  error: `shard '${shard}' falls outside the range of valid shards on cluster 'main'`,
});
const noCluster = (key: string): Omit<Target, 'line'> => ({
  status: 400,
  error: `cluster '${key}' does not exist`,
});
const badKey = { status: 400, error: 'bot: must be 1 to 64 characters of A-Z, a-z, 0-9, "_" and "-"' };

const targets: Target[] = [
  { line: 'GET /nope', ...nowhere },
  { line: 'GET /api', ...nowhere },
  { line: 'GET /api/view/more', ...nowhere },
  { line: 'GET /..', ...nowhere },
  { line: 'GET /../../etc/passwd', ...nowhere },
  { line: 'GET /%2e%2e/%2e%2e/etc/passwd', ...nowhere },
  { line: 'GET /assets/..%2f..%2fpackage.json', ...nowhere },
  { line: 'GET /assets/', ...nowhere },
  { line: 'GET /%', ...nowhere },
  { line: 'GET /%00', ...nowhere },
  { line: `GET /${'a/'.repeat(1_000)}`, ...nowhere },
  { line: 'POST /api/bots//shards', ...nowhere },
  { line: 'POST /api/bots/%/shards', ...nowhere },
  { line: 'POST /api/bots/%ff/shards', ...nowhere },
  { line: 'POST /api/bots/%00/shards', ...badKey },
  { line: 'POST /api/bots/%2e%2e/shards', ...badKey },
  { line: 'POST /api/bots/../shards', ...badKey },
  { line: `POST /api/bots/${'x'.repeat(3_000)}/shards`, ...badKey },
  { line: 'POST /api/status/%00/0/3', ...noCluster('\u0000') },
  { line: 'POST /api/status/%2e%2e/0/3', ...noCluster('..') },
  { line: 'POST /api/status/__proto__/0/3', ...noCluster('__proto__') },
  { line: 'POST /api/status/b%C3%B6t/0/3', ...noCluster('böt') },
  { line: 'POST /api/health/%3Cscript%3E/0', ...noCluster('<script>') },
  { line: 'POST /api/status/%/0/3', ...nowhere },
  { line: 'POST /api/status/main/%30/3', ...nowhere },
  { line: 'POST /api/status/main/0x0/3', ...nowhere },
  { line: 'POST /api/status/main/1e3/3', ...nowhere },
  { line: 'POST /api/status/main/+1/3', ...nowhere },
  { line: 'POST /api/status/main/--1/3', ...nowhere },
  { line: 'POST /api/status/main/99999999999/3', ...outside('99999999999') },
  {
    line: 'POST /api/status/main/0/99999999999',
    status: 400,
    error: "state '99999999999' is not a shard state",
  },
  {
    line: 'GET /api/bots/main/shards/99999999999',
    status: 400,
    error: "shard '99999999999' is outside 0..3 of bot 'main'",
  },
  { line: 'GET /api/bots/%00/shards/0', status: 400, error: "bot '\u0000' does not exist" },
  ...[
    'POST /',
    'POST /plain',
    'DELETE /api/view',
    'PATCH /api/lookup',
    'OPTIONS /api/view',
    'POST /live',
  ].map((line) => ({ line, ...wrongMethod })),
  ...[
    'GET /api/bots/main/shards',
    'PUT /api/bots/main/shards',
    'POST /api/bots/main/shards/0',
    'POST /api/feed',
  ].map((line) => ({ line, ...wrongMethod })),
  { line: 'GET /live', status: 400, error: 'this address speaks WebSocket: connect with ws:// or wss://' },
];

void t.test('each odd address gets an answer in words', async (t) => {
  const server = await serve(t, environment);
  for (const { line, ...expected } of targets) {
    const answer = await ask(server.port, line, auth, line.startsWith('POST') ? '{"shards":[]}' : '');
    t.same({ status: answer.status, error: errorOf(answer.body) }, expected, line.slice(0, 60));
  }
  await stillServes(t, server);
});

void t.test('a wrong method is told the right ones', async (t) => {
  const { port } = await serve(t, environment);
  const cases: [line: string, allow: string][] = [
    ['POST /', 'GET, HEAD'],
    ['DELETE /api/view', 'GET, HEAD'],
    ['POST /api/bots/main/shards/0', 'GET, HEAD'],
    ['POST /live', 'GET, HEAD'],
    ['HEAD /fleet/register', 'POST'],
    ['GET /api/bots/main/shards', 'POST'],
    ['HEAD /api/status/main/0/3', 'POST'],
    ['BREW /api/health/main/0', 'POST'],
  ];
  for (const [line, allow] of cases) {
    const answer = await ask(port, line, auth);
    t.same([answer.status, answer.headers.get('allow')], [405, allow], line);
  }
});

void t.test('without the token every report is 401, whatever else is wrong with it', async (t) => {
  const server = await serve(t, environment);
  const reports = [...bodied, 'POST /api/status/main/0/3', 'POST /api/health/nope/99'];
  const tokens = [
    '',
    'Bearer',
    'Bearer ',
    'Bearer x',
    'Basic c2VjcmV0',
    'secret2',
    'Bearer secret, x',
    'Bearer sécret',
  ];
  for (const line of reports)
    for (const Authorization of tokens) {
      const answer = await ask(server.port, line, { Authorization }, 'x'.repeat(CAP + 1));
      t.equal(answer.status, 401, `${line}, "${Authorization}"`);
      t.notMatch(answer.body, 'secret');
    }
  t.equal((await ask(server.port, BATCH, {}, '{"shards":[]}')).status, 401);
  await stillServes(t, server);
});

void t.test('a connection serves on after any refusal that has read its request', async (t) => {
  const server = await serve(t, environment);
  const connection = keepAlive(server.port);
  t.teardown(connection.end);
  const requests: [line: string, body: string, status: number][] = [
    ['HEAD /api/view', '', 200],
    ['HEAD /nope', '', 404],
    ['POST /fleet/register', '{', 400],
    ['GET /nope', '', 404],
    ['POST /fleet/heartbeat', '{"identity":"a"}', 404],
    ['POST /api/status/main/0/3', 'ignored', 204],
    ['POST /', 'x'.repeat(100_000), 405],
    ['POST /api/bots/main/shards', 'x'.repeat(CAP * 100), 413],
    ['HEAD /plain', '', 200],
    ['POST /fleet/register', '{"identity":"a"}', 200],
    ['GET /plain', '', 200],
  ];
  for (const [line, body, status] of requests)
    t.equal((await connection.ask(line, auth, body))?.status, status, line);
  await stillServes(t, server);
});

void t.test('bytes that are no HTTP are turned away', async (t) => {
  const server = await serve(t, environment);
  const texts = ['\u0000\u0001\u0002', 'GET / HTTP/1.0', 'GET / HTTP/9.9', 'x'.repeat(100_000)];
  for (const text of texts) {
    const answer = await exchange(server.port, text, '\r\n\r\n');
    t.ok(readAnswer(answer).status >= 400, text.slice(0, 20));
  }
  const long = await ask(server.port, 'GET /plain', { 'X-Long': 'x'.repeat(20_000) });
  t.equal(long.status, 431);
  t.equal((await ask(server.port, 'GET /plain', { 'X-Long': 'x'.repeat(8_000) })).status, 200);
  await stillServes(t, server);
});

void t.test('a client that leaves in the middle of its body is forgotten', async (t) => {
  const server = await serve(t, environment);
  const socket = connect(server.port, '127.0.0.1');
  await new Promise((resolve) => {
    socket.write(
      `${BATCH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret\r\nContent-Length: 900\r\n\r\n{`,
      resolve,
    );
  });
  socket.resetAndDestroy();
  await stillServes(t, server);
});
