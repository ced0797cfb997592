// The doctor at real servers: what is well, each illness, each token, and the probe that leaves nothing behind.
import t, { type Test } from 'tap';
import { post, serve, testClock, until, type TestServer } from '../../harness.js';
import { ask } from '../../http/raw.js';
import { snapshotOf, up } from '../../compat/member.js';
import { diagnose, inState, of, said } from './diagnose.js';

const tokens = {
  ingest: 'the-ingest-token',
  viewer: 'the-viewer-token',
  metrics: 'the-metrics-token',
  operator: 'the-operator-token',
};
const environment = {
  SHARDLIGHT_HOST: '127.0.0.1',
  SHARDLIGHT_BOTS: 'main:4',
  SHARDLIGHT_VIEW_CACHE_MS: '0',
  SHARDLIGHT_INGEST_TOKEN: tokens.ingest,
  SHARDLIGHT_VIEWER_TOKEN: tokens.viewer,
  SHARDLIGHT_METRICS_TOKEN: tokens.metrics,
  SHARDLIGHT_OPERATOR_TOKEN: tokens.operator,
};
const bearer = { authorization: `Bearer ${tokens.ingest}` };

/** A report of a member; throws where it is not taken. */
async function report({ base }: TestServer, path: string, body: object, headers = {}): Promise<void> {
  const { ok, status } = await post(`${base}/fleet/${path}`, body, { ...bearer, ...headers });
  if (!ok) throw new Error(`${path}: ${status}`);
}

const beat = (server: TestServer, identity: string, ...shards: number[]): Promise<void> =>
  report(server, 'heartbeat', { identity, snapshot: snapshotOf(...shards.map((id) => up(`${id}`))) });

async function join(server: TestServer, identity: string, ...shards: number[]): Promise<void> {
  await report(server, 'register', { identity, fleet: 'asia' });
  await beat(server, identity, ...shards);
}

void t.test('a server that is well: every check is made, and none has anything to say', async (t) => {
  const server = await serve(t, environment);
  await join(server, 'a', 0, 1);
  await join(server, 'b', 2, 3);
  const lines = await diagnose({ base: server.base, tokens, more: { namespace: 'discord' } });
  t.same([...inState(lines, 'problem'), ...inState(lines, 'warning')], []);
  t.same(said(lines, 'token'), [
    'ok --ingest: whoever has it may report',
    'ok --viewer: whoever has it may read metrics, read the fleet',
    'ok --metrics: whoever has it may read metrics',
    'ok --operator: whoever has it may read metrics, read the fleet, act',
  ]);
  t.same(said(lines, 'fleets'), ['ok 1 fleet(s), 2/2 clusters up']);
  const checks = [
    'reach',
    'tls',
    'ready',
    'clock',
    'shown-time',
    'namespace',
    'page',
    'fleet-view',
    'double-claims',
    'snapshot-size',
    'identities',
  ];
  for (const name of [...checks, 'metrics', 'log', 'state', 'report-size', 'proxies', 'version', 'live'])
    t.equal(of(lines, name)[0]?.state, 'ok', name);
  t.equal(server.log.filter((line) => line.includes('ERROR')).length, 0);
  t.same(
    ((await (await fetch(`${server.base}/api/view`)).json()) as { bots: unknown[] }).bots.length,
    1,
    'and it wrote nothing',
  );
});

