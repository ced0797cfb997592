// `shardlight serve`: reads the configuration and the state, starts the server, and stops it on a signal.
import { systemClocks } from '../clock.js';
import { loadSettings, readEnvironment, type Loaded, type Mistake } from '../read-config.js';
import { openLog } from '../log/open.js';
import { createLog } from '../logger.js';
import { start, type Running, type StartOptions } from '../main.js';
import { settle, type Plan } from '../settle-config.js';
import { EXIT, misused, readFlags, type Command, type Terminal } from './command.js';

const STOP_WITHIN_MS = 2_800;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

function giveUp(headline: string, details: string[]): never {
  say([headline, ...details.map((detail) => `  ${detail}`)].join('\n'));
  process.exit(EXIT.config);
}

function refuse(mistakes: Mistake[]): never {
  const lines = mistakes.map(
    ({ variable, found, accepts }) => `${variable}: found ${found}; accepted: ${accepts}`,
  );
  giveUp('Shardlight did not start. Please fix these settings:', lines);
}

/** `notes` are sentences for the log. */
function configured(): { plan: Plan; notes: string[] } {
  const { environment, mistakes } = readEnvironment();
  const { settings, unused, notes, ...loaded } = loadSettings(environment);
  const settled = settle(settings);
  mistakes.push(...loaded.mistakes, ...(settled.ok ? [] : settled.mistakes));
  if (!settled.ok || mistakes.length > 0) refuse(mistakes);
  return { plan: settled.plan, notes: [...unused.map(unusedNote), ...notes, ...settled.notes] };
}

const unusedNote = ({ name, meant }: Loaded['unused'][number]): string =>
  `${name} is set, but Shardlight does not read it.${meant === null ? '' : ` Did you mean ${meant}?`}`;

async function options(plan: Plan, notes: string[]): Promise<StartOptions> {
  const { wall } = systemClocks;
  const log = createLog({ format: plan.logFormat, level: plan.logLevel, now: wall, write: say });
  for (const note of notes) log.warn(note);
  const kept = await openLog(plan.statePath, plan.namespace, wall());
  if (!kept.ok)
    giveUp(`Shardlight did not start: ${kept.file} cannot be used, and was left as it is.`, [
      `Why: ${kept.why}.`,
      `What to do: ${kept.todo}.`,
    ]);
  const { opened } = kept;
  for (const note of opened.notes) log.warn(note);
  return { ...plan, opened, clocks: systemClocks, log };
}

function greet(running: Running, plan: Plan): void {
  const reports = plan.isOpen
    ? 'Reports need no token. That is fine while only this machine can reach it.'
    : 'Reports need a token: "Authorization: Bearer <token>".';
  say(`Shardlight is up.

  The page       ${running.url}/
  For operators  ${running.url}/operator${plan.publicUrl === null ? '' : `\n  In public      ${plan.publicUrl}/`}
  Listening on   ${plan.host}, port ${running.port}
  ${reports}

  Next: open the page. It shows how to connect the first bot.
  To stop: Ctrl-C.`);
}

/** The first signal stops politely, the second at once. */
function stopOnSignal(running: Running): void {
  let isStopping = false;
  const onSignal = (): void => {
    if (isStopping) endAtOnce();
    isStopping = true;
    say('Stopping: saying goodbye to viewers and writing the state. Once more to stop at once.');
    setTimeout(() => {
      say('The state could not be written in time.');
      endAtOnce();
    }, STOP_WITHIN_MS).unref();
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        say(`The state could not be written: ${String(error)}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

/** `process.exit` waits for a write that hangs; this does not. */
const endAtOnce = (): void => void process.kill(process.pid, 'SIGKILL');

const USAGE = `Usage: shardlight [serve] [--json]

Runs the status page until a signal stops it. Everything is configured by variables, in the environment or in a
file .env: "shardlight init" writes one, and the README has the table.

  --json       print a line {"url":…,"port":…} when it is up
  --help, -h   this text

Exit codes: 0 stopped, 1 could not start or stop, 2 wrong call, 78 wrong configuration.`;

async function run(args: string[], terminal: Terminal): Promise<number | null> {
  const flags = readFlags(args, { json: { type: 'boolean' } });
  if (!flags.ok) return misused(terminal, flags.why, USAGE);
  const { plan, notes } = configured();
  try {
    const running = await start(await options(plan, notes));
    stopOnSignal(running);
    greet(running, plan);
    if (flags.values.json) terminal.print(JSON.stringify({ url: `${running.url}/`, port: running.port }));
    return null;
  } catch (error) {
    say(`Shardlight did not start: ${error instanceof Error ? error.message : String(error)}.`);
    return EXIT.problem;
  }
}

export const serve: Command = { usage: USAGE, run };
