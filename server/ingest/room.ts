// What takes reports, put together: one handler a route, each with the limits of its own.
import { reportRefusal } from '../core/door.js';
import type { World } from '../core/world.js';
import type { Submit } from '../engine.js';
import { createLimiter } from '../http/limiter.js';
import type { Handler } from '../http/message.js';
import type { Telemetry } from '../telemetry/room.js';
import { createBatchIngest } from './batch.js';
import { createBeatRate } from './beat-rate.js';
import { createDroppedNotes } from './dropped.js';
import { createFleetIngest, type FleetIngest, type FleetSettings } from './fleet.js';
import { createGlanceIngest, type GlanceIngest } from './glance.js';
import { createLeases } from './leases.js';
import { createRowRate } from './row-rate.js';

/** Of one cluster: changes are sent a few times a second at most, and rarely for long. */
const SHARD_REPORTS_A_MINUTE = 240;

export interface IngestParts extends Pick<FleetSettings, 'now' | 'namespace' | 'scrapeAllow'> {
  world: World;
  submit: Submit;
  telemetry: Telemetry;
  /** How many at once, and a minute. */
  registerBurst: number;
  heartbeatBurst: number;
  /** The key of the hashes of leases, if there is one. */
  secretPepper: readonly string[];
}

export type Ingest = FleetIngest & GlanceIngest & Record<'batch', Handler>;

export function createIngest(parts: IngestParts): Ingest {
  const { world, submit, now, telemetry, heartbeatBurst } = parts;
  const { metrics, audited } = telemetry;
  const leases = createLeases(parts.secretPepper[0] ?? '', world.rules.requireLease);
  const knows = (identity: string): boolean => world.clusters.has(identity);
  const shardReports = createLimiter(SHARD_REPORTS_A_MINUTE);
  const takeRows = createRowRate(heartbeatBurst);
  const common = {
    submit,
    now,
    refusal: (event: Parameters<typeof reportRefusal>[1]) => reportRefusal(world, event),
    noteDropped: createDroppedNotes(telemetry.log.warn, metrics.fieldDropped),
  };
  const glance = createGlanceIngest(submit, now);
  const batch = createBatchIngest({
    ...common,
    knowsBot: (key) => world.bots.has(key),
    takeShards: (identity, { household }) =>
      shardReports.take(knows(identity) ? `${identity} ${household}` : household, now()),
    takeRows: (bot, rows, caller) => takeRows(bot, rows, caller, now()),
    shownHash: leases.shown,
  });
  const fleet = createFleetIngest({
    ...common,
    leases,
    namespace: parts.namespace,
    scrapeAllow: parts.scrapeAllow,
    botOf: (identity) => world.clusters.get(identity)?.bot.key,
    takeRegister: createLimiter(parts.registerBurst).take,
    takeBeat: createBeatRate(createLimiter(heartbeatBurst), knows),
    heardFrom: telemetry.identities.note,
    audit: telemetry.audit,
  });
  /** The length of reports is noted, so that operators see it grow before it is too much. */
  const sized =
    (handle: Handler): Handler =>
    (request) => {
      metrics.reportRead(request.body.length);
      return handle(request);
    };
  return {
    ...fleet,
    heartbeat: sized(fleet.heartbeat),
    batch: sized(audited('batch', batch)),
    glanceStatus: audited('glance', glance.glanceStatus),
    glanceHealth: audited('glance', glance.glanceHealth),
  };
}
