// Text written straight into bytes: a document of megabytes need not be strings first. All of it is ASCII.

const GROWTH = 1.5;
const ZERO = '0'.charCodeAt(0);
const DECIMALS = 6;

/** For text that is written often: as bytes it takes a fraction of the time. */
export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

const ZERO_POINT = ascii('0.');

/** Whole numbers of 32 bits are divided in a fraction of the time that Math.floor takes. */
const tenth = (value: number): number => (value / 10) | 0;

/** Where text goes. Grows as it must: `memory` is what it is expected to need. */
export class Ascii {
  #bytes: Uint8Array<ArrayBuffer>;
  /** How much is written. */
  length = 0;

  constructor(memory: ArrayBuffer) {
    this.#bytes = new Uint8Array(memory);
  }

  text(text: string): void {
    const from = this.#take(text.length);
    const bytes = this.#bytes;
    for (let i = 0; i < text.length; i++) bytes[from + i] = text.charCodeAt(i);
  }

  /** What was ASCII before. */
  bytes(part: Uint8Array): void {
    const from = this.#take(part.length); // may move what is written
    this.#bytes.set(part, from);
  }

  /** A whole number from 0 to 2 ** 31 - 1. */
  whole(value: number): void {
    let digits = 1;
    for (let rest = value; rest >= 10; rest = tenth(rest)) digits++;
    this.#digits(value, digits);
  }

  /** So many millionths, fewer than a million, without zeros at the end: 41,200 are `0.0412`. */
  millionths(value: number): void {
    let digits = DECIMALS;
    let rest = value;
    for (; digits > 1 && rest % 10 === 0; digits--) rest = tenth(rest);
    this.bytes(ZERO_POINT);
    this.#digits(rest, digits);
  }

  /** What was written, where it lies. */
  written(): Buffer<ArrayBuffer> {
    return Buffer.from(this.#bytes.buffer, 0, this.length);
  }

  #digits(value: number, count: number): void {
    const from = this.#take(count);
    let rest = value;
    for (let at = from + count - 1; at >= from; at--) {
      const next = tenth(rest);
      this.#bytes[at] = ZERO + rest - 10 * next;
      rest = next;
    }
  }

  #take(length: number): number {
    const from = this.length;
    this.length += length;
    if (this.length > this.#bytes.length) {
      const larger = new Uint8Array(Math.ceil(this.length * GROWTH));
      larger.set(this.#bytes.subarray(0, from));
      this.#bytes = larger;
    }
    return from;
  }
}

/** What is written, as a string. */
export function textOf(write: (out: Ascii) => void): string {
  const out = new Ascii(new ArrayBuffer(4_096));
  write(out);
  return out.written().toString('latin1');
}
