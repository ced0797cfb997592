// What is said of the code without running it: the compiler and the linter, and the formatter beside them.
import { spawn } from 'node:child_process';

const checks = [
  [process.execPath, 'scripts/lint.mjs'],
  ['node_modules/.bin/prettier', '--check', '--log-level', 'warn', '.'],
];

/** What it said is printed in one piece, so that two complaints do not mix. */
function run([command, ...args]) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      process.stderr.write(Buffer.concat(said));
      if (code !== 0) console.error(`${[command, ...args].join(' ')}: not content.`);
      resolve(code === 0);
    });
  });
}

const contented = await Promise.all(checks.map(run));
process.exitCode = contented.every(Boolean) ? 0 : 1;
