// The HTTP table of the Glance contract, row by row, byte for byte.
import t from 'tap';
import type { PublicView } from '../../public/shared/wire.js';
import { serve, until, type TestServer } from '../harness.js';
import { ask } from '../http/raw.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const TEXT_TYPE = 'text/plain; charset=utf-8';
const environment = { SHARDLIGHT_BOTS: 'main:4;demo:1', GLANCE_PASSPHRASE: 'pass phrase' };
const auth = { Authorization: 'pass phrase' };

interface Row {
  what: string;
  line: string;
  headers?: Record<string, string> | undefined;
  body?: string;
  status: number;
  type: string;
  answer: string;
}

const says = (error: string): string => JSON.stringify({ error });
const done = { status: 204, type: TEXT_TYPE, answer: '' };
const unauthorized = { status: 401, type: JSON_TYPE, answer: says('this endpoint requires authorization') };
const unknownBot = { status: 400, type: JSON_TYPE, answer: says("cluster 'nope' does not exist") };
const outside = (shard: string, bot = 'main'): Omit<Row, 'what' | 'line'> => ({
  status: 400,
  type: JSON_TYPE,
  answer: says(`shard '${shard}' falls outside the range of valid shards on cluster '${bot}'`),
});
const noState = (state: string): Omit<Row, 'what' | 'line'> => ({
  status: 400,
  type: JSON_TYPE,
  answer: says(`state '${state}' is not a shard state`),
});
const unpopulated = {
  status: 409,
  type: JSON_TYPE,
  answer: says("shard '0' is not known to the system yet, please populate your status"),
};
const noAddress = { status: 404, type: TEXT_TYPE, answer: 'there is nothing at this address\n' };
const wrongMethod = {
  status: 405,
  type: TEXT_TYPE,
  answer: 'this address does not take that method; the Allow header says which it takes\n',
};
const notAnUpgrade = {
  status: 400,
  type: TEXT_TYPE,
  answer: 'this address speaks WebSocket: connect with ws:// or wss://\n',
};

/** In this order on one server: the first status makes the shard known. */
const exchanges: Row[] = [
  { what: 'a sign of life before any status', line: 'POST /api/health/main/0', ...unpopulated },
  { what: 'a status', line: 'POST /api/status/main/0/3', ...done },
  { what: 'a sign of life', line: 'POST /api/health/main/0', ...done },
  { what: 'a status, with a slash at the end', line: 'POST /api/status/main/0/3/', ...done },
  { what: 'a sign of life, with a slash at the end', line: 'POST /api/health/main/0/', ...done },
  { what: 'a status with a body', line: 'POST /api/status/main/3/4', body: '{"state":', ...done },
  { what: 'a status with a long body', line: 'POST /api/status/main/3/4', body: 'x'.repeat(3e6), ...done },
  {
    what: 'a body that is not what its encoding says',
    line: 'POST /api/health/main/0',
    headers: { ...auth, 'Content-Encoding': 'gzip' },
    body: 'plain',
    ...done,
  },
  { what: 'a state that is none', line: 'POST /api/status/main/0/99', ...noState('99') },
  { what: 'a negative state', line: 'POST /api/status/main/0/-1', ...noState('-1') },
  { what: 'a status of an unknown bot', line: 'POST /api/status/nope/0/3', ...unknownBot },
  { what: 'a sign of life of an unknown bot', line: 'POST /api/health/nope/0', ...unknownBot },
  { what: 'a status beyond the last shard', line: 'POST /api/status/main/4/3', ...outside('4') },
  { what: 'a sign of life beyond the last shard', line: 'POST /api/health/demo/1', ...outside('1', 'demo') },
  { what: 'a status of shard -1', line: 'POST /api/status/main/-1/3', ...outside('-1') },
  { what: 'a sign of life of shard -1', line: 'POST /api/health/main/-1', ...outside('-1') },
  { what: 'a shard that is no whole number', line: 'POST /api/status/main/1.5/3', ...noAddress },
  { what: 'a shard that is a word', line: 'POST /api/health/main/one', ...noAddress },
  { what: 'a state that is a word', line: 'POST /api/status/main/0/online', ...noAddress },
  { what: 'GET on a status', line: 'GET /api/status/main/0/3', ...wrongMethod },
  { what: 'PUT on a status', line: 'PUT /api/status/main/0/3', ...wrongMethod },
  { what: 'DELETE on a sign of life', line: 'DELETE /api/health/main/0', ...wrongMethod },
  { what: 'the feed without an upgrade', line: 'GET /api/feed', ...notAnUpgrade },
  { what: 'the feed without an upgrade, with a slash', line: 'GET /api/feed/', ...notAnUpgrade },
];

