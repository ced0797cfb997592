// The doctor as it is called: its exit codes, what goes to stdout, where it takes tokens from, and where it keeps them.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { readCall } from '../../../server/cli/doctor/call.js';
import { freePort, serve } from '../../harness.js';
import { folder } from '../../process/child.js';
import { call, systemClock } from '../program.js';
import { answering } from './stand-ins.js';

const environment = {
  SHARDLIGHT_HOST: '127.0.0.1',
  SHARDLIGHT_TOKEN: 'the-shared-token',
  SHARDLIGHT_BOTS: 'main:1',
};

void t.test(
  'the report goes to stdout, its sum to stderr, and the exit code is 0 without a problem',
  async (t) => {
    const { base } = await serve(t, environment, systemClock());
    const { code, stdout, stderr } = await call(
      ['doctor', '--url', base, '--token', 'the-shared-token', '--idle', '0'],
      tmpdir(),
    );
    t.equal(code, 0, stdout);
    t.match(stdout, /^\[ok\] GET \/healthz -> 200 /);
    t.match(stdout, /^\[ok\] GET \/api\/fleet\/view -> 200$/m);
    t.match(stdout, /^\[\?\?\] no clusters registered yet .*\n {5}\S/m);
    t.notMatch(stdout, '\u001b', 'no colours where nobody sees them');
    t.equal(stderr, `\n${base}: 0 problems, 1 warning, ${count(stdout, '[ok]')} fine, 1 not looked at\n`);
  },
);

const count = (text: string, mark: string): number =>
  text.split('\n').filter((line) => line.startsWith(mark)).length;

void t.test('a problem is exit code 1, in words and in JSON', async (t) => {
  const { base } = await serve(t, environment, systemClock());
  const wrong = ['doctor', '--url', `${base}/`, '--token', 'not-the-token', '--idle', '0'];
  t.match(await call(wrong, tmpdir()), {
    code: 1,
    stdout: /^\[!!\] --token: opens nothing here \(401: missing or wrong token\)$/m,
  });
  const { code, stdout, stderr } = await call([...wrong, '--json'], tmpdir());
  const report = JSON.parse(stdout) as {
    url: string;
    ok: boolean;
    checks: { name: string; state: string }[];
  };
  t.match([code, stderr, report.url, report.ok], [1, '', base, false]);
  t.match(report.checks[0], { name: 'reach', state: 'ok', what: /healthz/, fix: '' });
  t.notMatch(stdout, 'not-the-token');
  t.equal(stdout.trim().split('\n').length, 1);
  const gone = ['doctor', '--url', `http://127.0.0.1:${await freePort()}`];
  t.match(await call(gone, tmpdir()), { code: 1, stdout: /^\[!!\] cannot reach http:/ });
});

