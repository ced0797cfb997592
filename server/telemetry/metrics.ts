// Our own numbers for Prometheus, every name in this file. No label says who, where or what: no identity, guild, token or address.
import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { shownNames } from '../../public/shared/states.js';
import { areTwo } from '../core/live/senders.js';
import type { Applied } from '../core/step.js';
import type { World } from '../core/world.js';
import type { Handler } from '../http/message.js';
import { createTallies, largestReport, noteDropped, noteReport, type Tallies } from './tallies.js';

/** Fleets are named by members: beyond so many they share one label. */
const MAX_FLEETS = 256;
const OTHER_FLEETS = 'other';
const LAG_RESOLUTION_MS = 10;
const VIEW_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const SYNC_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

export interface Metrics {
  tallies: Tallies;
  /** A listener. */
  note: (applied: Applied) => void;
  viewBuilt: (seconds: number) => void;
  /** What was appended to the log is safe on disk, after so long. */
  logSynced: (seconds: number) => void;
  /** The log, or the state file, can (not) be written. */
  logFailing: (isFailing: boolean) => void;
  stateSaved: (at: number) => void;
  /** The state file that a save replaced has another name. */
  stateLinked: () => void;
  /** A report of so many bytes, unpacked, was read. */
  reportRead: (bytes: number) => void;
  /** An optional field of a report was wrong, and counts as not said. */
  fieldDropped: (field: string) => void;
  handle: Handler;
  close: () => void;
}

export interface MetricsOptions {
  world: World;
  version: string;
  now: () => number;
  /** How often an identity was heard from another address than before. */
  conflicts: () => number;
  /** How many peers sent X-Forwarded-For and are no declared proxy. */
  undeclaredProxies: () => number;
  /** How many lines of the log were dropped, because whoever reads it did not keep up or its disk was full. */
  droppedLines: () => number;
  /** The longest report that is read. */
  maxReportBytes: number;
}

/** What is known beside the world and the tallies. */
interface Noted {
  startedAt: number;
  registrations: number;
  heartbeats: number;
  isLogFailing: boolean;
  /** Of the start, until it was. */
  stateSavedAt: number;
  stateLinks: number;
}

/** A library's own registry would be shared by everything in the process, tests included. */
export function createMetrics(options: MetricsOptions): Metrics {
  const { world, version, now, conflicts } = options;
  const registry = new Registry();
  const tallies = createTallies();
  const noted: Noted = {
    startedAt: now(),
    registrations: 0,
    heartbeats: 0,
    isLogFailing: false,
    stateSavedAt: now(),
    stateLinks: 0,
  };
  const lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  lag.enable();
  const series = seriesOf(registry);
  const viewBuilt = argusNames(series, registry, world, noted, conflicts);
  const logSynced = logNames(series, registry, noted, now);
  trafficNames(series, tallies);
  limitNames(series, tallies, options);
  worldNames(series, world);
  senderNames(series, world);
  processNames(series, version, noted, lag);
  return {
    tallies,
    note: (applied) => noteEvent(noted, applied),
    viewBuilt,
    logSynced,
    logFailing: (isFailing) => void (noted.isLogFailing = isFailing),
    stateSaved: (at) => void (noted.stateSavedAt = at),
    stateLinked: () => void noted.stateLinks++,
    reportRead: (bytes) => noteReport(tallies, bytes, now()),
    fieldDropped: (field) => noteDropped(tallies, field),
    handle: async () => ({
      status: 200,
      headers: { 'content-type': registry.contentType, 'cache-control': 'no-store' },
      body: await registry.metrics(),
    }),
    close: () => void lag.disable(),
  };
}

/** As in the contract: registers and beats that were accepted. */
function noteEvent(noted: Noted, { event, answer }: Applied): void {
  if (!answer.ok) return;
  if (event.type === 'register') noted.registrations++;
  if (event.type === 'beat') noted.heartbeats++;
}

type Labels = Record<string, string>;
type Say = (value: number, labels?: Labels) => void;

/** Series whose values are looked up when they are asked for. */
interface Series {
  gauge: (name: string, help: string, labels: string[], tell: (say: Say) => void) => void;
  counter: (name: string, help: string, labels: string[], tell: (say: Say) => void) => void;
}

