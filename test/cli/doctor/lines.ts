// Each check by itself: answers in, lines out.
import t from 'tap';
import {
  leaseLine,
  namespaceLine,
  openLines,
  publicUrlLine,
  tokenLine,
  type Session,
} from '../../../server/cli/doctor/access.js';
import { certificateLine, type Certificate } from '../../../server/cli/doctor/certificate.js';
import { clockLine, shownClockLine } from '../../../server/cli/doctor/clock.js';
import { failureOf } from '../../../server/cli/doctor/failure.js';
import { fleetLines } from '../../../server/cli/doctor/fleets.js';
import {
  ok,
  problem,
  shown,
  summaryOf,
  textOf,
  warning,
  withoutSecrets,
} from '../../../server/cli/doctor/line.js';
import { numberLines } from '../../../server/cli/doctor/numbers.js';
import { reachLine, readyLine } from '../../../server/cli/doctor/reach.js';
import { isWhole, outlineLines, readOutline } from '../../../server/cli/doctor/rows.js';
import { said } from './diagnose.js';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const DAY_MS = 86_400_000;

/** An answer that took 100 ms. */
const answer = (
  status: number,
  text = '',
  headers: Record<string, string> = {},
): Parameters<typeof clockLine>[0] & { kind: 'answer'; status: number; text: string } => ({
  kind: 'answer',
  status,
  text,
  headers,
  sentAt: NOW,
  receivedAt: NOW + 100,
});

void t.test('what an ingest token is good for without leases, and with them', (t) => {
  const sessionOf = (requireLease?: boolean): Session => ({
    role: null,
    closed: { viewer: null, operator: null },
    connect: { url: null, namespace: 'discord', ...(requireLease === undefined ? {} : { requireLease }) },
  });
  t.match(leaseLine('public', sessionOf(false)), {
    state: 'warning',
    what: /whoever has an ingest token can rename clusters, speak for them, and open or hide incidents/,
    fix: /SHARDLIGHT_REQUIRE_LEASE=1/,
  });
  t.match(leaseLine('private', sessionOf(false)), { state: 'warning' });
  t.match(leaseLine('here', sessionOf(false)), { state: 'ok' });
  t.match(leaseLine('public', sessionOf(true)), { state: 'ok' });
  t.equal(leaseLine('public', sessionOf()), null, 'an older server does not say it');
  t.end();
});

void t.test('a line is what, state and how to fix, and never told apart by colour alone', (t) => {
  const line = problem('fleets', 'a cluster is down', 'Start it.');
  t.equal(textOf(line, false), '[!!] a cluster is down\n     Start it.');
  t.equal(textOf(line, true), '\u001b[31m[!!]\u001b[0m a cluster is down\n     Start it.');
  t.equal(textOf(ok('reach', 'it is there'), false), '[ok] it is there');
  t.equal(summaryOf([line, line, warning('a', '', '')]), '2 problems, 1 warning, 0 fine, 0 not looked at');
  t.end();
});

void t.test('what comes from elsewhere cannot steer a terminal, run on, or give tokens away', (t) => {
  t.equal(shown('a\u001b[2J\r\n\u202e b'), 'a [2J b');
  t.equal(shown('x'.repeat(1_000)).length, 161);
  const line = problem('reach', 'it said hunter2-hunter2', 'see hunter2-hunter2');
  t.match(withoutSecrets(line, ['hunter2-hunter2', 'i']), { what: 'it said …', fix: 'see …' });
  t.end();
});

