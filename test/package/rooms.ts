// The rooms' own tests once more, on the other Node.js: what passes on 20 passes on 22.
import { execFile } from 'node:child_process';
import t from 'tap';
import { unhooked } from '../unhooked.js';
import { environmentOf, otherNode, OTHER_MODULES, ROOT } from './nodes.js';

interface Ended {
  code: number;
  /** The lines about failures. */
  failures: string;
}

/** Its binary of the transport lies in a folder of its own, which NODE_PATH adds to where packages are looked for. */
function test(path: string): Promise<Ended> {
  const env = { ...environmentOf(otherNode), NODE_PATH: OTHER_MODULES, TAP_TIMEOUT: '1200' }; // as in .taprc
  return new Promise((resolve) => {
    execFile(...unhooked(otherNode.path, [path]), { cwd: ROOT, env, maxBuffer: 2 ** 28 }, (error, stdout) => {
      const failures = stdout.split('\n').filter((line) => /^\s*not ok/.test(line));
      resolve({ code: Number(error?.code ?? 0), failures: failures.join('\n') });
    });
  });
}

/** One after the other: the runner runs two files at a time as it is. */
export function testRooms(rooms: string[]): void {
  for (const room of rooms)
    void t.test(`the tests of ${room} pass on ${otherNode.name}`, { skip: otherNode.skip }, async (t) => {
      const [folder, file = folder] = room.split('/');
      t.same(await test(`build/test/${folder}/${file}.test.js`), { code: 0, failures: '' });
    });
}
