// Adds to package-lock.json the platform binaries of uWebSockets.js that the registry did not list for this machine,
// so that `npm ci` works on the others too, and the integrity of those that the registry in use has. Run it after every change of the lock file.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const file = 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));
for (const owner of ['uWebSockets.js', 'uWebSockets.js-next']) {
  const binaries = lock.packages[`node_modules/${owner}`].optionalDependencies;
  for (const [name, version] of Object.entries(binaries)) complete(owner, name, version);
}
const missing = Object.entries(lock.packages).filter(([path, { integrity }]) => path !== '' && !integrity);
for (const [path, entry] of missing)
  entry.integrity = integrityOf(path.split('node_modules/').at(-1), entry.version);
const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')); // as npm does
lock.packages = Object.fromEntries(sorted);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);

/** Beside the others, or, where another version lies there, below its owner: as npm does. */
function complete(owner, name, version) {
  const [, os, cpu, nodeMajor] = /^@uwsjs\/([a-z0-9]+)-([a-z0-9]+)-(\d+)$/.exec(name);
  const beside = lock.packages[`node_modules/${name}`];
  const isTaken = beside !== undefined && beside.version !== version;
  lock.packages[`node_modules/${isTaken ? `${owner}/node_modules/` : ''}${name}`] ??= {
    version,
    cpu: [cpu],
    ...(os === 'linux' ? { libc: 'glibc' } : {}),
    license: 'Apache-2.0',
    optional: true,
    os: [os],
    engines: { node: `>=${nodeMajor}.0.0 <${Number(nodeMajor) + 1}.0.0` },
  };
}

/** Undefined where the registry does not have it: then nobody gets it from there either. */
function integrityOf(name, version) {
  try {
    const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    return execFileSync('npm', ['view', `${name}@${version}`, 'dist.integrity'], options).trim() || undefined;
  } catch {
    console.error(`${name}@${version}: the registry in use does not have it, so it has no integrity yet`);
    return undefined;
  }
}
