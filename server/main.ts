// Start and stop, top to bottom: settings, log, engine, transport, rooms, listen. The only place where things are built.
import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { ALIVE_EVERY_MS, CLOSE_TOO_MANY } from '../public/shared/wire.js';
import { createApi } from './api/room.js';
import { createClock, schedule, type Clock, type ClockSources } from './clock.js';
import { createWorld, type World } from './core/world.js';
import { json } from './dialects/json.js';
import { createEngine, type Submit } from './engine.js';
import { createFeeds, type Feeds } from './feed/room.js';
import { basePathOf } from './http/base-path.js';
import { createGuard } from './http/guard.js';
import type { Socket } from './http/message.js';
import { ourAddress } from './http/same-origin.js';
import { createTransport, type Transport } from './http/server.js';
import { createSessions } from './http/session.js';
import { createIngest } from './ingest/room.js';
import { forbiddenTargets } from './ingest/scrape-target.js';
import { FileLog } from './log/file-log.js';
import type { OpenedLog } from './log/open.js';
import { createPageRoom } from './pages/room.js';
import { createPassTime } from './passing-time.js';
import { createRoutes, METRICS_PATH, OPERATOR_PATH } from './routes.js';
import type { Plan } from './settings/settle-config.js';
import type { Log } from './telemetry/logger.js';
import { rarely } from './telemetry/rarely.js';
import { createTelemetry } from './telemetry/room.js';
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

export async function start({ opened, ...given }: StartOptions): Promise<Running> {
  const { log, publicUrl, tokens } = given;
  const now = createClock(given.clocks, lastTime(opened));
  const base = basePathOf(publicUrl);

  // The log, and the engine that lives by it: the world as it was kept, under today's configuration.
  const world = createWorld();
  const telemetry = createTelemetry({ ...given, world, now, version: VERSION });
  const { metrics } = telemetry;
  const worldLog = new FileLog({
    opened,
    clock: now,
    schedule,
    say: { ...log, linked: rarely(log.warn, now) },
    metrics,
  });
  const { submit, follow, begin } = createEngine(world, worldLog);
  await begin();
  await configure(world, submit, { ...given, now });

  // The transport: what it serves it gets when it listens.
  const sessions = createSessions({ tokens, base });
  const guard = createGuard(given, (cookie) => sessions.read(cookie, now())?.role ?? null);
  const our = ourAddress(given);
  const { notes } = telemetry;
  const transport = createTransport({ ...given, now, guard, sessions, our, notes, fallback: json, tooMany });
  const publish = telemetry.counted.publish(transport.publish);
  const origin = (): string => publicUrl ?? transport.url();

  // The rooms.
  const epoch = randomBytes(EPOCH_BYTES).toString('base64url');
  const parts = { ...given, world, submit, now, telemetry, epoch, version: VERSION };
  const feeds = createFeeds({ ...parts, publish, schedule });
  const { view, endSession } = feeds;
  const { health } = worldLog;
  const paths = { operator: base + OPERATOR_PATH, metrics: METRICS_PATH };
  const api = createApi({ ...parts, guard, sessions, our, view, endSession, health, paths });
  const pages = createPageRoom({ ...parts, view, origin, exchange: api.exchange });
  const ingest = createIngest(parts);
  [...feeds.followers, ...telemetry.followers, worldLog.note].forEach(follow);

  // Listen.
  const rooms = { pages, api, feeds, ingest, metrics: metrics.handle };
  const table = createRoutes(rooms, { maxBytes: given.maxBodyBytes, isPublic: given.public });
  const port = await transport.listen(given.host, given.port, table);
  const passTime = createPassTime({ ...given, clock: now, world, submit }, [
    transport.look,
    telemetry.look,
    feeds.look,
  ]);
  const timers = [
    setInterval(passTime, SWEEP_EVERY_MS),
    setInterval(feeds.alive, ALIVE_EVERY_MS),
    setInterval(telemetry.sayCounted, SAY_COUNTED_EVERY_MS).unref(),
    setTimeout(pages.warmCard, FIRST_CARD_AFTER_MS).unref(),
  ];
  const save = (): Promise<boolean> => worldLog.saveNow().then(() => !health.isFailing);
  const stopOnce = (): Promise<void> => stop({ transport, feeds, timers, worldLog }).finally(metrics.close);
  let stopped: Promise<void> | null = null; // whoever asks again waits for the first
  return { url: origin(), port, passTime, save, stop: () => (stopped ??= stopOnce()) };
}

interface Stoppable {
  transport: Transport;
  feeds: Feeds;
  timers: NodeJS.Timeout[];
  worldLog: FileLog;
}

async function stop({ transport, feeds, timers, worldLog }: Stoppable): Promise<void> {
  transport.stopListening();
  feeds.dismiss();
  for (const timer of timers) clearInterval(timer);
  try {
    await worldLog.finish();
  } finally {
    transport.close();
    await worldLog.close();
  }
}

const tooMany = (socket: Socket): void =>
  socket.close(CLOSE_TOO_MANY, 'too many connections from this address');

/** Of everything that was kept. Ours goes on from there, for it never goes back. */
const lastTime = ({ record, events }: OpenedLog): number =>
  events.reduce((last, { at }) => Math.max(last, at), record?.savedAt ?? 0);

/** Where the configuration is another. Scrape targets of another time, or of another server, are held against today's list. */
async function configure(
  world: World,
  submit: Submit,
  { rules, scrapeAllow, now, log }: Pick<Plan, 'rules' | 'scrapeAllow'> & { now: Clock; log: Log },
): Promise<void> {
  const forbidden = forbiddenTargets(world, scrapeAllow);
  if (forbidden.length === 0 && isDeepStrictEqual(world.rules, rules)) return;
  const answer = await submit({ type: 'rules', at: now(), rules, forbidden });
  if (!answer.ok) throw new Error(`its configuration could not be kept: ${answer.error}`);
  if (forbidden.length > 0)
    log.warn(
      `the scrape targets of ${forbidden.length} cluster${forbidden.length === 1 ? '' : 's'} were cleared: ` +
        'SHARDLIGHT_SCRAPE_ALLOW does not allow them. Allow them, and they are back when the clusters register again',
    );
}
