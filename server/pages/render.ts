// SVG to PNG in a process that goes when it has nothing to do, and all its memory with it: a thread leaves 11 MB behind.
import { fork, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

export type Render = (svg: string) => Promise<Buffer>;

/** What the process that draws says to an SVG. */
export type Drawn = { png: Uint8Array } | { why: string };

const IDLE_MS = 5_000;

/** One at a time: callers wait for their answer before they ask again. Rejects when it cannot be drawn. */
export function createRenderer(idleMs = IDLE_MS): Render {
  let child: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;
  const dismiss = (): void => {
    child?.kill();
    child = undefined; // one that is about to end is asked no more
  };
  return async (svg) => {
    clearTimeout(idle);
    if (!child?.connected) child = startChild(); // the first one, or it ended by itself
    const drawn = await ask(child, svg).catch((error: unknown) => {
      dismiss();
      throw error;
    });
    idle = setTimeout(dismiss, idleMs).unref();
    if ('why' in drawn) throw new Error(drawn.why);
    return Buffer.from(drawn.png.buffer, drawn.png.byteOffset, drawn.png.byteLength);
  };
}

const program = fileURLToPath(new URL('../pages/card-child.js', import.meta.url));

/**
 * It is told nothing of this process, least of all the tokens in its environment. It gets a pipe for its last words, and not
 * our stderr: a child that inherits a pipe makes it block, for both.
 */
function startChild(): ChildProcess {
  const child = fork(program, [], {
    env: {},
    execArgv: [],
    serialization: 'advanced', // bytes stay bytes
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  return child.on('error', () => undefined); // told to who waits for a card; an idle one must not end this process
}

/** Node prints a page about a crash; its beginning says what it was. */
const MAX_WORDS = 500;

/** While it draws it keeps this process alive; an idle one does not. */
function ask(child: ChildProcess, svg: string): Promise<Drawn> {
  child.ref();
  child.channel?.ref();
  const stderr = child.stderr as Socket;
  stderr.ref();
  let words = '';
  const listen = (some: Buffer): void => void (words = `${words}${some.toString()}`.slice(0, MAX_WORDS));
  stderr.on('data', listen);
  return new Promise<Drawn>((resolve, reject) => {
    const failed = (): void => reject(new Error(`the process that draws cards ended ${words}`.trimEnd()));
    child.once('close', failed);
    child.once('error', reject);
    child.once('message', (drawn) => {
      child.removeListener('close', failed);
      child.removeListener('error', reject);
      resolve(drawn as Drawn);
    });
    child.send(svg);
  }).finally(() => {
    stderr.removeListener('data', listen).unref();
    child.unref();
    child.channel?.unref();
  });
}
