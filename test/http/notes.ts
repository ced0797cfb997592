// What the operator reads about requests: an undeclared proxy, and the audit of reports.
import t from 'tap';
import { serve, testClock } from '../harness.js';
import { ask } from './raw.js';

const environment = {
  SHARDLIGHT_BOTS: 'main:4',
  SHARDLIGHT_HOST: '127.0.0.1',
  SHARDLIGHT_INGEST_TOKEN: 'bot',
  SHARDLIGHT_MAX_BODY_BYTES: '1024',
};
const auth = { Authorization: 'Bearer bot' };
const forwarded = { 'X-Forwarded-For': '203.0.113.7' };

void t.test('somebody who speaks for others without being declared: one loud warning', async (t) => {
  const { port, log } = await serve(t, environment);
  const warnings = (): string[] => log.filter((line) => line.includes('X-Forwarded-For'));
  await ask(port, 'GET /plain');
  t.same(warnings(), []);
  for (let i = 0; i < 3; i++) await ask(port, 'GET /plain', forwarded);
  t.match(warnings(), [/ WARN 127\.0\.0\.1 sends X-Forwarded-For .* SHARDLIGHT_TRUSTED_PROXY=127\.0\.0\.1;/]);
  t.equal(warnings().length, 1);
});

void t.test('a declared proxy is none to warn of', async (t) => {
  for (const SHARDLIGHT_TRUSTED_PROXY of ['1', '127.0.0.0/8', '127.0.0.1,10.0.0.0/8']) {
    const { port, log } = await serve(t, { ...environment, SHARDLIGHT_TRUSTED_PROXY });
    await ask(port, 'GET /plain', forwarded);
    await ask(port, 'POST /fleet/register', { ...auth, ...forwarded }, '{"identity":"a"}');
    t.notMatch(log.join('\n'), 'X-Forwarded-For');
  }
});

void t.test('a proxy that names visitors in a way that cannot be read is told once', async (t) => {
  const { port, log } = await serve(t, { ...environment, SHARDLIGHT_TRUSTED_PROXY: '1' });
  const from = (name: string): Promise<unknown> => ask(port, 'GET /plain', { 'X-Forwarded-For': name });
  const warnings = (): string[] => log.filter((line) => line.includes('X-Forwarded-For'));
  for (const name of ['203.0.113.5:50001', '[2001:db8::7]:443', '_hidden, 203.0.113.5']) await from(name);
  t.same(warnings(), []);
  for (const name of ['_hidden', 'unknown', `x\u001b[31m${'y'.repeat(300)}`]) await from(name);
  t.equal(warnings().length, 1);
  t.match(
    warnings()[0],
    / WARN the proxy 127\.0\.0\.1 sends X-Forwarded-For with "_hidden", which is no IP address/,
  );
});

void t.test('everybody behind an undeclared proxy shares the limits, this machine or not', async (t) => {
  const { port } = await serve(t, environment, testClock());
  let refused = 0;
  for (let i = 0; i < 605; i++)
    if ((await ask(port, 'GET /plain', { 'X-Forwarded-For': `203.0.113.${i % 250}` })).status === 429)
      refused++;
  t.ok(refused > 0);
  t.equal((await ask(port, 'GET /robots.txt')).status, 200);
});

void t.test(
  'each visitor behind a declared proxy has limits of its own, with a port or without',
  async (t) => {
    const { port } = await serve(t, { ...environment, SHARDLIGHT_TRUSTED_PROXY: '1' }, testClock());
    const from = async (name: string): Promise<number> =>
      (await ask(port, 'GET /plain', { 'X-Forwarded-For': name })).status;
    for (let i = 0; i < 600; i++) await from(`203.0.113.5:${50_000 + i}`);
    t.equal(await from('203.0.113.5:40000'), 429, 'the port makes nobody else');
    t.equal(await from('203.0.113.6:50001'), 200);
  },
);

void t.test('the audit log has a line for each report, denied ones included, and no secret', async (t) => {
  const { port, log } = await serve(t, {
    ...environment,
    SHARDLIGHT_AUDIT_LOG: '1',
    SHARDLIGHT_TRUSTED_PROXY: '1',
  });
  const bad = { Authorization: 'Bearer hunter2' };
  const steps: [line: string, headers: Record<string, string>, body: string, audited: string][] = [
    [
      'POST /api/bots/main/shards',
      auth,
      '{"shards":[]}',
      'batch identity=main remote=203.0.113.7 outcome=ok',
    ],
    [
      'POST /api/bots/main/shards',
      auth,
      '{',
      'batch identity=main remote=203.0.113.7 outcome=denied:bad-request',
    ],
    ['POST /api/status/main/0/3', auth, '', 'glance identity=main remote=203.0.113.7 outcome=ok'],
    [
      'POST /api/health/main/9',
      auth,
      '',
      'glance identity=main remote=203.0.113.7 outcome=denied:unknown-shard',
    ],
    [
      'POST /api/status/a%0A%0Db/0/3',
      auth,
      '',
      'glance identity=ab remote=203.0.113.7 outcome=denied:unknown-bot',
    ],
    ['POST /fleet/register', bad, '{}', 'register identity=? remote=203.0.113.7 outcome=denied:unauthorized'],
    [
      'POST /api/bots/main/shards',
      bad,
      '{}',
      'batch identity=? remote=203.0.113.7 outcome=denied:unauthorized',
    ],
    [
      'POST /fleet/goodbye',
      auth,
      'x'.repeat(1_025),
      'goodbye identity=? remote=203.0.113.7 outcome=denied:too-large',
    ],
    ['POST /fleet/register', auth, '{"identity":"a"}', 'register identity=a remote=203.0.113.7 outcome=ok'],
  ];
  for (const [line, headers, body, audited] of steps) {
    const before = log.length;
    await ask(port, line, { ...headers, ...forwarded }, body);
    const lines = log.slice(before).filter((one) => one.includes(' audit '));
    t.same(
      lines.map((one) => one.split(' audit ')[1]),
      [audited],
      line,
    );
  }
  t.notMatch(log.join('\n'), /hunter2|bot"/);
});

void t.test('without it there is none', async (t) => {
  const { port, log } = await serve(t, environment);
  await ask(port, 'POST /fleet/register', auth, '{"identity":"a"}');
  await ask(port, 'POST /api/status/main/0/3', auth);
  t.notMatch(log.join('\n'), ' audit ');
});
