// Numbers and texts as bytes, one after the other, and back: little-endian, and read only where all of it is there.

/** These bytes were never written so. */
export class Malformed extends Error {}

/** Writes into bytes that have room for it. */
export class ByteWriter {
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }

  byte(value: number): void {
    this.#view.setUint8(this.at, value);
    this.at += 1;
  }

  doubles(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i++) this.#view.setFloat64(this.at + 8 * i, values[i]!, true);
    this.at += 8 * values.length;
  }

  floats(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i++) this.#view.setFloat32(this.at + 4 * i, values[i]!, true);
    this.at += 4 * values.length;
  }

  /** As JSON: half of a character comes back, too, which UTF-8 alone would lose. */
  text(text: string): void {
    const { written } = encoder.encodeInto(JSON.stringify(text), this.#bytes.subarray(this.at + 2));
    this.#view.setUint16(this.at, written, true);
    this.at += 2 + written;
  }
}

/** What a text of so many UTF-16 units takes at most: each may be escaped. */
export const mostTextBytes = (length: number): number => 2 + 2 + 6 * length;

/** Throws `Malformed`, before it makes room for anything that the bytes do not hold. */
export class ByteReader {
  #at = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }

  /** The place of so many bytes, which are behind it now. */
  #take(count: number): number {
    const from = this.#at;
    if (from + count > this.#bytes.length) throw cutOff();
    this.#at = from + count;
    return from;
  }

  byte(most: number): number {
    const value = this.#view.getUint8(this.#take(1));
    if (value > most) throw new Malformed('a count is not possible');
    return value;
  }

  doubles(count: number): number[] {
    const from = this.#take(8 * count);
    const values: number[] = [];
    for (let i = 0; i < count; i++) values.push(this.#view.getFloat64(from + 8 * i, true));
    return values;
  }

  /** To be asked before there is room for so many. */
  expectFloats(count: number): void {
    if (this.#at + 4 * count > this.#bytes.length) throw cutOff();
  }

  /** Fills it with finite ones. */
  floatsInto(values: Float32Array): void {
    const from = this.#take(4 * values.length);
    for (let i = 0; i < values.length; i++) {
      const value = this.#view.getFloat32(from + 4 * i, true);
      if (!Number.isFinite(value)) throw new Malformed('a number is not possible');
      values[i] = value;
    }
  }

  text(mostLength: number): string {
    const length = this.#view.getUint16(this.#take(2), true);
    const from = this.#take(length);
    const text = textOf(this.#bytes.subarray(from, from + length));
    if (text.length > mostLength) throw new Malformed('a text is too long');
    return text;
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw new Malformed('more follows it');
  }
}

const cutOff = (): Malformed => new Malformed('it is cut off');

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

function textOf(bytes: Uint8Array): string {
  let text: unknown;
  try {
    text = JSON.parse(decoder.decode(bytes));
  } catch {
    text = null;
  }
  if (typeof text !== 'string') throw new Malformed('a text is not possible');
  return text;
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);