void t.test('a wrong call says why, with 2', async (t) => {
  const ended = await call(['doctor'], folder(t));
  t.match(ended, {
    code: 2,
    stdout: '',
    stderr: /^Which server\? Give --url .*\n\nUsage: shardlight doctor/,
  });
  const at = ['--url', 'http://127.0.0.1:9'];
  for (const [args, why] of [
    [['--url', 'status.example.com'], /^--url takes an address like/],
    [['--url', 'https://me:secret@a.example'], /^--url takes an address like/],
    [['--url', 'https://a.example/?token=x'], /^--url takes an address like/],
    [[...at, '--timeout', '0'], /^--timeout takes seconds/],
    [[...at, '--timeout', 'long'], /^--timeout takes seconds/],
    [[...at, '--idle', '-1'], /'--idle/],
    [[...at, '--idle=1e9'], /^--idle takes seconds/],
    [[...at, '--token', ''], /^--token is empty/],
    [[...at, '--viewer-token', 'a\nb'], /^--viewer-token is empty, or has characters/],
    [[...at, '--bogus'], /^Unknown option '--bogus'\.$/],
  ] as const)
    t.match(readCall([...args]), why, args.join(' '));
  t.match(readCall([...at, '--timeout', '2.5', '--probe']), {
    timeoutMs: 2_500,
    idleMs: 7_000,
    mayWrite: true,
  });
  t.match(readCall(['--url', 'HTTPS://A.example:8443/status//']), { base: 'https://a.example:8443/status' });
});

void t.test(
  'tokens and address come from the environment and .env, so that no history has them',
  async (t) => {
    const { base } = await serve(
      t,
      { ...environment, SHARDLIGHT_OPERATOR_TOKEN: 'the-operator-token' },
      systemClock(),
    );
    const place = folder(t);
    writeFileSync(join(place, 'operator'), 'the-operator-token\n');
    writeFileSync(
      join(place, '.env'),
      `SHARDLIGHT_PUBLIC_URL=${base}\nARGUS_FLEET_TOKEN=the-shared-token,an-old-token\nSHARDLIGHT_PORT=many\n`,
    );
    const { stdout } = await call(['doctor', '--idle', '0'], place, {
      SHARDLIGHT_OPERATOR_TOKEN_FILE: 'operator',
    });
    t.match(stdout, /^\[\?\?\] SHARDLIGHT_PORT: found "many"/);
    t.match(stdout, /^\[ok\] ARGUS_FLEET_TOKEN: whoever has it may report, read metrics, read the fleet$/m);
    t.match(stdout, /^\[!!\] ARGUS_FLEET_TOKEN \(2\): opens nothing here/m);
    t.match(
      stdout,
      /^\[ok\] SHARDLIGHT_OPERATOR_TOKEN: whoever has it may read metrics, read the fleet, act$/m,
    );
    t.notMatch(stdout, /the-(shared|operator)-token|an-old-token/);
    const flagged = await call(['doctor', '--idle', '0', '--token', 'another-token'], place);
    t.match(flagged.stdout, /^\[!!\] --token: opens nothing/m, 'a flag comes before the configuration');
    t.notMatch(flagged.stdout, 'ARGUS_FLEET_TOKEN');
  },
);

void t.test('tokens of the configuration are not sent to another server', async (t) => {
  const place = folder(t);
  writeFileSync(
    join(place, '.env'),
    'SHARDLIGHT_PUBLIC_URL=https://status.invalid\nSHARDLIGHT_TOKEN=the-shared-token\n',
  );
  const { stdout } = await call(['doctor', '--url', 'https://statuss.invalid'], place);
  t.match(stdout, /^\[--\] SHARDLIGHT_TOKEN: not sent, because SHARDLIGHT_PUBLIC_URL does not name/m);
  writeFileSync(join(place, '.env'), 'SHARDLIGHT_TOKEN=the-shared-token\n');
  t.match(
    (await call(['doctor', '--url', 'http://status.invalid'], place)).stdout,
    /^\[--\] SHARDLIGHT_TOKEN: not sent/m,
  );
  t.notMatch((await call(['doctor', '--url', 'https://status.invalid'], place)).stdout, 'not sent');
});

void t.test('a server that sends tokens back does not get them shown', async (t) => {
  const base = await answering(t, (req, res) => {
    if (req.url === '/healthz') res.end('ok');
    else if (req.url === '/api/session')
      res.end(
        `{"role":${req.headers.authorization ? '"viewer"' : 'null'},"closed":{"viewer":null,"operator":null},"connect":{"url":null,"namespace":"n"}}`,
      );
    else res.writeHead(403).end(`{"error":"what is ${req.headers.authorization}?\u001b[31m"}`);
  });
  const args = ['doctor', '--idle', '0', '--url', base, '--viewer-token', 'the-viewer-token'];
  const { stdout } = await call(args, tmpdir());
  t.match(stdout, /^\[!!\] GET \/api\/fleet\/view -> 403: .*what is Bearer …\?/m);
  t.notMatch(stdout, 'the-viewer-token');
  t.notMatch(stdout, '\u001b');
});

const hasScript = spawnSync('script', ['--version']).status === 0;
const needsScript = { skip: hasScript ? false : 'script (apt package bsdutils) is not here' };

void t.test('colours on a terminal, unless NO_COLOR is set', needsScript, async (t) => {
  const entry = fileURLToPath(new URL('../../../server/cli/main.js', import.meta.url));
  const url = `http://127.0.0.1:${await freePort()}`;
  const onTerminal = (more: Record<string, string>): string => {
    const command = `'${process.execPath}' '${entry}' doctor --url ${url}`;
    const env = { PATH: process.env.PATH, ...more };
    return spawnSync('script', ['-qec', command, '/dev/null'], { cwd: tmpdir(), env, encoding: 'utf8' })
      .stdout;
  };
  t.match(onTerminal({}), /^\u001b\[31m\[!!\]\u001b\[0m cannot reach/);
  t.match(onTerminal({ NO_COLOR: '1' }), /^\[!!\] cannot reach/);
});
