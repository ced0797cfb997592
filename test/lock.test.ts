// package-lock.json: whatever is installed by it is compared with what was tested.
import { readFileSync } from 'node:fs';
import t from 'tap';

interface Entry {
  version: string;
  integrity?: string;
}

/** Binaries for other machines, which the registry that the lock file was made with does not have. */
const OF_OTHERS = /\/@uwsjs\/(?!linux-x64-)[a-z0-9]+-[a-z0-9]+-\d+$/;

void t.test('every package has an integrity', (t) => {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Entry> };
  const open = Object.entries(lock.packages).filter(([path, entry]) => path !== '' && !entry.integrity);
  for (const [path, { version }] of open)
    t.comment(`${path}@${version} has none: the registry that was asked does not have it`);
  t.same(
    open.map(([path]) => path).filter((path) => !OF_OTHERS.test(path)),
    [],
  );
  t.end();
});
