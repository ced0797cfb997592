// The handlers that read reports, on a world of their own, called without a server around them.
import { scrapeAllow } from '../../server/settings/config-values.js';
import { botView } from '../../server/core/views/view.js';
import { reportRefusal } from '../../server/core/door.js';
import { PUBLIC } from '../../server/http/guard.js';
import type { Handler, Headers, Request } from '../../server/http/message.js';
import { createBatchIngest } from '../../server/ingest/batch.js';
import { createFleetIngest } from '../../server/ingest/fleet.js';
import { createGlanceIngest } from '../../server/ingest/glance.js';
import { createLeases } from '../../server/ingest/leases.js';
import { rulesWith } from '../core/scene.js';
import { live } from '../log/live.js';
import { MemoryLog } from '../log/memory-log.js';

const NOW = 1_795_225_265_000;
const noHeaders = { accept: '', 'content-type': '' } as Headers;

export interface Stage {
  handlers: Record<'register' | 'heartbeat' | 'goodbye' | 'batch' | 'glanceStatus' | 'glanceHealth', Handler>;
  isShowable: () => boolean;
}

/** Handlers on a world of their own, where the cluster "a" is known. */
export async function createStage(): Promise<Stage> {
  const now = (): number => NOW;
  const rules = rulesWith({ learnBots: true, maxClusters: 20 });
  const { scene, submit } = await live(new MemoryLog(now), { rules, at: NOW });
  const { world } = scene;
  const leases = createLeases('', false);
  const { register, heartbeat, goodbye } = createFleetIngest({
    submit,
    now,
    leases,
    namespace: 'discord',
    scrapeAllow: scrapeAllow.schema.parse(''),
    botOf: (identity) => world.clusters.get(identity)?.bot.key,
    refusal: (event) => reportRefusal(world, event),
    takeRegister: () => 0,
    takeBeat: () => 0,
    heardFrom: () => undefined,
    noteDropped: () => undefined,
    audit: () => undefined,
  });
  const glance = createGlanceIngest(submit, now);
  await register(requestOf({}, '{"identity":"a"}'));
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
        takeRows: () => 0,
        refusal: (event) => reportRefusal(world, event),
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

export const requestOf = (params: Record<string, string>, body: string): Request => ({
  method: 'POST',
  path: '',
  params,
  query: new URLSearchParams(),
  headers: noHeaders,
  address: '127.0.0.1',
  site: { hosts: [], scheme: null },
  household: '127.0.0.1',
  knownAddress: null,
  subject: PUBLIC,
  body: Buffer.from(body),
});
