// `npm run demo`: the real server on loopback, and a pretend fleet that reports to it over HTTP until Ctrl-C.
import { namesOf, type Environment } from '../server/config.js';
import { loadSettings, readEnvironment } from '../server/settings/read-config.js';
import { createDice } from './demo/dice.js';
import { readFlags, USAGE, type Flags } from './demo/flags.js';
import { membersOf, playingBots, type PretendBot } from './demo/fleet.js';
import { greeting } from './demo/greeting.js';
import { play } from './demo/play.js';
import { createScenario } from './demo/scenario.js';
import { actsOf } from './demo/repertoire.js';
import { openStage, type Stage } from './demo/stage.js';

const EX_USAGE = 2;
/** sysexits.h: configuration error. */
const EX_CONFIG = 78;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Answers --help itself. */
function wantedFlags(): Flags {
  const read = readFlags(process.argv.slice(2));
  if (!read.ok) {
    say(`${read.mistake}.\n\n${USAGE}`);
    process.exit(EX_USAGE);
  }
  if (!read.flags.help) return read.flags;
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}

/** Only the port is taken from the environment: whatever else is set there is meant for a real server. */
function wantedPort(): number {
  const { environment } = readEnvironment();
  const ofPort = namesOf('PORT').map((name) => [name, environment[name]]);
  const loaded = loadSettings(Object.fromEntries(ofPort) as Environment);
  if (loaded.mistakes.length === 0) return loaded.settings.PORT;
  for (const { variable, found, accepts } of loaded.mistakes)
    say(`${variable}: found ${found}; accepted: ${accepts}`);
  process.exit(EX_CONFIG);
}

/** The wanted port, else one that is free: a demo has no reason to insist. */
async function openSomewhere(port: number, bots: PretendBot[]): Promise<Stage> {
  try {
    return await openStage({ port, bots, log: say });
  } catch (error) {
    if (port === 0) throw error;
    say(`The demo ${error instanceof Error ? error.message : String(error)}. It takes a free port instead.`);
    return openStage({ port: 0, bots, log: say });
  }
}

/** The first signal stops politely, the second at once. */
function stopOnSignal(stop: () => Promise<void>): void {
  let isStopping = false;
  const onSignal = (): void => {
    if (isStopping) process.exit(1);
    isStopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        say(`The demo did not stop cleanly: ${String(error)}`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

const flags = wantedFlags();
const bots = playingBots(flags.shards);
const acts = actsOf(flags.scripts);
try {
  const stage = await openSomewhere(wantedPort(), bots);
  const beganAtMs = performance.now();
  const show = play({
    origin: stage.origin,
    stateDir: stage.folder,
    fleet: membersOf(bots),
    scenario: createScenario(acts, createDice(flags.seed)),
    elapsedMs: () => performance.now() - beganAtMs,
    log: say,
  });
  stopOnSignal(async () => {
    await show.stop();
    await stage.stop();
  });
  say(greeting(stage.url, bots, acts));
} catch (error) {
  say(`The demo did not start: ${error instanceof Error ? error.message : String(error)}.`);
  process.exit(1);
}
