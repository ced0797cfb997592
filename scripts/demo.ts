// `npm run demo`: the real server on loopback, and a pretend fleet that reports to it over HTTP until Ctrl-C.
import { parseArgs } from 'node:util';
import { namesOf, type Environment } from '../server/config.js';
import { loadSettings, readEnvironment } from '../server/read-config.js';
import { createDice } from './demo/dice.js';
import { play } from './demo/play.js';
import { createScenario } from './demo/scenario.js';
import { openStage, type Stage } from './demo/stage.js';

const EX_USAGE = 2;
/** sysexits.h: configuration error. */
const EX_CONFIG = 78;
const USAGE = `Usage: npm run demo -- [--seed <number>]
  --seed   another number, another course of events (1)
The port is 9190, or SHARDLIGHT_PORT.`;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

function readSeed(): number {
  try {
    const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' } } });
    if (/^\d{1,9}$/.test(values.seed)) return Number(values.seed);
  } catch {
    // an unknown option: the usage says which there are
  }
  say(USAGE);
  process.exit(EX_USAGE);
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
async function openSomewhere(port: number): Promise<Stage> {
  try {
    return await openStage({ port, log: say });
  } catch (error) {
    if (port === 0) throw error;
    say(`The demo ${error instanceof Error ? error.message : String(error)}. It takes a free port instead.`);
    return openStage({ port: 0, log: say });
  }
}

const greeting = ({ url }: Stage): string => `
Shardlight is up, and a pretend fleet reports to it.

  The page    ${url}/
  A lookup    ${url}/?guild=81384788765712384
  Operators   ${url}/operator

  Aurora   240 shards in 15 Argus clusters of three fleets
  Biscuit   16 shards by the batch route
  Pico       1 shard by Glance's routes

  The first seconds  everything starts
  Every 3 minutes    0:20  a rolling restart of Aurora, cluster after cluster
                     0:45  5 shards of Biscuit go offline for 12 s, and resume one by one
                     1:25  Pico is restarted
                     1:50  a cluster of Aurora hangs: not responding after 15 s, back after 40 s
  All the time       single shards resume

  To stop: Ctrl-C.
`;

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

const scenario = createScenario(createDice(readSeed()));
try {
  const stage = await openSomewhere(wantedPort());
  const beganAtMs = performance.now();
  const fleet = play({
    origin: stage.origin,
    scenario,
    elapsedMs: () => performance.now() - beganAtMs,
    log: say,
  });
  stopOnSignal(() => {
    fleet.stop();
    return stage.stop();
  });
  say(greeting(stage));
} catch (error) {
  say(`The demo did not start: ${error instanceof Error ? error.message : String(error)}.`);
  process.exit(1);
}
