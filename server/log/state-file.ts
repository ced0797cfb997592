// The state file: read whole at start, replaced atomically while running, in slices that never hold up the loop.
import { isUtf8 } from 'node:buffer';
import { readFile, type FileHandle } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readJsonText } from '../core/measures/python-json.js';
import { RECORD_VERSION, type WorldRecord } from '../core/record.js';
import { argusRecord, isArgusState } from './argus-state.js';
import { createDigest, digestOf } from './checksum.js';
import { besideOf, realDisk, syncDirectoryOf, writeAll, writeBeside, type Disk } from './disk.js';
import { OLDER_VERSION, type OlderRecord } from './older.js';
import { olderSchema, recordSchema } from './state-schema.js';

/** Looked at after each piece, which takes well under a millisecond: with it, at most 5 ms. */
const SLICE_MS = 4;
const WRITE_CHARACTERS = 64 * 1024;

export interface FoundState {
  record: WorldRecord | OlderRecord;
  bytes: number;
  /** What the file held that was imported, and what the operator should read about that; null: it is our own. */
  imported: { original: Buffer; notes: string[] } | null;
}

export type ReadState =
  | { ok: true; state: FoundState | null }
  /** `problem` says what is wrong with the file; it stays untouched. */
  | { ok: false; problem: string };

/** Null when there is no file yet. `namespace`: the prefix of metric names in an Argus file's snapshots. */
export async function readState(path: string, namespace: string): Promise<ReadState> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { ok: true, state: null } : { ok: false, problem: message };
  }
  return readStateBytes(bytes, namespace);
}

/** The same of what the file holds. */
export function readStateBytes(bytes: Buffer, namespace: string): ReadState {
  if (digestOf(bytes) === 'bad')
    return {
      ok: false,
      problem:
        'it is not as it was written (its SHA-256 does not match): the disk damaged it, or somebody edited it',
    };
  const value = isUtf8(bytes) ? readJsonText(bytes.toString())?.value : undefined;
  if (value === undefined) return { ok: false, problem: 'it is not JSON, or cut off' };
  if (isArgusState(value)) return importState(bytes, value, namespace);
  const version = versionOf(value);
  if (version > RECORD_VERSION)
    return {
      ok: false,
      problem: `a newer Shardlight wrote it (state version ${version}; this one reads up to ${RECORD_VERSION})`,
    };
  const schema = version === OLDER_VERSION ? olderSchema : recordSchema;
  const { success, data, error } = schema.safeParse(value);
  if (success) return { ok: true, state: { record: data, bytes: bytes.length, imported: null } };
  const issue = error.issues[0]!;
  const where = issue.path.join('.');
  return { ok: false, problem: `it is no state of this version (${where}: ${issue.message})` };
}

function versionOf(value: unknown): number {
  const { version } = (value ?? {}) as { version?: unknown };
  return typeof version === 'number' ? version : RECORD_VERSION;
}

function importState(original: Buffer, value: object, namespace: string): ReadState {
  const read = argusRecord(value, namespace);
  if (!read.ok) return read;
  const imported = { original, notes: read.notes };
  return { ok: true, state: { record: read.record, bytes: original.length, imported } };
}

/** Writes the pieces beside the file, syncs it, and puts it in the file's place: at any moment one of both is whole. Its length. */
export async function writeState(
  path: string,
  pieces: Iterable<string>,
  inSlices: boolean,
  disk: Disk = realDisk,
): Promise<number> {
  let bytes = 0;
  await writeBeside(disk, path, async (file) => {
    bytes = await writePieces(file, pieces, inSlices);
  });
  await disk.rename(besideOf(path), path);
  await syncDirectoryOf(disk, path);
  return bytes;
}

/** What closes the object that the pieces are. Its digest comes before. */
const END = '}\n';

async function writePieces(file: FileHandle, pieces: Iterable<string>, inSlices: boolean): Promise<number> {
  const digest = createDigest();
  let bytes = 0;
  let text = '';
  const flush = async (some: Buffer): Promise<void> => {
    await writeAll(file, some);
    bytes += some.length;
  };
  const takeText = (end?: number): Buffer => {
    const some = Buffer.from(text.slice(0, end));
    digest.add(some);
    text = '';
    return some;
  };
  let sliceEndsAt = performance.now() + SLICE_MS;
  for (const piece of pieces) {
    if (text.length >= WRITE_CHARACTERS) await flush(takeText());
    text += piece;
    if (inSlices && performance.now() >= sliceEndsAt) {
      await nextTurn();
      sliceEndsAt = performance.now() + SLICE_MS;
    }
  }
  await flush(takeText(-END.length));
  await flush(Buffer.from(digest.end()));
  return bytes;
}