function seriesOf(registry: Registry): Series {
  const registers = [registry];
  return {
    gauge: (name, help, labelNames, tell) => {
      const collect = (): void => {
        gauge.reset();
        tell((value, labels = {}) => gauge.set(labels, value));
      };
      const gauge = new Gauge({ name, help, labelNames, registers, collect });
    },
    counter: (name, help, labelNames, tell) => {
      const collect = (): void => {
        counter.reset();
        tell((value, labels = {}) => counter.inc(labels, value));
      };
      const counter = new Counter({ name, help, labelNames, registers, collect });
    },
  };
}

/** The names of Argus's own server, so that dashboards made for it go on. */
function argusNames(
  { gauge, counter }: Series,
  registry: Registry,
  world: World,
  noted: Noted,
  conflicts: () => number,
): Metrics['viewBuilt'] {
  const counted = (name: string, help: string, read: () => number): void => {
    counter(`argus_fleet_${name}_total`, help, [], (say) => say(read()));
    gauge(`argus_fleet_${name}_created`, help, [], (say) => say(noted.startedAt / 1000));
  };
  counted('registrations', 'Total fleet register calls handled.', () => noted.registrations);
  counted('heartbeats', 'Total fleet heartbeat calls handled.', () => noted.heartbeats);
  const conflict = 'Times an identity was seen from a new remote (duplicate CLUSTER_ID/fleet_id).';
  counted('identity_conflicts', conflict, conflicts);
  const status = 'Registered clusters by fleet and health status.';
  gauge('argus_fleet_clusters', status, ['fleet', 'status'], (say) => sayFleets(world, say));
  const entries = 'Total entries in the fleet registry (up and down).';
  gauge('argus_fleet_registry_entries', entries, [], (say) => say(world.clusters.size));
  const built = new Histogram({
    name: 'argus_fleet_view_build_seconds',
    help: 'Time to build a fleet view (source query + assemble).',
    buckets: VIEW_BUCKETS,
    registers: [registry],
  });
  return (seconds) => built.observe(seconds);
}

/** Both statuses of every fleet, zero or not. */
function sayFleets(world: World, say: Say): void {
  const fleets = new Map<string, { up: number; down: number }>();
  for (const { fleet, status } of world.clusters.values()) {
    const label = fleets.has(fleet) || fleets.size < MAX_FLEETS ? fleet : OTHER_FLEETS;
    const counts = fleets.get(label) ?? { up: 0, down: 0 };
    fleets.set(label, counts);
    counts[status === 'up' ? 'up' : 'down']++;
  }
  for (const [fleet, { up, down }] of fleets) {
    say(up, { fleet, status: 'up' });
    say(down, { fleet, status: 'down' });
  }
}

function logNames(
  { gauge, counter }: Series,
  registry: Registry,
  noted: Noted,
  now: () => number,
): Metrics['logSynced'] {
  gauge('shardlight_log_failing', 'Whether the log or the state file cannot be written.', [], (say) =>
    say(noted.isLogFailing ? 1 : 0),
  );
  gauge(
    'shardlight_state_age_seconds',
    'Time since the state file was written, or since the start.',
    [],
    (say) => say(Math.max(0, now() - noted.stateSavedAt) / 1000),
  );
  const links = 'Saves that found the state file under another name, too: a hard link, or it was moved.';
  counter('shardlight_state_links_total', links, [], (say) => say(noted.stateLinks));
  const synced = new Histogram({
    name: 'shardlight_log_sync_seconds',
    help: 'Time until what was appended to the log was safe on disk.',
    buckets: SYNC_BUCKETS,
    registers: [registry],
  });
  return (seconds) => synced.observe(seconds);
}

