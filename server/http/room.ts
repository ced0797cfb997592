// Memory that many may use for a while, and never more than so much of it together.

export class Room {
  readonly #mostBytes: number;
  #usedBytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** False: there is not so much left, and nothing was taken. */
  take(bytes: number): boolean {
    if (this.#usedBytes + bytes > this.#mostBytes) return false;
    this.#usedBytes += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#usedBytes -= bytes;
  }
}
