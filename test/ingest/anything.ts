// Any body at all, at each handler that reads one: an answer below 500, and a world that can still be shown.
import fc from 'fast-check';
import t from 'tap';
import { holds } from '../holds.js';
import { createStage, requestOf } from './stage.js';

const { handlers, isShowable } = await createStage();

async function answers(name: string, params: Record<string, string>, body: string): Promise<boolean> {
  const { status } = await handlers[name as keyof typeof handlers](requestOf(params, body));
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

for (const name of ['glanceStatus', 'glanceHealth'])
  void t.test(`${name} answers any address that the routes let through`, (t) => {
    const whole = fc.oneof(fc.integer(), fc.bigInt()).map(String);
    holds(
      t,
      fc.property(bot, whole, whole, (key, shard, state) => {
        const response = handlers[name as keyof typeof handlers](requestOf({ bot: key, shard, state }, ''));
        return 'status' in response && response.status < 500 && isShowable();
      }),
    );
    t.end();
  });

async function failureOf(property: fc.IAsyncProperty<unknown>): Promise<string | null> {
  const details = await fc.check(property, { numRuns: 500 });
  return details.failed ? fc.defaultReportMessage(details) : null;
}
