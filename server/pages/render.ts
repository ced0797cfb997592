// SVG to PNG off the event loop, in a thread that goes when it has nothing to do.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

export type Render = (svg: string) => Promise<Buffer>;

const IDLE_MS = 5_000;

/** One at a time: callers wait for their answer before they ask again. Rejects when it cannot be drawn. */
export function createRenderer(idleMs = IDLE_MS): Render {
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  const dismiss = (): void => {
    void worker?.terminate();
    worker = undefined;
  };
  return async (svg) => {
    clearTimeout(idle);
    worker ??= startWorker();
    worker.ref();
    try {
      worker.postMessage(svg);
      const [png] = (await once(worker, 'message')) as [Uint8Array];
      worker.unref(); // an idle one keeps no process alive
      idle = setTimeout(dismiss, idleMs).unref();
      return Buffer.from(png.buffer, png.byteOffset, png.byteLength);
    } catch (error) {
      dismiss(); // it is gone, or in a state that nobody knows
      throw error;
    }
  };
}

const startWorker = (): Worker => new Worker(new URL('./card-worker.js', import.meta.url));
