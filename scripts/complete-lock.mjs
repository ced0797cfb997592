// Adds to package-lock.json the platform binaries of uWebSockets.js that the registry did not list for this machine,
// so that `npm ci` works on the others too. Run it after every change of the lock file.
import { readFileSync, writeFileSync } from 'node:fs';

const file = 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));
const binaries = lock.packages['node_modules/uWebSockets.js'].optionalDependencies;
for (const [name, version] of Object.entries(binaries)) {
  const [, os, cpu, nodeMajor] = /^@uwsjs\/([a-z0-9]+)-([a-z0-9]+)-(\d+)$/.exec(name);
  lock.packages[`node_modules/${name}`] ??= {
    version,
    cpu: [cpu],
    ...(os === 'linux' ? { libc: 'glibc' } : {}),
    license: 'Apache-2.0',
    optional: true,
    os: [os],
    engines: { node: `>=${nodeMajor}.0.0 <${Number(nodeMajor) + 1}.0.0` },
  };
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
lock.packages = Object.fromEntries(sorted);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
