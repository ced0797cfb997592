// Whoever is refused again and again is one line a minute in the log, for each kind and address: why, and how to mend it (RULES 32).
import t from 'tap';
import { PROTOCOL } from '../../public/shared/wire.js';
import { listen, serve, testClock, until } from '../harness.js';
import { ask } from './raw.js';

const environment = {
  SHARDLIGHT_BOTS: 'main:4',
  SHARDLIGHT_HOST: '127.0.0.1',
  SHARDLIGHT_INGEST_TOKEN: 'bot-token',
  SHARDLIGHT_VIEWER_TOKEN: 'see-token',
  SHARDLIGHT_OPERATOR_TOKEN: 'act-token',
  SHARDLIGHT_MAX_BODY_BYTES: '1024',
  SHARDLIGHT_TRUSTED_PROXY: '1',
};
const bot = { Authorization: 'Bearer bot-token' };
const act = { Authorization: 'Bearer act-token', 'Content-Type': 'application/json' };
const upgrade = {
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'MDEyMzQ1Njc4OWFiY2RlZg==',
};
const leased = { SHARDLIGHT_REQUIRE_LEASE: '1' };
const json = { 'Content-Type': 'application/json' };
const register = 'POST /fleet/register';

type Ask = [line: string, headers: Record<string, string>, body?: string];

interface Case {
  what: string;
  env?: Record<string, string>;
  first?: Ask[];
  ask: Ask;
  status: number;
  said: RegExp;
}

const cases: Case[] = [
  {
    what: 'a bot with a wrong token',
    ask: [register, { Authorization: 'Bearer hunter2' }, '{"identity":"a"}'],
    status: 401,
    said: /WARN POST \/fleet\/register refused to 192\.0\.2\.7 \(401\): no token, or one .* Check the token/,
  },
  {
    what: 'a reader whose role is closed',
    env: { SHARDLIGHT_VIEWER_TOKEN: '', SHARDLIGHT_OPERATOR_TOKEN: '', SHARDLIGHT_HOST: '0.0.0.0' },
    ask: ['GET /api/fleet/view', {}],
    status: 401,
    said: /GET \/api\/fleet\/view refused to .* \(401\): .* set SHARDLIGHT_VIEWER_TOKEN/,
  },
  {
    what: 'an operator socket without a token',
    ask: ['GET /live/operator', upgrade],
    status: 401,
    said: /GET \/live\/operator refused to 192\.0\.2\.7 \(401\): no token/,
  },
  {
    what: 'a wrong token at sign-in',
    ask: ['POST /api/session', json, '{"token":"hunter2"}'],
    status: 401,
    said: /POST \/api\/session refused to 192\.0\.2\.7 \(401\): this token/,
  },
  {
    what: 'a wrong token in the address',
    ask: ['GET /operator?token=hunter2', {}],
    status: 303,
    said: /GET \/operator refused to 192\.0\.2\.7 \(303\): no token, or one/,
  },
  {
    what: 'an identity that is leased to somebody else',
    env: leased,
    first: [[register, bot, '{"identity":"asia-0"}']],
    ask: ['POST /fleet/heartbeat', bot, '{"identity":"asia-0","lease":"none"}'],
    status: 409,
    said: /POST \/fleet\/heartbeat refused to 192\.0\.2\.7 \(409\): .*another holder \(identity asia-0\)\. .*release the lease/,
  },
  {
    what: 'one cluster too many',
    env: { SHARDLIGHT_MAX_CLUSTERS: '1' },
    first: [[register, bot, '{"identity":"asia-0"}']],
    ask: [register, bot, '{"identity":"asia-1"}'],
    status: 403,
    said: /\(403\): .*cap reached \(identity asia-1\)\. Raise SHARDLIGHT_MAX_CLUSTERS/,
  },
  {
    what: 'a bot that beats too often',
    env: { SHARDLIGHT_HEARTBEAT_BURST: '1' },
    first: [['POST /fleet/heartbeat', bot, '{"identity":"a"}']],
    ask: ['POST /fleet/heartbeat', bot, '{"identity":"b"}'],
    status: 429,
    said: /\(429\): heartbeat rate exceeded\. .*raise SHARDLIGHT_HEARTBEAT_BURST/,
  },
  {
    what: 'a reader who asks too often',
    env: { SHARDLIGHT_READ_BURST: '1' },
    first: [['GET /api/fleet/view', act]],
    ask: ['GET /api/fleet/view', act],
    status: 429,
    said: /\(429\): .*raise SHARDLIGHT_READ_BURST/,
  },
  {
    what: 'an action about a cluster that is still up',
    first: [[register, bot, '{"identity":"asia-0"}']],
    ask: ['POST /api/operator/forget', act, '{"identity":"asia-0"}'],
    status: 409,
    said: /POST \/api\/operator\/forget refused to 192\.0\.2\.7 \(409\): ./,
  },
  {
    what: 'a member whose register cannot be read',
    ask: [register, bot, '{"identity":""}'],
    status: 400,
    said: /POST \/fleet\/register refused to .* \(400\): identity required\. Nothing of the report was used/,
  },
  {
    what: 'a report about a bot that is not there',
    ask: ['POST /api/status/other/0/3', bot],
    status: 400,
    said: /\(400\): .*'other' does not exist\. Add the bot to SHARDLIGHT_BOTS/,
  },
  {
    what: 'a report that is too long',
    ask: ['POST /fleet/heartbeat', bot, 'x'.repeat(1_025)],
    status: 413,
    said: /\(413\): .*raise SHARDLIGHT_MAX_BODY_BYTES/,
  },
];

