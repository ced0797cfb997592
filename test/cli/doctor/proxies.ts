// The doctor through proxies: with and without upgrades, holding frames back, cutting connections, with certificates of all kinds.
import t from 'tap';
import { serve } from '../../harness.js';
import { folder } from '../../process/child.js';
import type { Line } from '../../../server/cli/doctor/line.js';
import { call, systemClock } from '../program.js';
import { diagnose, inState, of, said } from './diagnose.js';
import { hasOpenssl, inDays, proxy, secured } from './stand-ins.js';

void t.test('a proxy that passes everything is as none', async (t) => {
  const { port } = await serve(t, {});
  const lines = await diagnose({ base: await proxy(t, port) });
  t.match(said(lines, 'live'), [/^ok WS \/live -> 101, first frame after \d+ ms/]);
  t.match(said(lines, 'double-claims'), [/^ok/], "the operators' socket, too");
});

void t.test('one that loses the script of the page, or gives another file for it', async (t) => {
  const { port } = await serve(t, {});
  const page = async (files: 'pass' | 'missing' | 'page' | 'text'): Promise<Line> =>
    of(await diagnose({ base: await proxy(t, port, { files }) }), 'page')[0]!;
  t.match(await page('pass'), { state: 'ok', what: 'the page comes whole', fix: '' });
  t.match(await page('missing'), { state: 'problem', what: /-> 404: the script of the page is missing/ });
  t.match(await page('page'), {
    state: 'problem',
    what: /^GET \/assets\/.* -> 200: HTML came instead of the script/,
    fix: /every path below this address/,
  });
  t.match(await page('text'), { state: 'problem', what: /came as "text\/plain"/, fix: /Content-Type/ });
});

void t.test('one that takes a prefix off: the server must know of it', async (t) => {
  const page = async (environment: Record<string, string>, files: 'pass' | 'page'): Promise<Line> => {
    const { port } = await serve(t, environment);
    const base = `${await proxy(t, port, { under: '/status', files })}/status`;
    return of(await diagnose({ base }), 'page')[0]!;
  };
  t.match(await page({}, 'pass'), {
    state: 'problem',
    what: /^the page names its script at \/assets\/.*, which is not below http:.*\/status:/,
    fix: /Set SHARDLIGHT_PUBLIC_URL/,
  });
  const known = {
    SHARDLIGHT_PUBLIC_URL: 'https://example.com/status',
    SHARDLIGHT_INGEST_TOKEN: 'the-ingest-token',
    SHARDLIGHT_VIEWER_TOKEN: 'the-viewer-token',
    SHARDLIGHT_OPERATOR_TOKEN: 'the-operator-token',
  };
  t.match(await page(known, 'pass'), { state: 'ok' });
  t.match(await page(known, 'page'), { state: 'problem', what: /HTML came instead/ });
});

void t.test('one that does not pass upgrades', async (t) => {
  const { port } = await serve(t, {});
  const lines = await diagnose({ base: await proxy(t, port, { upgrade: 'drop' }) });
  t.match(said(lines, 'live'), [/^problem WS \/live -> 400: the proxy does not pass the upgrade/]);
  t.match(lines.find(({ name }) => name === 'live')?.fix, /proxy_set_header Upgrade \$http_upgrade/);
  t.match(said(lines, 'operator-feed'), [/^problem WS \/live\/operator -> 400/]);
  t.match(said(lines, 'fleets'), [/^warning no clusters registered yet/], 'the fleet view says that alone');
});

void t.test('one that never answers an upgrade', async (t) => {
  const { port } = await serve(t, {});
  const base = await proxy(t, port, { upgrade: 'swallow' });
  const lines = await diagnose({ base, more: { timeoutMs: 500 } });
  t.match(said(lines, 'live'), [/^problem WS \/live: no answer within 0\.5 s$/]);
  t.match(lines.find(({ name }) => name === 'live')?.fix, /it is the upgrade that does not get through/);
});

