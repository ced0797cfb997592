// The live socket: what a newcomer gets, what everybody gets, and who is sent away.
import t from 'tap';
import { OFFLINE } from '../../public/shared/states.js';
import { applySnapshot } from '../../public/shared/patch.js';
import {
  PROTOCOL,
  type LiveFrame,
  type PatchFrame,
  type PublicView,
  type SnapshotFrame,
} from '../../public/shared/wire.js';
import { applyFrame, type Known } from '../../public/status/frames.js';
import { createPublicFeed } from '../../server/feed/public.js';
import { rulesWith, worldWith } from '../core/scene.js';
import { SOMEBODY } from '../feed/stage.js';
import {
  listen,
  post,
  serve,
  testClock,
  until,
  type Listener,
  type TestClock,
  type TestServer,
} from '../harness.js';

const live = ({ base }: TestServer, query = ''): Promise<Listener> =>
  listen(`${base.replace('http', 'ws')}/live?p=${PROTOCOL}${query.replace('?', '&')}`);

const view = async ({ base }: TestServer): Promise<PublicView> =>
  (await (await fetch(`${base}/api/view`)).json()) as PublicView;

const frames = ({ frames: texts }: Listener): LiveFrame[] =>
  texts.map((text) => JSON.parse(text) as LiveFrame);

const patches = (listener: Listener): PatchFrame[] =>
  frames(listener).filter((frame) => frame.op === 'patch');

/** A status that is in a patch of its own: the clock moves past the pace of patches first. */
async function report({ base }: TestServer, clock: TestClock, path: string): Promise<void> {
  clock.advance(100);
  await post(`${base}/api/status/${path}`);
}

/** A server that has gone through some versions, and the view at each. */
async function versions(
  t: Parameters<typeof serve>[0],
  clock: TestClock,
): Promise<{ server: TestServer; views: PublicView[] }> {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4' }, clock);
  const views = [await view(server)];
  for (const path of ['main/0/3', 'main/1/3', 'main/2/6']) {
    await report(server, clock, path);
    const next = await until(async () => {
      const seen = await view(server);
      return seen.version > views.at(-1)!.version && seen;
    });
    views.push(next);
  }
  return { server, views };
}

void t.test('a newcomer gets exactly the view, then what changes', async (t) => {
  const clock = testClock();
  const { server, views } = await versions(t, clock);
  const listener = await live(server);
  await until(() => listener.frames.length > 0);
  t.same(applySnapshot(JSON.parse(listener.frames[0]!) as SnapshotFrame), views.at(-1));
  await report(server, clock, 'main/3/2');
  await until(() => listener.frames.length > 1);
  t.equal(
    listener.frames[1],
    JSON.stringify({
      op: 'patch',
      v: views.at(-1)!.version + 1,
      at: clock.now(),
      bots: [{ key: 'main', heardAt: clock.now(), shards: { ids: '3', states: '2', since: '0' } }],
      incidents: [
        {
          id: 'main-1',
          bot: 'main',
          cause: null,
          state: 'offline',
          shards: '3',
          count: 1,
          down: 1,
          startedAt: clock.now(),
          endedAt: null,
        },
      ],
    }),
  );
});

void t.test('snapshot and patches make the view', async (t) => {
  const clock = testClock();
  const server = await serve(t, {}, clock);
  const listener = await live(server);
  await post(`${server.base}/fleet/register`, { identity: 'a', fleet: 'asia' });
  for (const shards of [[0, 1], [0, 1, 2], [2], [0, 2, 9]]) {
    clock.advance(1_000);
    const rows = shards.map((id) => ({ id, state: id === 1 ? 'resuming' : 'online' }));
    await post(`${server.base}/fleet/heartbeat`, { identity: 'a', shards: rows });
    await post(`${server.base}/api/bots/demo/shards`, { shard_count: 20, shards: rows.slice(-1) });
  }
  await until(() => listener.frames.length > 0);
  const seen = await until(() => {
    const { view } = knownOf(frames(listener));
    return view.bots.find(({ key }) => key === 'demo')?.states[9] === '3' && view; // what was reported last
  });
  t.same({ ...seen, at: 0 }, { ...(await view(server)), at: 0 });
});

function knownOf([first, ...rest]: LiveFrame[]): Known {
  return rest.reduce<Known>(
    (before, frame) => {
      const after = applyFrame(before, frame);
      if (after === 'gap') throw new Error('a patch is missing');
      return after;
    },
    { view: applySnapshot(first as SnapshotFrame), coming: null },
  );
}

void t.test(
  'who comes back with version and epoch gets the patches in between, and no snapshot',
  async (t) => {
    const clock = testClock();
    const { server, views } = await versions(t, clock);
    const { version, epoch } = views[1]!;
    const listener = await live(server, `?v=${version}&e=${epoch}`);
    await report(server, clock, 'main/3/3');
    await until(() => listener.frames.length > 2);
    t.match(
      frames(listener),
      [1, 2, 3].map((i) => ({ op: 'patch', v: version + i })),
    );
  },
);

