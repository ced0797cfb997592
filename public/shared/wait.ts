// How long to stay away after the socket closed.
import { CLOSE_RESTART, CLOSE_TOO_MANY } from './wire.js';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
const FULL_WAIT_MS = 60_000;
const LONGEST_RESTART_MS = 60_000;

/** How long to stay away after a close: what a restarting server says, else exponential with jitter. */
export function waitAfter(code: number, reason: string, failures: number, random: number): number {
  if (code === CLOSE_TOO_MANY) return FULL_WAIT_MS;
  const asked = Number(reason);
  if (code === CLOSE_RESTART && reason !== '' && asked >= 0) return Math.min(asked, LONGEST_RESTART_MS);
  const ceiling = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
  return Math.max(FIRST_WAIT_MS, ceiling * (0.5 + random / 2));
}
