// A real server for tests: on a port of the system's choice, with a clock that tests move, and its state in a fresh folder.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { Clock } from '../server/clock.js';
import { GAP_AFTER_MS } from '../server/core/live/gap.js';
import { type Environment } from '../server/config.js';
import { loadSettings } from '../server/settings/read-config.js';
import { openLogOrThrow } from '../server/log/open.js';
import { createLog } from '../server/telemetry/logger.js';
import { start, type Running } from '../server/main.js';
import { settle } from '../server/settings/settle-config.js';

export interface TestServer extends Running {
  /** `http://127.0.0.1:<port>` */
  base: string;
  statePath: string;
  /** What the operator would have read. */
  log: string[];
  /** The one that it was started with. */
  clock: TestClock;
}

/** When a test begins, by its servers' clocks. */
export const TEST_STARTS_AT = 1_795_225_265_000;

/** A clock that stands still until it is moved. */
export interface TestClock {
  now: Clock;
  /** Time passes, for the servers of this clock too: their leases are looked at on the way. */
  advance: (ms: number) => void;
  /** The clock leaps forward, as when the process was paused or the clock was set: nobody sees the time between. */
  leap: (ms: number) => void;
  /** The wall clock is set back, and what runs at the pace of time goes on. */
  setBack: (ms: number) => void;
  /** Never set: runs at the pace of time. */
  monotonic: () => number;
  /** Called while time passes, until the function it returns is. */
  whilePassing: (look: () => void) => () => void;
}

export function testClock(startAt = TEST_STARTS_AT): TestClock {
  let wall = startAt;
  let monotonic = 0;
  const looks = new Set<() => void>();
  const leap = (ms: number): void => {
    wall += ms;
    monotonic += ms;
  };
  const advance = (ms: number): void => {
    for (let left = ms; left > 0; left -= GAP_AFTER_MS) {
      leap(Math.min(left, GAP_AFTER_MS));
      for (const look of looks) look();
    }
  };
  return {
    now: () => wall,
    monotonic: () => monotonic,
    advance,
    leap,
    setBack: (ms) => void (wall -= ms),
    whilePassing: (look) => {
      looks.add(look);
      return () => looks.delete(look);
    },
  };
}

/** The server that these variables describe. `statePath` of an earlier one restarts it. Throws on a configuration mistake. */
export async function startServer(
  environment: Environment,
  clock = testClock(),
  statePath?: string,
): Promise<TestServer> {
  const path = statePath ?? join(await mkdtemp(join(tmpdir(), 'shardlight-')), 'state.json');
  const loaded = loadSettings({ SHARDLIGHT_PORT: '0', ...environment, SHARDLIGHT_STATE: path });
  if (loaded.mistakes.length > 0) throw new Error(JSON.stringify(loaded.mistakes));
  const settled = settle(loaded.settings);
  if (!settled.ok) throw new Error(JSON.stringify(settled.mistakes));
  const opened = await openLogOrThrow(path, settled.plan, clock.now());
  const log: string[] = [];
  const starting = start({
    ...settled.plan,
    opened,
    clocks: { wall: clock.now, monotonic: clock.monotonic },
    log: createLog({
      format: 'text',
      level: settled.plan.logLevel,
      now: clock.now,
      write: (line) => log.push(line),
    }),
    droppedLines: () => 0,
  });
  const running = await starting.catch((error: unknown) => {
    opened.lock.unlock();
    throw error;
  });
  const leave = clock.whilePassing(running.passTime);
  const stop = (): Promise<void> => {
    leave();
    return running.stop();
  };
  return { ...running, stop, base: `http://127.0.0.1:${running.port}`, statePath: path, log, clock };
}

/** `startServer` for the length of a test, which stops it and removes its folder. */
export async function serve(
  t: { teardown: (stop: () => Promise<void>) => unknown },
  environment: Environment,
  clock?: TestClock,
): Promise<TestServer> {
  const server = await startServer(environment, clock);
  t.teardown(() => server.stop().finally(() => forget(server)));
  return server;
}

/** A port that nobody listens on now, for servers that come back at the same address. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Removes the folder of a stopped server. */
export const forget = (server: TestServer): Promise<void> =>
  rm(join(server.statePath, '..'), { recursive: true, force: true });

/** What comes within so many turns of the event loop is not slept for; what takes longer takes no core from others. */
const BUSY_LOOKS = 50;
const LOOK_EVERY_MS = 2;

/** Resolves as soon as `condition` gives something; the test's own time-out is the limit. */
export async function until<T>(condition: () => T | Promise<T>): Promise<Exclude<NonNullable<T>, false>> {
  for (let looks = 0; ; looks++) {
    const value = await condition();
    if (value) return value as Exclude<NonNullable<T>, false>;
    await new Promise((resolve) =>
      looks < BUSY_LOOKS ? setImmediate(resolve) : setTimeout(resolve, LOOK_EVERY_MS),
    );
  }
}

/** A socket and the text frames it got, in order. */
export interface Listener {
  socket: WebSocket;
  frames: string[];
  closed: Promise<{ code: number; reason: string }>;
}

/** A list sends its header once for each. */
export async function listen(
  url: string,
  headers: Record<string, string | string[]> = {},
): Promise<Listener> {
  const socket = new WebSocket(url, { headers: headers as Record<string, string> });
  const frames: string[] = [];
  socket.on('message', (data: Buffer) => frames.push(data.toString()));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return { socket, frames, closed };
}

/** Posts JSON, or a text as it is. */
export function post(
  url: string,
  body: unknown = '',
  headers: Record<string, string> = {},
): Promise<Response> {
  const isText = typeof body === 'string';
  return fetch(url, {
    method: 'POST',
    body: isText ? body : JSON.stringify(body),
    headers: { ...(isText ? {} : { 'content-type': 'application/json' }), ...headers },
  });
}
