// Installs with apt what the tests need and this machine lacks, where that can be done; otherwise those tests say they are skipped.
import { spawnSync } from 'node:child_process';

const run = (command, args, env = {}) =>
  spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } })
    .status === 0;
const has = (command) => run('sh', ['-c', `command -v ${command}`]);

const needs = [
  { command: 'chromium', package: 'chromium', for: 'the browser tests' },
  { command: 'promtool', package: 'prometheus', for: 'the tests with Prometheus' },
];
const missing = needs.filter((need) => !has(need.command));
const canInstall = process.getuid?.() === 0 && has('apt-get');
if (missing.length > 0 && canInstall) {
  const packages = missing.map((need) => need.package);
  console.error(`Installing for the tests: ${packages.join(', ')}`);
  run('apt-get', ['update', '-qq']);
  run('apt-get', ['install', '-qq', '-y', '--no-install-recommends', ...packages], {
    DEBIAN_FRONTEND: 'noninteractive',
    RUNLEVEL: '1', // programs are wanted, not services that start by themselves
  });
}
for (const need of missing.filter((one) => !has(one.command)))
  console.error(
    `Not here: ${need.command} (apt package ${need.package}). Without it ${need.for} are skipped.`,
  );
