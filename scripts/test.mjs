// The tests, and beside them what is said of the code without running it: the linter takes one core for a minute while tests wait for sockets.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Its exit code, once all that it said was passed on. */
function run(command, args, say) {
  const child = spawn(command, args, { stdio: ['inherit', 'pipe', 'inherit'] });
  createInterface({ input: child.stdout }).on('line', say);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
}

/** "22095 passed, 0 failed, 0 skipped": the last line, whichever of both ends last. */
const sum = /^(\d+ passed, )(\d+)( failed.*)$/;
let summary = '0 passed, 1 failed';

const [check, tests] = await Promise.all([
  run(process.execPath, ['scripts/check.mjs'], (line) => console.log(line)),
  run('node_modules/.bin/tap', ['run'], (line) => {
    if (sum.test(line)) summary = line;
    else console.log(line);
  }),
]);
if (check !== 0) {
  console.log('The code was complained of (scripts/check.mjs): see above.');
  summary = summary.replace(sum, (_, passed, failed, rest) => `${passed}${Number(failed) + 1}${rest}`);
}
console.log(summary);
process.exitCode = check === 0 && tests === 0 ? 0 : 1;
