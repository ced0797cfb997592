// What becomes of the page when time leaps or the clock is set: nothing that never was (RULES 25 and 26).
import t from 'tap';
import type { PublicView } from '../../public/shared/wire.js';
import { listen, post, startServer, forget, serve, testClock, until, type TestServer } from '../harness.js';

const HOUR = 3_600_000;
const BOTS = { SHARDLIGHT_BOTS: 'main:4:My Bot' };

const viewOf = async ({ base }: TestServer): Promise<PublicView> =>
  (await (await fetch(`${base}/api/view`)).json()) as PublicView;

/** A cluster with two shards, and a third one that Glance tells of. */
async function say(server: TestServer, lease?: string): Promise<string> {
  const shards = [
    { id: 0, state: 3 },
    { id: 1, state: 3 },
  ];
  const about = { identity: 'a', fleet: 'asia', ...(lease ? { lease } : {}) };
  const registered = await post(`${server.base}/fleet/register`, about);
  await post(`${server.base}/fleet/heartbeat`, { identity: 'a', shards });
  await post(`${server.base}/api/status/main/2/3`);
  return ((await registered.json()) as { lease: string }).lease;
}

void t.test(
  '25: a process that stood still for an hour opens no incident, and greys what it did not hear',
  async (t) => {
    const clock = testClock();
    const server = await serve(t, BOTS, clock);
    await say(server);
    clock.leap(HOUR);
    await post(`${server.base}/fleet/heartbeat`, { identity: 'a' });
    const view = await until(async () => {
      const seen = await viewOf(server);
      return seen.bots[0]!.states === '3300' && seen;
    });
    t.same(view.incidents, []);
    t.equal(view.bots[0]!.counts.unhealthy, 0);
    clock.advance(50_000);
    const later = await until(async () => {
      const seen = await viewOf(server);
      return seen.incidents.length > 0 && seen;
    });
    t.match(later.bots[0]!.states, '1110', 'who is silent for a lease after it has fallen silent');
  },
);

void t.test('25: a pause no longer than a lease changes nothing', async (t) => {
  const clock = testClock();
  const server = await serve(t, BOTS, clock);
  await say(server);
  clock.leap(44_000);
  await post(`${server.base}/api/health/main/2`);
  t.equal((await viewOf(server)).bots[0]!.states, '3330');
  clock.advance(44_000);
  t.equal((await viewOf(server)).bots[0]!.states, '3330', 'every lease began anew');
});

void t.test(
  '26: the clock is set back: what people read follows it at once, leases do not, and it is said once',
  async (t) => {
    const clock = testClock();
    const server = await serve(t, BOTS, clock);
    await say(server);
    await post(`${server.base}/api/status/main/3/2`);
    const viewer = await listen(server.base.replace('http', 'ws') + '/live?p=2');
    await until(() => viewer.frames.length > 0);
    const before = await until(async () => {
      const seen = await viewOf(server);
      return seen.incidents.length > 0 && seen;
    });
    clock.setBack(2 * HOUR);
    await viewOf(server); // the server looks at the clock
    clock.advance(1_000);
    const at = clock.now();
    const view = await until(async () => {
      const seen = await viewOf(server);
      return seen.at === at && seen;
    });
    const shown = (time: number): number => time - 2 * HOUR;
    t.equal(view.bots[0]!.heardAt, shown(before.bots[0]!.heardAt!));
    t.same(
      view.bots[0]!.notReady,
      before.bots[0]!.notReady.map(([id, since]) => [id, shown(since)]),
    );
    t.equal(view.incidents[0]!.startedAt, shown(before.incidents[0]!.startedAt));
    t.equal(view.bots[0]!.states, '3332', 'and nothing happened');
    const patch = await until(() =>
      viewer.frames
        .map((text) => JSON.parse(text) as { op: string; at: number })
        .find((frame) => frame.op === 'patch' && frame.at === at),
    );
    t.equal(patch.at, at, 'who watches is told');
    const said = server.log.filter((line) => line.includes('set back'));
    t.equal(said.length, 1);
    t.match(said[0], 'set back by 7200 s');
    clock.advance(40_000);
    t.equal((await viewOf(server)).bots[0]!.states, '3332');
    clock.advance(6_000);
    t.equal((await viewOf(server)).bots[0]!.states, '1112', 'leases run at the pace of time');
    t.equal(server.log.filter((line) => line.includes('set back')).length, 1);
    viewer.socket.close();
  },
);

void t.test(
  '26: our times never go back over a restart, and what people read is right after it',
  async (t) => {
    const clock = testClock();
    const first = await startServer(BOTS, clock);
    t.teardown(() => forget(first));
    await say(first);
    await first.stop();
    clock.setBack(2 * HOUR);
    const second = await startServer(BOTS, clock, first.statePath);
    t.teardown(() => second.stop());
    clock.advance(250);
    const view = await viewOf(second);
    t.equal(view.at, clock.now());
    t.equal(view.bots[0]!.states, '3330', 'as it was: hardly any time has passed');
    await say(second);
    const heardAt = clock.now();
    clock.advance(1_000); // views are a second old at most
    t.match(await viewOf(second), { bots: [{ heardAt }] });
  },
);

void t.test(
  '25: a clock set forward by a day forgets nobody who comes back within a lease, whatever the retention',
  async (t) => {
    const clock = testClock();
    const server = await serve(t, { ...BOTS, SHARDLIGHT_RETENTION_DAYS: '1' }, clock);
    const register = async (identity: string): Promise<number> =>
      ((await (await post(`${server.base}/fleet/register`, { identity })).json()) as { number: number })
        .number;
    for (const identity of ['a', 'b', 'gone']) await register(identity);
    clock.advance(46_000);
    await post(`${server.base}/fleet/heartbeat`, { identity: 'a' });
    clock.leap(24 * HOUR);
    clock.advance(20_000); // pruning comes every 15 s
    for (const identity of ['a', 'b']) await post(`${server.base}/fleet/heartbeat`, { identity });
    clock.advance(100_000);
    await until(async () =>
      (await (await fetch(`${server.base}/metrics`)).text()).includes('argus_fleet_registry_entries 2\n'),
    );
    t.same([await register('a'), await register('b')], [1, 2], 'only who is gone was forgotten');
  },
);
