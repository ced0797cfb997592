// The state file: read whole at start, replaced atomically while running, in slices that never hold up the loop.
import { open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { recordPieces, type WorldRecord } from '../core/record.js';
import type { World } from '../core/world.js';
import { recordSchema } from './state-schema.js';

const SLICE_MS = 5;
const WRITE_CHARACTERS = 64 * 1024;
const OWNER_ONLY = 0o600;

export type ReadState =
  | { ok: true; record: WorldRecord | null }
  /** `problem` says what is wrong with the file; it stays untouched. */
  | { ok: false; problem: string };

/** Null when there is no file yet. */
export async function readState(path: string): Promise<ReadState> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { ok: true, record: null } : { ok: false, problem: message };
  }
  return parseState(text);
}

function parseState(text: string): ReadState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, problem: 'it is not JSON, or cut off' };
  }
  const parsed = recordSchema.safeParse(value);
  if (parsed.success) return { ok: true, record: parsed.data };
  const issue = parsed.error.issues[0]!;
  return { ok: false, problem: `it is no state of this version (${issue.path.join('.')}: ${issue.message})` };
}

/** Writes the world beside the file, syncs it, and puts it in the file's place: at any moment one of both is whole. */
export async function writeState(
  path: string,
  world: World,
  savedAt: number,
  inSlices: boolean,
): Promise<void> {
  const beside = `${path}.tmp`;
  const file = await open(beside, 'w', OWNER_ONLY);
  try {
    await file.chmod(OWNER_ONLY); // a leftover of a crash may have had other rights
    await writePieces(file, recordPieces(world, savedAt), inSlices);
    await file.sync();
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  await rename(beside, path);
  await syncDirectory(dirname(path));
}

async function writePieces(file: FileHandle, pieces: Iterable<string>, inSlices: boolean): Promise<void> {
  let text = '';
  let sliceEndsAt = performance.now() + SLICE_MS;
  for (const piece of pieces) {
    text += piece;
    if (text.length >= WRITE_CHARACTERS) {
      await file.write(text);
      text = '';
    }
    if (inSlices && performance.now() >= sliceEndsAt) {
      await nextTurn();
      sliceEndsAt = performance.now() + SLICE_MS;
    }
  }
  await file.write(text);
}

/** The rename itself is on disk only when the directory is. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
