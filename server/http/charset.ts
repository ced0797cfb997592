// A body's text, in the charset that its Content-Type names: Python's clients may send another than UTF-8.
import { isAscii, isUtf8 } from 'node:buffer';

const USUAL = 'application/json';
const CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)/i;

/** Undefined: no such charset is known, or the bytes are not of it. */
export function textOf(body: Buffer, contentType: string): string | undefined {
  const charset = contentType === '' || contentType === USUAL ? undefined : CHARSET.exec(contentType)?.[1];
  if (charset !== undefined) return inCharset(body, charset.toLowerCase().replace(/[-_]/g, ''), charset);
  return utf8(body);
}

function utf8(body: Buffer): string | undefined {
  if (isAscii(body)) return body.toString('latin1'); // the same text, in half the time
  return isUtf8(body) ? body.toString('utf8') : undefined;
}

/** Python has names of its own, and its Latin-1 is the real one: to TextDecoder it is Windows-1252. */
function inCharset(body: Buffer, plainName: string, name: string): string | undefined {
  switch (plainName) {
    case 'utf8':
    case 'u8':
      return utf8(body);
    case 'latin1':
    case 'l1':
    case 'iso88591':
    case '88591':
    case 'cp819':
      return body.toString('latin1');
    case 'ascii':
    case 'usascii':
      return isAscii(body) ? body.toString('latin1') : undefined;
    default:
      return decoded(body, name);
  }
}

function decoded(body: Buffer, name: string): string | undefined {
  try {
    return new TextDecoder(name, { fatal: true }).decode(body);
  } catch {
    return undefined; // unknown, or broken: both are told as a body that is no JSON
  }
}
