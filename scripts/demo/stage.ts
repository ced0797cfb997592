// A real server in this process for the pretend fleet: on loopback, with short leases and its state in a folder of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClocks } from '../../server/clock.js';
import { type Environment } from '../../server/config.js';
import { loadSettings } from '../../server/settings/read-config.js';
import { openLogOrThrow } from '../../server/log/open.js';
import { createLog } from '../../server/telemetry/logger.js';
import { start, type Running } from '../../server/main.js';
import { settle, type Plan } from '../../server/settings/settle-config.js';
import type { PretendBot } from './fleet.js';
import { leases } from './leases.js';

/** Pretend clusters come all at once, and tell changes when they happen. */
const NO_HURRY: Environment = {
  SHARDLIGHT_REGISTER_BURST: '1000',
  SHARDLIGHT_HEARTBEAT_BURST: '1000',
};

export interface Stage extends Running {
  /** `http://127.0.0.1:<port>` */
  origin: string;
  /** For what is kept, as long as the process lives. */
  folder: string;
}

export interface StageOptions {
  port: number;
  bots: PretendBot[];
  log: (line: string) => void;
  /** Other values than the demo's. */
  changes?: Environment;
  /** The wall clock, where it is not the system's. */
  wall?: () => number;
}

const STEP_MS = 4_000;

/** Moments from one to another, near enough that a server whose clock is set to each takes it for time that passes, not for a gap. */
export function* stepsTo(fromMs: number, toMs: number): Generator<number> {
  for (let ms = fromMs + STEP_MS; ms < toMs; ms += STEP_MS) yield ms;
  yield toMs;
}

/** Rejects when the port cannot be had. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { port, bots, log, changes, wall = systemClocks.wall } = options;
  const folder = mkdtempSync(join(tmpdir(), 'shardlight-demo-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const environment = { SHARDLIGHT_PORT: String(port), SHARDLIGHT_STATE: join(folder, 'state.json') };
  const plan = planOf(bots, { ...environment, ...changes });
  const running = await start({
    ...plan,
    opened: await openLogOrThrow(plan.statePath, plan, wall()),
    clocks: { ...systemClocks, wall },
    log: createLog({ format: 'text', level: 'info', now: wall, write: log }),
    droppedLines: () => 0,
  });
  return { ...running, origin: `http://127.0.0.1:${running.port}`, folder };
}

/** Throws on a wrong value. */
function planOf(bots: PretendBot[], changes: Environment): Plan {
  const argus = bots.filter(({ dialect }) => dialect === 'argus'); // registers without naming its bot
  const named = bots.map(({ key, shardCount, name }) => `${key}:${shardCount}:${name}`);
  const loaded = loadSettings({
    SHARDLIGHT_HOST: '127.0.0.1',
    SHARDLIGHT_TITLE: 'Pretend fleet status',
    SHARDLIGHT_BOTS: named.join(';'),
    SHARDLIGHT_MEMBERS: argus.map(({ key }) => `${key}-*:${key}`).join(';'),
    ...leases,
    ...NO_HURRY,
    ...changes,
  });
  if (loaded.mistakes.length > 0) throw new Error(wordsOf(loaded.mistakes));
  const settled = settle(loaded.settings);
  if (!settled.ok) throw new Error(wordsOf(settled.mistakes));
  return settled.plan;
}

const wordsOf = (mistakes: { variable: string; found: string; accepts: string }[]): string =>
  mistakes
    .map(({ variable, found, accepts }) => `${variable}: found ${found}; accepted: ${accepts}`)
    .join('\n');
