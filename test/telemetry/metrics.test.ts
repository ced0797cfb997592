// Our own numbers, as Prometheus reads them: the names of Argus's server, ours, and nothing that says who.
import { spawnSync } from 'node:child_process';
import t, { type Test } from 'tap';
import { PROTOCOL } from '../../public/shared/wire.js';
import { serve, testClock, listen, until, type TestServer } from '../harness.js';
import { ask } from '../http/raw.js';
import { beat, environment, register, send, snapshotOf, up } from '../compat/member.js';
import { createMetrics } from '../../server/telemetry/metrics.js';
import { step } from '../../server/core/step.js';
import { learning, registration, T0, worldWith } from '../core/scene.js';

const scrape = async ({ port }: TestServer): Promise<string> => {
  const { status, headers, body } = await ask(port, 'GET /metrics', { Authorization: 'Bearer tok' });
  if (status !== 200 || headers.get('content-type') !== 'text/plain; version=0.0.4; charset=utf-8')
    throw new Error(`${status} ${headers.get('content-type')}`);
  return body;
};

/** The value of a series as it is written; NaN: there is none. */
const valueOf = (text: string, series: string): number => {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? NaN : Number(line.slice(series.length + 1));
};

/** A server on which something of everything happened. */
async function busyServer(t: Test): Promise<TestServer> {
  const server = await serve(t, environment, testClock());
  for (const identity of ['TELLTALE-10.0.0.5', 'b']) await register(server, identity, { fleet: 'asia' });
  await beat(server, 'b', snapshotOf(up('0'), up('1', 0)), { lease: 'TELLTALE' });
  await send(server, 'heartbeat', { identity: 'TELLTALE' });
  await send(server, 'heartbeat', '{');
  await ask(server.port, 'GET /api/lookup?guild=123456789012345678');
  await ask(server.port, 'GET /TELLTALE');
  await ask(server.port, 'GET /api/fleet/view?token=TELLTALE');
  await ask(server.port, 'GET /api/fleet/view?token=tok');
  return server;
}

