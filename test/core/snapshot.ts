// RULES 10 in its own words: what a member's metrics say about its shards; and that no snapshot whatsoever breaks it.
import { readFileSync } from 'node:fs';
import t from 'tap';
import fc from 'fast-check';
import { holds } from '../holds.js';
import { nameOf } from '../../public/shared/states.js';
import { readSnapshot, type SnapshotReading } from '../../server/core/measures/snapshot-metrics.js';

interface Sample {
  name: string;
  labels: Record<string, unknown>;
  value: unknown;
}

const sample = (name: string, shard: unknown, value: unknown): Sample => ({
  name: `discord_${name}`,
  labels: shard === null ? { cluster: 'asia-0' } : { shard },
  value,
});

const up = (shard: unknown, value: unknown): Sample => sample('shard_up', shard, value);
const latency = (shard: unknown, value: unknown): Sample => sample('shard_latency_seconds', shard, value);
const connected = (value: unknown): Sample => sample('shards_connected', null, value);
const configured = (value: unknown): Sample => sample('shards_configured', null, value);

const read = (...samples: Sample[]): SnapshotReading =>
  readSnapshot({ metrics: { any: { type: 'gauge', samples } } }, 'discord');

/** [id, state, latency in ms] of each shard; null: not a word about shards. */
const shards = (...samples: Sample[]): [number, string, number | null][] | null =>
  read(...samples).rows?.map(({ id, state, latencyMs }) => [id, nameOf(state), latencyMs]) ?? null;

/** A recorded body, read as our server reads Python's JSON: NaN and Infinity are nothing. */
function recorded(file: string): SnapshotReading {
  const text = readFileSync(`test/fixtures/${file}.json`, 'utf8').replace(/-?\bInfinity\b|\bNaN\b/g, 'null');
  type Body = Record<string, unknown> & { request_body?: { snapshot: Record<string, unknown> } };
  const value = JSON.parse(text) as Body;
  return readSnapshot(value.request_body?.snapshot ?? value, 'discord');
}

void t.test('10: shard_up ≥ 1 → Online, else Offline', (t) => {
  t.same(shards(up('0', 1), up('1', 0), up('2', 2), up('3', 0.5)), [
    [0, 'online', null],
    [1, 'offline', null],
    [2, 'online', null],
    [3, 'offline', null],
  ]);
  t.same(shards(up('0', 0), latency('0', 0.08)), [[0, 'offline', 80]], 'whatever its latency');
  t.end();
});

void t.test('10: latency alone → Online', (t) => {
  t.same(shards(latency('3', 0.0412)), [[3, 'online', 41.2]]);
  t.end();
});

void t.test(
  '10: no shard samples at all (a plain, unsharded bot): shard 0, Online while shards_connected ≥ 1',
  (t) => {
    t.same(shards(connected(1)), [[0, 'online', null]]);
    t.same(shards(connected(0)), [[0, 'offline', null]]);
    t.equal(shards(), null, 'not a word about shards is no word');
    t.end();
  },
);

void t.test('10: a booting shard whose latency is no number yet is not an unsharded bot', (t) => {
  for (const value of [Infinity, NaN, null, 'Infinity'])
    t.not(shards(latency('16', value), connected(0))?.[0]?.[0], 0, `${value}`);
  t.end();
});

void t.test(
  '10: values as Python writes them: numeric text and booleans count, what is not finite does not',
  (t) => {
    t.same(shards(up('0', '1.0'), up('1', true), up('2', 'NaN'), up('3', ''), up('4', [1])), [
      [0, 'online', null],
      [1, 'online', null],
    ]);
    t.end();
  },
);

void t.test('10: samples without a shard id are counted, and lose nothing else', (t) => {
  const reading = read(up('x', 1), up(0, 1), up('-1', 1), up('16384', 1), up('99999999', 1), up('5', 1));
  t.same(
    reading.rows?.map(({ id }) => id),
    [5],
  );
  t.equal(reading.skipped, 5);
  t.end();
});

void t.test('10: another namespace', (t) => {
  const samples = [{ name: 'mybot_shard_up', labels: { shard: '1' }, value: 1 }];
  t.same(readSnapshot({ metrics: { x: { samples } } }, 'mybot').rows, [{ id: 1, state: 3, latencyMs: null }]);
  t.equal(readSnapshot({ metrics: { x: { samples } } }, 'discord').rows, null);
  t.end();
});

void t.test('9: discord_shards_configured of a member that hosts them all is the shard count', (t) => {
  t.equal(read(up('0', 1), up('1', 0), configured(2)).shardCount, 2);
  t.equal(read(up('0', 1), up('1', 1), configured(4)).shardCount, null, 'hosts some');
  t.equal(read(up('2', 1), up('3', 1), configured(2)).shardCount, null, 'hosts others');
  t.equal(read(connected(1), configured(1)).shardCount, 1, 'unsharded');
  t.equal(read(up('0', 1)).shardCount, null, 'not said');
  t.end();
});

void t.test('10: what Argus really sends', (t) => {
  const first = recorded('heartbeat-1');
  t.same(
    first.rows?.map(({ id, state }) => [id, nameOf(state)]),
    [
      [0, 'online'],
      [1, 'online'],
      [2, 'online'],
      [3, 'online'],
    ],
  );
  t.equal(first.shardCount, 4);
  t.match(first.rows?.[0], { latencyMs: 81.956 });
  t.equal(recorded('snap-mid').rows?.length, 16);
  t.equal(recorded('snap-small').shardCount, 1);
  t.equal(recorded('heartbeat-infinity-nan').rows, null);
  t.end();
});

/** Anything JSON can hold where a snapshot is expected, often nearly right. */
function nearSnapshots(): fc.Arbitrary<Record<string, unknown>> {
  const value = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.string(),
    fc.constantFrom('1', '1e308', true, null),
    fc.jsonValue(),
  );
  const name = fc.constantFrom(
    'discord_shard_up',
    'discord_shard_latency_seconds',
    'discord_shards_connected',
    'discord_shards_configured',
    '__proto__',
  );
  const shard = fc.oneof(fc.nat(20_000).map(String), fc.string(), fc.jsonValue());
  const near = fc.record({ name, labels: fc.record({ shard }), value });
  const samples = fc.array(fc.oneof({ weight: 4, arbitrary: near }, fc.jsonValue()), { maxLength: 12 });
  const family = fc.oneof({ weight: 4, arbitrary: fc.record({ samples }) }, fc.jsonValue());
  const metrics = fc.oneof(
    { weight: 4, arbitrary: fc.dictionary(fc.string(), family, { maxKeys: 4 }) },
    fc.jsonValue(),
  );
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ metrics }) },
    fc.dictionary(fc.string(), fc.jsonValue()),
  );
}

void t.test('10: no snapshot breaks the reading, and none yields a number that is not finite', (t) => {
  const isFine = (snapshot: Record<string, unknown>): boolean => {
    const { rows, shardCount, skipped } = readSnapshot(snapshot, 'discord');
    const ids = rows?.map(({ id }) => id) ?? [];
    const numbers = [
      ...ids,
      ...(rows ?? []).map(({ latencyMs }) => latencyMs ?? 0),
      shardCount ?? 0,
      skipped,
    ];
    const areIds = ids.every((id) => id >= 0 && id < 16_384) && new Set(ids).size === ids.length;
    return areIds && numbers.every(Number.isFinite);
  };
  holds(t, fc.property(nearSnapshots(), isFine), 1_000);
  t.end();
});

void t.test('10: a latency too long to be one is none', (t) => {
  t.same(shards(latency('0', 1e306)), [[0, 'online', null]]);
  t.end();
});
