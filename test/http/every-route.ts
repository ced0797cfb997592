// Every row of the route table, and every way to be wrong at it: a status and words for each, and nothing is left behind.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import t from 'tap';
import type { Role } from '../../server/http/message.js';
import type { Row } from '../../server/http/router.js';
import { serve, until, type TestServer } from '../harness.js';
import { rowsOf } from './rows.js';
import { ask, exchange, headOf, keepAlive, readAnswer } from './raw.js';

const CAP = 2_048;
const TOKENS: Record<Role, string> = {
  public: '',
  ingest: 'bot',
  metrics: 'count',
  viewer: 'see',
  operator: 'act',
};
const environment = {
  SHARDLIGHT_BOTS: 'main:4',
  SHARDLIGHT_HOST: '127.0.0.1',
  SHARDLIGHT_INGEST_TOKEN: TOKENS.ingest,
  SHARDLIGHT_METRICS_TOKEN: TOKENS.metrics,
  SHARDLIGHT_VIEWER_TOKEN: TOKENS.viewer,
  SHARDLIGHT_OPERATOR_TOKEN: TOKENS.operator,
  SHARDLIGHT_MAX_BODY_BYTES: `${CAP}`,
  SHARDLIGHT_READ_BURST: '100000',
  SHARDLIGHT_REGISTER_BURST: '100000',
  SHARDLIGHT_HEARTBEAT_BURST: '100000',
};

const routes = rowsOf({ maxBytes: CAP });
const addressOf = ({ path }: Pick<Row, 'path'>): string =>
  path.replace(':bot', 'main').replace(':shard<int>', '0').replace(':state<int>', '3');
const lineOf = (route: Pick<Row, 'method' | 'path'>): string => `${route.method} ${addressOf(route)}`;
const bearer = (token: string): Record<string, string> =>
  token === '' ? {} : { Authorization: `Bearer ${token}` };

const errorOf = (body: string): string =>
  body.startsWith('{') ? (JSON.parse(body) as { error: string }).error : body.replace(/\n$/, '');

const UNAUTHORIZED: Record<string, string> = {
  json: 'this needs a token: send it as "Authorization: Bearer <token>"',
  page: 'this needs a token: send it as "Authorization: Bearer <token>"',
  glance: 'this endpoint requires authorization',
  fleet: 'unauthorized',
};
const WRONG_METHOD: Record<string, string> = {
  json: 'this address does not take that method; the Allow header says which it takes',
  page: 'this address does not take that method; the Allow header says which it takes',
  glance: 'this address does not take that method; the Allow header says which it takes',
  fleet: '405: Method Not Allowed',
};
const NOWHERE = 'there is nothing at this address';

async function stillServes(t: Tap, { base, log }: TestServer): Promise<void> {
  t.same(
    log.filter((line) => line.includes('A bug')),
    [],
  );
  t.equal((await fetch(`${base}/api/view`)).status, 200, 'still serves');
}

type Tap = Pick<typeof t, 'same' | 'equal' | 'ok'>;

void t.test(
  'a wrong method is told the right ones; at the addresses of members only with a token',
  async (t) => {
    const server = await serve(t, environment);
    for (const route of routes)
      for (const method of ['PATCH', 'TRACE', 'BREW']) {
        const line = `${method} ${addressOf(route)}`;
        const answer = await ask(server.port, line, bearer(TOKENS[route.role]));
        t.same([answer.status, errorOf(answer.body)], [405, WRONG_METHOD[route.dialect.name]], line);
        t.ok(answer.headers.get('allow')?.includes(route.method), line);
        const bare = await ask(server.port, line);
        t.equal(bare.status, route.dialect.name === 'fleet' && route.role !== 'public' ? 401 : 405, line);
      }
    await stillServes(t, server);
  },
);

/** Whose token opens what: an operator sees what viewers see, a viewer what is counted. */
const WITHIN: Record<Role, Role[]> = {
  public: ['public', 'ingest', 'metrics', 'viewer', 'operator'],
  ingest: ['ingest'],
  metrics: ['metrics', 'viewer', 'operator'],
  viewer: ['viewer', 'operator'],
  operator: ['operator'],
};

