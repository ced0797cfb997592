// A request's body: unpacked within the cap, and read as JSON that may come from Python.
import { gunzipSync, inflateSync } from 'node:zlib';
import { readJsonText } from '../core/measures/python-json.js';
import { textOf } from './charset.js';
import { whyOdd } from './json-shape.js';
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

/** `error` null: it is no JSON, or not of the charset that its Content-Type names; each dialect has its own words for that. */
export type ReadJson = { ok: true; value: unknown } | { ok: false; error: string | null };

export function readJson(body: Buffer, contentType: string): ReadJson {
  const text = textOf(body, contentType);
  if (text === undefined) return NO_JSON;
  const odd = whyOdd(text);
  if (odd !== null) return { ok: false, error: odd };
  const read = readJsonText(text);
  return read ? { ok: true, value: read.value } : NO_JSON;
}

const NO_JSON: ReadJson = { ok: false, error: null };
