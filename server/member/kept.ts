// What a member remembers between its runs: who it is, and the lease that proves it. A disk that fails costs only that.
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

export interface Kept {
  /** The identity that was given, or one that is made once and kept. */
  identity: () => Promise<string>;
  lease: (identity: string) => Promise<string | null>;
  keepLease: (identity: string, lease: string) => Promise<void>;
}

const OWNER_ONLY = 0o600;

/** `given` null: nobody said who this is, and `who` tells it from the others that keep their files in that folder. */
export function createKept(folder: string, given: string | null, who: string): Kept {
  const identityFile = `identity-${digestOf(who)}`;
  const leaseFile = (identity: string): string => `lease-${digestOf(identity)}`;
  let made: string | null = null;
  return {
    identity: async () => {
      if (given !== null) return given;
      return (made ??= (await read(folder, identityFile)) ?? (await make(folder, identityFile, who)));
    },
    lease: (identity) => read(folder, leaseFile(identity)),
    keepLease: async (identity, lease) => void (await write(folder, leaseFile(identity), lease)),
  };
}

/** Where nothing can be kept, machine, folder and program say who this is: the same after a restart as well. */
async function make(folder: string, file: string, who: string): Promise<string> {
  const made = randomUUID();
  if (await write(folder, file, made)) return made;
  return digestOf([hostname(), folder, process.argv[1] ?? '', who].join('\n'));
}

/** An identity may hold what a file name may not. */
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

async function read(folder: string, file: string): Promise<string | null> {
  try {
    const text = (await readFile(join(folder, file), 'utf8')).trim();
    return text === '' ? null : text;
  } catch {
    return null; // the first run, or a folder that cannot be read: then it is made anew
  }
}

/** False: the folder cannot be written to, as in a read-only container, which is fine. */
async function write(folder: string, file: string, text: string): Promise<boolean> {
  const path = join(folder, file);
  try {
    await mkdir(folder).catch(() => undefined); // it is there, or the next line says what is wrong
    await writeFile(`${path}.${process.pid}`, text, { mode: OWNER_ONLY });
    await rename(`${path}.${process.pid}`, path);
    return true;
  } catch {
    return false;
  }
}
