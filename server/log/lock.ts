// One writer a state file: a lock that the kernel frees when the process dies, however it dies, and a note of who holds it.
import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { hostname } from 'node:os';
import { OWNER_ONLY } from './disk.js';

export const lockPathOf = (statePath: string): string => `${statePath}.lock`;

/** Frees the lock; the end of the process does, too. */
export type Unlock = () => void;

export type Lock = { ok: true; unlock: Unlock } | { ok: false; why: string; todo: string };

interface FileLocks {
  /** False: another open file holds it. Also within one process. */
  tryLock: (descriptor: number) => boolean;
}

/** `at`: since when, for the note. A number of a descriptor, for a FileHandle that is forgotten closes itself. */
export function takeLock(statePath: string, at: number): Lock {
  const path = lockPathOf(statePath);
  const locks = nativeLocks();
  if (!locks.ok) return locks;
  try {
    const descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT, OWNER_ONLY);
    if (locks.tryLock(descriptor)) return held(descriptor, at);
    closeSync(descriptor);
    const todo = 'stop that one first, or name another state file with SHARDLIGHT_STATE';
    return { ok: false, why: `another Shardlight uses it: ${holderIn(path)}`, todo };
  } catch (error) {
    // A descriptor that is left open holds nothing, and the process is about to end.
    const todo = 'put the state file into a folder that is there, on a local disk, where this user may write';
    return { ok: false, why: `its lock ${path} cannot be taken (${(error as Error).message})`, todo };
  }
}

function held(descriptor: number, at: number): Lock {
  leaveNote(descriptor, at);
  let isHeld = true;
  const unlock = (): void => {
    if (isHeld) closeSync(descriptor); // once: the number may be another file's by then
    isHeld = false;
  };
  return { ok: true, unlock };
}

/** Loaded here, not imported: where there is no binary for the platform, that is to be said and not thrown. */
function nativeLocks(): ({ ok: true } & FileLocks) | { ok: false; why: string; todo: string } {
  try {
    const { tryLock } = createRequire(import.meta.url)('fs-native-extensions') as FileLocks;
    return { ok: true, tryLock };
  } catch (error) {
    const why = `file locks do not work here (${process.platform} ${process.arch}): ${(error as Error).message}`;
    return {
      ok: false,
      why,
      todo: 'run npm install again, on a platform that fs-native-extensions has a binary for',
    };
  }
}

function leaveNote(descriptor: number, at: number): void {
  const since = new Date(at).toISOString();
  try {
    ftruncateSync(descriptor);
    writeSync(descriptor, `${JSON.stringify({ pid: process.pid, host: hostname(), since })}\n`, 0);
  } catch {
    // The lock holds without it: a full disk must not keep a server from hearing beats.
  }
}

function holderIn(path: string): string {
  const note = readFileSync(path, 'utf8').trim();
  try {
    const { pid, host, since } = JSON.parse(note) as Record<string, unknown>;
    return `process ${String(pid)} on ${String(host)}, since ${String(since)}`;
  } catch {
    return note === '' ? 'who it is, it has not written down yet' : `its note says ${note.slice(0, 200)}`;
  }
}