void t.test('whether Shardlight answers', (t) => {
  const base = 'http://a.example';
  t.match(reachLine(answer(200, 'ok\n'), base), { state: 'ok', what: 'GET /healthz -> 200 after 100 ms' });
  for (const [asked, what, fix] of [
    [answer(200, '<html>'), /something other than Shardlight/, /healthz/],
    [answer(502), /a proxy answers/, /Is Shardlight running/],
    [answer(505), /speaks HTTP\/1\.0/, /proxy_http_version 1\.1/],
    [answer(401), /lets nobody through/, /proxy or firewall/],
    [
      answer(301, '', { location: 'https://a.example/healthz' }),
      /sends everybody on to https/,
      /--url https:\/\/a\.example/,
    ],
    [answer(301, '', { location: '/elsewhere' }), /sends everybody on to \/elsewhere/, /where it ends up/],
    [
      failureOf({ code: 'ECONNREFUSED' }, { host: 'a.example', port: 80, isHttps: false }),
      /cannot reach http:\/\/a\.example: nothing listens/,
      /Is Shardlight running/,
    ],
  ] as const)
    t.match(reachLine(asked, base), { state: 'problem', what, fix });
  t.match(readyLine(answer(200)), { state: 'ok' });
  t.match(readyLine(answer(503, '{"error":"the disk fails"}')), {
    state: 'problem',
    what: /the disk fails$/,
    fix: /full/,
  });
  t.match(readyLine(answer(404)), { state: 'warning' });
  t.end();
});

void t.test('why no answer came, in plain words', (t) => {
  const target = { host: 'a.example', port: 443, isHttps: true };
  for (const [code, what] of [
    ['ENOTFOUND', /no address for the name "a\.example"/],
    ['EHOSTUNREACH', /no way to a\.example:443/],
    ['ETIMEDOUT', /does not answer/],
    ['CERT_HAS_EXPIRED', /has expired/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /for another name/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /without those between/],
    ['HPE_INVALID_CONSTANT', /does not speak HTTP/],
    ['SOMETHING_NEW', /^odd \(SOMETHING_NEW\)$/],
    ['__proto__', /^odd/],
  ] as const) {
    const failure = failureOf({ code, message: 'odd' }, target);
    t.match(failure.what, what);
    t.not(failure.fix, '');
  }
  t.end();
});

void t.test('the certificate: trusted, and for how long', (t) => {
  const target = { host: 'a.example', port: 443, isHttps: true };
  const until = (days: number): Certificate => ({
    validFrom: 0,
    validTo: NOW + days * DAY_MS,
    names: 'DNS:a.example',
  });
  t.match(certificateLine(target, until(62), null, NOW), {
    state: 'ok',
    what: /62 more days, until 2027-01-22/,
  });
  t.match(certificateLine(target, until(14), null, NOW), { state: 'ok' });
  t.match(certificateLine(target, until(13.9), null, NOW), { state: 'warning', what: /13 more days/ });
  const expired = failureOf({ code: 'CERT_HAS_EXPIRED' }, target);
  t.match(certificateLine(target, until(-3), expired, NOW), {
    state: 'problem',
    what: 'its certificate has expired (expired on 2026-11-18; for a.example)',
  });
  const plain = (host: string): string =>
    certificateLine({ host, port: 80, isHttps: false }, null, null, NOW).state;
  t.same([plain('localhost'), plain('10.0.0.1'), plain('a.example')], ['ok', 'ok', 'warning']);
  t.end();
});

void t.test('clocks: only what the way and whole seconds cannot explain is skew', (t) => {
  const skewed = (ms: number): [string, string] => {
    const { state, what } = clockLine(answer(200, '', { date: new Date(NOW + ms).toUTCString() }));
    return [state, what];
  };
  t.equal(skewed(0)[0], 'ok');
  t.equal(skewed(2_000)[0], 'ok');
  t.equal(skewed(-4_000)[0], 'ok', 'a header up to two seconds old');
  t.match(skewed(5_000), ['warning', /5 s ahead of/]);
  t.match(skewed(-12_000), ['warning', /10 s behind/]);
  t.match(skewed(31_000), ['problem', /31 s ahead of/]);
  t.match(skewed(-600_000), ['problem', /10 minutes behind/]);
  t.equal(clockLine(answer(200)).state, 'skipped');
  t.end();
});

void t.test('clocks: what the page shows is compared as well, for it may follow another clock', (t) => {
  const skewed = (ms: number): [string, string] => {
    const { state, what } = shownClockLine(NOW + ms, { sentAt: NOW, receivedAt: NOW + 100 });
    return [state, what];
  };
  for (const ms of [0, -9_000, 2_000]) t.equal(skewed(ms)[0], 'ok', `${ms}`);
  t.match(skewed(7_200_000), ['problem', 'the times on the page are 120 minutes ahead of']);
  t.match(skewed(-7_200_000), ['problem', '120 minutes behind']);
  t.match(skewed(5_000), ['warning', '5 s ahead of']);
  t.end();
});