void t.test('the six names of the contract, with their words', async (t) => {
  const text = await scrape(await busyServer(t));
  for (const line of [
    '# HELP argus_fleet_registrations_total Total fleet register calls handled.',
    '# TYPE argus_fleet_registrations_total counter',
    'argus_fleet_registrations_total 2',
    '# TYPE argus_fleet_registrations_created gauge',
    '# HELP argus_fleet_heartbeats_total Total fleet heartbeat calls handled.',
    'argus_fleet_heartbeats_total 1',
    '# HELP argus_fleet_identity_conflicts_total Times an identity was seen from a new remote (duplicate CLUSTER_ID/fleet_id).',
    'argus_fleet_identity_conflicts_total 0',
    '# HELP argus_fleet_view_build_seconds Time to build a fleet view (source query + assemble).',
    '# TYPE argus_fleet_view_build_seconds histogram',
    'argus_fleet_view_build_seconds_count 1',
    '# HELP argus_fleet_clusters Registered clusters by fleet and health status.',
    'argus_fleet_clusters{fleet="asia",status="up"} 2',
    'argus_fleet_clusters{fleet="asia",status="down"} 0',
    '# HELP argus_fleet_registry_entries Total entries in the fleet registry (up and down).',
    'argus_fleet_registry_entries 2',
  ])
    t.ok(text.split('\n').includes(line), line);
  t.same(
    [...text.matchAll(/^argus_fleet_view_build_seconds_bucket\{le="([^"]+)"\}/gm)].map(([, le]) => le),
    [
      '0.005',
      '0.01',
      '0.025',
      '0.05',
      '0.075',
      '0.1',
      '0.25',
      '0.5',
      '0.75',
      '1',
      '2.5',
      '5',
      '7.5',
      '10',
      '+Inf',
    ],
  );
});

void t.test(
  'our own: requests by pattern and class of status, refusals by reason, shards, clusters',
  async (t) => {
    const text = await scrape(await busyServer(t));
    const requests = (route: string, status: string): number =>
      valueOf(text, `shardlight_http_requests_total{route="${route}",status="${status}"}`);
    t.equal(requests('/fleet/register', '2xx'), 2);
    t.equal(requests('/fleet/heartbeat', '2xx'), 1);
    t.equal(requests('/fleet/heartbeat', '4xx'), 2);
    t.equal(requests('/api/fleet/view', '4xx'), 1, 'what was turned away at the gate has its route');
    t.equal(requests('/api/fleet/view', '2xx'), 1);
    t.equal(requests('other', '4xx'), 1, 'unknown paths');
    t.equal(valueOf(text, 'shardlight_http_refused_total{reason="unknown-member"}'), 1);
    t.equal(valueOf(text, 'shardlight_http_refused_total{reason="bad-request"}'), 1);
    t.equal(valueOf(text, 'shardlight_http_refused_total{reason="unauthorized"}'), 1);
    t.equal(valueOf(text, 'shardlight_shards{bot="main",state="online"}'), 1);
    t.equal(valueOf(text, 'shardlight_shards{bot="main",state="offline"}'), 1);
    t.equal(valueOf(text, 'shardlight_clusters{status="up"}'), 2);
    t.equal(valueOf(text, 'shardlight_log_failing'), 0);
    t.ok(valueOf(text, 'shardlight_event_loop_lag_max_seconds') >= 0);
    t.ok(valueOf(text, 'process_resident_memory_bytes') > 1e6);
  },
);

void t.test('Guild ids are in no metric, nor identities, tokens, addresses or paths', async (t) => {
  const text = await scrape(await busyServer(t));
  t.notMatch(text, /TELLTALE|10\.0\.0\.5|123456789012345678|127\.0\.0\.1|identity="|token="/);
});

void t.test('viewers, and what they were sent', async (t) => {
  const server = await serve(t, environment);
  const viewers = await Promise.all(
    [1, 2].map(() => listen(`ws://127.0.0.1:${server.port}/live?p=${PROTOCOL}`)),
  );
  await register(server, 'b');
  await beat(server, 'b', snapshotOf(up('0'), up('1')));
  await until(() => viewers.every(({ frames }) => frames.length > 1));
  const isTold = async (): Promise<boolean> => {
    const text = await scrape(server);
    const [first, second] = viewers.map(({ frames }) => frames) as [string[], string[]];
    const sent = [...first, ...second].reduce((bytes, frame) => bytes + Buffer.byteLength(frame), 0);
    return (
      valueOf(text, 'shardlight_viewers{feed="public"}') === 2 &&
      valueOf(text, 'shardlight_feed_messages_total{feed="public"}') === first.length - 1 &&
      valueOf(text, 'shardlight_feed_sent_bytes_total{feed="public"}') === sent
    );
  };
  t.ok(await until(isTold), 'the first by itself, the others published');
  for (const { socket } of viewers) socket.close();
  t.ok(await until(async () => valueOf(await scrape(server), 'shardlight_viewers{feed="public"}') === 0));
});

const quiet = {
  version: '1.0.0',
  now: () => T0,
  conflicts: () => 0,
  undeclaredProxies: () => 0,
  droppedLines: () => 0,
  maxReportBytes: 1_000,
};

void t.test('256 fleets have a label of their own, the others share one', async (t) => {
  const world = worldWith(learning({ maxClusters: 1_000 }));
  for (let i = 0; i < 300; i++) step(world, registration(`c${i}`, T0, { fleet: `fleet-${i}` }));
  const metrics = createMetrics({ ...quiet, world });
  t.teardown(metrics.close);
  const text = await textOf(metrics);
  t.equal(text.match(/^argus_fleet_clusters\{/gm)?.length, 2 * 257);
  t.equal(valueOf(text, 'argus_fleet_clusters{fleet="other",status="up"}'), 44);
});

const textOf = async ({ handle }: ReturnType<typeof createMetrics>): Promise<string> => {
  const { body } = await handle({} as Parameters<typeof handle>[0]);
  return body as string;
};

void t.test('the disk: syncs, the age of the state, and whether anything fails', async (t) => {
  let at = T0;
  const world = worldWith(learning());
  const metrics = createMetrics({ ...quiet, world, now: () => at, conflicts: () => 3 });
  t.teardown(metrics.close);
  at += 5_000;
  t.equal(valueOf(await textOf(metrics), 'shardlight_state_age_seconds'), 5, 'since the start');
  metrics.stateSaved(at);
  metrics.logSynced(0.002);
  metrics.logFailing(true);
  at += 7_000;
  const text = await textOf(metrics);
  t.equal(valueOf(text, 'shardlight_state_age_seconds'), 7);
  t.equal(valueOf(text, 'shardlight_log_sync_seconds_count'), 1);
  t.equal(valueOf(text, 'shardlight_log_failing'), 1);
  t.equal(valueOf(text, 'argus_fleet_identity_conflicts_total'), 3);
});

void t.test(
  'how near reports come to the limit, for some minutes; proxies that nobody declared',
  async (t) => {
    const clock = testClock();
    const server = await serve(t, { ...environment, ARGUS_FLEET_MAX_BODY_BYTES: '5000' }, clock);
    const scraped = async (series: string): Promise<number> => valueOf(await scrape(server), series);
    t.equal(await scraped('shardlight_report_largest_bytes'), 0);
    t.equal(await scraped('shardlight_report_limit_bytes'), 5_000);
    await send(server, 'heartbeat', 'x'.repeat(4_321));
    await send(server, 'heartbeat', 'x'.repeat(99));
    t.equal(await scraped('shardlight_report_largest_bytes'), 4_321);
    clock.advance(300_000);
    t.equal(await scraped('shardlight_report_largest_bytes'), 4_321, 'still that of the last minutes');
    clock.advance(300_000);
    t.equal(await scraped('shardlight_report_largest_bytes'), 0);
    t.equal(await scraped('shardlight_undeclared_proxies'), 0);
    await ask(server.port, 'GET /plain', { 'X-Forwarded-For': '203.0.113.7' });
    t.equal(await scraped('shardlight_undeclared_proxies'), 1);
  },
);

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

void t.test(
  'promtool finds nothing to say',
  { skip: hasPromtool ? false : 'promtool (apt package prometheus) is not here' },
  async (t) => {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: await scrape(await busyServer(t)),
      encoding: 'utf8',
    });
    t.same([status, `${stdout}${stderr}`], [0, '']);
  },
);
