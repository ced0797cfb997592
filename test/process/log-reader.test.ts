// The log's reader stops, or its disk is full: the server goes on, and says later what is missing.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { until } from '../harness.js';
import { unhooked } from '../unhooked.js';
import { folder } from './child.js';

const entry = fileURLToPath(new URL('../../server/cli/main.js', import.meta.url));

interface Serving {
  url: string;
  stop: () => Promise<unknown>;
}

/** The server with its stderr there, at the level at which each request is a line. */
async function serveTo(t: Test, stderr: number): Promise<Serving> {
  const { PATH = '' } = process.env;
  const child = spawn(...unhooked(process.execPath, [entry, '--json']), {
    cwd: folder(t),
    env: { PATH, SHARDLIGHT_PORT: '0', SHARDLIGHT_LOG_LEVEL: 'debug', SHARDLIGHT_READ_BURST: '1000000' },
    stdio: ['ignore', 'pipe', stderr],
  });
  const exited = once(child, 'close');
  t.teardown(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const [said] = (await once(child.stdout!, 'data')) as [Buffer];
  const { url } = JSON.parse(said.toString()) as { url: string };
  const stop = (): Promise<unknown> => {
    child.kill('SIGTERM');
    return exited;
  };
  return { url: url.replace(/\/$/, ''), stop };
}

/** The same, with a pipe that is read only where the test does so. */
async function serveToPipe(t: Test): Promise<{ server: Serving; reader: number }> {
  const path = join(folder(t), 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, 'w');
  const server = await serveTo(t, writer);
  closeSync(writer);
  return { server, reader };
}

const LONG = 'x'.repeat(550);

/** So many lines of some 600 bytes. */
async function say({ url }: Serving, lines: number): Promise<void> {
  let left = lines;
  const some = async (): Promise<void> => {
    while (left-- > 0) await (await fetch(`${url}/${LONG}`)).arrayBuffer();
  };
  await Promise.all(Array.from({ length: 16 }, some));
}

async function dropped({ url }: Serving): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^shardlight_lines_dropped_total (\d+)$/m.exec(text)?.[1]);
}

const isHealthy = async ({ url }: Serving): Promise<boolean> => (await fetch(`${url}/healthz`)).ok;

/** More than a pipe and the buffer hold together. */
const MANY = 2_100;

void t.test(
  'a pipe whose reader stops holds nothing up; when it reads again it is told what is missing',
  async (t) => {
    const { server, reader } = await serveToPipe(t);
    await fetch(`${server.url}/card.png`); // a child process that shared the pipe would make it block
    await say(server, MANY);
    t.ok(await isHealthy(server));
    const missing = await dropped(server);
    t.ok(missing > 0 && missing < MANY, `${missing} of ${MANY}`);
    const part = Buffer.alloc(64 * 1024);
    let text = '';
    const read = (): string => {
      try {
        text += part.toString('utf8', 0, readSync(reader, part));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      }
      return text;
    };
    const note = await until(() =>
      / ERROR (\d+) lines of this log \(\d+ bytes\) are missing here: .*keep up/.exec(read()),
    );
    t.equal(Number(note[1]), await dropped(server));
    for (const line of text.trimEnd().split('\n').slice(0, -1))
      if (/^\d{4}-/.test(line)) t.match(line, /^\S+ (DEBUG|INFO|WARN|ERROR) .*\S$/, 'lines are whole');
    t.same(await server.stop(), [0, null]);
    t.match(read(), 'Stopping: ');
    closeSync(reader);
  },
);

void t.test('a pipe that nobody reads any more does not keep it from stopping', async (t) => {
  const { server, reader } = await serveToPipe(t);
  await say(server, 300);
  t.same(await server.stop(), [0, null], 'full');
  closeSync(reader);
});

const isLinux = process.platform === 'linux';

void t.test(
  'a disk that is full from the beginning does not keep it from serving and stopping',
  { skip: !isLinux && '/dev/full is a thing of Linux' },
  async (t) => {
    const full = openSync('/dev/full', 'w');
    const server = await serveTo(t, full);
    closeSync(full);
    await say(server, MANY);
    t.ok(await isHealthy(server));
    t.ok((await dropped(server)) > 0);
    t.same(await server.stop(), [0, null]);
  },
);

/** A file system of 64 KiB; null: we may not mount one. */
function tinyDisk(t: Test): string | null {
  const path = folder(t);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    return null;
  }
  t.teardown(() => execFileSync('umount', ['--lazy', path]));
  return path;
}

void t.test(
  'a disk that fills up costs lines, which it counts, and it goes on when there is room',
  async (t) => {
    const disk = tinyDisk(t);
    if (disk === null) return t.pass('not tried: only root may mount a small file system');
    const path = join(disk, 'log');
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, Buffer.alloc(48 * 1024));
    const file = openSync(path, 'a');
    const server = await serveTo(t, file);
    closeSync(file);
    await say(server, MANY);
    t.ok(await isHealthy(server));
    const missing = await dropped(server);
    t.ok(missing > 0, `${missing}`);
    rmSync(ballast);
    await until(() => readFileSync(path).length > 20 * 1024);
    execFileSync('mount', ['-o', 'remount,size=16m', disk]);
    const note = await until(() =>
      /ERROR (\d+) lines of this log .* are missing here: .*ENOSPC/.exec(readFileSync(path, 'utf8')),
    );
    t.ok(Number(note[1]) >= missing);
    t.same(await server.stop(), [0, null]);
  },
);
