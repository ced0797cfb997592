// The gates of the real server, in their order, and how often somebody may come (RULES 18, 20, 21).
import t from 'tap';
import { fleet } from '../../server/dialects/fleet.js';
import type { Route } from '../../server/http/router.js';
import { PROTOCOL } from '../../public/shared/wire.js';
import { listen, post, serve, testClock } from '../harness.js';
import { serveRows } from './fake-rows.js';
import { ask } from './raw.js';

const CAP = 1_024;
const environment = {
  SHARDLIGHT_BOTS: 'main:4',
  SHARDLIGHT_HOST: '127.0.0.1',
  SHARDLIGHT_INGEST_TOKEN: 'bot',
  SHARDLIGHT_VIEWER_TOKEN: 'see',
  SHARDLIGHT_MAX_BODY_BYTES: `${CAP}`,
};
const auth = { Authorization: 'Bearer bot' };
const tooLong = 'x'.repeat(CAP + 1);

void t.test('a request meets the gates in their order', async (t) => {
  const { port } = await serve(t, { ...environment, SHARDLIGHT_HEARTBEAT_BURST: '1' });
  const cases: [what: string, line: string, headers: Record<string, string>, body: string, status: number][] =
    [
      ['no such path, no token', 'POST /nope', {}, tooLong, 404],
      ['a wrong method, no token', 'PUT /api/bots/main/shards', {}, tooLong, 405],
      ['a wrong method on a fleet path, no token', 'PUT /fleet/heartbeat', {}, tooLong, 401],
      ['a wrong method on a fleet path', 'PUT /fleet/heartbeat', auth, tooLong, 405],
      ['too long, no token', 'POST /fleet/heartbeat', {}, tooLong, 401],
      ['too long', 'POST /fleet/heartbeat', auth, tooLong, 413],
      ['no JSON', 'POST /fleet/heartbeat', auth, '{', 400],
      ['unknown', 'POST /fleet/heartbeat', auth, '{"identity":"a"}', 404],
      ['unknown, too often', 'POST /fleet/heartbeat', auth, '{"identity":"b"}', 429],
      ['no JSON, too often', 'POST /fleet/heartbeat', auth, '{', 400],
      ['too long, too often', 'POST /fleet/heartbeat', auth, tooLong, 413],
      ['no token, too often', 'POST /fleet/heartbeat', {}, '{}', 401],
    ];
  for (const [what, line, headers, body, status] of cases)
    t.equal((await ask(port, line, headers, body)).status, status, what);
});

void t.test('a closed role says which variable opens it', async (t) => {
  const { port } = await serve(t, { ...environment, SHARDLIGHT_HOST: '0.0.0.0' });
  const act = 'POST /api/operator/release-lease';
  for (const token of ['bot', 'see', 'x']) {
    const answer = await ask(port, act, { Authorization: `Bearer ${token}` }, '{"identity":"a"}');
    t.equal(answer.status, 401);
    t.match(JSON.parse(answer.body), {
      error:
        'this needs the operator role, and no token grants it here: set SHARDLIGHT_OPERATOR_TOKEN; SHARDLIGHT_TOKEN never grants it',
    });
  }
});

void t.test('operators act with their token, and with no other', async (t) => {
  const { port } = await serve(t, {
    ...environment,
    SHARDLIGHT_TOKEN: 'shared',
    SHARDLIGHT_OPERATOR_TOKEN: 'act',
  });
  const act = 'POST /api/operator/release-lease';
  for (const token of ['bot', 'see', 'shared', 'acts'])
    t.equal((await ask(port, act, { Authorization: `Bearer ${token}` }, '{"identity":"a"}')).status, 401);
  const done = await ask(port, act, { Authorization: 'Bearer act' }, '{"identity":"a"}');
  t.equal(done.status, 404, 'there is no such cluster');
  t.equal((await ask(port, act, { Authorization: 'Bearer act' }, '{}')).status, 400);
});

/** As a client of that address, through the proxy that the test is. */
const from = (address: string): Record<string, string> => ({ 'X-Forwarded-For': address });
const proxied = { ...environment, SHARDLIGHT_TRUSTED_PROXY: '1' };

void t.test(
  'public answers: 600 at once and a minute for each household, then 429 and when to come back',
  async (t) => {
    const clock = testClock();
    const { base, port } = await serve(t, proxied, clock);
    const many = Array.from({ length: 600 }, () => fetch(`${base}/plain`, { headers: from('192.0.2.1') }));
    t.ok((await Promise.all(many)).every(({ status }) => status === 200));
    const no = await ask(port, 'GET /api/view', from('192.0.2.1'));
    t.equal(no.status, 429);
    t.equal(no.headers.get('retry-after'), '1');
    t.equal(no.headers.get('access-control-allow-origin'), '*', 'as readable as the answer would be');
    t.match(JSON.parse(no.body), { error: 'too many requests from this address; please try again in 1 s' });
    t.equal((await ask(port, 'GET /plain', from('192.0.2.2'))).status, 200, 'others are not held up');
    await t.rejects(
      listen(`ws://127.0.0.1:${port}/live?p=${PROTOCOL}`, from('192.0.2.1')),
      /429/,
      'nor is a socket opened',
    );
    const report = await ask(port, 'POST /api/status/main/0/3', { ...auth, ...from('192.0.2.1') });
    t.equal(report.status, 204, 'bots of the same address report on');
    clock.advance(100);
    t.equal((await ask(port, 'GET /api/view', from('192.0.2.1'))).status, 200, 'ten a second come back');
    t.equal((await ask(port, 'GET /api/view', from('192.0.2.1'))).status, 429);
    for (let i = 0; i < 610; i++) await ask(port, 'HEAD /plain');
    t.equal((await ask(port, 'GET /plain')).status, 200, 'this machine itself is spared');
  },
);

