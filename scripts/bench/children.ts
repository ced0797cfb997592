// Starts the processes that are measured, asks them what they have used, and ends them.
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../../server/config.js';
import { NODE_FLAGS } from '../../server/cli/runtime.js';
import type { Answers, Question } from './child.js';
import type { MemberSettings } from './member-child.js';

export interface Child {
  port: number;
  ask: <Q extends Question>(question: Q) => Promise<Answers[Q]>;
  stop: () => Promise<void>;
}

/** The token that every report of the bench carries: public servers have one. */
export const TOKEN = 'bench-token-of-a-usual-length-0123456789abcd';

const folders: string[] = [];
process.once('exit', () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder for what is kept, removed when the bench ends. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'shardlight-bench-'));
  folders.push(folder);
  return folder;
}

/** The product, on loopback, with leases that outlast the bench, and limits that let one address be a whole fleet. */
export const startProduct = (settings: Environment, folder = freshFolder()): Promise<Child> =>
  startChild('product-child.js', NODE_FLAGS, {
    SHARDLIGHT_HOST: '127.0.0.1',
    SHARDLIGHT_PORT: '0',
    SHARDLIGHT_STATE: join(folder, 'state.json'),
    SHARDLIGHT_TOKEN: TOKEN,
    SHARDLIGHT_REGISTER_BURST: '1000000',
    SHARDLIGHT_HEARTBEAT_BURST: '1000000',
    SHARDLIGHT_READ_BURST: '1000000',
    SHARDLIGHT_HEARTBEAT_INTERVAL: '600',
    SHARDLIGHT_SHARD_LEASE: '1800',
    SHARDLIGHT_MAX_SOCKETS_PER_ADDRESS: '100000',
    ...settings,
  });

export const startBarePeer = (): Promise<Child> => startChild('bare-peer.js', [], {});

export const startMembers = (settings: MemberSettings): Promise<Child> =>
  startChild('member-child.js', [], settings);

async function startChild(
  file: string,
  flags: string[],
  settings: Environment | MemberSettings,
): Promise<Child> {
  const args = [JSON.stringify(settings)];
  return speakWith(startProcess(`bench/${file}`, args, [...flags, '--expose-gc'], 'inherit'));
}

/** Of the built scripts; `stderr`: whose what it writes there is. */
export const startProcess = (
  file: string,
  args: string[],
  flags: string[],
  stderr: 'inherit' | 'pipe',
): ChildProcess =>
  fork(fileURLToPath(new URL(`../../scripts/${file}`, import.meta.url)), args, {
    execArgv: [...process.execArgv, ...flags],
    stdio: ['ignore', 'inherit', stderr, 'ipc'],
  });

/** A process that says its port first, and then answers. */
export async function speakWith(child: ChildProcess): Promise<Child> {
  const port = (await nextMessage(child)) as number;
  return {
    port,
    ask: async <Q extends Question>(question: Q) => {
      child.send(question);
      return (await nextMessage(child)) as Answers[Q];
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.disconnect();
      }),
  };
}

export function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`a process ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message);
    });
  });
}