void t.test(
  'without a token, with a wrong one, or with that of another role: 401, in the words of who asks',
  async (t) => {
    const server = await serve(t, environment);
    const others = (role: Role): string[] =>
      (Object.keys(TOKENS) as Role[]).filter((one) => !WITHIN[role].includes(one)).map((one) => TOKENS[one]);
    for (const route of routes.filter(({ role }) => role !== 'public')) {
      const line = lineOf(route);
      const wrong: [headers: Record<string, string>, query: string][] = [
        [{}, ''],
        [bearer('wrong'), ''],
        [bearer(`${TOKENS[route.role]}x`), ''],
        [bearer('b\u00f6t'), ''],
        [{ Authorization: 'Basic Ym90' }, ''],
        [bearer('wrong'), `?token=${TOKENS[route.role]}`],
        [{}, '?token=wrong'],
        [{}, '?token=%C3%A9'],
        [{}, '?token=%ff'],
        [{}, '?token='],
        ...others(route.role).map((token): [Record<string, string>, string] => [bearer(token), '']),
      ];
      for (const [headers, query] of wrong) {
        const answer = await ask(server.port, `${line}${query}`, headers, 'x'.repeat(CAP + 1));
        const what = `${line}${query} ${JSON.stringify(headers)}`;
        t.same([answer.status, errorOf(answer.body)], [401, UNAUTHORIZED[route.dialect.name]], what);
      }
      for (const role of WITHIN[route.role])
        for (const good of [
          await ask(server.port, line, bearer(TOKENS[role])),
          await ask(server.port, `${line}?token=${TOKENS[role]}`),
        ])
          t.ok(good.status !== 401, `${line} as ${role}`);
    }
    await stillServes(t, server);
  },
);

void t.test('an address that is nearly right is no address', async (t) => {
  const server = await serve(t, environment);
  for (const route of routes) {
    const headers = bearer(TOKENS[route.role]);
    const path = addressOf(route);
    const tail = path === '/' ? '' : path;
    for (const odd of [
      `${tail}/%00`,
      `${tail}/%2e%2e`,
      `${tail}/..`,
      `/%2e%2e${path}x`,
      `${tail}/%ff`,
      `${tail}/%`,
      `${tail}/${'9'.repeat(5_000)}`,
    ]) {
      const answer = await ask(server.port, `${route.method} ${odd}`, headers);
      // Below the batch route there is the question for one shard, which takes another method.
      const isShard = odd.startsWith('/api/bots/main/shards/9');
      const expected = isShard && route.method === 'POST' ? [405, WRONG_METHOD.json] : [404, NOWHERE];
      t.same([answer.status, errorOf(answer.body)], expected, `${route.method} ${odd.slice(0, 60)}`);
    }
    const asked = await ask(
      server.port,
      `${route.method} ${path}?%ff=%00&%&__proto__=1&a=${'9'.repeat(5_000)}`,
      headers,
    );
    t.ok(
      (asked.status < 500 && asked.status !== 404) || route.path.startsWith('/api/fleet/cluster'),
      `${path}: an odd query is ${asked.status}`,
    );
  }
  await stillServes(t, server);
});

