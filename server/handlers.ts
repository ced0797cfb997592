// Who answers at each row of the route table: the rooms' handlers, built from what main has.
import type { GuildQuery } from '../public/shared/guild.js';
import { audited } from './telemetry/access-notes.js';
import type { Audit } from './telemetry/audit.js';
import type { FleetApi } from './api/fleet.js';
import { createHealth } from './api/health.js';
import type { OperatorApi } from './api/operator.js';
import { createPublicApi } from './api/public.js';
import { createSessionApi, type SessionApi } from './api/session.js';
import type { Clock } from './clock.js';
import { reportRefusal } from './core/step.js';
import { lookup, shardView } from './core/view.js';
import { shown, type World } from './core/world.js';
import type { Submit } from './engine.js';
import type { OperatorFeed } from './feed/operator.js';
import type { PublicFeed } from './feed/public.js';
import { basePathOf } from './http/base-path.js';
import type { PageFor } from './http/gates.js';
import type { Guard } from './http/guard.js';
import { ourAddress } from './http/same-origin.js';
import { createLimiter } from './http/limiter.js';
import type { Handler } from './http/message.js';
import type { Sessions } from './http/session.js';
import { createBatchIngest } from './ingest/batch.js';
import { createBeatRate } from './ingest/beat-rate.js';
import { createDroppedNotes } from './ingest/dropped.js';
import { createFleetIngest, type FleetIngest } from './ingest/fleet.js';
import { createGlanceIngest } from './ingest/glance.js';
import type { IdentityWatch } from './ingest/identity-watch.js';
import { createLeases } from './ingest/leases.js';
import { createRowRate } from './ingest/row-rate.js';
import type { LogHealth } from './log/health.js';
import type { Log } from './telemetry/logger.js';
import type { Metrics } from './telemetry/metrics.js';
import { loadPages } from './pages/assets.js';
import { createRenderer } from './pages/render.js';
import { createPages } from './pages/serve.js';
import { OPERATOR_PATH, type Handlers } from './routes.js';
import type { Plan } from './settings/settle-config.js';

const SIGN_INS_A_MINUTE = 10;
/** Of one cluster: changes are sent a few times a second at most, and rarely for long. */
const SHARD_REPORTS_A_MINUTE = 240;
const NOT_READY_AFTER_FAILURES = 3;

type Options = Plan & { clock: Clock };

export interface HandlerParts {
  options: Options;
  guard: Guard;
  operatorFeed: OperatorFeed;
  world: World;
  publicFeed: PublicFeed;
  metrics: Metrics;
  /** How the log on disk is doing. */
  health: LogHealth;
  sessions: Sessions;
  fleetApi: FleetApi;
  reports: Reports;
  operatorApi: OperatorApi;
  url: () => string;
  previewed: (origin: string) => void;
  sockets: Pick<Handlers, 'live' | 'glanceFeed' | 'operatorFeed'>;
}

export type AllHandlers = Handlers & { notFound: PageFor; isPrivate: PageFor; warmCard: () => void };

export function createHandlers(parts: HandlerParts): AllHandlers {
  const { options, world, publicFeed, metrics, health, fleetApi, reports, operatorApi, url, sockets } = parts;
  const { clock, showClusters } = options;
  const sources = {
    now: clock,
    shownNow: () => shown(world, clock()),
    view: publicFeed.view,
    lookup: (query: GuildQuery) => lookup(world, query, showClusters),
    shard: (key: string, shard: number) => {
      const bot = world.bots.get(key);
      return bot && shard >= 0 && shard < bot.shardCount
        ? shardView(world, bot, shard, showClusters)
        : undefined;
    },
  };
  const pages = createPages({
    ...sources,
    origin: url,
    publicUrl: options.publicUrl,
    needsToken: !options.isOpen,
    previewed: parts.previewed,
    built: loadPages(options.branding, basePathOf(options.publicUrl)),
    render: createRenderer(),
  });
  const { session, signIn, signOut, exchange } = createSession(parts);
  return {
    ...pages,
    status: (request) => exchange(request) ?? pages.status(request),
    operator: (request) => exchange(request) ?? pages.operator(request),
    ...createPublicApi(sources),
    ...fleetApi,
    ...createHealth(() => whyNotReady(health)),
    metrics: metrics.handle,
    ...operatorApi,
    session,
    signIn,
    signOut,
    ...sockets,
    ...reports,
  };
}

