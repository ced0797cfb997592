// What somebody with the public page open sees of each shard, in order, and a bot to be seen.
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import { applyPatch, applySnapshot } from '../../public/shared/patch.js';
import { wireName, type StateName } from '../../public/shared/states.js';
import { PROTOCOL, type LiveFrame, type PublicView } from '../../public/shared/wire.js';
import { listen, until, type TestServer } from '../harness.js';
import { unhookedFork } from '../unhooked.js';
import type { Gateway } from './gateway.js';

/** The server's clock stands still and bots go on, so how often they come is not its business here: no bucket would be filled again. */
export const WITHOUT_RATES = {
  SHARDLIGHT_HEARTBEAT_BURST: '1000000',
  SHARDLIGHT_REGISTER_BURST: '1000000',
};

export interface Watch {
  /** The states of a shard so far, each once. */
  of: (shard: number) => StateName[];
  view: () => PublicView;
  /** Resolves as soon as the shard is in that state. */
  sees: (shard: number, state: StateName) => Promise<void>;
}

export async function watch(t: Pick<Test, 'teardown'>, { base }: TestServer): Promise<Watch> {
  const { socket, frames } = await listen(`${base.replace('http', 'ws')}/live?v=0&e=&p=${PROTOCOL}`);
  t.teardown(() => socket.close());
  let view: PublicView | undefined;
  const seen: StateName[][] = [];
  let taken = 0;
  const take = (): void => {
    for (; taken < frames.length; taken++) {
      const frame = JSON.parse(frames[taken]!) as LiveFrame;
      if (frame.op === 'snapshot') view = applySnapshot(frame);
      else if (frame.op === 'patch') view = applyPatch(view!, frame);
      (view?.bots[0]?.states ?? '').split('').forEach((digit, id) => {
        const states = (seen[id] ??= []);
        const state = wireName(Number(digit));
        if (states.at(-1) !== state) states.push(state);
      });
    }
  };
  await until(() => (take(), view !== undefined));
  return {
    of: (shard) => (take(), seen[shard] ?? []),
    view: () => (take(), view!),
    sees: async (shard, state) => void (await until(() => (take(), seen[shard]?.at(-1) === state))),
  };
}

/** A folder for what members keep. */
export function folder(t: Pick<Test, 'teardown'>): string {
  const path = mkdtempSync(join(tmpdir(), 'shardlight-member-'));
  t.teardown(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export interface Bot {
  process: ChildProcess;
  said: () => string;
  exited: Promise<{ code: number | null; signal: string | null }>;
}

interface BotOptions {
  stateDir: string;
  shards: number[];
  shardCount: number;
  identity?: string;
}

/** A process with a real discord.js client. What runs at the end of the test is killed. */
export function startBot(t: Pick<Test, 'teardown'>, gateway: Gateway, url: string, options: BotOptions): Bot {
  const file = fileURLToPath(new URL('bot.js', import.meta.url));
  const task = JSON.stringify({ gateway: gateway.port, url, ...options });
  const child = fork(file, [task], { silent: true, ...unhookedFork });
  let text = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exited = new Promise<Awaited<Bot['exited']>>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  t.teardown(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return { process: child, said: () => text, exited };
}
