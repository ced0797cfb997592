// How many viewers this machine lets us hold: every socket is a file descriptor, and `ulimit -n` bounds them.
import { execFileSync } from 'node:child_process';

/** Beside the viewers: reporters, the children's pipes, the load generator's connections. */
const SPARE = 500;

/** Of this process and of those that it starts; Infinity where there is no limit. */
export function descriptorLimit(): number {
  const said = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
  return said === 'unlimited' ? Infinity : Number(said);
}

/** This process holds the viewers of both sides at once. */
export const affordableViewers = (wanted: number, limit: number): number =>
  Math.max(1, Math.min(wanted, Math.floor((limit - SPARE) / 2)));
