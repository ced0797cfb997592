// Checksums that tell a file that was damaged from one that is whole: CRC-32 for a line, SHA-256 for a file, each its last field.
import { createHash, type Hash } from 'node:crypto';

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** As in zlib and PNG; node has it only from 20.15 on. */
export function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ TABLE[(value ^ byte) & 255]!;
  return (value ^ 0xffffffff) >>> 0;
}

const crcField = (text: Uint8Array): string => `,"crc":"${crc32(text).toString(16).padStart(8, '0')}"}`;
const CRC_FIELD = /,"crc":"[\da-f]{8}"\}$/;
const CRC_FIELD_LENGTH = ',"crc":"00000000"}'.length;

/** The object's JSON with the checksum of what stands before that. */
export function withCrc(value: object): string {
  const text = JSON.stringify(value).slice(0, -1);
  return text + crcField(Buffer.from(text));
}

/** Of a line without its end. `none`: it was written before there were checksums. */
export function crcOf(line: Buffer): 'good' | 'bad' | 'none' {
  const at = line.length - CRC_FIELD_LENGTH;
  const field = at < 0 ? '' : line.toString('latin1', at);
  if (!CRC_FIELD.test(field)) return 'none';
  return field === crcField(line.subarray(0, at)) ? 'good' : 'bad';
}

const digestField = (hash: Hash): string => `,"sha256":"${hash.digest('hex')}"}\n`;
const DIGEST_FIELD = /,"sha256":"[\da-f]{64}"\}\n$/;
const DIGEST_FIELD_LENGTH = `,"sha256":"${'0'.repeat(64)}"}\n`.length;

/** The end of a JSON object that is written in pieces. */
export interface Digest {
  add: (bytes: Buffer) => void;
  /** The last field, and the object's end. */
  end: () => string;
}

export function createDigest(): Digest {
  const hash = createHash('sha256');
  return { add: (bytes) => void hash.update(bytes), end: () => digestField(hash) };
}

/** Of a file. `none`: it was written before there were digests. */
export function digestOf(file: Buffer): 'good' | 'bad' | 'none' {
  const at = file.length - DIGEST_FIELD_LENGTH;
  const field = at < 0 ? '' : file.toString('latin1', at);
  if (!DIGEST_FIELD.test(field)) return 'none';
  return field === digestField(createHash('sha256').update(file.subarray(0, at))) ? 'good' : 'bad';
}
