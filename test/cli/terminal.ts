// A person at a real pseudo-terminal: reads what is on the screen, and types when it is there.
import { spawn, spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import type { Test } from 'tap';
import { until } from '../harness.js';

/** util-linux's `script` makes the terminal. */
export const noTerminal =
  process.platform === 'linux' && spawnSync('script', ['--version']).status === 0
    ? false
    : 'script is not here (apt package bsdutils)';

export const KEY = { enter: '\r', down: '\u001b[B', clear: '\u0015', interrupt: '\u0003', end: '\u0004' };

export interface Sitting {
  /** Waits until the text is there, of what came after the last keys; then types. */
  at: (text: string, keys: string) => Promise<void>;
  /** What came so far, as it was sent. */
  raw: () => string;
  /** The exit code of the program. */
  ended: Promise<number | null>;
}

/** Runs a line of shell at a terminal, in `cwd`. What still runs at the end of the test is killed. */
export function sitDown(
  t: Pick<Test, 'teardown'>,
  line: string,
  cwd: string,
  environment: Record<string, string> = {},
): Sitting {
  const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
    cwd,
    env: { PATH: process.env.PATH, TERM: 'xterm', LANG: 'C.UTF-8', SHELL: '/bin/sh', ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let raw = '';
  let readUpTo = 0;
  child.stdout.on('data', (chunk: Buffer) => (raw += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
  let isOver = false;
  void ended.then(() => (isOver = true));
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const at = async (text: string, keys: string): Promise<void> => {
    await until(() => {
      if (stripVTControlCharacters(raw.slice(readUpTo)).includes(text)) return true;
      if (isOver) throw new Error(`it ended before it said "${text}":\n${stripVTControlCharacters(raw)}`);
      return false;
    });
    if (keys === '') return; // what came with it may be waited for, too
    readUpTo = raw.length;
    child.stdin.write(keys);
  };
  return { at, raw: () => raw, ended };
}
