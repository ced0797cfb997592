// One writer a state file: a lock that the kernel frees when the process dies, however it dies, and a note of who holds it.
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { hostname } from 'node:os';
import { OWNER_ONLY } from './disk.js';

export const lockPathOf = (statePath: string): string => `${statePath}.lock`;

/** Frees the lock; the end of the process does, too. */
export type Unlock = () => void;

export interface HeldLock {
  unlock: Unlock;
  /** Whether it still keeps others out: whoever deletes the file lets in whoever makes a new one. Takes it again where it can. */
  check: () => Promise<LockCheck>;
  /** A save replaced the state file: the new one is locked, too. How many other names the one before has. */
  follow: () => number;
}

export type LockCheck =
  /** `note`: for the operator, where it had to be taken again. */
  | { ok: true; note: string | null }
  /** Another process has it by now. */
  | { ok: false; why: string };

export type Lock = ({ ok: true } & HeldLock) | { ok: false; why: string; todo: string };

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
    const descriptor = lockedAt(path, locks);
    if (descriptor === null) {
      const todo = 'stop that one first, or name another state file with SHARDLIGHT_STATE';
      return { ok: false, why: `another Shardlight uses it: ${holderIn(path)}`, todo };
    }
    const file = lockFile(statePath, locks);
    if (file !== 'taken') return held({ statePath, path, locks, at }, descriptor, file);
    closeSync(descriptor);
    const todo = 'stop that one first, or give this one a copy: a hard link is the same file';
    return { ok: false, why: 'another Shardlight uses the same file under another name', todo };
  } catch (error) {
    // A descriptor that is left open holds nothing, and the process is about to end.
    const todo = 'put the state file into a folder that is there, on a local disk, where this user may write';
    return { ok: false, why: `its lock ${path} cannot be taken (${(error as Error).message})`, todo };
  }
}

/** Null: another process has it. */
function lockedAt(path: string, { tryLock }: FileLocks): number | null {
  const descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT, OWNER_ONLY);
  if (tryLock(descriptor)) return descriptor;
  closeSync(descriptor);
  return null;
}

/**
 * The state file itself is locked, as it was found and after each save, because a hard link has a lock of another name. Null: there is none yet, or
 * it may not be written; the lock beside it holds all the same.
 */
function lockFile(statePath: string, { tryLock }: FileLocks): number | null | 'taken' {
  let descriptor;
  try {
    descriptor = openSync(statePath, constants.O_RDWR);
  } catch {
    return null; // who reads it next says what is wrong with it
  }
  if (tryLock(descriptor)) return descriptor;
  closeSync(descriptor);
  return 'taken';
}

interface Held {
  statePath: string;
  /** Of the lock beside it. */
  path: string;
  locks: FileLocks;
  at: number;
}

function held({ statePath, path, locks, at }: Held, first: number, firstFile: number | null): Lock {
  let descriptor: number | null = first;
  let file = firstFile;
  leaveNote(first, at);
  const unlock = (): void => {
    // Once: the number may be another file's by then.
    if (descriptor !== null) for (const one of [descriptor, file]) if (one !== null) closeSync(one);
    descriptor = null;
  };
  const check = async (): Promise<LockCheck> => {
    const there = await stat(path).catch(() => null);
    if (descriptor === null || isSameFile(there, fstatSync(descriptor))) return { ok: true, note: null };
    const next = lockedAt(path, locks);
    if (next === null) return { ok: false, why: holderIn(path) };
    closeSync(descriptor);
    descriptor = next;
    leaveNote(next, at);
    return {
      ok: true,
      note: `Somebody deleted or replaced the lock ${path}: it was taken again. Leave it where it is.`,
    };
  };
  const follow = (): number => {
    if (descriptor === null) return 0;
    const next = lockFile(statePath, locks);
    const links = file === null ? 0 : fstatSync(file).nlink; // its own name is the new file's by now
    if (file !== null) closeSync(file);
    file = next === 'taken' ? null : next;
    return links;
  };
  return { ok: true, unlock, check, follow };
}

const isSameFile = (a: { ino: number; dev: number } | null, b: { ino: number; dev: number }): boolean =>
  a !== null && a.ino === b.ino && a.dev === b.dev;

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