void t.test(
  'clusters that are down, claim the same shard, are too long, or come from two places',
  async (t) => {
    const clock = testClock();
    const server = await serve(
      t,
      { ...environment, SHARDLIGHT_MAX_BODY_BYTES: '4096', SHARDLIGHT_TRUSTED_PROXY: '1' },
      clock,
    );
    await join(server, 'gone', 3);
    await join(server, 'stopped', 3);
    await report(server, 'goodbye', { identity: 'stopped' });
    clock.advance(40_000);
    await join(server, 'a', 0, 1);
    await join(server, 'b', 1, 2);
    await report(server, 'heartbeat', { identity: 'a', shard_count: 4 });
    await report(server, 'heartbeat', { identity: 'b', shard_count: 8 });
    for (const from of ['203.0.113.7', '203.0.113.8', '203.0.113.7']) {
      clock.advance(1_000); // where a beat comes from is asked once a second
      await report(server, 'heartbeat', { identity: 'b' }, { 'x-forwarded-for': from });
    }
    await post(`${server.base}/fleet/heartbeat`, { identity: 'a', more: 'x'.repeat(4_096) }, bearer);
    clock.advance(10_000);
    const lines = await until(async () => {
      const found = await diagnose({
        base: server.base,
        tokens: { viewer: tokens.viewer },
        wall: clock.now,
      });
      return of(found, 'clusters-down').length > 0 && found;
    });
    t.same(said(lines, 'fleets'), ['ok 1 fleet(s), 2/4 clusters up, 1 stopped on purpose']);
    t.same(said(lines, 'clusters-down'), ["problem fleet 'asia': 1 cluster(s) down"]);
    t.same(said(lines, 'double-claims'), [
      "problem bot 'main': 1 shard is Online in two clusters at once: 1",
    ]);
    t.same(said(lines, 'snapshot-size'), [
      'problem the snapshots of 1 cluster are too long to be read: asia #3 (a)',
    ]);
    t.same(said(lines, 'identities'), [
      'warning 1 identity is heard from two addresses in turns: asia #4 (b)',
    ]);
    t.same(said(lines, 'shard-count'), ["warning bot 'main': clusters declare 4 and 8 shards"]);
  },
);

void t.test(
  'reports near the cap, a proxy that nobody declared, another version, another namespace',
  async (t) => {
    const server = await serve(t, { ...environment, SHARDLIGHT_MAX_BODY_BYTES: '4096' });
    await report(server, 'register', { identity: 'a' });
    await report(server, 'heartbeat', { identity: 'a', more: 'x'.repeat(3_500) });
    await ask(server.port, 'GET /plain', { 'X-Forwarded-For': '203.0.113.7' });
    const lines = await diagnose({
      base: server.base,
      tokens: { any: tokens.metrics },
      more: { namespace: 'argus' },
      version: '9.9.9',
    });
    t.match(said(lines, 'report-size'), [
      /^warning the longest report of the last minutes is 3,\d\d\d of 4,096 bytes \(8\d %\)$/,
    ]);
    t.match(said(lines, 'proxies'), [/^warning .*X-Forwarded-For/]);
    t.match(said(lines, 'version'), [
      /^warning the server is version \d+\.\d+\.\d+, this doctor is 9\.9\.9$/,
    ]);
    t.same(said(lines, 'namespace'), ["problem namespace 'discord' (expected 'argus')"]);
    t.match(said(lines, 'fleet-view'), [/^skipped .*not looked at without a token that may read the fleet$/]);
  },
);

