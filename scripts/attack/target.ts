// The server under attack: the real one in a process of its own, on loopback, and what it says meanwhile.
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Environment } from '../../server/config.js';
import { NODE_FLAGS } from '../../server/cli/runtime.js';
import { freshFolder, speakWith, startProcess, TOKEN, type Child } from '../bench/children.js';

export interface Target extends Child {
  /** Lines of its log, from warnings up. */
  log: string[];
}

/** Attackers and visitors stand behind a proxy, so each can be somebody else. */
const USUAL: Environment = {
  SHARDLIGHT_HOST: '127.0.0.1',
  SHARDLIGHT_PORT: '0',
  SHARDLIGHT_TOKEN: TOKEN,
  SHARDLIGHT_TRUSTED_PROXY: '1',
  SHARDLIGHT_SHARD_LEASE: '1800',
};

export async function startTarget(settings: Environment): Promise<Target> {
  const state = { SHARDLIGHT_STATE: join(freshFolder(), 'state.json') };
  const argument = JSON.stringify({ ...USUAL, ...state, ...settings });
  const child = startProcess('bench/product-child.js', [argument], [...NODE_FLAGS, '--expose-gc'], 'pipe');
  const log: string[] = [];
  createInterface(child.stderr!).on('line', (line) => log.push(line));
  return { ...(await speakWith(child)), log };
}

const ROWS = 4_096;
const bearer = { authorization: `Bearer ${TOKEN}` };

/** Every shard of a bot says so. */
export async function reportAll({ port }: Target, bot: string, shards: number, state: string): Promise<void> {
  for (let from = 0; from < shards; from += ROWS) {
    const length = Math.min(ROWS, shards - from);
    const rows = Array.from({ length }, (_, i) => ({ id: from + i, state }));
    const answer = await fetch(`http://127.0.0.1:${port}/api/bots/${bot}/shards`, {
      method: 'POST',
      headers: { ...bearer, 'content-type': 'application/json' },
      body: JSON.stringify({ shards: rows }),
    });
    if (!answer.ok) throw new Error(`a report was refused: ${answer.status} ${await answer.text()}`);
  }
}

/** Somebody who has not to do with the attack gets a whole answer, plain. */
export async function isServed({ port }: Target, path: string): Promise<boolean> {
  const headers = { ...bearer, 'accept-encoding': 'identity', 'x-forwarded-for': '198.51.100.9' };
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
  await answer.arrayBuffer();
  return answer.status === 200;
}
