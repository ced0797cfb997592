// `npm run dev`: builds and runs the server, and does both again whenever a source file changes.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';

const settleMs = 100; // an editor writes a file in several steps
let server;
let timer;

function start() {
  const built = spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
  if (built.status !== 0) return console.error('The build failed. Waiting for the next change.');
  server = spawn(process.execPath, ['dist/server/cli/main.js'], { stdio: 'inherit' });
}

async function restart() {
  if (server && server.exitCode === null && server.kill('SIGTERM')) await once(server, 'exit');
  start();
}

for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    server?.kill(signal);
    process.exit();
  });
for (const room of ['server', 'public'])
  watch(room, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => void restart(), settleMs);
  });
start();