void t.test('tokens: which roles they have, and whether those are the wanted ones', (t) => {
  const token = (wanted: 'ingest' | 'viewer' | 'operator' | null) => ({
    text: 'x',
    wanted,
    source: '--token',
  });
  const line = (...args: Parameters<typeof tokenLine>): string => {
    const { state, what } = tokenLine(...args);
    return `${state} ${what}`;
  };
  t.equal(
    line(token(null), { roles: ['ingest', 'viewer'], unsure: [] }, []),
    'ok --token: whoever has it may report, read the fleet',
  );
  t.match(
    line(token(null), { roles: [], unsure: [] }, []),
    /^problem --token: opens nothing here \(401: missing or wrong token\)/,
  );
  t.match(
    line(token('viewer'), { roles: ['ingest'], unsure: [] }, []),
    /^problem .* may report, and not read the fleet/,
  );
  t.match(
    line(token('viewer'), { roles: ['viewer'], unsure: [] }, ['viewer']),
    /^warning --token: not needed here/,
  );
  t.match(
    line(token(null), { roles: ['viewer'], unsure: [] }, ['viewer']),
    /^warning --token: not needed here/,
  );
  t.match(
    line(token('ingest'), { roles: ['viewer'], unsure: [] }, ['viewer']),
    /^problem --token: opens nothing/,
  );
  t.match(
    line(token('ingest'), { roles: ['ingest', 'operator'], unsure: [] }, []),
    /^warning .* more than it needs to/,
  );
  t.match(line(token('operator'), { roles: ['viewer', 'operator'], unsure: [] }, []), /^ok/);
  t.match(line(token('viewer'), { roles: [], unsure: ['viewer'] }, []), /^warning .* could not be found out/);
  t.end();
});

void t.test('what is open to everybody is fine here, and a problem in public', (t) => {
  const states = (['here', 'private', 'public'] as const).map(
    (place) => openLines(['ingest'], place)[0]?.state,
  );
  t.same(states, ['ok', 'warning', 'problem']);
  t.same(openLines([], 'public'), []);
  t.end();
});

void t.test('the public address and the namespace that the server believes in', (t) => {
  const session = (url: string | null): Session => ({
    role: null,
    closed: { viewer: null, operator: null },
    connect: { url, namespace: 'discord' },
  });
  const base = 'https://a.example';
  const state = (url: string | null): string | undefined =>
    publicUrlLine(base, 'public', session(url))?.state;
  t.same([state(null), state('https://b.example'), state(base)], ['warning', 'warning', 'ok']);
  t.equal(
    publicUrlLine('http://localhost:1', 'here', session(base)),
    null,
    'from inside, another one is right',
  );
  t.match(namespaceLine('discord', session(null)), { state: 'ok', what: "namespace 'discord'" });
  t.match(namespaceLine('wrong', session(null)), {
    state: 'problem',
    what: "namespace 'discord' (expected 'wrong')",
  });
  t.equal(namespaceLine(null, session(null)), null);
  t.end();
});

