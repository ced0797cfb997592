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

/** `error` null: it is no JSON, or not of the charset that its Content-Type names; each dialect has its own words for that. */
export type ReadJson = { ok: true; value: unknown } | { ok: false; error: string | null };

export function readJson(body: Buffer, contentType: string): ReadJson {
  const text = textOf(body, contentType);
  if (text === undefined) return NO_JSON;
  if (nestsTooDeep(text)) return TOO_DEEP;
  const read = readJsonText(text);
  return read ? { ok: true, value: read.value } : NO_JSON;
}

const NO_JSON: ReadJson = { ok: false, error: null };

/** Up to here nesting is cheap, whatever it is. */
const SHORT_CHARACTERS = 64 * 1024;
const MAX_DEPTH = 64;

const TOO_DEEP: ReadJson = { ok: false, error: `the body nests deeper than ${MAX_DEPTH} levels` };

/** JSON.parse takes thirty times as long for what only nests. A long text is therefore looked through first (RULES 40). */
function nestsTooDeep(text: string): boolean {
  if (text.length <= SHORT_CHARACTERS) return false;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = endOfString(text, i);
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      if (++depth > MAX_DEPTH) return true;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth--;
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i++;
    else if (code === QUOTE) return i;
  }
  return text.length;
}
