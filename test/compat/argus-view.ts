// What Argus's dashboards and its doctor ask, byte for byte: recorded members report, and the recorded answers come back.
import t, { type Test } from 'tap';
import { serve, testClock, type TestClock, type TestServer } from '../harness.js';
import { ask } from '../http/raw.js';
import { beat, bearer, environment, register, replay, snapshotOf, up } from './member.js';
import { recordedAnswer } from './recorded.js';

const REGISTERED_AT = Date.parse('2026-11-21T01:38:40.176Z');
const LAST_BEAT_AT = Date.parse('2026-11-21T01:39:09.858Z');
const ASKED_AT = Date.parse('2026-11-21T01:39:14.203Z');

interface Plane {
  server: TestServer;
  clock: TestClock;
  get: (path: string, headers?: Record<string, string>) => Promise<Response>;
}

async function plane(t: Test, settings: Record<string, string> = {}, startAt?: number): Promise<Plane> {
  const clock = testClock(startAt);
  const server = await serve(t, { ...environment, ...settings }, clock);
  const get: Plane['get'] = (path, headers = {}) =>
    fetch(`${server.base}${path}`, { headers: { ...bearer, ...headers } });
  return { server, clock, get };
}

/** One member registers and beats twice, as it was recorded. */
async function recordedPlane(t: Test): Promise<Plane> {
  const one = await plane(t, {}, REGISTERED_AT);
  const goOn = (until: number): void => one.clock.advance(until - one.clock.now());
  await replay(one.server, 'register');
  goOn(LAST_BEAT_AT - 15_000);
  await replay(one.server, 'heartbeat-1');
  goOn(LAST_BEAT_AT);
  await replay(one.server, 'heartbeat-2');
  goOn(ASKED_AT);
  return one;
}

/**
 * Where table 0 of the contract differs on purpose; and our clock counts milliseconds. Between the beats, 15 seconds apart,
 * interactions and commands rose from 300 to 420, errors from 6 to 8, rate limits from 1 to 2; all took less than 0.05 s.
 */
const inOurWay = (text: string): string =>
  text
    .replaceAll('09.858624', '09.858000')
    .replaceAll('14.203606', '14.203000')
    .replaceAll('"interactions_rate": 0.0', '"interactions_rate": 8.0')
    .replaceAll('"error_rate": 0.01904761904761905', '"error_rate": 0.016666666666666666')
    .replaceAll('"duration_p95_seconds": 0.05', '"duration_p95_seconds": 0.0475')
    .replaceAll('"ratelimits_rate": 0.0', '"ratelimits_rate": 0.06666666666666667');

void t.test('the recorded answers are complete', (t) => {
  t.equal(recordedAnswer('view').length, 1293);
  t.equal(recordedAnswer('cluster').length, 970);
  t.equal(recordedAnswer('targets').length, 114);
  t.end();
});

void t.test('the view, to the byte', async (t) => {
  const { get } = await recordedPlane(t);
  const answer = await get('/api/fleet/view');
  t.equal(answer.status, 200);
  t.equal(answer.headers.get('content-type'), 'application/json; charset=utf-8');
  t.equal(await answer.text(), inOurWay(recordedAnswer('view')));
});

void t.test('a cluster, to the byte, and what we know beyond Argus after it', async (t) => {
  const { get } = await recordedPlane(t);
  const text = await (await get('/api/fleet/cluster?fleet=asia&number=1')).text();
  const recorded = inOurWay(recordedAnswer('cluster'));
  const argus = recorded.slice(0, recorded.indexOf('}, "history"'));
  t.equal(text.slice(0, argus.length), argus);
  const { cluster, history } = JSON.parse(text) as {
    cluster: object;
    history: { t: string; metrics: object }[];
  };
  t.match(cluster, { version: '0.4.2', bot: 'main', lease: 'held', stopped: false, shards_configured: 4 });
  t.match(cluster, { library_version: '2.2.2', first_seen: '2026-11-21T01:38:40.176000+00:00' });
  t.notMatch(text, /[0-9a-f]{64}/, 'no hash of a lease');
  t.same(
    history.map((point) => point.t),
    ['2026-11-21T01:38:54.858000+00:00', '2026-11-21T01:39:09.858000+00:00'],
    'oldest first',
  );
  t.match(history[1]?.metrics, { latency_seconds: 0.129385, shards_up: 3, uptime_seconds: 29.68559 });
  t.same(Object.keys(history[1]!.metrics), Object.keys((cluster as { metrics: object }).metrics));
});

void t.test('targets for Prometheus, to the byte', async (t) => {
  const { server, get } = await recordedPlane(t);
  t.equal(await (await get('/api/fleet/targets')).text(), recordedAnswer('targets'));
  for (const [identity, fleet] of [
    ['b', 'eu'],
    ['c', 'asia'],
  ])
    await register(server, identity!, { fleet, scrape_target: `10.0.0.7:9191` });
  await register(server, 'd', { fleet: 'asia' });
  const targets = (await (await get('/api/fleet/targets')).json()) as { labels: { cluster: string } }[];
  t.same(
    targets.map(({ labels }) => labels.cluster),
    ['asia-0', 'c', 'b'],
    'by fleet and number, and only those who are scraped',
  );
});

void t.test('the settings', async (t) => {
  const { get } = await plane(t, { ARGUS_FLEET_HEARTBEAT_INTERVAL: '20' });
  t.match(
    await (await get('/api/config')).text(),
    /^\{"fleet": true, "namespace": "discord", "version": "\d+\.\d+\.\d+", "auth_required": true, "analytics_enabled": false, "interval": 20\}$/,
  );
});

