// `shardlight doctor`: examines a server from outside, as bots and browsers see it, and explains how to fix each problem.
import { isColourWanted } from '../settings/read-config.js';
import { VERSION } from '../version.js';
import { EXIT, misused, type Command, type Terminal } from './command.js';
import { createAsk } from './doctor/ask.js';
import { readCall, type Call } from './doctor/call.js';
import { createCertificateReader } from './doctor/certificate.js';
import { examine } from './doctor/examine.js';
import { isSick, summaryOf, textOf, withoutSecrets, type Line } from './doctor/line.js';
import { createOpen } from './doctor/socket.js';

const USAGE = `Usage: shardlight doctor [--url <address>] [flags]

Examines a running server from outside: address, certificate, clock, tokens, live connection, clusters, state.

  --url <address>           the server; SHARDLIGHT_PUBLIC_URL if left out
  --token <token>           says which roles it has
  --ingest-token <token>    … and whether bots may report with it
  --viewer-token <token>    … whether it reads the fleet
  --metrics-token <token>   … whether it reads /metrics
  --operator-token <token>  … whether it may act
  --namespace <name>        the prefix of metric names that is expected
  --timeout <seconds>       for each answer (10)
  --idle <seconds>          how long the live connection is watched (7); 60 shows what a proxy does to it
  --probe                   measure from a post to its frame. This writes: a cluster of a fleet "doctor" registers, says
                            goodbye and, with an operator token, is forgotten; its number stays taken
  --json                    one object {"url","ok","checks":[{"name","state","what","fix"}]}
  --help, -h                this text

Tokens that are not given are taken from the environment and the file .env (SHARDLIGHT_TOKEN and so on), if
SHARDLIGHT_PUBLIC_URL does not name another server: there they stay out of the shell's history.

Each line is [ok] fine, [??] worth a look, [!!] wrong, [--] not looked at; below it, what to do.
Exit codes: 0 nothing is wrong, 1 something is, 2 wrong call.`;

async function run(args: string[], terminal: Terminal): Promise<number> {
  const call = readCall(args);
  if (typeof call === 'string') return misused(terminal, call, USAGE);
  const lines: Line[] = [];
  const isColoured = process.stdout.isTTY && isColourWanted();
  const secrets = call.tokens.map(({ text }) => text);
  const tell = (...told: Line[]): void => {
    const clean = told.map((line) => withoutSecrets(line, secrets));
    lines.push(...clean);
    if (!call.isJson) for (const line of clean) terminal.print(textOf(line, isColoured));
  };
  await examine(call, { ...instruments(call), tell });
  const isFine = !isSick(lines);
  if (call.isJson) terminal.print(JSON.stringify({ url: call.base, ok: isFine, checks: lines }));
  else terminal.say(`\n${call.base}: ${summaryOf(lines)}`);
  return isFine ? EXIT.ok : EXIT.problem;
}

function instruments({ base, timeoutMs }: Call): Omit<Parameters<typeof examine>[1], 'tell'> {
  const now = Date.now;
  const client = { base, timeoutMs, now, agent: `shardlight-doctor/${VERSION}` };
  return {
    ask: createAsk(client),
    open: createOpen(client),
    readCertificate: createCertificateReader(timeoutMs),
    now,
    wall: now,
    version: VERSION,
  };
}

export const doctor: Command = { usage: USAGE, run };
