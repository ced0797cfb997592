// Answers that many people ask for: built once, compressed once in the thread pool, and told "unchanged" by their ETag.
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Headers, Request, Response } from './message.js';

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);
const SMALLEST_WORTH_BYTES = 1_024;
const IS_PACKED = /^image\/(?!svg)/;
const BROTLI_QUALITY = 5; // in the middle: 3,584 tiles take some 2 ms
/** For what never changes: it is packed once a run, and is a tenth smaller. */
const BEST_QUALITY = constants.BROTLI_MAX_QUALITY;

/** Above this the best packing takes so long that the document is old before it is ready: the fastest will do. */
const LARGE_BYTES = 512 * 1024;
const FASTEST = 1;
/** A third of the time of `BROTLI_QUALITY`, for a tenth more bytes. */
const FAST = 2;
/** Packing takes about a millisecond for so much: below it, waiting is cheaper than sending it plain. */
const WORTH_WAITING_BYTES = 64 * 1024;

/** One answer in every encoding that was asked for so far. */
export interface Document {
  etag: string;
  headers: Record<string, string>;
  body: Buffer;
  packed: Partial<Record<Encoding, Packing>>;
  /** How many answers and packings under way still read the body. At none its memory may be used again. */
  readers: number;
}

interface Packing {
  done: Promise<Buffer>;
  /** Null: it is still under way. */
  body: Buffer | null;
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
  body: typeof text === 'string' ? Buffer.from(text) : text,
  packed: {},
  readers: 0,
});

export interface SendOptions {
  /** Large documents go out plain while they are being packed. */
  isUrgent?: boolean;
  /** Hardly anybody else will ask for it: packing must cost little. */
  isRare?: boolean;
}

export async function send(
  document: Document,
  { headers }: Pick<Request, 'headers'>,
  { isUrgent = false, isRare = false }: SendOptions = {},
): Promise<Response> {
  const vary = ['accept-encoding', document.headers['vary']].filter((name) => name !== undefined).join(', ');
  const common = { ...document.headers, etag: document.etag, vary };
  if (isUnchanged(document.etag, headers['if-none-match'])) return { status: 304, headers: common };
  const encoding = isWorthPacking(document) ? encodingFor(headers) : undefined;
  if (!encoding) return plain(document, common);
  const packing = (document.packed[encoding] ??= startPacking(document, encoding, isRare));
  const mustWait = !isUrgent || document.body.length <= WORTH_WAITING_BYTES;
  const body = mustWait ? await packing.done : packing.body;
  if (!body) return plain(document, common);
  return { status: 200, headers: { ...common, 'content-encoding': encoding }, body };
}

function plain(document: Document, headers: Record<string, string>): Response {
  document.readers++;
  return { status: 200, headers, body: document.body, sent: () => void document.readers-- };
}

const isWorthPacking = ({ body, headers }: Document): boolean =>
  body.length >= SMALLEST_WORTH_BYTES && !IS_PACKED.test(headers['content-type'] ?? '');

/** Whether the client's If-None-Match names this document. */
export const isUnchanged = (etag: string, ifNoneMatch: string): boolean =>
  ifNoneMatch === '*' || ifNoneMatch.split(',').some((known) => known.trim() === etag);

function encodingFor(headers: Headers): Encoding | undefined {
  const accepted = headers['accept-encoding']
    .split(',')
    .map((one) => one.trim().replace(/;q=(?!0(\.0*)?$).*$/, ''));
  if (accepted.includes('br')) return 'br';
  return accepted.includes('gzip') ? 'gzip' : undefined;
}

function startPacking(document: Document, encoding: Encoding, isRare: boolean): Packing {
  const { body, headers } = document;
  const isForGood = headers['cache-control']?.includes('immutable') ?? false;
  document.readers++;
  const done = pack(body, encoding, isForGood ? BEST_QUALITY : isRare ? FAST : BROTLI_QUALITY).finally(
    () => document.readers--,
  );
  const packing: Packing = { done, body: null };
  done.then(
    (packed) => (packing.body = packed),
    () => undefined, // told to whoever waits for it; for the others it stays plain
  );
  return packing;
}

function pack(body: Buffer, encoding: Encoding, quality: number): Promise<Buffer> {
  const isLarge = body.length > LARGE_BYTES;
  if (encoding === 'gzip') return gzipped(body, isLarge || quality === FAST ? { level: FASTEST } : {});
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: isLarge ? FASTEST : quality,
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
