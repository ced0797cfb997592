// Reads a file's JSON, also as Python writes it: an Argus file may hold bare NaN and Infinity.
import { isUtf8 } from 'node:buffer';
import { withoutPythonNumbers } from '../core/python-json.js';

/** Undefined: it is none. */
export function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) return undefined;
  const text = bytes.toString();
  return parse(text) ?? parse(withoutPythonNumbers(text));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // what is no JSON is told by the caller, who knows the file
  }
}
