// The file of what clusters measured, beside the state file: a record each, whole or of no use.
import { createHash, type Hash } from 'node:crypto';
import { readFile, type FileHandle } from 'node:fs/promises';
import { METRIC_KEYS } from '../../public/shared/metrics.js';
import { ByteWriter, Malformed } from '../core/measures/bytes.js';
import type { Measures } from '../core/measures/measures.js';
import {
  hasMeasured,
  MOST_MEASURES_BYTES,
  readMeasures,
  writeMeasures,
} from '../core/measures/measures-record.js';
import { besideOf, writeAll, writeBeside, type Disk } from './disk.js';
import type { Measuring } from './log.js';
import { readOlderTrends } from './older-trends.js';

// magic, version, numbers a point · a record a cluster: length of the identity, of the measures, both ·
// 32 bytes of SHA-256 of all that. All numbers little-endian.
const MAGIC = Buffer.from('SLMEASURES\n');
const VERSION = 1;
const HEADER = Buffer.concat([MAGIC, Buffer.from([VERSION, METRIC_KEYS.length])]);
const DIGEST_BYTES = 32;
const RECORD_HEAD_BYTES = 4;
const MAX_IDENTITY_BYTES = 1_024;
const MOST_RECORD_BYTES = RECORD_HEAD_BYTES + MAX_IDENTITY_BYTES + MOST_MEASURES_BYTES;
const WRITE_BYTES = 256 * 1024;
/** Looked at after each record, and what it held is hashed and written then: together at most 5 ms. */
const SLICE_MS = 4;

export type ReadMeasures =
  /** By identity. Null: there is no file yet. */
  | { ok: true; measures: Map<string, Measures> | null }
  /** `problem` says why the file is of no use. That is no reason not to start: measures begin anew. */
  | { ok: false; problem: string };

export const measuresPathOf = (statePath: string): string => `${statePath}.measures`;

/** Where the version before kept trends, and nothing else of it. */
export const trendsPathOf = (statePath: string): string => `${statePath}.trend`;

/** What was kept beside a state file, and what the operator should read about it. */
export async function readKeptMeasures(
  statePath: string,
): Promise<{ measures: Map<string, Measures>; notes: string[] }> {
  const path = measuresPathOf(statePath);
  const read = await readFileOf(path, decode);
  if (!read.ok)
    return {
      measures: new Map(),
      notes: [`What clusters measured, in ${path}, begins anew: ${read.problem}.`],
    };
  if (read.measures) return { measures: read.measures, notes: [] };
  const olderPath = trendsPathOf(statePath);
  const older = await readFileOf(olderPath, readOlderTrends);
  if (!older.ok)
    return { measures: new Map(), notes: [`The trends in ${olderPath} begin anew: ${older.problem}.`] };
  return { measures: older.measures ?? new Map<string, Measures>(), notes: [] };
}

async function readFileOf(
  path: string,
  decodeBytes: (bytes: Buffer) => Map<string, Measures>,
): Promise<ReadMeasures> {
  try {
    return { ok: true, measures: decodeBytes(await readFile(path)) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { ok: true, measures: null } : { ok: false, problem: message };
  }
}

/**
 * Replaces the file; each cluster is as it is when its turn comes. It is not synced: 20 MB at 5,000 clusters would hold up the
 * journal's own syncs, and what a crash leaves of it is found out by its digest. Each write is waited for, and leaves the
 * loop to beats.
 */
export async function writeMeasuresFile(
  path: string,
  all: Iterable<Measuring>,
  inSlices: boolean,
  disk: Disk,
): Promise<void> {
  await writeBeside(disk, path, (file) => writeRecords(file, all, inSlices), { isSynced: false });
  await disk.rename(besideOf(path), path);
}

async function writeRecords(file: FileHandle, all: Iterable<Measuring>, inSlices: boolean): Promise<void> {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(WRITE_BYTES);
  let length = HEADER.copy(chunk);
  let sliceEndsAt = performance.now() + SLICE_MS;
  for (const { identity, measures } of all) {
    if (!hasMeasured(measures)) continue;
    length += encode(chunk.subarray(length), identity, measures);
    const isSliceOver = inSlices && performance.now() >= sliceEndsAt;
    if (length + MOST_RECORD_BYTES <= chunk.length && !isSliceOver) continue;
    await writeAll(file, hashed(hash, chunk.subarray(0, length)));
    length = 0;
    sliceEndsAt = performance.now() + SLICE_MS;
  }
  await writeAll(file, hashed(hash, chunk.subarray(0, length)));
  await writeAll(file, hash.digest());
}

const hashed = (hash: Hash, bytes: Buffer): Buffer => {
  hash.update(bytes);
  return bytes;
};

/** How many bytes it took. */
function encode(room: Buffer, identity: string, measures: Measures): number {
  const nameLength = room.write(identity, RECORD_HEAD_BYTES);
  const out = new ByteWriter(room.subarray(RECORD_HEAD_BYTES + nameLength));
  writeMeasures(out, measures);
  room.writeUInt16LE(nameLength, 0);
  room.writeUInt16LE(out.at, 2);
  return RECORD_HEAD_BYTES + nameLength + out.at;
}

/** Throws where the file is of no use. */
function decode(bytes: Buffer): Map<string, Measures> {
  const content = checked(bytes);
  const all = new Map<string, Measures>();
  for (let at = HEADER.length; at < content.length;) {
    if (at + RECORD_HEAD_BYTES > content.length) throw new Malformed('a record is cut off');
    const nameEnd = at + RECORD_HEAD_BYTES + content.readUInt16LE(at);
    const end = nameEnd + content.readUInt16LE(at + 2);
    if (end > content.length) throw new Malformed('a record is cut off');
    const identity = content.toString('utf8', at + RECORD_HEAD_BYTES, nameEnd);
    all.set(identity, readMeasures(content.subarray(nameEnd, end)));
    at = end;
  }
  return all;
}

/** What comes before the digest. */
function checked(bytes: Buffer): Buffer {
  const content = bytes.subarray(0, -DIGEST_BYTES);
  if (!content.subarray(0, MAGIC.length).equals(MAGIC)) throw new Malformed('it holds no measures');
  if (!content.subarray(0, HEADER.length).equals(HEADER)) throw new Malformed('it is of another version');
  const digest = createHash('sha256').update(content).digest();
  if (!digest.equals(bytes.subarray(-DIGEST_BYTES))) throw new Malformed('it is damaged, or cut off');
  return content;
}
