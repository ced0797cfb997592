// Reading a hostile body costs not much more than JSON.parse takes for a plain one of its size, whatever it is made of.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';
import { unhooked } from '../unhooked.js';

const child = fileURLToPath(new URL('cost-child.js', import.meta.url));

for (const route of ['register', 'heartbeat', 'goodbye', 'batch'])
  void t.test(`${route}: no body costs much more than parsing JSON of its size`, async (t) => {
    // Coverage slows our code, and not JSON.parse: a process without it.
    const { stdout } = await promisify(execFile)(...unhooked(process.execPath, [child, route]));
    t.same(JSON.parse(stdout), []);
  });
