// What measured processes and the one that measures say to each other: a port, and what the process has used so far.
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** After a garbage collection. */
export interface Memory {
  rssBytes: number;
  /** Without the files that are mapped into it, which are mostly node itself. Where the system does not say: as `rssBytes`. */
  ownBytes: number;
  /** What JavaScript holds: its heap, and buffers outside of it. */
  heapBytes: number;
}

/** The questions, and their answers. */
export interface Answers {
  /** CPU time of the process so far. */
  cpuMs: number;
  memory: Memory;
  /** How long the event loop stood still at most since this was asked last. */
  longestStallMs: number;
}

export type Question = keyof Answers;

/** Reports the port and answers questions until the parent leaves; then `leave`. To be called in the child, once. */
export function serveParent(port: number, leave: () => Promise<void>): void {
  process.on('message', (question) => void process.send?.(answers[question as Question]()));
  process.on('disconnect', () => void leave().finally(() => process.exit(0)));
  process.send?.(port);
}

const answers = { cpuMs, memory, longestStallMs } satisfies { [Q in Question]: () => Answers[Q] };

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function memory(): Memory {
  globalThis.gc?.();
  globalThis.gc?.(); // what the first one freed outside of the heap is counted by the second
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rssBytes: rss, ownBytes: anonymousBytes() ?? rss, heapBytes: heapUsed + external };
}

function anonymousBytes(): number | null {
  if (process.platform !== 'linux') return null;
  const kib = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
  return kib === undefined ? null : Number(kib) * 1024;
}

const loopDelay = monitorEventLoopDelay({ resolution: 1 });

/** From here on. It wakes the process a thousand times a second, which counts where little else is done. */
export const watchStalls = (): void => void loopDelay.enable();

function longestStallMs(): number {
  const longest = loopDelay.max / 1e6;
  loopDelay.reset();
  return longest;
}
