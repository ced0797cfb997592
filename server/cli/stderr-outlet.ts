// stderr as the log uses it: no write ever blocks the event loop.
import { constants, fstatSync, openSync, write, writeSync } from 'node:fs';
import type { Outlet } from './lines-out.js';

/**
 * stderr. A pipe or a terminal is opened once more, so that it never blocks whatever others who share it set; a file is
 * written by a thread. A socket cannot be opened again: node's stream writes it without blocking.
 */
export function stderrOutlet(): Outlet {
  const { fd } = process.stderr;
  const stat = fstatSync(fd);
  if (stat.isFile()) return descriptorOutlet(fd);
  const own = stat.isSocket() ? null : openAgain(fd);
  return own === null ? streamOutlet(process.stderr) : descriptorOutlet(own);
}

/** Null: the system has no such place, or it belongs to somebody else. */
function openAgain(fd: number): number | null {
  try {
    return openSync(
      `/proc/self/fd/${fd}`,
      constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY | constants.O_APPEND,
    );
  } catch {
    return null;
  }
}

const descriptorOutlet = (fd: number): Outlet => ({
  write: (bytes) =>
    new Promise((resolve, reject) =>
      write(fd, bytes, (error, taken) => (error ? reject(error) : resolve(taken))),
    ),
  writeNow: (bytes) => writeSync(fd, bytes),
});

const streamOutlet = (stream: NodeJS.WriteStream): Outlet => ({
  write: (bytes) =>
    new Promise((resolve, reject) =>
      stream.write(bytes, (error) => (error ? reject(error) : resolve(bytes.length))),
    ),
});
