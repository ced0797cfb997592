// The state file of an Argus control plane becomes ours: numbers, leases and last shards stay, and so does the file, beside it.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { METRIC_KEYS } from '../../public/shared/metrics.js';
import t, { type Test } from 'tap';
import type { Rules } from '../../server/core/registry/registry.js';
import { keepArgusCopy } from '../../server/log/argus-copy.js';
import { realDisk } from '../../server/log/disk.js';
import { openLog, type OpenedLog } from '../../server/log/open.js';
import { learning, Scene } from '../core/scene.js';
import { startServer, testClock } from '../harness.js';
import { freshPath, reading } from './rig.js';

const recorded = (): Promise<string> => readFile('test/fixtures/argus-state-v1.json', 'utf8');

interface Entry {
  identity: string;
  fleet: string;
  number: number;
  [field: string]: unknown;
}

const entry = (identity: string, number: number, other: Record<string, unknown> = {}): Entry => ({
  identity,
  fleet: 'asia',
  number,
  first_seen: 1_795_225_120.1762369,
  last_seen: 1_795_225_149.858624,
  ...other,
});

/** What is opened of an Argus file with that text. */
async function opened(t: Test, text: string): Promise<OpenedLog> {
  const path = await freshPath(t);
  await writeFile(path, text);
  const log = await openLog(path, reading, 0);
  if (!log.ok) throw new Error(log.why);
  t.teardown(log.opened.lock.unlock);
  t.equal(await readFile(path, 'utf8'), text, 'untouched so far');
  return log.opened;
}

const imported = (t: Test, entries: unknown[], counters: Record<string, number> = {}): Promise<OpenedLog> =>
  opened(t, JSON.stringify({ version: 1, counters, entries }));

function sceneOf({ record, measures }: OpenedLog, rules?: Rules): Scene {
  const scene = new Scene(rules, 1_795_225_300_000, record);
  for (const [identity, kept] of measures) scene.world.clusters.get(identity)!.measures = kept;
  return scene;
}

void t.test('a recorded file: clusters keep number, lease, version, target, times and shards', async (t) => {
  const kept = await opened(t, await recorded());
  const scene = sceneOf(kept);
  t.match(scene.world.clusters.get('asia-0'), {
    fleet: 'asia',
    number: 1,
    version: '0.4.2',
    scrapeTarget: '10.0.0.5:9191',
    leaseHash: '17c697c1e0cd5dd1724700845e23e49a79b5368f429704e720dca30dbbed1650',
    status: 'up',
    firstSeenAt: 1_795_225_120_176,
    seenAt: 1_795_225_149_859,
  });
  t.same(
    scene.states(),
    ['unknown', 'unknown', 'offline', 'unknown'],
    'not heard from yet, but for the said Offline',
  );
  scene.beat('asia-0', null);
  t.same(scene.states(), ['online', 'online', 'offline', 'online']);
  t.match(scene.register('asia-1'), { ok: true, number: 2 });
  t.match(kept.notes, ['The Argus state file', /1 clusters keep their numbers/].slice(1));
});

void t.test('its last values and the shard count are there before anybody beats', async (t) => {
  const scene = sceneOf(await opened(t, await recorded()), learning());
  t.match(scene.view(), { shardCount: 4 });
  const { values } = scene.world.clusters.get('asia-0')!.measures;
  const told = Object.fromEntries(METRIC_KEYS.map((key, i) => [key, values[i]]));
  t.match(told, { latency_seconds: 0.129385, shards_up: 3 });
});

void t.test('also where bots are learnt, and their shard counts with them', async (t) => {
  const scene = sceneOf(await opened(t, await recorded()), learning());
  scene.beat('asia-0', null);
  t.match(scene.view(), { shardCount: 4, states: '3323' });
});

void t.test('Numbers are never reused, of clusters that Argus forgot neither', async (t) => {
  const kept = await imported(t, [entry('a', 2)], { asia: 7, eu: 3, __proto__: 1 });
  const scene = sceneOf(kept);
  t.match(scene.register('b'), { ok: true, number: 8 });
  t.match(scene.register('c', { fleet: 'eu' }), { ok: true, number: 4 });
  t.match(scene.register('a'), { ok: true, number: 2 });
  const odd = await opened(t, '{"counters":{"__proto__":5,"asia":1},"entries":[]}');
  t.match(sceneOf(odd).register('a', { fleet: '__proto__' }), { ok: true, number: 6 });
});

void t.test('a counter that lags behind its entries is put right', async (t) => {
  const scene = sceneOf(await imported(t, [entry('a', 9)], { asia: 3 }));
  t.match(scene.register('b'), { ok: true, number: 10 });
});

