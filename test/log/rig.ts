// A fresh folder for a test, and a disk that does what the test wants: fills up, loses syncs, takes its time.
import { mkdtemp, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { withCrc } from '../../server/log/checksum.js';
import { realDisk, type Disk } from '../../server/log/disk.js';
import type { Reading } from '../../server/log/open.js';
import { rulesWith } from '../core/scene.js';

export const reading: Reading = { namespace: 'discord', rules: rulesWith() };

/** Lines of a journal of the version before. */
export const olderHead = (after: number): string => `${withCrc({ journal: 1, after })}\n`;
export const refusedLine = (refused: number): string => `${withCrc({ refused })}\n`;

/** A path in a fresh folder that goes with the test. */
export async function freshPath(t: Pick<Test, 'teardown'>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'shardlight-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'state.json');
}

export interface OddDisk extends Disk {
  /** How many bytes more it takes; the last write before it is full takes a part, as a real one does. */
  room: number;
  /** Syncs of files fail. */
  losesSyncs: boolean;
  /** Syncs of directories fail, as do renames. */
  losesNames: boolean;
  /** What each sync waits for. */
  ready: () => Promise<void>;
  /** How many writes it took. */
  writes: number;
  /** What was done, in order: "open state.json", "sync", "datasync", "rename state.json.tmp". */
  done: string[];
}

const errorOf = (code: string, text: string): Error => Object.assign(new Error(`${code}: ${text}`), { code });

export function oddDisk(): OddDisk {
  const nameOf = (path: unknown): string => String(path).split('/').at(-1)!;
  const disk: OddDisk = {
    room: Infinity,
    losesSyncs: false,
    losesNames: false,
    ready: () => Promise.resolve(),
    writes: 0,
    done: [],
    rm: realDisk.rm,
    rename: async (from, to) => {
      disk.done.push(`rename ${nameOf(from)}`);
      if (disk.losesNames) throw errorOf('EIO', 'i/o error, rename');
      await realDisk.rename(from, to);
    },
    open: async (path, flags, mode) => {
      disk.done.push(`open ${nameOf(path)}`);
      const file = await realDisk.open(path, flags, mode);
      return odd(disk, file, (await file.stat()).isDirectory());
    },
  };
  return disk;
}

function odd(disk: OddDisk, file: FileHandle, isDirectory: boolean): FileHandle {
  const sync = async (name: 'sync' | 'datasync'): Promise<void> => {
    await disk.ready();
    disk.done.push(isDirectory ? 'sync directory' : name);
    if (isDirectory ? disk.losesNames : disk.losesSyncs) throw errorOf('EIO', 'i/o error, fsync');
    await file[name]();
  };
  const methods: Record<string, unknown> = {
    sync: () => sync('sync'),
    datasync: () => sync('datasync'),
    write: async (bytes: Buffer, offset: number, length: number, position: number | null) => {
      const taken = Math.min(length, disk.room);
      if (taken === 0) throw errorOf('ENOSPC', 'no space left on device, write');
      disk.room -= taken;
      disk.writes++;
      return file.write(bytes, offset, taken, position);
    },
  };
  return new Proxy(file, {
    get: (_, name) => {
      const own = methods[String(name)] ?? (Reflect.get(file, name, file) as unknown);
      return typeof own === 'function' ? (own.bind(file) as unknown) : own;
    },
  });
}

const nothing = (): void => undefined;
/** For logs whose words and numbers do not matter. */
export const silent = {
  say: { info: nothing, warn: nothing, error: nothing, linked: nothing },
  metrics: { logSynced: nothing, logFailing: nothing, stateSaved: nothing, stateLinked: nothing },
};