void t.test(
  'who is up to date hears at once that the connection lives, and then what comes next',
  async (t) => {
    const clock = testClock();
    const { server, views } = await versions(t, clock);
    const { version, epoch } = views.at(-1)!;
    const listener = await live(server, `?v=${version}&e=${epoch}`);
    await report(server, clock, 'main/3/3');
    await until(() => listener.frames.length > 1);
    t.match(frames(listener), [{ op: 'alive' }, { op: 'patch', v: version + 1 }]);
  },
);

void t.test('any other version or epoch gets a snapshot', async (t) => {
  const { server, views } = await versions(t, testClock());
  const { version, epoch } = views.at(-1)!;
  const queries = [
    `?v=${version}&e=`,
    `?v=${version}&e=other`,
    `?v=${version}`,
    `?v=${version + 1}&e=${epoch}`,
    `?v=-1&e=${epoch}`,
    `?v=1e999&e=${epoch}`,
    `?v=x&e=${epoch}`,
    `?v=&e=${epoch}`,
    `?e=${epoch}`,
    '?%00=%ff&&&=',
  ];
  for (const query of queries) {
    const listener = await live(server, query);
    await until(() => listener.frames.length > 0);
    t.match(frames(listener), [{ op: 'snapshot', v: version }], query);
    listener.socket.terminate();
  }
});

void t.test('two viewers get the same text', async (t) => {
  const clock = testClock();
  const { server } = await versions(t, clock);
  const listeners = [await live(server), await live(server)] as const;
  for (const state of [1, 2, 3, 4, 5, 6]) {
    await report(server, clock, `main/3/${state}`);
    await until(() => listeners.every((listener) => patches(listener).length === state));
  }
  t.same(listeners[0].frames.slice(1), listeners[1].frames.slice(1));
});

void t.test('what a client sends is ignored, and more than 1 KiB of it closes the socket', async (t) => {
  const clock = testClock();
  const { server } = await versions(t, clock);
  const listener = await live(server);
  for (const junk of ['', '[', '{"op":"snapshot"}', Buffer.from([0, 255]), 'x'.repeat(1_024)])
    listener.socket.send(junk);
  await report(server, clock, 'main/3/2');
  await until(() => patches(listener).length > 0);
  listener.socket.send('x'.repeat(1_025));
  t.equal((await listener.closed).code, 1006);
});

void t.test(
  'an address may hold so many sockets on each feed, and a place that is left is free',
  async (t) => {
    const server = await serve(t, { SHARDLIGHT_BOTS: 'main:1', SHARDLIGHT_MAX_SOCKETS_PER_ADDRESS: '2' });
    for (const path of [`/live?p=${PROTOCOL}`, '/api/feed']) {
      const url = `${server.base.replace('http', 'ws')}${path}`;
      const [first] = [await listen(url), await listen(url)];
      const third = await listen(url);
      t.same(await third.closed, { code: 4008, reason: 'too many connections from this address' }, path);
      t.same(third.frames, []);
      first.socket.close();
      await first.closed;
      const next = await listen(url);
      t.ok(await until(() => next.frames[0]), path);
    }
  },
);

void t.test(
  'behind a declared proxy it is the client who is counted, and nobody is whoever they say',
  async (t) => {
    const cases: [proxies: string, closes: boolean][] = [
      ['127.0.0.1', false],
      ['1', false],
      ['0', true],
      ['10.0.0.0/8', true],
    ];
    for (const [proxies, closes] of cases) {
      const server = await serve(t, {
        SHARDLIGHT_TRUSTED_PROXY: proxies,
        SHARDLIGHT_MAX_SOCKETS_PER_ADDRESS: '1',
      });
      const url = `${server.base.replace('http', 'ws')}/live?p=${PROTOCOL}`;
      const from = (address: string): Promise<Listener> => listen(url, { 'x-forwarded-for': address });
      await from('198.51.100.1');
      const second = await from('198.51.100.2');
      let isClosed = false;
      void second.closed.then(() => (isClosed = true));
      await until(() => isClosed || second.frames.length > 0);
      t.equal(isClosed, closes, proxies);
    }
  },
);

void t.test('a line that the client wrote above the proxy’s own changes nothing', async (t) => {
  const server = await serve(t, {
    SHARDLIGHT_TRUSTED_PROXY: '127.0.0.1',
    SHARDLIGHT_MAX_SOCKETS_PER_ADDRESS: '1',
  });
  const claiming = (address: string): Promise<Listener> =>
    listen(`${server.base.replace('http', 'ws')}/live?p=${PROTOCOL}`, {
      'x-forwarded-for': [address, '198.51.100.1'],
    });
  await claiming('192.0.2.1');
  t.equal((await (await claiming('192.0.2.2')).closed).code, 4008);
});