function trafficNames({ gauge, counter }: Series, { requests, refused, dropped, feeds }: Tallies): void {
  const answered = 'Requests answered, by route pattern and class of status.';
  counter('shardlight_http_requests_total', answered, ['route', 'status'], (say) => {
    for (const [route, counts] of requests)
      counts.forEach((count, digit) => count > 0 && say(count, { route, status: `${digit}xx` }));
  });
  counter('shardlight_http_refused_total', 'Requests refused, by reason.', ['reason'], (say) => {
    for (const [reason, count] of refused) say(count, { reason });
  });
  const wrong = 'Optional fields of reports that were wrong and count as not said, by field.';
  counter('shardlight_report_fields_dropped_total', wrong, ['field'], (say) => {
    for (const [field, count] of dropped) say(count, { field });
  });
  gauge('shardlight_viewers', 'Browsers that are connected, by feed.', ['feed'], (say) => {
    for (const [feed, { viewers }] of feeds) say(viewers, { feed });
  });
  counter('shardlight_feed_messages_total', 'Messages published, each to all viewers.', ['feed'], (say) => {
    for (const [feed, { patches }] of feeds) say(patches, { feed });
  });
  counter('shardlight_feed_sent_bytes_total', 'Bytes sent to viewers, uncompressed.', ['feed'], (say) => {
    for (const [feed, { bytes }] of feeds) say(bytes, { feed });
  });
}

/** What `shardlight doctor` looks at before a limit hurts. */
function limitNames({ gauge, counter }: Series, tallies: Tallies, options: MetricsOptions): void {
  const { undeclaredProxies, maxReportBytes, now, droppedLines } = options;
  const lines = 'Lines of the log that were dropped: its reader did not keep up, or its disk was full.';
  counter('shardlight_lines_dropped_total', lines, [], (say) => say(droppedLines()));
  const undeclared =
    'Peers, up to 100, that sent X-Forwarded-For and are no declared proxy, since the start.';
  gauge('shardlight_undeclared_proxies', undeclared, [], (say) => say(undeclaredProxies()));
  const largest = 'Longest report of a bot in the last 5 to 10 minutes, unpacked; 0: none came.';
  gauge('shardlight_report_largest_bytes', largest, [], (say) => say(largestReport(tallies, now())));
  gauge('shardlight_report_limit_bytes', 'Longest report that is read.', [], (say) => say(maxReportBytes));
}

/** Keys of bots are configured, or learnt up to 64. */
function worldNames({ gauge }: Series, world: World): void {
  gauge('shardlight_shards', 'Shards by bot and state.', ['bot', 'state'], (say) => {
    for (const bot of world.bots.values())
      shownNames.forEach((state, i) => say(bot.counts[i]!, { bot: bot.key, state }));
  });
  gauge('shardlight_clusters', 'Registered clusters by status.', ['status'], (say) => {
    const counts = { up: 0, down: 0, stopped: 0 };
    for (const { status } of world.clusters.values()) counts[status]++;
    for (const [status, count] of Object.entries(counts)) say(count, { status });
  });
}

function senderNames({ gauge }: Series, world: World): void {
  gauge('shardlight_two_senders', 'Identities under which two processes report.', [], (say) => {
    let count = 0;
    for (const { senders } of world.clusters.values()) if (areTwo(senders)) count++;
    say(count);
  });
}

function processNames(
  { gauge, counter }: Series,
  version: string,
  noted: Noted,
  lag: IntervalHistogram,
): void {
  gauge('shardlight_build_info', 'Which version this is; always 1.', ['version'], (say) =>
    say(1, { version }),
  );
  // A timer of so many ms is what measures: what it waits anyway is no lag.
  const seconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - LAG_RESOLUTION_MS / 1000);
  const since = 'since the last scrape';
  gauge('shardlight_event_loop_lag_p99_seconds', `Lag that 1 % of turns exceeded ${since}.`, [], (say) =>
    say(seconds(lag.percentile(99))),
  );
  gauge('shardlight_event_loop_lag_max_seconds', `Longest lag of the event loop ${since}.`, [], (say) => {
    say(seconds(lag.max));
    lag.reset(); // the last to be asked
  });
  gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', [], (say) =>
    say(process.memoryUsage.rss()),
  );
  counter('process_cpu_seconds_total', 'User and system CPU time spent in seconds.', [], (say) => {
    const { user, system } = process.cpuUsage();
    say((user + system) / 1e6);
  });
  gauge('process_start_time_seconds', 'When the process started, in seconds since 1970.', [], (say) =>
    say(noted.startedAt / 1000),
  );
}
