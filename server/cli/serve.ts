// `shardlight serve`: reads the configuration and the state, starts the server, and stops it on a signal.
import { systemClocks } from '../clock.js';
import { loadSettings, readEnvironment, type Loaded, type Mistake } from '../settings/read-config.js';
import { openLog } from '../log/open.js';
import { createLog, type Log } from '../telemetry/logger.js';
import { start, type Running, type StartOptions } from '../main.js';
import { settle, type Plan } from '../settings/settle-config.js';
import { EXIT, misused, readFlags, type Command, type Terminal } from './command.js';
import { doubtsAboutBinary } from './binary.js';
import { createLinesOut, type LinesOut, type Lost } from './lines-out.js';
import { stderrOutlet } from './stderr-outlet.js';

const STOP_WITHIN_MS = 2_800;
/** For what was said last, when whoever reads it has stopped. */
const LAST_WORDS_MS = 500;

/** Ends the process; what was said is out by then, if anybody reads it. */
async function exit(out: LinesOut, code: number): Promise<never> {
  await out.flush(LAST_WORDS_MS);
  process.exit(code);
}

function giveUp(out: LinesOut, headline: string, details: string[]): Promise<never> {
  out.say([headline, ...details.map((detail) => `  ${detail}`)].join('\n'));
  return exit(out, EXIT.config);
}

function refuse(out: LinesOut, mistakes: Mistake[]): Promise<never> {
  const lines = mistakes.map(
    ({ variable, found, accepts }) => `${variable}: found ${found}; accepted: ${accepts}`,
  );
  return giveUp(out, 'Shardlight did not start. Please fix these settings:', lines);
}

/** `notes` are sentences for the log. */
async function configured(out: LinesOut): Promise<{ plan: Plan; notes: string[] }> {
  const { environment, mistakes } = readEnvironment();
  const { settings, unused, notes, ...loaded } = loadSettings(environment);
  const settled = settle(settings);
  mistakes.push(...loaded.mistakes, ...(settled.ok ? [] : settled.mistakes));
  if (!settled.ok || mistakes.length > 0) return refuse(out, mistakes);
  return { plan: settled.plan, notes: [...unused.map(unusedNote), ...notes, ...settled.notes] };
}

const unusedNote = ({ name, meant }: Loaded['unused'][number]): string =>
  `${name} is set, but Shardlight does not read it.${meant === null ? '' : ` Did you mean ${meant}?`}`;

/** The log of that plan, and what it says once there is room again after lines were dropped. */
function openLines(): { out: LinesOut; logOf: (plan: Plan) => Log } {
  let lost: (lost: Lost) => void = () => undefined;
  const out = createLinesOut({ outlet: stderrOutlet(), lost: (loss) => lost(loss) });
  process.on('exit', out.lastWords);
  const logOf = ({ logFormat, logLevel }: Plan): Log => {
    const log = createLog({ format: logFormat, level: logLevel, now: systemClocks.wall, write: out.say });
    lost = (loss) => log.error(lossNote(loss));
    return log;
  };
  return { out, logOf };
}

const lossNote = ({ lines, bytes, why }: Lost): string =>
  `${lines} lines of this log (${bytes} bytes) are missing here: ` +
  (why === null
    ? 'whoever reads it did not keep up. The server went on meanwhile. Look at what reads the log'
    : `they could not be written (${why}). The server went on meanwhile. Look at the disk that the log is on`);

async function options(plan: Plan, notes: string[], out: LinesOut, log: Log): Promise<StartOptions> {
  const { wall } = systemClocks;
  for (const note of notes) log.warn(note);
  if (!plan.allowUnknownBinary) await warnOfBinary(log);
  const kept = await openLog(plan.statePath, plan, wall());
  if (!kept.ok)
    return giveUp(out, `Shardlight did not start: ${kept.file} cannot be used, and was left as it is.`, [
      `Why: ${kept.why}.`,
      `What to do: ${kept.todo}.`,
    ]);
  const { opened } = kept;
  for (const note of opened.notes) log.warn(note);
  return { ...plan, opened, clocks: systemClocks, log, droppedLines: out.droppedLines };
}

async function warnOfBinary(log: Log): Promise<void> {
  const doubts = await doubtsAboutBinary();
  if (doubts !== null) log.warn(doubts);
}

function greet({ say }: LinesOut, running: Running, plan: Plan): void {
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

/** The first signal stops politely, the second at once. SIGHUP stops only where it says that the terminal is gone. */
function stopOnSignal(running: Running, out: LinesOut, terminal: Terminal): void {
  const { say } = out;
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
      () => exit(out, EXIT.ok),
      (error: unknown) => {
        say(`The state could not be written: ${String(error)}`);
        return exit(out, EXIT.problem);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  process.on('SIGHUP', terminal.isInteractive ? onSignal : () => void saveOnly(running, out));
}

/** Settings are read at a start, when mistakes in them can still refuse it; there is nothing else to read again. */
async function saveOnly(running: Running, { say }: LinesOut): Promise<void> {
  const isSaved = await running.save();
  say(
    `SIGHUP: ${isSaved ? 'the state is saved' : 'the state could not be saved'}, and the server goes on. ` +
      'Settings are read at a start only: restart it to change them.',
  );
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
  const { out, logOf } = openLines();
  const { plan, notes } = await configured(out);
  try {
    const running = await start(await options(plan, notes, out, logOf(plan)));
    stopOnSignal(running, out, terminal);
    greet(out, running, plan);
    if (flags.values.json) terminal.print(JSON.stringify({ url: `${running.url}/`, port: running.port }));
    return null;
  } catch (error) {
    out.say(`Shardlight did not start: ${error instanceof Error ? error.message : String(error)}.`);
    return exit(out, EXIT.problem);
  }
}

export const serve: Command = { usage: USAGE, run };
