// Start and stop: the only place where things are built and tied together.
import { randomBytes } from 'node:crypto';
import { UNNAMED } from '../public/shared/bot-name.js';
import { ALIVE_EVERY_MS, CLOSE_TOO_MANY } from '../public/shared/wire.js';
import { createAccessNotes, type AccessNotes } from './access-notes.js';
import { createFleetApi, type Fleet } from './api/fleet.js';
import { createOperatorApi } from './api/operator.js';
import { createAudit } from './audit.js';
import { createClock, type Clock, type ClockSources } from './clock.js';
import { replay } from './core/replay.js';
import { restore } from './core/restore.js';
import { step } from './core/step.js';
import { createWorld, type World } from './core/world.js';
import { createDescriptorWatch, systemDescriptors, type DescriptorWatch } from './descriptors.js';
import { doubleClaimNotes } from './double-claims.js';
import { createEngine } from './engine.js';
import { createGlanceFeed, type GlanceFeed } from './feed/glance.js';
import { createOperatorFeed, type OperatorFeed } from './feed/operator.js';
import { createPublicFeed, type PublicFeed } from './feed/public.js';
import { createHandlers, createReports, type AllHandlers } from './handlers.js';
import { basePathOf } from './http/base-path.js';
import { createGuard, type Guard } from './http/guard.js';
import type { Publish, Socket } from './http/message.js';
import { ourAddress } from './http/same-origin.js';
import { createServer, type Server, type SocketRoute } from './http/server.js';
import { createSessions, type Sessions } from './http/session.js';
import { createIdentityWatch, type IdentityWatch } from './ingest/identity-watch.js';
import { clearForbiddenTargets } from './ingest/scrape-target.js';
import { WorldLog } from './log/log.js';
import type { OpenedLog } from './log/open.js';
import { keepTrends, type TrendKeeper } from './log/trends.js';
import type { Log } from './logger.js';
import { createMetrics, type Metrics } from './metrics.js';
import { createPassTime } from './passing-time.js';
import { rarely } from './rarely.js';
import { refusedClaimNotes } from './refused-claims.js';
import { createRoutes, METRICS_PATH, socketRows } from './routes.js';
import type { Plan } from './settle-config.js';
import { countPublished, countViewers, noteAnswer } from './tallies.js';
import { twoSenderNotes } from './two-senders.js';
import { VERSION } from './version.js';

const SWEEP_EVERY_MS = 250;
const FIRST_CARD_AFTER_MS = 1_000; // once there is something to show
const SAY_COUNTED_EVERY_MS = 60_000;
const EPOCH_BYTES = 9;

export interface StartOptions extends Plan {
  /** What was kept, and the lock on it, which the stop gives back. */
  opened: OpenedLog;
  clocks: ClockSources;
  log: Log;
  /** How many lines of the log nobody took. */
  droppedLines: () => number;
}

/** What the rooms are built from. */
interface Parts extends StartOptions {
  clock: Clock;
}

export interface Running {
  /** Where the page is. */
  url: string;
  port: number;
  /** What happens four times a second: clocks and leases are looked at. Who moves the clock may call it, too. */
  passTime: () => void;
  /** Writes the state out of turn. False: the disk fails, as the log says. */
  save: () => Promise<boolean>;
  /** Sends viewers away politely, writes the state, and frees the port. Rejects when the state cannot be written. */
  stop: () => Promise<void>;
}