void t.test('what is no request for any row: a line of 16 KiB, a flood of headers, no Host', async (t) => {
  const server = await serve(t, environment);
  const flood = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`X-Flood-${i}`, 'x'.repeat(100)]));
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`X-${i}`, '']));
  for (const route of routes) {
    const headers = bearer(TOKENS[route.role]);
    const line = lineOf(route);
    const cases: [what: string, answer: string, statuses: number[]][] = [
      [
        'a long line',
        await exchange(server.port, headOf(`${line}?${'x'.repeat(16_384)}`, [['Host', 'x']])),
        [431],
      ],
      [
        'a flood',
        await exchange(server.port, headOf(line, [['Host', 'x'], ...Object.entries(flood)])),
        [431],
      ],
      [
        'many',
        await exchange(server.port, headOf(line, [['Host', 'x'], ...Object.entries(many)])),
        [400, 431],
      ],
      ['no host', await exchange(server.port, headOf(line, Object.entries(headers))), [400]],
    ];
    for (const [what, answer, statuses] of cases)
      t.ok(statuses.includes(readAnswer(answer).status), `${line}: ${what}: ${readAnswer(answer).status}`);
  }
  await stillServes(t, server);
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What JavaScript holds. In the test's own process, the client's part included. */
async function heldBytes(): Promise<number> {
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const MEGABYTE = 1_048_576;
const TOLERANCE = 3 * MEGABYTE; // what the test's own results and sockets come to

void t.test('each row that reads a body refuses a bad one, and its memory is back', async (t) => {
  const server = await serve(t, { ...environment, SHARDLIGHT_MAX_BODY_BYTES: `${MEGABYTE}` });
  const deep = (depth: number): string => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
  const bodies: [what: string, body: string | Buffer, statuses: number[]][] = [
    ['none', '', [400]],
    ['no JSON', 'identity=a', [400]],
    ['the wrong shape', '[[1]]', [400]],
    ['10,000 levels', deep(10_000), [400, 413]],
    ['a megabyte of brackets', '['.repeat(MEGABYTE), [400, 413]],
    ['a megabyte and one', 'x'.repeat(MEGABYTE + 1), [413]],
    ['a prototype', '{"__proto__":{"identity":"a","token":"see","shards":[]}}', [400]],
    ['a number of 5,000 digits', `{"identity":${'9'.repeat(5_000)},"token":1,"shards":9}`, [400, 413]],
    ['control characters', '{"identity":"a\\u0000b","token":"\\u0000","shards":"\\u0000"}', [400, 401, 404]],
    ['129 characters', `{"identity":"${'x'.repeat(129)}","token":"${'x'.repeat(129)}"}`, [400, 401]],
    ['broken UTF-8', Buffer.from([0x7b, 0xc3, 0x28, 0x7d]), [400]],
  ];
  const rows = routes.filter(({ maxBytes }) => maxBytes > 0);
  t.equal(rows.length, 10);
  const attack = async (route: Row): Promise<void> => {
    const headers = { 'Content-Type': 'application/json', ...bearer(TOKENS[route.role]) };
    for (const [what, body, statuses] of bodies) {
      const { status } = await ask(server.port, lineOf(route), headers, body);
      if (!statuses.includes(status)) t.fail(`${lineOf(route)}: ${what}: ${status}`);
    }
  };
  for (const route of rows) await attack(route);
  const before = await heldBytes();
  for (const route of rows) {
    for (let i = 0; i < 3; i++) await attack(route);
    // Sockets and their buffers go some turns after their last byte.
    await until(async () => (await heldBytes()) - before < TOLERANCE);
    t.pass(`${lineOf(route)}: at most ${TOLERANCE} bytes more`);
  }
  await stillServes(t, server);
});

void t.test('what is answered without a body ends at once, on a connection that stays', async (t) => {
  const { port } = await serve(t, environment);
  const answers = new Set<number>();
  for (const route of routes)
    for (const method of [route.method, ...(route.method === 'GET' ? ['HEAD'] : [])]) {
      const connection = keepAlive(port);
      const line = `${method} ${addressOf(route)}`;
      for (const query of ['', `?token=${TOKENS.operator}`, '?guild=1', '?bot=nobody']) {
        const answer = await connection.ask(`${line}${query}`, bearer(TOKENS[route.role]));
        answers.add(answer!.status);
      }
      connection.end();
    }
  for (const status of [302, 303]) t.ok(answers.has(status), `${status} is among them`);
});

void t.test('a name may have 128 characters, and no more', async (t) => {
  const { port } = await serve(t, environment);
  const register = (identity: string): Promise<number> =>
    ask(port, 'POST /fleet/register', bearer('bot'), JSON.stringify({ identity })).then(
      ({ status }) => status,
    );
  t.equal(await register('x'.repeat(128)), 200);
  t.equal(await register('x'.repeat(129)), 400);
});
