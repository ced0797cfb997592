// The side file of trends: what the dashboards' small curves show survives a restart. Nothing depends on it.
import { createHash, type Hash } from 'node:crypto';
import { readFile, type FileHandle } from 'node:fs/promises';
import { METRIC_KEYS } from '../../public/shared/metrics.js';
import { restoreTrend } from '../core/measures.js';
import { addPoint, createTrend, pointsOf, TREND_POINTS, type Trend } from '../core/trend.js';
import type { World } from '../core/world.js';
import { besideOf, realDisk, writeAll, writeBeside, type Disk } from './disk.js';

// magic, version, numbers a point · a record a cluster: length of the identity, number of points, identity,
// points (time, then the values) · 32 bytes of SHA-256 of all that. All numbers little-endian.
const MAGIC = Buffer.from('SLTREND\n');
const VERSION = 1;
const HEADER_BYTES = MAGIC.length + 2;
const DIGEST_BYTES = 32;
const RECORD_HEAD_BYTES = 3;
const POINT_BYTES = 8 + 4 * METRIC_KEYS.length;
const MAX_IDENTITY_BYTES = 1_024;
const WRITE_BYTES = 256 * 1024;
const SLICE_MS = 5;

/** By identity. */
export type Trends = Map<string, Trend>;

export type ReadTrends =
  /** Null: there is no file yet. */
  | { ok: true; trends: Trends | null }
  /** `problem` says why the file is of no use. That is no reason not to start: the trends begin anew. */
  | { ok: false; problem: string };

export async function readTrends(path: string): Promise<ReadTrends> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { ok: true, trends: null } : { ok: false, problem: message };
  }
  const problem = problemOf(bytes);
  if (problem) return { ok: false, problem };
  try {
    return { ok: true, trends: decode(bytes.subarray(0, -DIGEST_BYTES)) };
  } catch (error) {
    return { ok: false, problem: (error as Error).message };
  }
}

/** Puts trends back where their cluster is still known and has begun no other. */
export function restoreTrends(world: World, trends: Trends): void {
  for (const [identity, trend] of trends) {
    const measures = world.clusters.get(identity)?.measures;
    if (measures && !measures.trend) restoreTrend(measures, trend);
  }
}

/**
 * Replaces the file. It is not synced: 13 MB at 5,000 clusters would hold up the journal's own syncs, and what a crash
 * leaves of it is found out by its digest. Each write is waited for, and leaves the loop to beats.
 */
export async function writeTrends(
  path: string,
  world: World,
  inSlices: boolean,
  disk: Disk = realDisk,
): Promise<void> {
  await writeBeside(disk, path, (file) => writeRecords(file, world, inSlices), { isSynced: false });
  await disk.rename(besideOf(path), path);
}

async function writeRecords(file: FileHandle, world: World, inSlices: boolean): Promise<void> {
  const hash = createHash('sha256');
  let pending: Buffer[] = [hashed(hash, header())];
  let pendingBytes = 0;
  let sliceEndsAt = performance.now() + SLICE_MS;
  for (const { identity, measures } of world.clusters.values()) {
    if (!measures.trend) continue;
    const record = hashed(hash, encode(identity, measures.trend));
    pending.push(record);
    pendingBytes += record.length;
    const isSliceOver = inSlices && performance.now() >= sliceEndsAt;
    if (pendingBytes < WRITE_BYTES && !isSliceOver) continue;
    await writeAll(file, Buffer.concat(pending));
    pending = [];
    pendingBytes = 0;
    sliceEndsAt = performance.now() + SLICE_MS;
  }
  await writeAll(file, Buffer.concat([...pending, hash.digest()]));
}

const hashed = (hash: Hash, bytes: Buffer): Buffer => {
  hash.update(bytes);
  return bytes;
};

const header = (): Buffer => Buffer.concat([MAGIC, Buffer.from([VERSION, METRIC_KEYS.length])]);

function encode(identity: string, trend: Trend): Buffer {
  const name = Buffer.from(identity);
  const record = Buffer.allocUnsafe(RECORD_HEAD_BYTES + name.length + trend.length * POINT_BYTES);
  let at = record.writeUInt16LE(name.length, 0);
  at = record.writeUInt8(trend.length, at);
  at += name.copy(record, at);
  for (const point of pointsOf(trend)) {
    at = record.writeDoubleLE(point.at, at);
    for (const value of point.values) at = record.writeFloatLE(value, at);
  }
  return record;
}

function problemOf(bytes: Buffer): string | null {
  if (bytes.length < HEADER_BYTES + DIGEST_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC))
    return 'it holds no trends';
  if (bytes[MAGIC.length] !== VERSION || bytes[MAGIC.length + 1] !== METRIC_KEYS.length)
    return 'it is of another version';
  const content = bytes.subarray(0, -DIGEST_BYTES);
  const digest = createHash('sha256').update(content).digest();
  return digest.equals(bytes.subarray(-DIGEST_BYTES)) ? null : 'it is damaged, or cut off';
}

function decode(content: Buffer): Trends {
  const trends: Trends = new Map();
  for (let at = HEADER_BYTES; at < content.length;) {
    const nameLength = content.readUInt16LE(at);
    const points = content.readUInt8(at + 2);
    if (nameLength > MAX_IDENTITY_BYTES || points > TREND_POINTS) throw new Error('a record is not possible');
    at += RECORD_HEAD_BYTES;
    const identity = content.toString('utf8', at, at + nameLength);
    at += nameLength;
    trends.set(identity, decodePoints(content, at, points));
    at += points * POINT_BYTES;
  }
  return trends;
}

function decodePoints(content: Buffer, from: number, points: number): Trend {
  const trend = createTrend(METRIC_KEYS.length);
  for (let point = 0; point < points; point++) {
    const at = from + point * POINT_BYTES;
    const time = content.readDoubleLE(at);
    const values = METRIC_KEYS.map((_, i) => content.readFloatLE(at + 8 + 4 * i));
    if (![time, ...values].every(Number.isFinite)) throw new Error('a number is not possible');
    addPoint(trend, time, values);
  }
  return trend;
}