export async function start(given: StartOptions): Promise<Running> {
  const { log, opened } = given;
  const clock = createClock(given.clocks, lastTime(opened));
  const options: Parts = { ...given, clock };
  const world = restoredWorld(options);
  const trends = await keepTrends({ statePath: opened.statePath, world, warn: log.warn });
  const watch = createIdentityWatch(rarely(log.warn, clock));
  const { audit, sayCounted } = createAudit({ isOn: options.isAudited, log, now: clock });
  const notes = createAccessNotes({ log, audit, now: clock });
  const metrics = metricsOf(options, world, watch, notes);
  const say = { ...log, linked: rarely(log.warn, clock) };
  const worldLog = new WorldLog({ opened, world, clock, schedule, say, metrics });
  Object.assign(opened, { record: null, events: [], original: null }); // else tens of MB are kept that nobody reads again
  // Feeds publish through the server, which is built after them: nothing is published before it listens.
  let publish: Publish = () => undefined;
  const epoch = randomBytes(EPOCH_BYTES).toString('base64url');
  const made = createFeeds(options, world, epoch, watch, (...sent) => publish(...sent));
  const { publicFeed, glanceFeed, operatorFeed } = made;
  const fleetApi = createFleet(options, world, epoch, metrics);
  const feeds = [publicFeed, glanceFeed, operatorFeed];
  const noting = [...feeds, fleetApi].map(({ note }) => note);
  const warnings = [doubleClaimNotes(log.warn), twoSenderNotes(rarely(log.warn, clock))];
  const submit = createEngine(world, [...noting, ...warnings, worldLog.note, metrics.note], worldLog.commit);

  let url = options.publicUrl ?? '';
  const sessions = createSessions({ tokens: options.tokens, base: basePathOf(options.publicUrl) });
  const guard = createGuard(options, (cookie) => sessions.read(cookie, clock())?.role ?? null);
  const handlers = createHandlers({
    options,
    guard,
    publicFeed,
    operatorFeed,
    metrics,
    sessions,
    world,
    health: worldLog.health,
    fleetApi: fleetApi.handlers,
    reports: createReports({ options, world, submit, audit, heardFrom: watch.note, metrics, log }),
    operatorApi: createOperatorApi({ world, submit, now: clock, note: log.info, audit }),
    url: () => url,
    previewed: notes.previewed,
  });
  const descriptors = watchDescriptors(options, () => ({ server, port }));
  const { hasRoom } = descriptors;
  const http = { options, handlers, metrics, feeds: made, sessions, guard, notes, hasRoom };
  const server = createHttpServer(http);
  publish = countPublished(metrics.tallies, server.publish);
  const port = await server.listen(options.host, options.port);
  url ||= `http://${reachable(options.host)}:${port}`;
  const looks = [server.endSlow, descriptors.look, refusedClaimNotes(world, log.warn, clock)];
  const passTime = createPassTime({ ...options, world, submit }, looks);
  const timers = [
    ...timersOf(passTime, publicFeed, operatorFeed),
    setInterval(sayCounted, SAY_COUNTED_EVERY_MS).unref(),
    setTimeout(handlers.warmCard, FIRST_CARD_AFTER_MS).unref(),
  ];
  let stopped: Promise<void> | null = null; // whoever asks again waits for the first
  const stopOnce = (): Promise<void> =>
    (stopped ??= stop({ server, feeds, timers, trends, worldLog }).finally(metrics.close));
  const save = (): Promise<boolean> => worldLog.saveNow().then(() => !worldLog.health.isFailing);
  return { url, port, passTime, save, stop: stopOnce };
}

/** Of everything that was kept. Ours goes on from there, for it never goes back. */
const lastTime = ({ record, events }: OpenedLog): number =>
  events.reduce((last, { at }) => Math.max(last, at), record?.savedAt ?? 0);

/** As it was when the last process ended. Targets of another time, or of another server, are held against today's list. */
function restoredWorld({ rules, opened, clock, scrapeAllow, log }: Parts): World {
  const world = createWorld(rules);
  if (opened.record) restore(world, opened.record);
  replay(world, opened.events);
  if (opened.record) step(world, { type: 'gap', from: opened.record.savedAt, at: clock() });
  while (world.line.length > 0) step(world, { type: 'sweep', at: clock() }); // nobody waits for us yet
  const cleared = clearForbiddenTargets(world, scrapeAllow).length;
  if (cleared > 0)
    log.warn(
      `the scrape targets of ${cleared} cluster${cleared === 1 ? '' : 's'} were cleared: ` +
        'SHARDLIGHT_SCRAPE_ALLOW does not allow them. Allow them, and they are back when the clusters register again',
    );
  return world;
}

const metricsOf = (
  { clock, maxBodyBytes, droppedLines }: Parts,
  world: World,
  { conflicts }: IdentityWatch,
  { undeclaredProxies }: AccessNotes,
): Metrics =>
  createMetrics({
    world,
    version: VERSION,
    now: clock,
    conflicts,
    undeclaredProxies,
    droppedLines,
    maxReportBytes: maxBodyBytes,
  });

interface Feeds {
  publicFeed: PublicFeed;
  glanceFeed: GlanceFeed;
  operatorFeed: OperatorFeed;
}

function createFeeds(
  options: Parts,
  world: World,
  epoch: string,
  watch: IdentityWatch,
  publish: Publish,
): Feeds {
  const basics = { world, publish, now: options.clock, schedule };
  const title = (): string => options.title ?? defaultTitle(world);
  return {
    publicFeed: createPublicFeed({ ...basics, title, epoch, showClusters: options.showClusters }),
    glanceFeed: createGlanceFeed(basics),
    operatorFeed: createOperatorFeed({ ...basics, epoch, addressesOf: watch.pairOf }),
  };
}

interface Stoppable {
  server: Server;
  feeds: { dismiss: () => void }[];
  timers: NodeJS.Timeout[];
  trends: TrendKeeper;
  worldLog: WorldLog;
}

