// The operator's log: one line an event, whatever is in it.
import t from 'tap';
import { createAudit } from '../../server/telemetry/audit.js';
import { createLog, type LogOptions } from '../../server/telemetry/logger.js';
import { rarely } from '../../server/telemetry/rarely.js';
import { post, serve, testClock } from '../harness.js';

function collected(options: Partial<LogOptions>): { lines: string[]; log: ReturnType<typeof createLog> } {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  return { lines, log: createLog({ format: 'text', level: 'info', now: () => 0, write, ...options }) };
}

void t.test('text has time, level and sentence; JSON the same as fields', (t) => {
  const text = collected({});
  text.log.warn('the disk is full');
  t.same(text.lines, ['1970-01-01T00:00:00.000Z WARN the disk is full']);
  const json = collected({ format: 'json' });
  json.log.error('the "disk" is full');
  t.same(
    json.lines.map((line) => JSON.parse(line) as unknown),
    [{ time: '1970-01-01T00:00:00.000Z', level: 'error', message: 'the "disk" is full' }],
  );
  t.end();
});

void t.test('what is less important than the level is left out', (t) => {
  const { lines, log } = collected({ level: 'warn' });
  for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level](level);
  t.same(
    lines.map((line) => line.split(' ')[2]),
    ['warn', 'error'],
  );
  t.end();
});

void t.test('one event is one line: control characters make no other', (t) => {
  for (const format of ['text', 'json'] as const) {
    const { lines, log } = collected({ format });
    log.info('a\r\n1970 forged\u001b[31m\u2028\u202ered\u0085');
    t.equal(lines.length, 1);
    t.match(lines[0], 'a 1970 forged [31m red ');
    t.notMatch(lines[0], /[\u0000-\u001f\u0085\u2028\u202e]/);
  }
  t.end();
});

const from = (address: string): { address: string; household: string } => ({ address, household: address });

void t.test('an audit line has what, who, from where and how it ended', (t) => {
  const { lines, log } = collected({});
  const { audit } = createAudit({ isOn: true, log, now: () => 0 });
  audit('register', 'asia-0', from('10.0.0.5'), 'ok');
  audit('heartbeat', '', from(''), 'denied:lease');
  audit('heartbeat', 'a\nb outcome=ok', from('10.0.0.5'), 'denied:lease');
  audit('register', 'x'.repeat(200), from('10.0.0.5'), 'ok');
  t.same(
    lines.map((line) => line.slice('1970-01-01T00:00:00.000Z INFO '.length)),
    [
      'audit register identity=asia-0 remote=10.0.0.5 outcome=ok',
      'audit heartbeat identity=? remote=? outcome=denied:lease',
      'audit heartbeat identity="ab outcome=ok" remote=10.0.0.5 outcome=denied:lease',
      `audit register identity=${'x'.repeat(128)} remote=10.0.0.5 outcome=ok`,
    ],
  );
  createAudit({ isOn: false, log, now: () => 0 }).audit('register', 'a', from('b'), 'ok');
  t.equal(lines.length, 4, 'off: nothing');
  t.end();
});

void t.test(
  'a flood of refusals is counted, not written; what was taken always is, and so are others',
  (t) => {
    const { lines, log } = collected({});
    const { audit, sayCounted } = createAudit({ isOn: true, log, now: () => 0 });
    for (let i = 0; i < 5_000; i++) audit('register', `x${i}`, from('10.0.0.66'), 'denied:unauthorized');
    t.equal(lines.length, 60);
    audit('register', 'asia-0', from('10.0.0.66'), 'ok');
    audit('register', 'asia-1', from('10.0.0.5'), 'denied:lease');
    t.equal(lines.length, 62);
    sayCounted();
    t.match(lines.pop(), 'audit: 4940 more refusals came too fast to be written one by one');
    sayCounted();
    t.equal(lines.length, 62, 'said once');
    for (let i = 0; i < 5_000; i++) audit('register', 'x', from(`10.0.${i >> 8}.${i & 255}`), 'denied:lease');
    t.equal(lines.length, 62 + 600 - 61, 'from however many addresses');
    t.end();
  },
);

void t.test(
  '32: what may be said all day is one line a minute, and the next says how many were left out',
  (t) => {
    let at = 0;
    const lines: string[] = [];
    const say = rarely(
      (line) => lines.push(line),
      () => at,
    );
    for (at of [0, 1, 59_999]) say(`at ${at}`);
    t.same(lines, ['at 0']);
    for (at of [60_000, 60_001, 120_000, 180_000]) say(`at ${at}`);
    t.same(lines.slice(1), [
      'at 60000 (2 more like this one since the last were left out)',
      'at 120000 (1 more like this one since the last were left out)',
      'at 180000',
    ]);
    t.end();
  },
);

void t.test('32: identities that change their address, however many, are one line a minute', async (t) => {
  const clock = testClock();
  const server = await serve(t, { SHARDLIGHT_TRUSTED_PROXY: '127.0.0.1' }, clock);
  const beat = (identity: string, address: string): Promise<Response> =>
    post(`${server.base}/fleet/heartbeat`, { identity }, { 'x-forwarded-for': address });
  const identities = ['a', 'b', 'c'];
  for (const identity of identities) await post(`${server.base}/fleet/register`, { identity });
  const move = async (address: string): Promise<void> => {
    for (const identity of identities) t.equal((await beat(identity, address)).status, 204);
  };
  await move('10.0.0.1');
  await move('10.0.0.2');
  clock.advance(60_000);
  await move('10.0.0.3');
  const lines = server.log.filter((line) => line.includes('seen from a new remote'));
  t.equal(lines.length, 2);
  t.match(lines[1], /identity "a" seen from a new remote 10\.0\.0\.3.*more like this one/);
});

void t.test(
  '32: rows refused because there is no claim left are told once a minute, with their number',
  async (t) => {
    const clock = testClock();
    const server = await serve(t, { SHARDLIGHT_BOTS: 'main:8', SHARDLIGHT_MAX_CLAIMS: '2' }, clock);
    const rows = (count: number): object[] =>
      Array.from({ length: count }, (_, id) => ({ id, state: 'online' }));
    await post(`${server.base}/fleet/register`, { identity: 'a' });
    const beat = (count: number): Promise<Response> =>
      post(`${server.base}/fleet/heartbeat`, { identity: 'a', shards: rows(count) });
    const lines = (): string[] => server.log.filter((line) => line.includes('SHARDLIGHT_MAX_CLAIMS'));
    await beat(2);
    server.passTime();
    t.same(lines(), [], 'as many as may be');
    await beat(5);
    server.passTime();
    t.match(lines(), [
      /WARN 3 rows about shards refused, the last of default #1 \("a"\): this server keeps at most 2 claims/,
    ]);
    await beat(8);
    server.passTime();
    t.equal(lines().length, 1);
    clock.advance(60_000);
    await post(`${server.base}/api/bots/main/shards`, { shards: rows(1) });
    server.passTime();
    t.match(lines().at(-1), /[67] rows about shards refused/);
    t.equal(lines().length, 2);
  },
);