void t.test('an IPv6 household is one /64', async (t) => {
  const { base, port } = await serve(t, proxied, testClock());
  const ask600 = Array.from({ length: 600 }, (_, i) =>
    fetch(`${base}/plain`, { headers: from(`2001:db8::${i.toString(16)}`) }),
  );
  await Promise.all(ask600);
  t.equal((await ask(port, 'GET /plain', from('2001:db8::ffff:1'))).status, 429);
  t.equal((await ask(port, 'GET /plain', from('2001:db8:0:1::1'))).status, 200);
});

void t.test('refused requests flood, and nobody else is turned away for them', async (t) => {
  const clock = testClock();
  const { base, port } = await serve(t, proxied, clock);
  const wrong = { Authorization: 'Bearer wrong', ...from('192.0.2.1') };
  const refused = Array.from({ length: 600 }, () => post(`${base}/fleet/heartbeat`, '{}', wrong));
  t.ok((await Promise.all(refused)).every(({ status }) => status === 401));
  const flood = await ask(port, 'POST /fleet/heartbeat', wrong, '{}');
  t.same([flood.status, flood.headers.get('retry-after')], [429, '1']);
  t.equal((await ask(port, 'GET /nope', from('192.0.2.1'))).status, 429, 'nor are other addresses found');
  const good = { ...auth, ...from('192.0.2.1') };
  t.equal((await ask(port, 'POST /fleet/register', good, '{"identity":"a"}')).status, 200);
  t.equal((await ask(port, 'POST /fleet/heartbeat', good, '{"identity":"a"}')).status, 204);
  t.equal((await ask(port, 'GET /plain', from('192.0.2.1'))).status, 200);
  t.equal((await ask(port, 'GET /nope', from('192.0.2.9'))).status, 404);
  clock.advance(60_000);
  t.equal((await ask(port, 'POST /fleet/heartbeat', wrong, '{}')).status, 401);
});

void t.test(
  'what needs a role: READ_BURST, and whoever guesses tokens waits even with the right one',
  async (t) => {
    const clock = testClock();
    const row: Route = {
      method: 'GET',
      path: '/numbers',
      role: 'viewer',
      maxBytes: 0,
      dialect: fleet,
      rate: 'read',
      handle: () => ({ status: 200, body: 'numbers' }),
    };
    const tokens = { ingest: [], viewer: ['see'], metrics: [], operator: [] };
    const { port } = await serveRows(t, [row], { access: { tokens }, readBurst: 2, now: clock.now });
    const read = async (token: string, address: string): Promise<string> => {
      const { status, headers, body } = await ask(port, 'GET /numbers', {
        Authorization: `Bearer ${token}`,
        ...from(address),
      });
      return `${status} ${headers.get('retry-after') ?? ''} ${body.trim()}`;
    };
    t.equal(await read('see', '192.0.2.1'), '200  numbers');
    t.equal(await read('see', '192.0.2.1'), '200  numbers');
    t.equal(await read('see', '192.0.2.1'), '429 30 read rate exceeded');
    t.equal(await read('wrong', '192.0.2.1'), '401  unauthorized', 'before it is counted');
    for (let i = 0; i < 600; i++) await read('wrong', '192.0.2.2');
    t.equal(await read('wrong', '192.0.2.2'), '429 1 read rate exceeded');
    t.equal(await read('see', '192.0.2.2'), '429 1 read rate exceeded');
    clock.advance(1_000);
    t.equal(await read('see', '192.0.2.2'), '200  numbers');
  },
);

void t.test('somebody turned away is one line a minute, and never what they sent', async (t) => {
  const clock = testClock();
  const { port, log } = await serve(t, proxied, clock);
  const lines = (): string[] => log.filter((line) => line.includes('refused to'));
  const id = '123456789012345678';
  for (let i = 0; i < 3; i++)
    await ask(port, `POST /api/status/${id}/0/3?token=hunter2`, {
      ...from('192.0.2.1'),
      Authorization: 'Bearer pw',
    });
  t.match(lines(), [/ WARN POST \/api\/status\/…\/0\/3 refused to 192\.0\.2\.1 \(401\): no token/]);
  await ask(port, 'POST /fleet/register?token=hunter2', from('192.0.2.2'));
  t.equal(lines().length, 2, 'for each address');
  clock.advance(60_000);
  await ask(port, 'POST /fleet/register?token=hunter2', from('192.0.2.1'));
  t.equal(lines().length, 3);
  t.notMatch(log.join('\n'), /hunter2|pw|1234567890/);
});