void t.test('fleets: who is down, who was stopped on purpose, who never came', (t) => {
  const fleet = (name: string, total: number, up: number, stopped = 0) => ({ name, total, up, stopped });
  t.same(said(fleetLines([fleet('asia', 3, 3), fleet('eu', 4, 3, 1)], false), 'fleets'), [
    'ok 2 fleet(s), 6/7 clusters up, 1 stopped on purpose',
  ]);
  t.same(said(fleetLines([fleet('asia', 3, 1), fleet('eu', 4, 2, 1)], false), 'clusters-down'), [
    "problem fleet 'asia': 2 cluster(s) down",
    "problem fleet 'eu': 1 cluster(s) down",
  ]);
  const many = fleetLines(
    Array.from({ length: 50 }, (_, i) => fleet(`f${i}`, 1, 0)),
    false,
  );
  t.equal(many.length, 22);
  t.match(many.at(-1), { state: 'problem', what: 'clusters are down in 30 more fleets' });
  t.match(fleetLines([], false), [
    { state: 'warning', what: /^no clusters registered yet \(members opt in via ARGUS_FLEET_URL/ },
  ]);
  t.match(fleetLines([], true), [{ state: 'ok' }]);
  t.end();
});

void t.test('the outline: rows of another version are left out, and names cannot break it', (t) => {
  t.equal(readOutline(null), null);
  const pieces = [
    { op: 'snapshot', e: '', rows: { 'bot/main': { key: 'main', doubleClaims: [], declared: [] } } },
    { op: 'patch', e: 'e1', put: { 'bot/demo': { key: 'demo', doubleClaims: [1], declared: [] } } },
  ];
  t.notOk(isWhole(pieces.slice(0, 1)));
  t.ok(isWhole(pieces));
  t.same(
    readOutline(pieces[0], pieces[1])?.bots.map(({ key }) => key),
    ['main', 'demo'],
  );
  t.equal(readOutline({ op: 'patch', rows: {} }), null);
  const outline = readOutline({
    op: 'snapshot',
    rows: {
      total: 7,
      'bot/main': { key: 'main', doubleClaims: [3, 1, 2], declared: [8] },
      'bot/odd': { key: 'odd' },
      'fleet/asia': { name: 'asia', clusters: 2, clustersUp: 1, clustersStopped: 1 },
      'cluster/a': { identity: 'a', fleet: 'asia', number: 1, notes: ['two-addresses', 'something-new'] },
      'cluster/b': { identity: 'b', fleet: 'asia', number: 2, notes: ['two-senders', 'two-addresses'] },
    },
  })!;
  t.same(outline.fleets, [{ name: 'asia', total: 2, up: 1, stopped: 1 }]);
  t.equal(outline.bots.length, 1);
  const lines = outlineLines(outline);
  t.match(said(lines, 'double-claims'), [
    /^problem bot 'main': 3 shards are Online in two clusters at once: 1-3$/,
  ]);
  t.match(said(lines, 'identities'), [
    /^problem two senders: 1 identity is used by two processes.*: asia #2 \(b\)$/,
    /^warning 1 identity is heard from two addresses in turns: asia #1 \(a\)$/,
  ]);
  t.match(said(lines, 'snapshot-size'), [/^ok/]);
  t.end();
});

void t.test('numbers: the log, the state, reports near the cap, undeclared proxies, the version', (t) => {
  const metrics = (more: Record<string, number> = {}): string =>
    Object.entries({
      shardlight_log_failing: 0,
      shardlight_state_age_seconds: 3,
      shardlight_state_links_total: 0,
      'shardlight_clusters{status="up"}': 2,
      shardlight_report_largest_bytes: 100,
      shardlight_report_limit_bytes: 1_000,
      shardlight_undeclared_proxies: 0,
      'shardlight_build_info{version="1.2.3"}': 1,
      ...more,
    })
      .map(([series, value]) => `${series} ${value}\n`)
      .join('# HELP x y\n');
  const state = (name: string, more?: Record<string, number>, version = '1.2.3'): (string | undefined)[] =>
    numberLines(answer(200, metrics(more)), version)
      .filter((line) => line.name === name)
      .map((line) => line.state);
  for (const name of ['metrics', 'log', 'state', 'state-links', 'report-size', 'proxies', 'version'])
    t.same(state(name), ['ok'], name);
  t.same(state('log', { shardlight_log_failing: 1 }), ['problem']);
  t.same(state('state', { shardlight_state_age_seconds: 61 }), ['problem']);
  t.same(state('state', { shardlight_state_age_seconds: 6_100, 'shardlight_clusters{status="up"}': 0 }), [
    'ok',
  ]);
  t.same(state('state-links', { shardlight_state_links_total: 2 }), ['warning']);
  t.same(state('report-size', { shardlight_report_largest_bytes: 800 }), ['warning']);
  t.same(state('proxies', { shardlight_undeclared_proxies: 1 }), ['warning']);
  t.same(state('version', {}, '1.2.4'), ['warning']);
  t.same(state('metrics', {}), ['ok']);
  t.match(numberLines(answer(200, '<html>'), '1'), [{ state: 'problem' }]);
  t.match(
    numberLines(answer(200, 'shardlight_clusters 1\n'), '1').slice(1),
    Array(6).fill({ state: 'skipped' }),
  );
  t.end();
});
