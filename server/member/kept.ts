// What a member remembers between its runs: who it is, and the lease that proves it. A disk that fails costs only that.
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Kept {
  /** The identity that was given, or one that is made once and kept. */
  identity: () => Promise<string>;
  lease: (identity: string) => Promise<string | null>;
  keepLease: (identity: string, lease: string) => Promise<void>;
}

const OWNER_ONLY = 0o600;
const IDENTITY_FILE = 'shardlight-identity';

/** `given` null: nobody said who this is. */
export function createKept(folder: string, given: string | null): Kept {
  // Several clusters may share a folder; an identity may hold what a file name may not.
  const leaseFile = (identity: string): string =>
    `shardlight-lease-${createHash('sha256').update(identity).digest('hex').slice(0, 16)}`;
  let made: string | null = null;
  return {
    identity: async () => {
      if (given !== null) return given;
      made ??= await read(folder, IDENTITY_FILE);
      if (made === null) {
        made = randomUUID();
        await write(folder, IDENTITY_FILE, made);
      }
      return made;
    },
    lease: (identity) => read(folder, leaseFile(identity)),
    keepLease: (identity, lease) => write(folder, leaseFile(identity), lease),
  };
}

async function read(folder: string, file: string): Promise<string | null> {
  try {
    const text = (await readFile(join(folder, file), 'utf8')).trim();
    return text === '' ? null : text;
  } catch {
    return null; // the first run, or a folder that cannot be read: then it is made anew
  }
}

/** Best effort: a bot in a read-only container runs as well, as somebody new after each restart. */
async function write(folder: string, file: string, text: string): Promise<void> {
  const path = join(folder, file);
  try {
    await mkdir(folder).catch(() => undefined); // it is there, or the next line says what is wrong
    await writeFile(`${path}.${process.pid}`, text, { mode: OWNER_ONLY });
    await rename(`${path}.${process.pid}`, path);
  } catch {
    return;
  }
}