async function stop({ server, feeds, timers, trends, worldLog }: Stoppable): Promise<void> {
  server.stopListening();
  for (const feed of feeds) feed.dismiss();
  for (const timer of timers) clearInterval(timer);
  try {
    await worldLog.finish();
    await trends.finish();
  } finally {
    server.close();
    await worldLog.close();
  }
}

function createFleet(options: Parts, world: World, epoch: string, { viewBuilt }: Metrics): Fleet {
  const { namespace, tokens, rules, viewCacheMs, clock } = options;
  const authRequired = tokens.viewer.length > 0 || tokens.operator.length > 0;
  const interval = rules.heartbeatMs / 1000;
  return createFleetApi({
    world,
    epoch,
    now: clock,
    maxAgeMs: viewCacheMs,
    built: viewBuilt,
    scrapePath: METRICS_PATH,
    config: { namespace, version: VERSION, authRequired, analyticsEnabled: false, interval },
  });
}

interface HttpParts {
  options: Parts;
  handlers: AllHandlers;
  metrics: Metrics;
  feeds: Feeds;
  sessions: Sessions;
  guard: Guard;
  notes: AccessNotes;
  hasRoom: () => boolean;
}

function createHttpServer(parts: HttpParts): Server {
  const { options, handlers, metrics, guard, notes } = parts;
  const { clock, isPublic, log } = options;
  const { tallies } = metrics;
  const isDebugged = options.logLevel === 'debug';
  return createServer({
    routes: createRoutes(handlers, { maxBytes: options.maxBodyBytes, isPublic }),
    sockets: socketsOf(parts),
    isHttps: isHttps(options),
    base: basePathOf(options.publicUrl),
    our: ourAddress(options),
    guard,
    now: clock,
    hasRoom: parts.hasRoom,
    corsOrigins: options.corsOrigins,
    readBurst: options.limits.readBurst,
    notFoundPage: handlers.notFound,
    privatePage: handlers.isPrivate,
    turnedAway: notes.turnedAway,
    clientNotes: { undeclared: notes.undeclaredProxy, unreadable: notes.unreadableForwarded },
    trustedProxies: options.trustedProxies,
    maxSocketsPerHousehold: options.maxSocketsPerAddress,
    answered: (head, route, response) => {
      noteAnswer(tallies, route?.path ?? null, response);
      if (response.reason !== undefined) notes.refused(head, route, response);
      if (isDebugged) notes.answered(head, response);
    },
    closedSocket: notes.closedSocket,
    readerNotes: notes,
    reportBug: (error) =>
      log.error(`A bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  });
}

function socketsOf({ options, metrics: { tallies }, feeds, sessions }: HttpParts): SocketRoute[] {
  const rows = socketRows(options);
  const shared = {
    tooMany: (socket: Socket) => socket.close(CLOSE_TOO_MANY, 'too many connections from this address'),
    sessionOf: (cookies: string) => sessions.read(cookies, options.clock()),
  };
  return [
    { ...rows.live, ...shared, handler: countViewers(tallies, 'public', feeds.publicFeed) },
    { ...rows.glance, ...shared, handler: countViewers(tallies, 'glance', feeds.glanceFeed) },
    { ...rows.operator, ...shared, handler: countViewers(tallies, 'operator', feeds.operatorFeed) },
  ];
}

/** Browsers reach us over TLS, as far as we were told. */
const isHttps = ({ publicUrl }: Pick<Parts, 'publicUrl'>): boolean =>
  publicUrl?.startsWith('https:') ?? false;

const timersOf = (passTime: () => void, ...feeds: { alive: () => void }[]): NodeJS.Timeout[] => [
  setInterval(passTime, SWEEP_EVERY_MS),
  ...feeds.map(({ alive }) => setInterval(alive, ALIVE_EVERY_MS)),
];

/** `listener`: there is none yet. */
const watchDescriptors = (
  { clock, log, host }: Parts,
  listener: () => { server: Server; port: number },
): DescriptorWatch =>
  createDescriptorWatch({
    source: systemDescriptors(),
    now: clock,
    warn: log.warn,
    stopListening: () => listener().server.stopListening(),
    listenAgain: async () => void (await listener().server.listen(host, listener().port)),
  });

function schedule(delayMs: number, run: () => void): void {
  if (delayMs <= 0) setImmediate(run);
  else setTimeout(run, delayMs).unref(); // what is still planned keeps no process alive
}

function defaultTitle(world: World): string {
  const [only, ...others] = world.bots.values();
  return only && only.name !== UNNAMED && others.length === 0 ? `${only.name} status` : 'Bot status';
}

/** The address that a listener's host stands for, seen from this machine. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
