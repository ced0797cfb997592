// The operator's log: one line an event, whatever is in it.
import t from 'tap';
import { createAudit } from '../../server/telemetry/audit.js';
import { createLog, type LogOptions } from '../../server/telemetry/logger.js';

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
