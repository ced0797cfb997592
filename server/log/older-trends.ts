// The side file of the version before, `<state>.trend`: the trends of clusters, and nothing else that they measured.
import { createHash } from 'node:crypto';
import { METRIC_KEYS } from '../../public/shared/metrics.js';
import { Malformed } from '../core/measures/bytes.js';
import { createMeasures, restoreTrend, type Measures } from '../core/measures/measures.js';
import { addPoint, createTrend, TREND_POINTS, type Trend } from '../core/measures/trend.js';

// magic, version, numbers a point · a record a cluster: length of the identity, number of points, identity,
// points (time, then the values) · 32 bytes of SHA-256 of all that. All numbers little-endian.
const MAGIC = Buffer.from('SLTREND\n');
const HEADER = Buffer.concat([MAGIC, Buffer.from([1, METRIC_KEYS.length])]);
const DIGEST_BYTES = 32;
const RECORD_HEAD_BYTES = 3;
const POINT_BYTES = 8 + 4 * METRIC_KEYS.length;

/** By identity. Throws where the file is of no use. */
export function readOlderTrends(bytes: Buffer): Map<string, Measures> {
  const content = bytes.subarray(0, -DIGEST_BYTES);
  if (!content.subarray(0, HEADER.length).equals(HEADER)) throw new Malformed('it holds no trends');
  const digest = createHash('sha256').update(content).digest();
  if (!digest.equals(bytes.subarray(-DIGEST_BYTES))) throw new Malformed('it is damaged, or cut off');
  const all = new Map<string, Measures>();
  for (let at = HEADER.length; at < content.length;) {
    if (at + RECORD_HEAD_BYTES > content.length) throw new Malformed('a record is cut off');
    const points = content.readUInt8(at + 2);
    const nameEnd = at + RECORD_HEAD_BYTES + content.readUInt16LE(at);
    const end = nameEnd + points * POINT_BYTES;
    if (end > content.length || points > TREND_POINTS) throw new Malformed('a record is not possible');
    const measures = createMeasures();
    restoreTrend(measures, trendOf(content.subarray(nameEnd, end)));
    all.set(content.toString('utf8', at + RECORD_HEAD_BYTES, nameEnd), measures);
    at = end;
  }
  return all;
}

function trendOf(points: Buffer): Trend {
  const trend = createTrend(METRIC_KEYS.length);
  for (let at = 0; at < points.length; at += POINT_BYTES) {
    const time = points.readDoubleLE(at);
    const values = METRIC_KEYS.map((_, i) => points.readFloatLE(at + 8 + 4 * i));
    if (![time, ...values].every(Number.isFinite)) throw new Malformed('a number is not possible');
    addPoint(trend, time, values);
  }
  return trend;
}
