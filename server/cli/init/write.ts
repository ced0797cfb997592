// Puts the files of `init` where they belong: none or all, and each appears whole.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from '../../config.js';

export interface OutFile {
  name: string;
  text: string;
  /** Holds tokens: for its owner alone. */
  isSecret?: true;
}

/** What the `.env` of a folder says; nothing where there is none. Throws when it cannot be read. */
export function readEarlier(folder: string): Environment {
  const path = join(folder, '.env');
  return existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {};
}

/** Those that are there already, by name. */
export const existing = (folder: string, files: OutFile[]): string[] =>
  files.map(({ name }) => name).filter((name) => existsSync(join(folder, name)));

/** Makes the folder if need be. Throws when something cannot be written; then nothing was replaced. */
export function writeAll(folder: string, files: OutFile[]): void {
  mkdirSync(folder, { recursive: true });
  const moves = files.map((file) => ({ ...file, ...placesOf(folder, file.name) }));
  const inTheWay = moves.find(({ path }) => statSync(path, { throwIfNoEntry: false })?.isDirectory());
  if (inTheWay) throw new Error(`${inTheWay.name} is a folder`);
  try {
    for (const { beside, text, isSecret } of moves)
      writeFileSync(beside, text, { mode: isSecret ? 0o600 : 0o644, flag: 'wx' });
    for (const { beside, path } of moves) renameSync(beside, path);
  } finally {
    for (const { beside } of moves) rmSync(beside, { force: true });
  }
}

const placesOf = (folder: string, name: string): { path: string; beside: string } => ({
  path: join(folder, name),
  beside: join(folder, `.${name.replace(/^\./, '')}.${process.pid}.tmp`),
});
