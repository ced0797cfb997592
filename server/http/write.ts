// Writes answers as fast as their readers take them; who takes far too long is hung up on.
import type { HeadText } from './head-text.js';
import type { Place } from './large-answers.js';
import type { Client, Response } from './message.js';
import type { SlowAnswer, TransportNotes } from './notes.js';

/** What the transport offers to answer one request. */
export interface AnswerWire {
  onAborted: (left: () => void) => unknown;
  onWritable: (more: (offset: number) => boolean) => unknown;
  cork: (write: () => void) => unknown;
  close: () => unknown;
  writeStatus: (text: string) => unknown;
  writeHeader: (name: string, value: string) => unknown;
  endWithoutBody: () => unknown;
  /** Whether it took all of it, and whether that was the last of `totalBytes`. */
  tryEnd: (part: string | Buffer, totalBytes: number) => [accepted: boolean, finished: boolean];
}

export interface Writing {
  isHead: boolean;
  /** Of a large answer; null: it needs none. */
  place: Place | null;
  /** Asked while the answer is being written, if at all. */
  whose: () => Client;
}

export interface Writer {
  write: (res: AnswerWire, response: Response, writing: Writing) => void;
  /** Hangs up on those who had long enough for what they were sent. */
  endSlow: () => void;
}

/** What is smaller does not wait for a place. */
const LARGE_BYTES = 64 * 1024;
const PATIENCE_MS = 30_000;
/** Beyond that, for a body of some megabytes. */
const SLOWEST_BYTES_A_MS = 64;
/** Kernels take so little at once, unless their buffers are full of answers that nobody reads. */
const TINY_BYTES = 4 * 1024;

export const isLarge = ({ body }: Response): boolean => (body?.length ?? 0) >= LARGE_BYTES;

/** `now` in ms. */
export function createWriter(
  headText: HeadText,
  now: () => number,
  notes: Pick<TransportNotes, 'endedSlow' | 'readsNothing'>,
): Writer {
  const underWay = new Set<Sending>();
  return {
    write: (res, response, { isHead, place, whose }) => {
      if (isHead || !isSized(response)) return writeHead(res, response, headText);
      const { body = '' } = response;
      const done = (): void => {
        place?.leave();
        response.sent?.();
      };
      const send = (): void => {
        res.writeStatus(headText(response));
        // `end` would copy what the reader does not take, once for each request that it sends without reading.
        if (res.tryEnd(body, Buffer.byteLength(body))[1]) return done();
        const sending = new Sending(res, body, now(), whose());
        underWay.add(sending);
        sending.goOn((isWhole) => {
          if (!underWay.delete(sending)) return;
          if (!isWhole && sending.totalBytes <= TINY_BYTES) notes.readsNothing(sending.client);
          done();
        });
      };
      if (!place || place.isFree) return send();
      res.onAborted(done);
      place.whenFree(() => void res.cork(send));
    },
    endSlow: () => {
      for (const sending of underWay) {
        const slow = sending.whatIsSlow(now());
        if (slow) notes.endedSlow(sending.client, slow);
        if (slow) sending.end();
      }
    },
  };
}

/** Only these two end with their head. Any other answer says its length, 0 too: without one its reader waits for more. */
const isSized = ({ status }: Response): boolean => status !== 204 && status !== 304;

function writeHead(res: AnswerWire, response: Response, headText: HeadText): void {
  res.writeStatus(headText(response));
  // Not `endWithoutBody(length)`: that waits for the body, and the connection's next request is hung up on.
  if (isSized(response)) res.writeHeader('content-length', `${Buffer.byteLength(response.body ?? '')}`);
  res.endWithoutBody();
  response.sent?.();
}

/** The rest of an answer, handed to the socket whenever it takes more: nothing is copied into its buffer. */
class Sending {
  readonly client: Client;
  readonly totalBytes: number;
  readonly #res: AnswerWire;
  readonly #bytes: Buffer;
  readonly #startedAt: number;
  #sentBytes = 0;

  constructor(res: AnswerWire, body: string | Buffer, startedAt: number, client: Client) {
    this.#res = res;
    this.#bytes = typeof body === 'string' ? Buffer.from(body) : body;
    this.totalBytes = this.#bytes.length;
    this.#startedAt = startedAt;
    this.client = client;
  }

  /** `finish` is called when it is sent whole, or the connection is gone. */
  goOn(finish: (isWhole: boolean) => void): void {
    this.#res.onAborted(() => finish(false));
    this.#res.onWritable((offset) => {
      this.#sentBytes = offset;
      const [accepted, finished] = this.#res.tryEnd(this.#bytes.subarray(offset), this.totalBytes);
      if (finished) finish(true);
      return accepted;
    });
  }

  /** Null: it has time left. */
  whatIsSlow(now: number): SlowAnswer | null {
    const ms = now - this.#startedAt;
    if (ms <= PATIENCE_MS + this.totalBytes / SLOWEST_BYTES_A_MS) return null;
    return { sentBytes: this.#sentBytes, totalBytes: this.totalBytes, seconds: Math.round(ms / 1_000) };
  }

  end(): void {
    this.#res.close();
  }
}
