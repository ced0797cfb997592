// A request's body: unpacked within the cap, and read as JSON that may come from Python.
import { gunzipSync, inflateSync } from 'node:zlib';
import { readJsonText } from '../core/python-json.js';
import { textOf } from './charset.js';
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

/** The value of a JSON body; undefined: it is none, or not of the charset that its Content-Type names. */
export function readJson(body: Buffer, contentType: string): { value: unknown } | undefined {
  const text = textOf(body, contentType);
  return text === undefined ? undefined : readJsonText(text);
}
