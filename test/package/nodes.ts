// The Node.js that runs this, and the other one that `scripts/test-needs.mjs` brings; and how programs are called with either.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { unhooked } from '../unhooked.js';

const call = promisify(execFile);

export interface Node {
  name: string;
  /** Its executable. */
  path: string;
  /** False, or why nothing can be tried with it. */
  skip: string | false;
}

/** The tests run at the root of the checkout. */
export const ROOT = process.cwd();
export const OTHER_MODULES = resolve('node_modules/.cache/node-22/node_modules');

const otherPath = `${OTHER_MODULES}/node-${process.platform}-${process.arch}/bin/node`;

export const thisNode: Node = { name: process.version, path: process.execPath, skip: false };
export const otherNode: Node = {
  name: 'Node.js 22',
  path: otherPath,
  skip: !existsSync(otherPath) && 'Node.js 22 is not here: the npm registry was out of reach',
};

const OF_THE_CALLER =
  /^(npm_(package|lifecycle|config_local_prefix|command|node_execpath)|INIT_CWD$|TAP|NODE_)/;
const OURS = /^(SHARDLIGHT|ARGUS|GLANCE)_/;

/** What npm and tap tell the programs that they call is not for those that are called here. */
export function environmentOf({ path }: Node): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !OF_THE_CALLER.test(name) && !OURS.test(name),
  );
  return { ...Object.fromEntries(kept), PATH: `${dirname(path)}${delimiter}${process.env.PATH}` };
}

/** What it printed; rejects with what it said when it fails. `timeout`: in milliseconds, after which it is ended. */
export async function run(
  node: Node,
  cwd: string,
  command: string,
  args: string[],
  timeout = 0,
): Promise<string> {
  const options = { cwd, env: environmentOf(node), maxBuffer: 8 * 2 ** 20, timeout };
  return (await call(...unhooked(command, args), options)).stdout;
}

const NPM_WAITS_FOR_EVER_MS = 240_000;

/** `npm install`, twice where the first never ends: now and then npm waits for an answer that it has lost. */
export async function npmInstall(node: Node, cwd: string, what: string): Promise<void> {
  const args = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--prefix', '.', what]; // not where a folder above has a package.json
  await run(node, cwd, 'npm', args, NPM_WAITS_FOR_EVER_MS).catch((error: unknown) => {
    if ((error as { killed?: boolean }).killed !== true) throw error;
    return run(node, cwd, 'npm', args);
  });
}
