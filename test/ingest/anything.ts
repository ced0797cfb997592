// Any body at all, at each handler that reads one: an answer below 500, and a world that can still be shown.
import fc from 'fast-check';
import t from 'tap';
import { scrapeAllow } from '../../server/config-values.js';
import { botView } from '../../server/core/view.js';
import { createWorld } from '../../server/core/world.js';
import { createEngine } from '../../server/engine.js';
import type { Handler, Headers, Request } from '../../server/http/message.js';
import { createBatchIngest } from '../../server/ingest/batch.js';
import { createFleetIngest } from '../../server/ingest/fleet.js';
import { createLeases } from '../../server/ingest/leases.js';
import { createGlanceIngest } from '../../server/ingest/glance.js';
import { rulesWith } from '../core/scene.js';
import { holds } from '../holds.js';

const NOW = 1_795_225_265_000;
const noHeaders = { accept: '', 'content-type': '' } as Headers;

/** Handlers on a world of their own, where the cluster "a" is known. */
function createHandlers(): { handlers: Record<string, Handler>; isShowable: () => boolean } {
  const world = createWorld(rulesWith({ learnBots: true, maxClusters: 20 }));
  const submit = createEngine(world, []);
  const now = (): number => NOW;
  const leases = createLeases('', false);
  const { register, heartbeat, goodbye } = createFleetIngest({
    submit,
    now,
    leases,
    namespace: 'discord',
    scrapeAllow: scrapeAllow.schema.parse(''),
    knows: (identity) => world.clusters.has(identity),
    takeRegister: () => 0,
    takeBeat: () => 0,
    heardFrom: () => undefined,
    noteDropped: () => undefined,
    audit: () => undefined,
  });
  const glance = createGlanceIngest(submit, now);
  void register(requestOf({}, '{"identity":"a"}'));
  return {
    handlers: {
      register,
      heartbeat,
      goodbye,
      ...glance,
      batch: createBatchIngest({
        submit,
        now,
        knowsBot: (key) => world.bots.has(key),
        takeShards: () => 0,
        shownHash: leases.shown,
        noteDropped: () => undefined,
      }),
    },
    isShowable: () =>
      [...world.bots.values()].every((bot) => {
        const { states, shardCount, counts } = botView(world, bot, true);
        const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
        return /^[0-6]*$/.test(states) && states.length === shardCount && total === shardCount;
      }),
  };
}

const requestOf = (params: Record<string, string>, body: string): Request => ({
  method: 'POST',
  path: '',
  params,
  query: new URLSearchParams(),
  headers: noHeaders,
  address: '127.0.0.1',
  site: { hosts: [], scheme: null },
  household: '127.0.0.1',
  knownAddress: null,
  body: Buffer.from(body),
});

const { handlers, isShowable } = createHandlers();

async function answers(name: string, params: Record<string, string>, body: string): Promise<boolean> {
  const { status } = await handlers[name]!(requestOf(params, body));
  return status < 500 && isShowable();
}

const odd = fc.oneof(
  fc.constantFrom(0, -1, 3, 4, 7, 1.5, 1e300, '', 'a', 'main', 'online', '__proto__', '\u0000', null, true),
  fc.jsonValue({ maxDepth: 2 }),
);
const row = fc.record({ id: odd, state: odd, latency_ms: odd }, { requiredKeys: [] });
const sample = fc.record(
  {
    name: fc.oneof(
      fc.constantFrom('discord_shard_up', 'discord_shard_latency_seconds', 'discord_shards_configured'),
      odd,
    ),
    labels: fc.oneof(fc.record({ shard: fc.oneof(odd, fc.nat(20).map(String)) }), odd),
    value: odd,
  },
  { requiredKeys: [] },
);
const family = fc.oneof(fc.record({ type: odd, samples: fc.oneof(fc.array(sample), odd) }), odd);
const snapshot = fc.oneof(fc.record({ metrics: fc.oneof(fc.dictionary(fc.string(), family), odd) }), odd);
const report = fc.record(
  {
    identity: fc.oneof(fc.constantFrom('a', 'b'), odd),
    fleet: odd,
    version: odd,
    name: odd,
    scrape_target: odd,
    host: odd,
    bot: odd,
    shard_count: fc.oneof(fc.nat(20), odd),
    shards: fc.oneof(fc.array(fc.oneof(row, odd)), odd),
    snapshot,
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  report.map((value) => JSON.stringify(value)),
  fc.jsonValue().map((value) => JSON.stringify(value)),
  fc.string(),
);
const bot = fc.oneof(fc.constantFrom('main', 'learnt', '__proto__', ''), fc.string());

for (const [name, params] of Object.entries({
  register: fc.constant({}),
  heartbeat: fc.constant({}),
  batch: fc.record({ bot }),
}))
  void t.test(`${name} answers any body`, async (t) => {
    const property = fc.asyncProperty(params, body, (given, text) => answers(name, { ...given }, text));
    t.equal(await failureOf(property), null);
  });

for (const name of ['status', 'health'])
  void t.test(`${name} answers any address that the routes let through`, (t) => {
    const whole = fc.oneof(fc.integer(), fc.bigInt()).map(String);
    holds(
      t,
      fc.property(bot, whole, whole, (key, shard, state) => {
        const response = handlers[name]!(requestOf({ bot: key, shard, state }, ''));
        return 'status' in response && response.status < 500 && isShowable();
      }),
    );
    t.end();
  });

async function failureOf(property: fc.IAsyncProperty<unknown>): Promise<string | null> {
  const details = await fc.check(property, { numRuns: 500 });
  return details.failed ? fc.defaultReportMessage(details) : null;
}
