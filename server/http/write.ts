// Writes answers: small ones at once, large ones as fast as their reader takes them, and not too many of those at a time.
import type { HeadText } from './head-text.js';
import type { Response } from './message.js';
import { refuse } from './refusal.js';

const LARGE_BYTES = 64 * 1024;
const MAX_LARGE_IN_FLIGHT = 8;

/** What the transport offers to answer one request. */
export interface AnswerWire {
  onAborted: (left: () => void) => unknown;
  onWritable: (more: (offset: number) => boolean) => unknown;
  writeStatus: (text: string) => unknown;
  writeHeader: (name: string, value: string) => unknown;
  end: (body: string | Buffer) => unknown;
  endWithoutBody: () => unknown;
  /** Whether it took all of it, and whether that was the last of `totalBytes`. */
  tryEnd: (part: Buffer, totalBytes: number) => [accepted: boolean, finished: boolean];
}

export type Write = (res: AnswerWire, response: Response, isHead: boolean) => void;

export function createWriter(headText: HeadText): Write {
  let largeInFlight = 0;
  return (res, response, isHead) => {
    const size = response.body?.length ?? 0;
    if (size >= LARGE_BYTES && !isHead && largeInFlight < MAX_LARGE_IN_FLIGHT) {
      largeInFlight++;
      return writeLarge(res, response, headText, () => {
        largeInFlight--;
        response.sent?.();
      });
    }
    const isTooMuch = size >= LARGE_BYTES && !isHead;
    writeWhole(res, isTooMuch ? refuse({ reason: 'busy' }, 'json', '') : response, isHead, headText);
    response.sent?.();
  };
}

function writeWhole(res: AnswerWire, response: Response, isHead: boolean, headText: HeadText): void {
  res.writeStatus(headText(response));
  const { body = '', status } = response;
  // Only these two end with their head. Any other answer says its length, 0 too: without one its reader waits for more.
  const isSized = status !== 204 && status !== 304;
  if (isSized && !isHead) return void res.end(body);
  // Not `endWithoutBody(length)`: that waits for the body, and the connection's next request is hung up on.
  if (isSized) res.writeHeader('content-length', `${Buffer.byteLength(body)}`);
  res.endWithoutBody();
}

/** Hands the socket what it takes, and the rest when it asks: nothing is copied into its buffer. */
function writeLarge(res: AnswerWire, response: Response, headText: HeadText, done: () => void): void {
  const body = typeof response.body === 'string' ? Buffer.from(response.body) : response.body!;
  let isDone = false;
  const finish = (): void => {
    if (!isDone) done();
    isDone = true;
  };
  res.onAborted(finish);
  res.writeStatus(headText(response));
  const offer = (from: number): boolean => {
    const [accepted, finished] = res.tryEnd(body.subarray(from), body.length);
    if (finished) finish();
    return accepted;
  };
  if (offer(0)) return;
  res.onWritable((offset) => offer(offset));
}