const bearer = (token: string): Row['headers'] => ({ Authorization: `Bearer ${token}` });

const passphrases: Row[] = [
  { what: 'no passphrase', line: 'POST /api/status/main/0/3', headers: {}, ...unauthorized },
  {
    what: 'a wrong one',
    line: 'POST /api/status/main/0/3',
    headers: { Authorization: 'guess' },
    ...unauthorized,
  },
  { what: 'a wrong token', line: 'POST /api/health/main/0', headers: bearer('guess'), ...unauthorized },
  {
    what: 'a bare Bearer',
    line: 'POST /api/health/main/0',
    headers: { Authorization: 'Bearer' },
    ...unauthorized,
  },
  { what: 'the raw passphrase', line: 'POST /api/status/main/0/3', headers: auth, ...done },
  {
    what: 'the passphrase as a token',
    line: 'POST /api/status/main/0/3',
    headers: bearer('pass phrase'),
    ...done,
  },
];

/** Each request has two mistakes: which one is told shows the order of the checks. */
const orders: Row[] = [
  { what: 'passphrase before bot', line: 'POST /api/status/nope/0/3', headers: {}, ...unauthorized },
  { what: 'passphrase before known', line: 'POST /api/health/main/0', headers: {}, ...unauthorized },
  { what: 'bot before range', line: 'POST /api/status/nope/9/3', ...unknownBot },
  { what: 'range before state', line: 'POST /api/status/main/9/99', ...outside('9') },
  { what: 'range before known', line: 'POST /api/health/main/9', ...outside('9') },
  { what: 'method before passphrase', line: 'GET /api/status/main/0/3', headers: {}, ...wrongMethod },
];

async function check(t: Tap, { port }: TestServer, rows: Row[]): Promise<void> {
  for (const { what, line, headers = auth, body, ...expected } of rows) {
    const answer = await ask(port, line, headers, body);
    const found = { status: answer.status, type: answer.headers.get('content-type'), answer: answer.body };
    t.same(found, expected, what);
    if (expected.status === 405) t.equal(answer.headers.get('allow'), 'POST', `${what}: the Allow header`);
  }
}

type Tap = Pick<typeof t, 'same' | 'equal'>;

void t.test('each request of the contract gets the answer of the contract', async (t) => {
  await check(t, await serve(t, environment), exchanges);
});

void t.test('the passphrase counts raw or as a bearer token, and nothing else does', async (t) => {
  await check(t, await serve(t, environment), passphrases);
});

void t.test('passphrase, bot, range, state and known are checked in that order', async (t) => {
  await check(t, await serve(t, environment), orders);
});

void t.test('a 204 has no length and no body', async (t) => {
  const { port } = await serve(t, environment);
  const answer = await ask(port, 'POST /api/status/main/0/3', auth);
  t.equal(answer.headers.get('content-length'), undefined);
  t.equal(answer.headers.get('transfer-encoding'), undefined);
});

void t.test('the same connection serves on after a body that nobody read', async (t) => {
  const { base } = await serve(t, environment);
  for (let shard = 0; shard < 4; shard++) {
    const init = { method: 'POST', headers: auth, body: 'x'.repeat(2e6) };
    t.equal((await fetch(`${base}/api/status/main/${shard}/3`, init)).status, 204);
  }
  const states = async (): Promise<string[]> => {
    const { bots } = (await (await fetch(`${base}/api/view`)).json()) as PublicView;
    return bots.map((bot) => bot.states);
  };
  await until(async () => (await states())[0] === '3333'); // the view is as of the last patch
  t.same(await states(), ['3333', '0']);
});

void t.test("a Glance bot's own environment starts the server", async (t) => {
  const server = await serve(t, {
    GLANCE_HOST: '127.0.0.1',
    GLANCE_PORT: '3000',
    GLANCE_BOTS: ' main:360; demo:1 ;patron_1:6; ',
    GLANCE_PASSPHRASE: 'pass phrase',
    GLANCE_HEALTH_TIMEOUT: '30',
    GLANCE_HEALTH_TIMER_INTERVAL: '15',
  });
  const { bots } = (await (await fetch(`${server.base}/api/view`)).json()) as {
    bots: { key: string; shardCount: number }[];
  };
  t.same(
    bots.map((bot) => [bot.key, bot.shardCount]),
    [
      ['main', 360],
      ['demo', 1],
      ['patron_1', 6],
    ],
  );
  const post = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${server.base}/api/status/patron_1/5/3`, { method: 'POST', headers });
  t.equal((await post({})).status, 401);
  t.equal((await post(auth)).status, 204);
});
