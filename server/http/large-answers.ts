// Which large answers are under way: those for roles apart from the public's, two a household, the others of it in line.
import { KeptBodies } from './kept-bodies.js';

export interface Reader {
  household: string;
  /** The answer needs no role. */
  isPublic: boolean;
}

/** One answer that is under way, or in line. */
export interface Place {
  /** It may begin at once. */
  isFree: boolean;
  /** Where it may not: called when its turn has come. */
  whenFree: (begin: () => void) => void;
  /** It is sent, or nobody waits for it any more. */
  leave: () => void;
}

export interface LargeAnswers {
  /** Null: there is no room, not even in the line. */
  enter: (body: string | Buffer, reader: Reader) => Place | null;
}

/** Only answers count here that the kernel did not take at once, so a reader of usual speed rarely does. */
export const MOST_AT_ONCE = 32;
export const MOST_AT_ONCE_OF_A_HOUSEHOLD = 2;
/** A browser opens six connections. */
export const MOST_IN_LINE_OF_A_HOUSEHOLD = 6;
export const MOST_IN_LINE = 64;
/** Slow readers keep old versions of a page in memory; those of one version share it. */
export const MOST_KEPT_BYTES = 32 * 1024 * 1024;

export function createLargeAnswers(): LargeAnswers {
  const ofPublic = new Line();
  const ofRoles = new Line();
  return { enter: (body, { household, isPublic }) => (isPublic ? ofPublic : ofRoles).enter(body, household) };
}

interface Waiting {
  household: string;
  begin: (() => void) | null;
}

class Line {
  readonly #kept = new KeptBodies(MOST_KEPT_BYTES);
  readonly #underWay = new Map<string, number>();
  readonly #waiting = new Set<Waiting>();
  #atOnce = 0;

  enter(body: string | Buffer, household: string): Place | null {
    const one: Waiting = { household, begin: null };
    const isFree = this.#isFree(household);
    if (!(isFree || this.#hasRoomInLine(household)) || !this.#kept.keep(body)) return null;
    if (isFree) this.#count(household, 1);
    else this.#waiting.add(one);
    return {
      isFree,
      whenFree: (begin) => void (one.begin = begin),
      leave: once(() => {
        this.#kept.letGo(body);
        if (!this.#waiting.delete(one)) this.#count(household, -1);
        this.#next();
      }),
    };
  }

  #isFree(household: string): boolean {
    const ofHousehold = this.#underWay.get(household) ?? 0;
    return this.#atOnce < MOST_AT_ONCE && ofHousehold < MOST_AT_ONCE_OF_A_HOUSEHOLD;
  }

  #hasRoomInLine(household: string): boolean {
    if (this.#waiting.size >= MOST_IN_LINE) return false;
    let ofHousehold = 0;
    for (const one of this.#waiting) if (one.household === household) ofHousehold++;
    return ofHousehold < MOST_IN_LINE_OF_A_HOUSEHOLD;
  }

  #count(household: string, by: 1 | -1): void {
    this.#atOnce += by;
    const left = (this.#underWay.get(household) ?? 0) + by;
    if (left === 0) this.#underWay.delete(household);
    else this.#underWay.set(household, left);
  }

  /** Whoever has waited longest of those who may. */
  #next(): void {
    for (const one of this.#waiting) {
      if (!one.begin || !this.#isFree(one.household)) continue;
      this.#waiting.delete(one);
      this.#count(one.household, 1);
      one.begin();
    }
  }
}

function once(run: () => void): () => void {
  let isRun = false;
  return () => {
    if (isRun) return;
    isRun = true;
    run();
  };
}