void t.test('health, for anybody', async (t) => {
  const { server } = await plane(t);
  for (const [path, body] of [
    ['/healthz', 'ok\n'],
    ['/readyz', 'ready\n'],
  ] as const) {
    const answer = await ask(server.port, `GET ${path}`);
    t.same([answer.status, answer.body], [200, body]);
    t.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8');
  }
});

void t.test('an empty plane', async (t) => {
  const { get } = await plane(t, {}, ASKED_AT - 203);
  const zeros = recordedAnswer('view')
    .replace(/.*"global"/, '"global"')
    .replace(/: [\d.]+/g, ': 0.0');
  t.equal(
    await (await get('/api/fleet/view')).text(),
    `{"generated_at": "2026-11-21T01:39:14+00:00", "fleets": [], ${zeros}`,
  );
  t.equal(await (await get('/api/fleet/targets')).text(), '[]');
});

void t.test('a cluster that is not asked for properly, or is not there', async (t) => {
  const { server, get } = await plane(t);
  await register(server, 'a', { fleet: 'asia' });
  const refused: [query: string, status: number, text: string][] = [
    ['', 400, 'fleet and numeric number required\n'],
    ['?fleet=asia', 400, 'fleet and numeric number required\n'],
    ['?number=1', 400, 'fleet and numeric number required\n'],
    ['?fleet=asia&number=', 400, 'fleet and numeric number required\n'],
    ['?fleet=asia&number=one', 400, 'fleet and numeric number required\n'],
    ['?fleet=asia&number=-1', 400, 'fleet and numeric number required\n'],
    ['?fleet=asia&number=1.0', 400, 'fleet and numeric number required\n'],
    ['?fleet=asia&number=%C2%B2', 400, 'fleet and numeric number required\n'],
    [`?fleet=asia&number=${'1'.repeat(5_000)}`, 400, 'fleet and numeric number required\n'],
    ['?fleet=asia&number=2', 404, 'cluster not found\n'],
    ['?fleet=eu&number=1', 404, 'cluster not found\n'],
  ];
  for (const [query, status, text] of refused) {
    const answer = await get(`/api/fleet/cluster${query}`);
    t.same([answer.status, await answer.text()], [status, text], query.slice(0, 40));
  }
  t.equal((await get('/api/fleet/cluster?fleet=asia&number=01')).status, 200, 'as Python counts');
});

void t.test('without a token only health is told', async (t) => {
  const { server } = await plane(t);
  for (const path of [
    '/api/fleet/view',
    '/api/fleet/cluster',
    '/api/fleet/targets',
    '/api/config',
    '/metrics',
  ]) {
    const answer = await ask(server.port, `GET ${path}`);
    t.same([answer.status, answer.body], [401, 'unauthorized\n'], path);
  }
});

void t.test('HEAD has the length of the answer, and no body', async (t) => {
  const { server } = await recordedPlane(t);
  const { status, headers, body } = await ask(server.port, 'HEAD /api/fleet/view', {
    Authorization: 'Bearer tok',
  });
  t.same([status, body], [200, '']);
  t.ok(Number(headers.get('content-length')) > 1_290);
});

void t.test('names are escaped as Python escapes them', async (t) => {
  const { server, get } = await plane(t);
  for (const fleet of ['z', '\u{1F680}', '\uFF5E', 'ä"\\']) await register(server, `id ${fleet}`, { fleet });
  const text = await (await get('/api/fleet/view')).text();
  t.match(text, '"name": "\\ud83d\\ude80"');
  t.match(text, '"identity": "id \\u00e4\\"\\\\"');
  const { fleets } = JSON.parse(text) as { fleets: { name: string }[] };
  t.same(
    fleets.map(({ name }) => name),
    ['z', 'ä"\\', '\uFF5E', '\u{1F680}'],
    'sorted by code point',
  );
});

interface ViewOf {
  fleets: {
    clusters_up: number;
    clusters_total: number;
    rollup: { guilds: number };
    clusters: { number: number; status: string; shards: { shard_id: string; status: string }[] }[];
  }[];
  global: { guilds: number };
}

void t.test(
  'a cluster that fell silent is down, with all its shards, and its gauges count no more',
  async (t) => {
    const { server, clock, get } = await plane(t, { ARGUS_FLEET_READ_BURST: '100000' });
    const guilds = (value: number): { name: string; labels: object; value: number } => ({
      name: 'discord_guilds',
      labels: {},
      value,
    });
    for (const identity of ['a', 'b']) await register(server, identity, { fleet: 'asia', shard_count: 20 });
    await beat(server, 'b', snapshotOf(up('10'), up('2'), up('9', 0), guilds(5)));
    clock.advance(30_000);
    await beat(server, 'a', snapshotOf(up('0'), guilds(7)));
    const read = async (): Promise<ViewOf['fleets'][0]> =>
      ((await (await get('/api/fleet/view')).json()) as ViewOf).fleets[0]!;
    const first = await read();
    t.match(first, { clusters_up: 2, clusters_total: 2, rollup: { guilds: 12 } });
    t.same(
      first.clusters.map(({ number, shards }) => [
        number,
        shards.map((one) => `${one.shard_id} ${one.status}`),
      ]),
      [
        [1, ['0 up']],
        [2, ['2 up', '9 down', '10 up']],
      ],
    );
    clock.advance(20_000);
    while ((await read()).clusters_up === 2) clock.advance(1); // until the sweep has been, and the kept view is old
    const later = await read();
    t.match(later, { clusters_up: 1, clusters_total: 2, rollup: { guilds: 7 } });
    t.match(later.clusters[1], { status: 'down' });
    t.ok(later.clusters[1]?.shards.every(({ status }) => status === 'down'));
  },
);
