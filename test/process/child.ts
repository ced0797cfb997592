// The compiled server as a process of its own, as `npm start` runs it.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import { until } from '../harness.js';
import { unhooked } from '../unhooked.js';

const entry = fileURLToPath(new URL('../../server/cli/main.js', import.meta.url));
const OURS = /^(SHARDLIGHT|ARGUS|GLANCE)_/;

export interface Child {
  process: ChildProcess;
  /** What it said so far. */
  said: () => string;
  exited: Promise<{ code: number | null; signal: string | null }>;
}

/** A folder for one test. */
export function folder(t: Pick<Test, 'teardown'>): string {
  const path = mkdtempSync(join(tmpdir(), 'shardlight-process-'));
  t.teardown(() => rmSync(path, { recursive: true }));
  return path;
}

/** Starts it in `cwd`, on a port that the system chooses; or another program. What runs at the end of the test is killed. */
export function launch(
  t: Pick<Test, 'teardown'>,
  cwd: string,
  environment: Record<string, string> = {},
  args: string[] = [],
  program = entry,
): Child {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)));
  const child = spawn(...unhooked(process.execPath, [program, ...args]), {
    cwd,
    env: { ...inherited, SHARDLIGHT_PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exited = new Promise<Awaited<Child['exited']>>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  t.teardown(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return { process: child, said: () => text, exited };
}

/** Where its page is, once it says so and answers there, without a slash at the end. */
export async function pageOf(child: Child): Promise<string> {
  let isOver = false;
  void child.exited.then(() => (isOver = true));
  const url = await until(() => {
    if (isOver) throw new Error(child.said());
    return /http:\/\/\S+(?=\/\n)/.exec(child.said())?.[0];
  });
  await (await fetch(`${url}/plain`)).text();
  return url;
}