void t.test('tokens that are wrong, or of another role', async (t) => {
  const { base } = await serve(t, environment);
  const line = async (
    role: 'any' | 'ingest' | 'viewer' | 'operator',
    text: string,
  ): Promise<string | undefined> => said(await diagnose({ base, tokens: { [role]: text } }), 'token')[0];
  t.match(await line('any', 'wrong-wrong'), /^problem --any: opens nothing here \(401/);
  t.match(await line('ingest', tokens.viewer), /^problem --ingest: whoever has it may .*, and not report$/);
  t.match(await line('operator', tokens.viewer), /^problem --operator: .*, and not act$/);
  t.match(await line('viewer', tokens.operator), /^warning --viewer: .* more than it needs to$/);
});

void t.test('without tokens: open while only this machine comes, and nothing registered yet', async (t) => {
  const { base } = await serve(t, {});
  const lines = await diagnose({ base, more: { mayWrite: true } });
  t.match(said(lines, 'open'), [
    /^ok without a token everybody may report, read metrics, read the fleet, act: fine/,
  ]);
  t.match(said(lines, 'fleets'), [/^warning no clusters registered yet/]);
  t.match(said(lines, 'probe'), [/^skipped .*it would create one on the public page/]);
  await post(`${base}/api/bots/main/shards`, { shard_count: 1, shards: [{ id: 0, state: 'online' }] });
  t.match(said(await diagnose({ base }), 'fleets'), [/^ok no clusters registered; bots report without/]);
});

void t.test('a role that no token grants, on an address that others reach', async (t) => {
  const { port } = await serve(t, { SHARDLIGHT_HOST: '0.0.0.0', SHARDLIGHT_INGEST_TOKEN: tokens.ingest });
  const lines = await diagnose({ base: `http://127.0.0.1:${port}`, tokens: { ingest: tokens.ingest } });
  t.match(said(lines, 'fleet-view'), [
    /^skipped .*because nobody may: .*set SHARDLIGHT_VIEWER_TOKEN or SHARDLIGHT_TOKEN$/,
  ]);
  t.same(inState(lines, 'problem'), []);
});

void t.test('times on the page that are not those of this machine', async (t) => {
  const { base, clock } = await serve(t, environment);
  const line = async (aheadMs: number): Promise<string | undefined> =>
    said(await diagnose({ base, wall: () => clock.now() - aheadMs }), 'shown-time')[0];
  t.match(await line(0), /^ok the times on the page agree/);
  t.match(await line(7_200_000), /^problem the times on the page are 120 minutes ahead of/);
  t.match(await line(-7_200_000), /^problem the times on the page are 120 minutes behind/);
});

void t.test('a page that only viewers may see', async (t) => {
  const { base } = await serve(t, { ...environment, SHARDLIGHT_PUBLIC: '0' });
  t.match(said(await diagnose({ base }), 'live'), [/^skipped WS \/live -> 401: the page is private/]);
  t.match(said(await diagnose({ base, tokens: { viewer: tokens.viewer } }), 'live'), [
    /^ok WS \/live -> 101/,
  ]);
});

const identitiesOf = async ({ base }: TestServer): Promise<string[]> => {
  const view = await fetch(`${base}/api/fleet/view`, {
    headers: { authorization: `Bearer ${tokens.viewer}` },
  });
  const { fleets } = (await view.json()) as { fleets: { clusters: { identity: string }[] }[] };
  return fleets.flatMap(({ clusters }) => clusters.map(({ identity }) => identity));
};

const probed = async (t: Test, given: Partial<typeof tokens>, more = {}): Promise<[TestServer, string[]]> => {
  const server = await serve(t, { ...environment, ...more });
  const lines = await diagnose({ base: server.base, tokens: given, more: { mayWrite: true } });
  return [server, [...said(lines, 'probe'), ...said(lines, 'probe-tidy')]];
};

void t.test('the probe: from a post to its frame; an operator token forgets its cluster again', async (t) => {
  for (const more of [{}, { SHARDLIGHT_REQUIRE_LEASE: '1' }]) {
    const [server, lines] = await probed(t, tokens, more);
    t.match(lines, [
      /^ok from a post to its frame \d+ ms$/,
      /^ok the cluster doctor-[0-9a-f]{8} is forgotten again$/,
    ]);
    t.same(await identitiesOf(server), []);
    const view = (await (await fetch(`${server.base}/api/view`)).json()) as {
      bots: { clusters: unknown[]; shardCount: number }[];
    };
    t.match(view.bots, [{ clusters: [], shardCount: 4 }], 'and the page never knew');
  }
});

void t.test(
  'without an operator token the probe says what it leaves; without the others it is not made',
  async (t) => {
    const [server, lines] = await probed(t, { ingest: tokens.ingest, viewer: tokens.viewer });
    t.match(lines, [
      /^ok/,
      /^skipped the cluster doctor-[0-9a-f]{8} of the fleet "doctor" is left behind, as stopped$/,
    ]);
    t.match(await identitiesOf(server), [/^doctor-/]);
    t.match((await probed(t, { viewer: tokens.viewer }))[1], [
      /^skipped the probe needs a token that may report$/,
    ]);
    t.match((await probed(t, { ingest: tokens.ingest }))[1], [
      /^skipped the probe needs a token that may read the fleet/,
    ]);
  },
);
