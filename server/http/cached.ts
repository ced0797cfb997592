// Answers that many people ask for: built once, compressed once in the thread pool, and told "unchanged" by their ETag.
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Headers, Request, Response } from './message.js';

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);
const SMALLEST_WORTH_BYTES = 1_024;
const IS_PACKED = /^image\/(?!svg)/;
const BROTLI_QUALITY = 5; // in the middle: 3,584 tiles take some 2 ms

/** One answer in every encoding that was asked for so far. */
export interface Document {
  etag: string;
  headers: Record<string, string>;
  body: Buffer;
  packed: Partial<Record<Encoding, Promise<Buffer>>>;
}

type Encoding = 'br' | 'gzip';

/** `tag` tells this content from any other at this address. */
export const createDocument = (
  text: string | Buffer,
  tag: string,
  headers: Record<string, string>,
): Document => ({
  etag: `W/"${tag}"`,
  headers,
  body: Buffer.from(text),
  packed: {},
});

export async function send(document: Document, { headers }: Pick<Request, 'headers'>): Promise<Response> {
  const vary = ['accept-encoding', document.headers['vary']].filter((name) => name !== undefined).join(', ');
  const common = { ...document.headers, etag: document.etag, vary };
  if (isUnchanged(document.etag, headers['if-none-match'])) return { status: 304, headers: common };
  const encoding = isWorthPacking(document) ? encodingFor(headers) : undefined;
  if (!encoding) return { status: 200, headers: common, body: document.body };
  document.packed[encoding] ??= pack(document.body, encoding);
  const body = await document.packed[encoding];
  return { status: 200, headers: { ...common, 'content-encoding': encoding }, body };
}

const isWorthPacking = ({ body, headers }: Document): boolean =>
  body.length >= SMALLEST_WORTH_BYTES && !IS_PACKED.test(headers['content-type'] ?? '');

const isUnchanged = (etag: string, ifNoneMatch: string): boolean =>
  ifNoneMatch === '*' || ifNoneMatch.split(',').some((known) => known.trim() === etag);

function encodingFor(headers: Headers): Encoding | undefined {
  const accepted = headers['accept-encoding']
    .split(',')
    .map((one) => one.trim().replace(/;q=(?!0(\.0*)?$).*$/, ''));
  if (accepted.includes('br')) return 'br';
  return accepted.includes('gzip') ? 'gzip' : undefined;
}

function pack(body: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'gzip') return gzipped(body);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
  };
  return brotli(body, { params });
}

const MAX_VARIANTS = 256;

/** Keeps documents by key, each for at most `maxAgeMs`: however many ask, it is built once in that time. */
export function createCache(
  maxAgeMs: number,
  now: () => number,
): (key: string, build: () => Document) => Document {
  let documents = new Map<string, Document>();
  let startedAt = -Infinity;
  return (key, build) => {
    if (now() - startedAt >= maxAgeMs || documents.size >= MAX_VARIANTS) {
      documents = new Map();
      startedAt = now();
    }
    const known = documents.get(key) ?? build();
    documents.set(key, known);
    return known;
  };
}
