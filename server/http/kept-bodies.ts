// How many bytes those hold in memory who have not read their answers yet: one body counts once, however many read it.

export class KeptBodies {
  readonly #mostBytes: number;
  readonly #readers = new Map<string | Buffer, number>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** False: there is no room for it. One alone may be larger than all may be together. */
  keep(body: string | Buffer): boolean {
    const readers = this.#readers.get(body) ?? 0;
    if (readers === 0 && this.#bytes > 0 && this.#bytes + body.length > this.#mostBytes) return false;
    if (readers === 0) this.#bytes += body.length;
    this.#readers.set(body, readers + 1);
    return true;
  }

  letGo(body: string | Buffer): void {
    const readers = this.#readers.get(body) ?? 0;
    if (readers > 1) return void this.#readers.set(body, readers - 1);
    if (this.#readers.delete(body)) this.#bytes -= body.length;
  }
}
