// `shardlight`: finds the command that was asked for, and runs it.
import { VERSION } from '../version.js';
import { isColourWanted } from '../settings/read-config.js';
import { EXIT, misused, type Command, type Terminal } from './command.js';
import { unsupported } from './runtime.js';

/** Loaded when called, so that only `serve` needs the transport's binary. */
const commands = {
  serve: async () => (await import('./serve.js')).serve,
  init: async () => (await import('./init.js')).init,
  doctor: async () => (await import('./doctor.js')).doctor,
} satisfies Record<string, () => Promise<Command>>;

const USAGE = `Usage: shardlight [command] [flags]

  serve    run the status page (the default)
  init     write what is needed to run one: .env with tokens, compose.yaml, and the like
  doctor   examine a running server from outside, and explain how to fix each problem

  --help, -h       this text; with a command: about that command
  --version, -v    which version this is`;

const terminal: Terminal = {
  print: (text) => void process.stdout.write(`${text}\n`),
  say: (text) => void process.stderr.write(`${text}\n`),
  isInteractive: process.stdin.isTTY && process.stderr.isTTY,
  isColoured: process.stderr.isTTY && isColourWanted(),
};

async function run([first = 'serve', ...rest]: string[]): Promise<number | null> {
  const { print, say } = terminal;
  if (first === '--help' || first === '-h') return (print(USAGE), EXIT.ok);
  if (first === '--version' || first === '-v') return (print(VERSION), EXIT.ok);
  if (!Object.hasOwn(commands, first)) {
    if (!first.startsWith('-')) return misused(terminal, `There is no command "${first}".`, USAGE);
    return run(['serve', first, ...rest]);
  }
  const problem = first === 'serve' ? unsupported(process) : null;
  if (problem !== null) return (say(problem), EXIT.config);
  const { usage, run: perform } = await commands[first as keyof typeof commands]();
  if (rest.includes('--help') || rest.includes('-h')) return (print(usage), EXIT.ok);
  return perform(rest, terminal);
}

/**
 * Whoever reads what is printed may leave early, as `head` does: a server goes on, and a command ends as it would have. Nor
 * does a full disk end a server; a command whose output is lost fails.
 */
const output = { isLost: false };
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => (output.isLost ||= error.code !== 'EPIPE'));

const code = await run(process.argv.slice(2));
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve)); // a failed write says so by then
if (code !== null) await settled();
// What a failed start left open must not keep it alive.
if (code !== null) process.exit(code === EXIT.ok && output.isLost ? EXIT.problem : code);
