// The reporter on its own: what it says to a real server, what it makes of bad answers, and that nothing reaches the bot.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import type { Test } from 'tap';
import { begin, type ReporterOptions } from '../../server/member/begin.js';
import type { ShardReport } from '../../server/member/index.js';
import { changedRows, rowsOf } from '../../server/member/rows.js';
import { beatDelayMs, retryDelayMs } from '../../server/member/pace.js';
import { createTroubleNotes } from '../../server/member/trouble.js';
import type { PublicView } from '../../public/shared/wire.js';
import { serve, testClock, TEST_STARTS_AT, until as whenSo, type TestServer } from '../harness.js';
import { folder, watch, WITHOUT_RATES } from './watch.js';

interface Asked {
  path: string;
  body: Record<string, unknown>;
  authorization: string;
  socket: Socket;
  answer: (status: number, body?: string, headers?: Record<string, string>) => void;
}

/** A server whose answers are given by hand, for those that a healthy one does not give. */
async function byHand(
  t: Pick<Test, 'teardown'>,
): Promise<{ url: string; asked: Asked[]; close: () => void }> {
  const asked: Asked[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    asked.push({
      path: request.url ?? '',
      body: JSON.parse(text) as Record<string, unknown>,
      authorization: request.headers.authorization ?? '',
      socket: request.socket,
      answer: (status, body = '', headers = {}) => response.writeHead(status, headers).end(body),
    });
  };
  const server = createServer((request, response) => void take(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  t.teardown(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked, close };
}

const viewOf = async ({ base }: TestServer): Promise<PublicView> =>
  (await (await fetch(`${base}/api/view`)).json()) as PublicView;

const REGISTERED = '{"number":1,"lease":"first","bot":"main"}';

/** A reporter's time: it stands still until it leaps to what is planned next. */
class Time {
  at = TEST_STARTS_AT;
  #planned: { at: number; run: () => void }[] = [];
  readonly now = (): number => this.at;
  readonly random = (): number => 0.5;
  readonly after = (ms: number, run: () => void): (() => void) => {
    const plan = { at: this.at + ms, run };
    this.#planned.push(plan);
    return () => (this.#planned = this.#planned.filter((one) => one !== plan));
  };

  leap(): void {
    const [first] = this.#planned.sort((a, b) => a.at - b.at);
    if (!first) return;
    this.#planned.shift();
    this.at = Math.max(this.at, first.at);
    first.run();
  }
}

/** Of the reporters of this test. */
const times = new Set<Time>();

/** While something is waited for, their time passes: a reporter plans nothing while a request of it is under way. */
const until: typeof whenSo = (condition) =>
  whenSo(async () => {
    const value = await condition();
    if (!value) for (const time of times) time.leap();
    return value;
  });

function reporterOf(
  t: Test,
  options: Partial<ReporterOptions> & { url: string },
): { notes: string[]; time: Time; stop: () => Promise<void>; changed: () => void } {
  const notes: string[] = [];
  const time = new Time();
  const settings = {
    stateDir: folder(t),
    identity: 'a',
    signals: false,
    shards: (): ShardReport[] => [{ id: 0, state: 'online' }],
    note: (line: string) => notes.push(line),
    ...options,
  };
  const { reporter } = begin(settings, () => null, 0, time);
  times.add(time);
  t.teardown(() => {
    times.delete(time);
    const stopped = reporter.stop();
    time.leap(); // nobody answers any more
    return stopped;
  });
  return { notes, time, ...reporter };
}

void t.test('rows carry what makes sense, and nothing else', (t) => {
  const odd = [
    { id: 0, state: 'online', latencyMs: 41.26, guilds: 900, unavailable: 3 },
    { id: 1, state: 'online', latencyMs: NaN, guilds: 1.5 },
    { id: 2, state: 'online', latencyMs: Infinity, unavailable: -1 },
    { id: 3, state: 'resuming', latencyMs: -1 },
    { id: -1, state: 'online' },
    { id: 1e9, state: 'online' },
    { id: '4', state: 'online' },
    { id: 5, state: 'fine' },
  ] as ShardReport[];
  t.same(
    [...rowsOf(odd).values()],
    [
      { id: 0, state: 'online', latency_ms: 41.3, guilds: 900, unavailable: 3 },
      { id: 1, state: 'online' },
      { id: 2, state: 'online' },
      { id: 3, state: 'resuming' },
    ],
  );
  const before = rowsOf([{ id: 0, state: 'online', latencyMs: 1, unavailable: 2 }]);
  t.same(changedRows(rowsOf([{ id: 0, state: 'online', latencyMs: 2, unavailable: 1 }]), before), []);
  t.equal(changedRows(rowsOf([{ id: 0, state: 'online', unavailable: 0 }]), before).length, 1);
  t.end();
});

void t.test(
  'beats come every 15 s, a tenth early or late; attempts wait longer and longer, half by chance',
  (t) => {
    t.same([0, 0.5, 1].map(beatDelayMs), [13_500, 15_000, 16_500]);
    t.same(
      [1, 2, 3, 7, 99].map((failures) => retryDelayMs(failures, 1)),
      [1_000, 2_000, 4_000, 60_000, 60_000],
    );
    t.equal(retryDelayMs(1, 0), 500);
    t.end();
  },
);

void t.test('any library: what it says is on the page, changes at once', async (t) => {
  const server = await serve(t, { ...WITHOUT_RATES, SHARDLIGHT_BOTS: 'main:2;demo:2' }, testClock());
  const seen = await watch(t, server);
  const shards: ShardReport[] = [0, 1].map((id) => ({ id, state: 'online', latencyMs: 40 }));
  const reporter = reporterOf(t, { url: `${server.base}/`, shards: () => shards, shardCount: () => 2 });
  await until(() => seen.of(1).at(-1) === 'online');
  shards[1] = { id: 1, state: 'resuming' };
  reporter.changed();
  await until(() => seen.of(1).at(-1) === 'resuming');
  await reporter.stop();
  await until(() => seen.of(0).at(-1) === 'stopping');
  t.same(reporter.notes, []);
});

void t.test('with leases required it goes on after a restart, and says so where it cannot', async (t) => {
  const environment = { ...WITHOUT_RATES, SHARDLIGHT_BOTS: 'main:1', SHARDLIGHT_REQUIRE_LEASE: '1' };
  const server = await serve(t, environment, testClock());
  const seen = await watch(t, server);
  const stateDir = folder(t);
  for (let run = 0; run < 3; run++) {
    const before = seen.of(0).length;
    const reporter = reporterOf(t, { url: server.base, stateDir });
    await until(() => seen.of(0).length > before && seen.of(0).at(-1) === 'online');
    await reporter.stop();
    await until(() => seen.of(0).at(-1) === 'stopping');
    t.same(reporter.notes, []);
  }
  const stranger = reporterOf(t, { url: server.base });
  await until(() => stranger.notes.length > 0);
  t.match(stranger.notes[0], /another process reports under this identity\. .*its own identity or stateDir/);
  t.equal(seen.of(0).at(-1), 'stopping');
});

void t.test('whoever stops it again, as a signal and a bot do, waits for the same goodbye', async (t) => {
  const { url, asked } = await byHand(t);
  const reporter = reporterOf(t, { url });
  await until(() => asked[0]);
  asked[0]!.answer(200, REGISTERED);
  await until(() => asked[1]);
  asked[1]!.answer(204);
  void reporter.stop();
  let isOver = false;
  const again = reporter.stop().then(() => (isOver = true));
  const goodbye = await until(() => asked.find(({ path }) => path === '/fleet/goodbye'));
  t.equal(isOver, false);
  goodbye.answer(204);
  await again;
});

void t.test('who it is: as told, by its cluster, or made once and kept for that bot', async (t) => {
  const identities = async (options: Partial<ReporterOptions>): Promise<string> => {
    const { url, asked } = await byHand(t);
    const reporter = reporterOf(t, { url, identity: undefined, ...options });
    const [first] = await until(() => (asked[0] ? asked : undefined));
    first!.answer(503);
    await reporter.stop();
    return String(first!.body['identity']);
  };
  t.equal(await identities({ identity: 'x', clusterId: 7 }), 'x');
  t.equal(await identities({ clusterId: 7 }), 'main-7');
  t.equal(await identities({ clusterId: 0, bot: 'demo' }), 'demo-0');
  const stateDir = folder(t);
  const made = await identities({ stateDir });
  t.match(made, /^[0-9a-f-]{36}$/);
  t.equal(await identities({ stateDir }), made);
  const music = await identities({ stateDir, bot: 'music' });
  t.not(music, made, 'another bot is somebody else');
  t.not(music, await identities({ stateDir, bot: 'moderation' }));
  t.equal(await identities({ stateDir, bot: 'music' }), music);
  const notAFolder = join(stateDir, (await readdir(stateDir))[0]!);
  const unkept = await identities({ stateDir: notAFolder });
  t.match(unkept, /^[0-9a-f]{16}$/);
  t.equal(await identities({ stateDir: notAFolder }), unkept, 'a folder that takes nothing is fine');
});

void t.test('several bots of one process in one folder are all on the page', async (t) => {
  const server = await serve(
    t,
    { ...WITHOUT_RATES, SHARDLIGHT_BOTS: 'main:2;music:1;moderation:1' },
    testClock(),
  );
  const common = { url: server.base, stateDir: folder(t), identity: undefined };
  for (const bot of ['music', 'moderation']) reporterOf(t, { ...common, bot });
  for (const id of [0, 1]) reporterOf(t, { ...common, shards: () => [{ id, state: 'online' }] });
  const states = async (): Promise<string> => (await viewOf(server)).bots.map((bot) => bot.states).join();
  await until(async () => (await states()) === '33,3,3');
});

void t.test('the lease is kept for its owner alone, and shown from then on', async (t) => {
  const { url, asked } = await byHand(t);
  const stateDir = folder(t);
  reporterOf(t, { url, stateDir, token: 'secret' });
  await until(() => asked[0]);
  t.match(asked[0], { path: '/fleet/register', authorization: 'Bearer secret', body: { identity: 'a' } });
  t.notOk('lease' in asked[0]!.body);
  asked[0]!.answer(200, REGISTERED);
  await until(() => asked[1]);
  t.match(asked[1], {
    path: '/fleet/heartbeat',
    body: { lease: 'first', shards: [{ id: 0, state: 'online' }] },
  });
  const [file] = await readdir(stateDir);
  t.equal(await readFile(join(stateDir, file!), 'utf8'), 'first');
  t.equal((await stat(join(stateDir, file!))).mode & 0o777, 0o600);
  const again = await byHand(t);
  reporterOf(t, { url: again.url, stateDir });
  await until(() => again.asked[0]);
  t.match(again.asked[0], { body: { lease: 'first' } });
  asked[1]!.answer(204);
  again.asked[0]!.answer(503);
});

void t.test('one request at a time; a 404 is answered by registering again', async (t) => {
  const { url, asked } = await byHand(t);
  const state = { now: 'online' as ShardReport['state'] };
  const reporter = reporterOf(t, { url, shards: () => [{ id: 0, state: state.now }] });
  await until(() => asked[0]);
  asked[0]!.answer(200, REGISTERED);
  await until(() => asked[1]);
  await until(() => asked[0]!.socket.destroyed); // a connection that is kept would wake the bot when it ends
  state.now = 'resuming';
  for (let i = 0; i < 100; i++) reporter.changed();
  t.equal(asked.length, 2, 'the beat is not answered yet');
  asked[1]!.answer(204);
  await until(() => asked[2]);
  t.match(asked[2], {
    path: '/api/bots/main/shards',
    body: { identity: 'a', lease: 'first', shards: [{ id: 0, state: 'resuming' }] },
  });
  asked[2]!.answer(404, '{"error":"identity is not registered"}');
  await until(() => asked[3]);
  t.equal(asked[3]!.path, '/fleet/register');
  t.same(reporter.notes, [], 'a server that forgot us is no news');
});

void t.test('what the server refuses is said in words, with what to do and without the token', async (t) => {
  for (const [status, words] of [
    [400, /does not understand the reports.* \(400 no\)/],
    [401, /refuses the token.*SHARDLIGHT_INGEST_TOKEN/],
    [403, /does not take this bot.*SHARDLIGHT_MAX_CLUSTERS/],
    [409, /another process reports under this identity/],
    [503, /reports do not arrive \(503/],
  ] as const) {
    const { url, asked } = await byHand(t);
    const { notes } = reporterOf(t, { url, token: 'secret-token' });
    await until(() => asked[0]);
    asked[0]!.answer(status, '{"error":"no"}');
    await until(() => asked[1]);
    asked[1]!.answer(status, '{"error":"no"}');
    await until(() => asked[2]);
    t.equal(notes.length, 1, `${status}`);
    t.match(notes[0], words);
    t.notMatch(notes.join(), 'secret-token');
  }
});

void t.test('a refusal is said again once a minute while it lasts, anything else once', (t) => {
  const notes: string[] = [];
  let now = 0;
  const { tell, over } = createTroubleNotes(
    (line) => notes.push(line),
    () => now,
  );
  const refused = (seconds: number): void =>
    tell({ status: 429, text: `{"error":"try again in ${seconds} s"}`, retryAfterMs: 0 });
  for (; now < 180_000; now += 10_000) refused(now / 1_000);
  t.equal(notes.length, 3);
  t.match(notes[1], /too many reports from here.*two processes.*\(429 try again in 60 s\)/);
  over();
  for (; now < 600_000; now += 10_000) tell({ status: 0, text: 'ECONNREFUSED', retryAfterMs: 0 });
  over();
  t.match(notes.slice(3), [
    'shardlight: reports arrive again',
    /reports do not arrive \(ECONNREFUSED\)/,
    'shardlight: reports arrive again',
  ]);
  t.end();
});

void t.test('Retry-After is waited for', async (t) => {
  const { url, asked } = await byHand(t);
  const { time } = reporterOf(t, { url });
  const beganAt = time.at;
  await until(() => asked[0]);
  asked[0]!.answer(429, '', { 'retry-after': '2' });
  await until(() => asked[1]);
  t.equal(time.at - beganAt, 2_000);
});

void t.test(
  'an answer that is none, a list that throws, a server that is not there: noted, never thrown',
  async (t) => {
    const { url, asked, close } = await byHand(t);
    let isBroken = true;
    const { notes } = reporterOf(t, {
      url,
      shards: () => {
        if (isBroken) throw new Error('my own bug');
        return [{ id: 0, state: 'online' }];
      },
    });
    await until(() => asked[0]);
    asked[0]!.answer(200, 'not JSON');
    await until(() => notes.some((line) => line.includes('JSON')));
    await until(() => asked[1]);
    asked[1]!.answer(200, REGISTERED);
    await until(() => notes.some((line) => line.includes('my own bug')));
    isBroken = false;
    await until(() => asked[2]);
    t.equal(asked[2]!.path, '/fleet/heartbeat');
    close();
    await until(() => notes.at(-1)!.includes('reports do not arrive'));
  },
);

void t.test(
  'what is no web address, or no token that a header may hold, is noted, never thrown',
  async (t) => {
    for (const [options, words] of [
      [{ url: 'status.example.com' }, '"status.example.com" is no web address'],
      [{ url: 'ftp://status.example.com' }, '"ftp://status.example.com" is no web address'],
      [{ url: '' }, '"" is no web address'],
      [{ url: 'http://127.0.0.1:1', token: 'a\nb' }, 'reports do not arrive'],
    ] as const) {
      const { notes } = reporterOf(t, options);
      await until(() => notes.length > 0);
      t.match(notes[0], words);
      t.notMatch(notes[0], 'a\nb');
    }
  },
);
