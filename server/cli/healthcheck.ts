// The container's health check: asks the Shardlight of this configuration whether it lives, exits 0 or says why not and exits 1.
import { inBrackets } from '../outbound/addresses.js';
import { loadSettings, readEnvironment } from '../settings/read-config.js';

const GIVE_UP_AFTER_MS = 4_000;
const EVERYWHERE: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Where it listens, as the server reads it too: other names of variables, `.env` and all. */
function address(): string {
  const { environment, mistakes } = readEnvironment();
  const { settings, ...loaded } = loadSettings(environment);
  const wrong = [...mistakes, ...loaded.mistakes].map(({ variable }) => variable);
  if (wrong.length > 0) throw new Error(`the configuration is wrong: ${wrong.join(', ')}`);
  if (settings.PORT === 0)
    throw new Error('the system chose its port (SHARDLIGHT_PORT is 0), so it cannot be asked');
  const host = EVERYWHERE[settings.HOST ?? '0.0.0.0'] ?? settings.HOST!;
  return `http://${inBrackets(host)}:${settings.PORT}/healthz`;
}

async function check(): Promise<void> {
  const answer = await fetch(address(), { signal: AbortSignal.timeout(GIVE_UP_AFTER_MS) });
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
}

/** Node's fetch hides the reason in the cause. */
const reasonOf = (error: unknown): string => {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
};

try {
  await check();
} catch (error) {
  process.stderr.write(`Shardlight is not healthy: ${reasonOf(error)}.\n`);
  process.exitCode = 1;
}