for (const { what, env = {}, first = [], ask: again, status, said } of cases)
  void t.test(`once a minute, with the reason and the mend: ${what}`, async (t) => {
    const clock = testClock();
    const { port, log } = await serve(t, { ...environment, ...env }, clock);
    const send = ([line, headers, body]: Ask, address = '192.0.2.7'): Promise<{ status: number }> =>
      ask(port, line, { ...headers, 'X-Forwarded-For': address }, body);
    const lines = (): string[] => log.filter((line) => line.includes('refused to'));
    for (const one of first) await send(one);
    t.same(lines(), []);
    for (let i = 0; i < 3; i++) t.equal((await send(again)).status, status);
    t.match(lines(), [said]);
    t.equal(lines().length, 1, 'once');
    clock.advance(60_000);
    for (const one of first) await send(one); // limits begin anew
    await send(again);
    t.equal(lines().length, 2, 'and again a minute later');
    t.notMatch(log.join('\n'), /hunter2|-token/);
  });

void t.test('a page of another origin: the line names it and says why', async (t) => {
  const { port, log } = await serve(t, {
    ...environment,
    SHARDLIGHT_PUBLIC_URL: 'https://status.example.com',
  });
  const signIn = await ask(port, 'POST /api/session', json, '{"token":"act-token"}');
  const cookie = signIn.headers.get('set-cookie')!.split(';')[0]!;
  const foreign = { Cookie: cookie, Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };
  const lines = (): string[] => log.filter((line) => line.includes('refused to'));
  for (let i = 0; i < 2; i++)
    t.equal((await ask(port, 'GET /live/operator', { ...foreign, ...upgrade })).status, 403);
  t.match(lines(), [
    /GET \/live\/operator refused to 127\.0\.0\.1 \(403\): .*https:\/\/evil\.example, another site/,
  ]);
  const action = { ...foreign, 'Content-Type': 'application/json' };
  await ask(port, 'POST /api/operator/forget', action, '{"identity":"a"}');
  t.match(lines()[1], /POST \/api\/operator\/forget refused to 127\.0\.0\.1 \(403\): .*evil\.example/);
  t.equal(lines().length, 2);
});

void t.test(
  'sockets that we close: too many of one address, and one that speaks another language',
  async (t) => {
    const { base, log } = await serve(t, { ...environment, SHARDLIGHT_MAX_SOCKETS_PER_ADDRESS: '1' });
    const socket = base.replace('http', 'ws');
    const lines = (): string[] => log.filter((line) => line.includes('closed to'));
    const first = await listen(`${socket}/live?p=${PROTOCOL}`);
    for (let i = 0; i < 2; i++)
      t.equal((await (await listen(`${socket}/live?p=${PROTOCOL}`)).closed).code, 4008);
    await until(() => lines().length > 0);
    const operator = await listen(`${socket}/live/operator`, act);
    operator.socket.send('hello');
    t.equal((await operator.closed).code, 4002);
    await until(() => lines().length > 1);
    t.match(lines(), [
      /WARN \/live closed to 127\.0\.0\.1 \(4008\): too many connections .*SHARDLIGHT_MAX_SOCKETS_PER_ADDRESS/,
      /WARN \/live\/operator closed to 127\.0\.0\.1 \(4002\): .*reload/,
    ]);
    first.socket.close();
    await first.closed;
    t.equal(lines().length, 2, 'whoever leaves is none to tell of');
  },
);

void t.test('whoever has many addresses fills no disk with them', async (t) => {
  const { port, log } = await serve(t, environment, testClock());
  for (let i = 0; i < 200; i++)
    await ask(port, 'POST /fleet/goodbye', { 'X-Forwarded-For': `192.0.2.${i}` }, '{}');
  t.equal(log.filter((line) => line.includes('refused to')).length, 60);
});

void t.test('an address that does not exist, and a member that is not known, are no lines', async (t) => {
  const { port, log } = await serve(t, environment);
  t.equal((await ask(port, 'GET /wp-admin', {})).status, 404);
  t.equal((await ask(port, 'POST /fleet/heartbeat', bot, '{"identity":"a"}')).status, 404);
  t.same(
    log.filter((line) => line.includes('refused to')),
    [],
  );
});
