// The measured product: the real server in a process of its own, configured by its first argument.
import { systemClocks } from '../../server/clock.js';
import { type Environment } from '../../server/config.js';
import { loadSettings } from '../../server/settings/read-config.js';
import { openLogOrThrow } from '../../server/log/open.js';
import { createLog } from '../../server/telemetry/logger.js';
import { start } from '../../server/main.js';
import { settle } from '../../server/settings/settle-config.js';
import { serveParent, watchStalls } from './child.js';

const environment = JSON.parse(process.argv[2] ?? '{}') as Environment;
const loaded = loadSettings(environment);
if (loaded.mistakes.length > 0) throw new Error(JSON.stringify(loaded.mistakes));
const settled = settle(loaded.settings);
if (!settled.ok) throw new Error(JSON.stringify(settled.mistakes));

const running = await start({
  ...settled.plan,
  opened: await openLogOrThrow(settled.plan.statePath, settled.plan, Date.now()),
  clocks: systemClocks,
  log: createLog({
    format: 'text',
    level: 'warn',
    now: Date.now,
    write: (line) => void process.stderr.write(`${line}\n`),
  }),
  droppedLines: () => 0,
});
watchStalls();
serveParent(running.port, running.stop);
