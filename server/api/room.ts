// What answers questions and takes operators' words, put together.
import type { World } from '../core/world.js';
import { lookup, shardView } from '../core/views/view.js';
import type { Submit } from '../engine.js';
import { createLimiter } from '../http/limiter.js';
import type { Telemetry } from '../telemetry/room.js';
import { createFleetApi, type FleetApi, type FleetConfig } from './fleet.js';
import type { FleetViewOptions } from './fleet-view.js';
import { createHealth, type HealthApi } from './health.js';
import { createOperatorApi, type OperatorApi } from './operator.js';
import { createPublicApi, type PublicApi, type PublicSources } from './public.js';
import { createSessionApi, type SessionApi, type SessionSettings } from './session.js';

const SIGN_INS_A_MINUTE = 10;
const NOT_READY_AFTER_FAILURES = 3;

export interface ApiParts
  extends
    Pick<SessionSettings, 'guard' | 'sessions' | 'our' | 'endSession'>,
    Pick<FleetViewOptions, 'world' | 'epoch' | 'now'>,
    Pick<FleetConfig, 'namespace' | 'version'>,
    Pick<PublicSources, 'view'> {
  submit: Submit;
  telemetry: Telemetry;
  /** How the log on disk is doing. */
  health: { readonly consecutiveFailures: number };
  publicUrl: string | null;
  /** Reports need no token. */
  isOpen: boolean;
  tokens: Record<'viewer' | 'operator', string[]>;
  viewCacheMs: number;
  publicClusters: boolean;
  /** Where the operators' page is, and where bots have their own metrics. */
  paths: { operator: string; metrics: string };
}

export type Api = PublicApi & FleetApi & HealthApi & OperatorApi & SessionApi;

export function createApi(parts: ApiParts): Api {
  const { world, telemetry, namespace, publicUrl, tokens } = parts;
  const { requireLease, heartbeatMs } = world.rules;
  const needsViewerToken = tokens.viewer.length > 0 || tokens.operator.length > 0;
  const fleet = createFleetApi({
    ...parts,
    maxAgeMs: parts.viewCacheMs,
    built: telemetry.metrics.viewBuilt,
    scrapePath: parts.paths.metrics,
    config: {
      namespace,
      version: parts.version,
      authRequired: needsViewerToken,
      analyticsEnabled: false,
      interval: heartbeatMs / 1000,
    },
  });
  return {
    ...createPublicApi({ ...parts, ...questionsOf(world, parts.publicClusters) }),
    ...fleet,
    ...createHealth(() => whyNotReady(parts.health)),
    ...createOperatorApi({ ...parts, note: telemetry.log.info, audit: telemetry.audit }),
    ...createSessionApi({
      ...parts,
      connect: { url: publicUrl, namespace, needsIngestToken: !parts.isOpen, needsViewerToken, requireLease },
      page: parts.paths.operator,
      attempts: createLimiter(SIGN_INS_A_MINUTE),
    }),
  };
}

const questionsOf = (world: World, showClusters: boolean): Pick<PublicSources, 'lookup' | 'shard'> => ({
  lookup: (query) => lookup(world, query, showClusters),
  shard: (key, shard) => {
    const bot = world.bots.get(key);
    return bot && shard >= 0 && shard < bot.shardCount
      ? shardView(world, bot, shard, showClusters)
      : undefined;
  },
});

/** A single failure is no reason to be taken out of service. */
const whyNotReady = ({ consecutiveFailures }: ApiParts['health']): string | null =>
  consecutiveFailures < NOT_READY_AFTER_FAILURES
    ? null
    : 'the disk fails: registrations cannot be made safe; the log of the server says more';
