// Puts the files of `init` where they belong: none or all, and each appears whole.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../config.js';
import { decoded, parseDotEnv } from '../../settings/dot-env.js';

export interface OutFile {
  name: string;
  text: string;
  /** Holds tokens: for its owner alone. */
  isSecret?: true;
}

/** What the file system refuses, by its code; whatever else goes wrong is a mistake of ours and is thrown. */
export function onDisk<T>(act: () => T): { ok: true; value: T } | { ok: false; why: string } {
  try {
    return { ok: true, value: act() };
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    return { ok: false, why: code };
  }
}

/** What the `.env` of a folder says; nothing where there is none. */
export function readEarlier(
  folder: string,
): { ok: true; environment: Environment } | { ok: false; why: string } {
  const path = join(folder, '.env');
  const bytes = onDisk(() => (existsSync(path) ? readFileSync(path) : Buffer.alloc(0)));
  if (!bytes.ok) return bytes;
  const read = parseDotEnv(decoded(bytes.value));
  return read.ok ? { ok: true, environment: read.values } : { ok: false, why: `it has ${read.found}` };
}

/** Those that are there already, by name. */
export const existing = (folder: string, files: OutFile[]): string[] =>
  files.map(({ name }) => name).filter((name) => existsSync(join(folder, name)));

/** Makes the folder if need be. Null, or why something cannot be written; then nothing was replaced. */
export function writeAll(folder: string, files: OutFile[]): string | null {
  const moves = files.map((file) => ({ ...file, ...placesOf(folder, file.name) }));
  const done = onDisk(() => {
    mkdirSync(folder, { recursive: true });
    const inTheWay = moves.find(({ path }) => statSync(path, { throwIfNoEntry: false })?.isDirectory());
    if (inTheWay) return `${inTheWay.name} is a folder`;
    try {
      for (const { beside, text, isSecret } of moves)
        writeFileSync(beside, text, { mode: isSecret ? 0o600 : 0o644, flag: 'wx' });
      for (const { beside, path } of moves) renameSync(beside, path);
    } finally {
      for (const { beside } of moves) rmSync(beside, { force: true });
    }
    return null;
  });
  return done.ok ? done.value : done.why;
}

const placesOf = (folder: string, name: string): { path: string; beside: string } => ({
  path: join(folder, name),
  beside: join(folder, `.${name.replace(/^\./, '')}.${process.pid}.tmp`),
});