function createSession({ options, guard, sessions, operatorFeed }: HandlerParts): SessionApi {
  const { publicUrl, namespace, isOpen, rules, tokens, clock } = options;
  return createSessionApi({
    sessions,
    guard,
    our: ourAddress(options),
    connect: {
      url: publicUrl,
      namespace,
      needsIngestToken: !isOpen,
      needsViewerToken: tokens.viewer.length > 0 || tokens.operator.length > 0,
      requireLease: rules.requireLease,
    },
    page: `${basePathOf(publicUrl)}${OPERATOR_PATH}`,
    ended: operatorFeed.endSession,
    attempts: createLimiter(SIGN_INS_A_MINUTE),
    now: clock,
  });
}

export interface ReportParts {
  options: Options;
  world: World;
  submit: Submit;
  audit: Audit;
  heardFrom: IdentityWatch['note'];
  metrics: Pick<Metrics, 'reportRead' | 'fieldDropped'>;
  log: Pick<Log, 'warn'>;
}

export type Reports = Pick<Handlers, 'batch' | 'glanceStatus' | 'glanceHealth'> & FleetIngest;

export function createReports(parts: ReportParts): Reports {
  const { options, world, submit, audit, heardFrom, metrics, log } = parts;
  const { clock, limits } = options;
  const glance = createGlanceIngest(submit, clock);
  const leases = createLeases(options.pepper, options.rules.requireLease);
  const knows = (identity: string): boolean => world.clusters.has(identity);
  const shardReports = createLimiter(SHARD_REPORTS_A_MINUTE);
  const takeRows = createRowRate(limits.heartbeatBurst);
  const noteDropped = createDroppedNotes(log.warn, metrics.fieldDropped);
  const batch = createBatchIngest({
    submit,
    now: clock,
    knowsBot: (key) => world.bots.has(key),
    takeShards: (identity, { household }) =>
      shardReports.take(knows(identity) ? `${identity} ${household}` : household, clock()),
    takeRows: (bot, rows, caller) => takeRows(bot, rows, caller, clock()),
    refusal: (event) => reportRefusal(world, event),
    shownHash: leases.shown,
    noteDropped,
  });
  const fleet = createFleetIngest({
    submit,
    now: clock,
    leases,
    namespace: options.namespace,
    scrapeAllow: options.scrapeAllow,
    botOf: (identity) => world.clusters.get(identity)?.bot.key,
    refusal: (event) => reportRefusal(world, event),
    takeRegister: createLimiter(limits.registerBurst).take,
    takeBeat: createBeatRate(createLimiter(limits.heartbeatBurst), knows),
    heardFrom,
    noteDropped,
    audit,
  });
  const noting = (what: string, handle: Handler): Handler =>
    options.isAudited ? audited(what, handle, audit) : handle;
  return {
    batch: sized(noting('batch', batch), metrics.reportRead),
    glanceStatus: noting('glance', glance.status),
    glanceHealth: noting('glance', glance.health),
    ...fleet,
    heartbeat: sized(fleet.heartbeat, metrics.reportRead),
  };
}

/** The length of reports is noted, so that operators see it grow before it is too much. */
const sized =
  (handle: Handler, read: Metrics['reportRead']): Handler =>
  (request) => {
    read(request.body.length);
    return handle(request);
  };

/** A single failure is no reason to be taken out of service. */
const whyNotReady = ({ consecutiveFailures }: LogHealth): string | null =>
  consecutiveFailures < NOT_READY_AFTER_FAILURES
    ? null
    : 'the disk fails: registrations cannot be made safe; the log of the server says more';
