// Calls the compiled program, and waits for its end.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { testClock, type TestClock } from '../harness.js';
import { unhooked } from '../unhooked.js';

export const entry = fileURLToPath(new URL('../../server/cli/main.js', import.meta.url));

/** For servers that the program is called at: its clock is the system's, and so theirs must be. */
export const systemClock = (): TestClock => ({
  ...testClock(),
  now: Date.now,
  monotonic: () => performance.now(),
});

export interface Ended {
  code: number | null;
  /** Its data. */
  stdout: string;
  /** Its talk. */
  stderr: string;
}

/** Nobody sits at it: its input is empty. */
export function call(args: string[], cwd: string, environment: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(...unhooked(process.execPath, [entry, ...args]), {
    cwd,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended: Ended = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (ended.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (ended.stderr += chunk.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ ...ended, code })));
}