void t.test('a stop sends everybody away, each to come back at another moment', async (t) => {
  const { server } = await versions(t, testClock());
  const listeners = await Promise.all(Array.from({ length: 5 }, () => live(server)));
  await Promise.all(listeners.map((listener) => until(() => listener.frames.length > 0)));
  await server.stop();
  const goodbyes = await Promise.all(listeners.map((listener) => listener.closed));
  t.ok(goodbyes.every(({ code }) => code === 1012));
  const waits = goodbyes.map(({ reason }) => Number(reason));
  t.equal(new Set(waits).size, 5);
  t.ok(waits.every((ms) => ms >= 1_000 && ms <= 3_000));
});

const isWhole = (text: string): boolean => !(JSON.parse(text) as PatchFrame).more;

/** Whenever shards 0 and 1 change their holder, the 90 KB of two clusters' shards are sent again: more than kernels hold in 25 s. */
async function flood({ base }: TestServer, clock: TestClock, fast: Listener): Promise<void> {
  let sentBytes = 0;
  for (let round = 1; sentBytes < 12e6; round++) {
    const seen = fast.frames.length;
    const state = round % 2 === 0 ? 'offline' : 'online';
    clock.advance(100);
    await post(`${base}/api/bots/main/shards`, { shards: [0, 1].map((id) => ({ id, state })) });
    await until(() => fast.frames.length > seen && isWhole(fast.frames.at(-1)!));
    for (const text of fast.frames.slice(seen)) sentBytes += text.length;
  }
}

/** Who read everything, and one that reads nothing since it came. */
async function fastAndSlow(
  t: Parameters<typeof serve>[0],
  clock: TestClock,
): Promise<{ server: TestServer; fast: Listener; slow: Listener }> {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:16384' }, clock);
  for (const [first, identity] of ['a', 'b'].entries()) {
    await post(`${server.base}/fleet/register`, { identity, fleet: 'asia' });
    const every = Array.from({ length: 8_192 }, (_, i) => ({ id: 2 * i + first, state: 'online' }));
    await post(`${server.base}/fleet/heartbeat`, { identity, shards: every });
  }
  const [fast, slow] = [await live(server), await live(server)];
  await until(() => fast.frames.length > 3 && slow.frames.length > 3);
  slow.socket.pause();
  return { server, fast, slow };
}

const lastVersion = ({ frames }: Listener): number =>
  Math.max(...frames.map((text) => (JSON.parse(text) as { v?: number }).v ?? 0));

void t.test('41: a viewer who reads slowly gets what it missed, and the others lose nothing', async (t) => {
  const clock = testClock();
  const { server, fast, slow } = await fastAndSlow(t, clock);
  await flood(server, clock, fast);
  slow.socket.resume();
  await until(() => lastVersion(slow) === lastVersion(fast));
  t.ok(slow.frames.length < fast.frames.length, `${slow.frames.length} of ${fast.frames.length} frames`);
  await report(server, clock, `main/2/${OFFLINE}`);
  await until(() => lastVersion(slow) === lastVersion(fast) && slow.frames.at(-1) === fast.frames.at(-1));
  const seen = patches(fast).map((patch) => patch.v);
  const first = seen[0] ?? NaN;
  t.same(
    seen,
    seen.map((_, i) => first + i),
  );
});

void t.test('41: who has not read for half a minute is hung up on', async (t) => {
  const clock = testClock();
  const { server, fast, slow } = await fastAndSlow(t, clock);
  await flood(server, clock, fast);
  clock.advance(30_000);
  await until(async () =>
    (await (await fetch(`${server.base}/metrics`)).text()).includes('shardlight_viewers{feed="public"} 1\n'),
  );
  slow.socket.resume();
  t.equal((await slow.closed).code, 1006);
});

void t.test(
  'alive tells when each bot was heard, without a new version, and only where somebody listens',
  (t) => {
    const rules = rulesWith({ configuredBots: [{ key: 'main', shardCount: 1, name: 'Main' }] });
    const published: string[] = [];
    const feed = createPublicFeed({
      world: worldWith(rules),
      title: () => 'Title',
      epoch: 'e',
      showClusters: true,
      publish: (_, text) => published.push(text),
      now: () => 2_000,
      schedule: () => undefined,
    });
    feed.alive();
    t.same(published, []);
    const { version } = feed.view();
    feed.opened(SOMEBODY, new URLSearchParams({ p: PROTOCOL }), null);
    feed.alive();
    t.same(published, ['{"op":"alive","at":2000,"heardAt":{"main":null}}']);
    t.equal(feed.view().version, version);
    t.end();
  },
);
