// Flips that one event has no room for (RULES 42): they wait in line, as their claims had it then, for the sweeps that follow.

/** So many flips are applied in one event: some 10 ms of the event loop. */
export const MOST_FLIPS = 4_096;
/** What waits beyond this comes with the next sweep, all at once: it has to be kept somewhere. */
export const MOST_IN_LINE = 65_536;

/** First in, first out: every flip follows those that came before it, of whatever bot. */
export class FlipLine<One> {
  #waiting: One[] = [];
  #first = 0;
  /** How many ever joined, and how many of them are through. */
  joined = 0;
  passed = 0;

  get length(): number {
    return this.joined - this.passed;
  }

  join(one: One): void {
    this.#waiting.push(one);
    this.joined++;
  }

  next(): One | undefined {
    const one = this.#waiting[this.#first];
    if (one === undefined) return undefined;
    this.#first++;
    this.passed++;
    if (this.length === 0) {
      this.#waiting = [];
      this.#first = 0;
    }
    return one;
  }
}