void t.test('one that holds frames back', async (t) => {
  const { port } = await serve(t, {});
  const lines = await diagnose({ base: await proxy(t, port, { upgrade: 'hold' }), more: { timeoutMs: 500 } });
  t.match(said(lines, 'live'), [/^problem WS \/live -> 101, and no frame within \d+(\.\d)? s/]);
  t.match(said(lines, 'operator-feed'), [
    /^problem WS \/live\/operator -> 101, then no snapshot within 0\.5 s/,
  ]);
});

void t.test('one that cuts what is open for too long', async (t) => {
  const { port } = await serve(t, {});
  const lines = await diagnose({ base: await proxy(t, port, { upgrade: 'cut' }), more: { idleMs: 60_000 } });
  t.match(said(lines, 'live-pace'), [
    /^problem WS \/live was closed after 0(\.\d)? s \(1006\), and was to stay open for 60 s/,
  ]);
});

void t.test(
  'a connection that is watched for long enough to see the frame that comes every 5 seconds',
  async (t) => {
    const { port } = await serve(t, {}, systemClock());
    const lines = await diagnose({ base: await proxy(t, port), more: { idleMs: 6_500 } });
    t.match(said(lines, 'live-pace'), [/^ok it stayed open: [23] frames in 6\.\d s/]);
  },
);

const needsOpenssl = { skip: hasOpenssl ? false : 'openssl (apt package openssl) is not here' };

void t.test(
  'a certificate that nobody knows ends it; what it is is said, and no token is sent',
  needsOpenssl,
  async (t) => {
    const { port } = await serve(t, {});
    const place = folder(t);
    const examined = async (name: string, days: number): Promise<Line[]> => {
      const tls = secured(place, name, inDays(-30), inDays(days));
      return diagnose({ base: await proxy(t, port, { tls }), tokens: { any: 'a-token' } });
    };
    const lines = await examined('own', 30);
    const what = /its certificate is signed by nobody that this machine knows/;
    t.match(lines, [
      { name: 'reach', state: 'problem', what },
      { name: 'tls', state: 'problem', what, fix: /NODE_EXTRA_CA_CERTS/ },
    ]);
    t.match(lines[1]?.what, /\(valid until 20\d\d-\d\d-\d\d; for localhost, IP Address:127\.0\.0\.1\)$/);
    t.match(said(await examined('old', -2), 'tls'), [/^problem its certificate has expired \(expired on /]);
    t.equal(lines.length, 2);
  },
);

void t.test('a trusted certificate: valid, about to expire, expired', needsOpenssl, async (t) => {
  const { port } = await serve(t, {}, systemClock());
  const place = folder(t);
  const examined = async (name: string, days: number): Promise<[number | null, string]> => {
    const tls = secured(place, name, inDays(-30), inDays(days));
    const args = ['doctor', '--idle', '0', '--url', await proxy(t, port, { tls })];
    const { code, stdout } = await call(args, place, { NODE_EXTRA_CA_CERTS: tls.file });
    return [code, stdout];
  };
  const [code, fine] = await examined('fine', 60.5);
  t.match(fine, /^\[ok\] the certificate is valid for 60 more days, until /m);
  t.match(fine, /^\[ok\] WS \/live -> 101/m, 'wss://, too');
  t.equal(code, 0);
  t.match(await examined('soon', 3.5), [0, /^\[\?\?\] the certificate is valid for 3 more days, until /m]);
  t.match(await examined('over', -3), [1, /^\[!!\] its certificate has expired \(expired on /m]);
});

void t.test('an https address where nothing speaks TLS', async (t) => {
  const { base } = await serve(t, {});
  const lines = await diagnose({ base: base.replace('http:', 'https:') });
  t.match(inState(lines, 'problem'), [/^reach: cannot reach https:.*does not speak TLS$/]);
});