void t.test(
  'of two with the same number the first keeps it, the other gets the next one, and it is said',
  async (t) => {
    const kept = await imported(t, [entry('a', 1), entry('b', 1), entry('c', 2), entry('d', 1)], { asia: 2 });
    const numbers = [...sceneOf(kept).world.clusters.values()].map(({ identity, number }) => [
      identity,
      number,
    ]);
    t.same(numbers, [
      ['a', 1],
      ['b', 3],
      ['c', 2],
      ['d', 4],
    ]);
    t.same(kept.notes.slice(1), [
      '"b" was asia #1, as another one is: it is asia #3 now.',
      '"d" was asia #1, as another one is: it is asia #4 now.',
    ]);
  },
);

void t.test(
  'no version is version 1, and numbers that are none in JSON are read as Python wrote them',
  async (t) => {
    const text = (await recorded())
      .replace('"version": 1, "counters"', '"counters"')
      .replace('0.081956', 'Infinity');
    t.match(text, /^\{"counters".*Infinity/);
    t.equal(sceneOf(await opened(t, text)).world.clusters.size, 1);
  },
);

void t.test(
  'what Argus lets pass and no member could be called here is left out; its number stays taken',
  async (t) => {
    const kept = await imported(t, [entry('x'.repeat(129), 5), entry('b\n', 6)]);
    const scene = sceneOf(kept);
    t.equal(scene.world.clusters.size, 0);
    t.match(scene.register('a'), { ok: true, number: 7 });
    t.match(kept.notes[1], /^asia #5 was left out: /);
  },
);

void t.test('a target that is none is left out', async (t) => {
  const targets = ['http://169.254.169.254/latest', '10.0.0.5:9191', '[::1]:9191', 'host', 'a b:1', ''];
  const kept = await imported(
    t,
    targets.map((scrape_target, i) => entry(`${i}`, i + 1, { scrape_target })),
  );
  t.same(
    kept.record!.clusters.map(({ scrapeTarget }) => scrapeTarget),
    ['', '10.0.0.5:9191', '[::1]:9191', '', '', ''],
  );
});

void t.test('an entry that is wrong refuses the start and is named', async (t) => {
  const cases: [name: string, entries: unknown[], why: RegExp][] = [
    ['no identity', [entry('a', 1), { ...entry('', 1) }], /its entry 2 \(""\) is wrong: identity/],
    ['number 0', [entry('a', 0)], /its entry 1 \("a"\) is wrong: number/],
    ['number as text', [{ ...entry('a', 1), number: '1' }], /its entry 1 \("a"\) is wrong: number/],
    ['no time', [{ ...entry('a', 1), last_seen: undefined }], /last_seen/],
    ['a strange status', [entry('a', 1, { status: 'gone' })], /status/],
    ['a snapshot that is none', [entry('a', 1, { last_snapshot: [] })], /last_snapshot/],
    ['nothing', [null], /its entry 1 is wrong/],
    ['an identity twice', [entry('a', 1), entry('a', 2)], /its entry 2 \("a"\) is there twice/],
  ];
  for (const [name, entries, why] of cases) {
    const path = await freshPath(t);
    const text = JSON.stringify({ version: 1, counters: {}, entries });
    await writeFile(path, text);
    t.match(await openLog(path, reading, 0), { ok: false, why, file: `the state file ${path}` }, name);
    t.equal(await readFile(path, 'utf8'), text, `${name}: untouched`);
  }
  for (const counters of [{ asia: -1 }, { asia: '1' }, 7]) {
    const path = await freshPath(t);
    await writeFile(path, JSON.stringify({ version: 1, counters, entries: [] }));
    t.match(await openLog(path, reading, 0), { ok: false, why: /no state of Argus: counters/ });
  }
});

void t.test(
  'the file is kept beside ours before we write in its place, and imported only once',
  async (t) => {
    const path = await freshPath(t);
    const original = await recorded();
    await writeFile(path, original);
    const clock = testClock();
    const server = await startServer({ SHARDLIGHT_BOTS: 'main:4' }, clock, path);
    await server.stop();
    t.equal(await readFile(`${path}.v1.bak`, 'utf8'), original);
    t.match(JSON.parse(await readFile(path, 'utf8')), {
      version: 3,
      clusters: [{ identity: 'asia-0', number: 1 }],
    });
    t.match(server.log.join('\n'), `The Argus state file is kept as ${path}.v1.bak.`);
    const next = await startServer({ SHARDLIGHT_BOTS: 'main:4' }, clock, path);
    await next.stop();
    t.notMatch((await readdir(dirname(path))).join(), '.v1.bak.1');
  },
);

void t.test('no earlier copy is overwritten; the same one is not kept twice', async (t) => {
  const path = await freshPath(t);
  const keep = (text: string): Promise<string> => keepArgusCopy(realDisk, path, Buffer.from(text));
  t.equal(await keep('one'), `${path}.v1.bak`);
  t.equal(await keep('two'), `${path}.v1.bak.1`);
  t.equal(await keep('one'), `${path}.v1.bak`);
  t.equal(await keep('three'), `${path}.v1.bak.2`);
  t.equal(await readFile(`${path}.v1.bak`, 'utf8'), 'one');
});
