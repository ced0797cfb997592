// A request's body: unpacked within the cap, and read as JSON that may come from Python.
import { isAscii, isUtf8 } from 'node:buffer';
import { gunzipSync, inflateSync } from 'node:zlib';
import { withoutPythonNumbers } from '../core/python-json.js';
import type { Reason } from './refusal.js';

export type Unpacked = { ok: true; body: Buffer } | { ok: false; reason: Reason; error: string };

const INFLATE = new Map([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflateSync],
]);

/** Undoes gzip or deflate. The cap holds for what comes out, so a bomb is cut off while it unpacks. */
export function unpack(packed: Buffer, encoding: string, maxBytes: number): Unpacked {
  if (encoding === '' || encoding === 'identity') return { ok: true, body: packed };
  const inflate = INFLATE.get(encoding.toLowerCase());
  if (!inflate) {
    const error = `content-encoding '${encoding.slice(0, 40)}' is not understood: send gzip, deflate or none`;
    return { ok: false, reason: 'bad-encoding', error };
  }
  try {
    return { ok: true, body: inflate(packed, { maxOutputLength: maxBytes }) };
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    if (isTooLarge) return { ok: false, reason: 'too-large', error: tooLarge(maxBytes) };
    return { ok: false, reason: 'bad-request', error: `the body is not ${encoding}` };
  }
}

/** The words that members know for this; `actual` where it was declared. */
export const tooLarge = (maxBytes: number, actual?: number): string =>
  `Maximum request body size ${maxBytes} exceeded${actual === undefined ? '' : `, actual body size ${actual}`}`;

export type ReadJson = { ok: true; value: unknown } | { ok: false };

/** Strict JSON first; where that fails, once more with Python's bare NaN and Infinity read as null. */
export function readJson(body: Buffer): ReadJson {
  if (isAscii(body)) return readText(body.toString('latin1')); // the same text, in half the time
  return isUtf8(body) ? readText(body.toString('utf8')) : { ok: false };
}

function readText(text: string): ReadJson {
  return parse(text) ?? parse(withoutPythonNumbers(text)) ?? { ok: false };
}

function parse(text: string): { ok: true; value: unknown } | undefined {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return undefined; // what is no JSON is answered, not thrown
  }
}
