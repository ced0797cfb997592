// Installs what the tests need and this machine lacks, where that can be done; otherwise those tests say they are skipped.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';

const run = (command, args, env = {}) =>
  spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } })
    .status === 0;
const has = (command) => run('sh', ['-c', `command -v ${command}`]);

const needs = [
  { command: 'promtool', package: 'prometheus', for: 'the tests with Prometheus' },
  { command: 'nginx', package: 'nginx-light', for: 'the tests with nginx' },
  { command: 'caddy', package: 'caddy', for: 'the tests with Caddy' },
  { command: 'systemd-analyze', package: 'systemd', for: 'the tests of the systemd unit' },
];
/** Without a window to draw it takes half the processor time of the whole Chromium, which will do where it is not to be had. */
const shell = { command: 'chromium-headless-shell', package: 'chromium-headless-shell' };
const whole = { command: 'chromium', package: 'chromium', for: 'the browser tests' };

const canInstall = process.getuid?.() === 0 && has('apt-get');
let isListFresh = false;

function install(missing) {
  if (missing.length === 0 || !canInstall) return;
  const packages = missing.map((need) => need.package);
  console.error(`Installing for the tests: ${packages.join(', ')}`);
  isListFresh ||= run('apt-get', ['update', '-qq']);
  run('apt-get', ['install', '-qq', '-y', '--no-install-recommends', ...packages], {
    DEBIAN_FRONTEND: 'noninteractive',
    // Programs are wanted, not services that start by themselves.
    RUNLEVEL: '1',
    SYSTEMD_OFFLINE: '1',
  });
}

install([shell].filter((need) => !has(need.command)));
if (!has(shell.command)) needs.push(whole);
const missing = needs.filter((need) => !has(need.command));
install(missing);
for (const need of missing.filter((one) => !has(one.command)))
  console.error(
    `Not here: ${need.command} (apt package ${need.package}). Without it ${need.for} are skipped.`,
  );

// The other Node.js that is supported, and the transport's binary for it, out of the way of our own packages.
const other = 'node_modules/.cache/node-22';
const node22 = `node-${process.platform}-${process.arch}`;
if (!existsSync(`${other}/node_modules/${node22}/bin/node`)) {
  mkdirSync(other, { recursive: true });
  writeFileSync(`${other}/package.json`, '{ "private": true }\n');
  const binary = `@uwsjs/${process.platform}-${process.arch}-22@20.51.4`;
  const packages = [`${node22}@22.23.3`, binary];
  const flags = ['--prefix', other, '--force', '--loglevel', 'error', '--prefer-offline']; // --force: it is for another Node.js
  if (!run('npm', ['install', ...flags, ...packages]))
    console.error('Not here: Node.js 22 (npm package). Without it the tests on it are skipped.');
}
