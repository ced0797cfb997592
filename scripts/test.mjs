// The tests, and beside them what is said of the code without running it: the linter takes one core for a minute while tests wait for sockets.
import { spawn } from 'node:child_process';

const both = [
  [process.execPath, 'scripts/check.mjs'],
  ['node_modules/.bin/tap', 'run'],
];

function run([command, ...args]) {
  const child = spawn(command, args, { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ command: [command, ...args].join(' '), code }));
  });
}

const failed = (await Promise.all(both.map(run))).filter(({ code }) => code !== 0);
// At the end, for what the one said may stand far above what the other said last.
for (const { command } of failed) console.error(`${command}: failed, see above.`);
process.exitCode = failed.length > 0 ? 1 : 0;
