// How much of what bots say is read in one turn of the event loop. The rest waits for the next turns, in order, so that
// viewers, timers and whoever asks for a page come in between when a whole fleet speaks at once.

/** Some 5 ms of work, where bodies are snapshots. */
export const TURN_BYTES = 512 * 1024;
/** What does not fit in here does not wait. */
export const WAITING_BYTES = 2 * 1024 * 1024;

export interface Turn {
  /** Whether so much can be read now, which is then counted; else it is to be put off. */
  hasRoom: (bytes: number) => boolean;
  /** So much more was read than was to be seen: what came packed is as long as what is in it. */
  count: (bytes: number) => void;
  /** Has a copy read in one of the next turns, valid until `read` returns. False: too much waits already. */
  putOff: (body: Buffer, read: (copy: Buffer) => void) => boolean;
}

interface Waiting {
  copy: Buffer;
  read: (copy: Buffer) => void;
}

/** `soon` runs something in the next turn. */
export function createTurn(soon: (run: () => void) => void = setImmediate): Turn {
  const ring = createRing();
  let waiting: Waiting[] = [];
  let readBytes = 0;
  let isNextDue = false;
  const count = (bytes: number): void => {
    readBytes += bytes;
    if (isNextDue) return;
    isNextDue = true;
    soon(begin);
  };
  const fits = (bytes: number): boolean => readBytes === 0 || readBytes + bytes <= TURN_BYTES;
  const begin = (): void => {
    isNextDue = false;
    readBytes = 0;
    let done = 0;
    for (const { copy, read } of waiting) {
      if (!fits(copy.length)) break;
      done++;
      count(copy.length);
      read(copy);
    }
    waiting = waiting.slice(done);
    ring.freeUpTo(waiting[0]?.copy);
    if (waiting.length > 0) count(0);
  };
  return {
    count,
    hasRoom: (bytes) => {
      if (waiting.length > 0 || !fits(bytes)) return false;
      count(bytes);
      return true;
    },
    putOff: (body, read) => {
      const copy = ring.take(body);
      if (!copy) return false;
      waiting.push({ copy, read });
      count(0);
      return true;
    },
  };
}

interface Ring {
  /** Null: it is full. */
  take: (body: Buffer) => Buffer | null;
  /** All that was taken before this one; all, without one. */
  freeUpTo: (first: Buffer | undefined) => void;
}

/** Copies that live for a few turns, in memory that is taken once: 64 snapshots a turn would be 2 MB of garbage each. */
function createRing(): Ring {
  let memory: Buffer | undefined;
  let begin = 0;
  let end = 0;
  let isEmpty = true;
  /** Where so much fits, or −1: after the rest, or at the start again where that is free. */
  const placeFor = (length: number): number => {
    if (isEmpty) return length <= WAITING_BYTES ? 0 : -1;
    if (end <= begin) return end + length <= begin ? end : -1;
    if (end + length <= WAITING_BYTES) return end;
    return length <= begin ? 0 : -1;
  };
  return {
    take: (body) => {
      const room = Math.max(body.length, 1); // or what is empty would make the ring look full
      const at = placeFor(room);
      if (at < 0) return null;
      if (isEmpty) begin = at;
      isEmpty = false;
      end = at + room;
      memory ??= Buffer.allocUnsafeSlow(WAITING_BYTES);
      body.copy(memory, at);
      return memory.subarray(at, at + body.length);
    },
    freeUpTo: (first) => {
      isEmpty = first === undefined;
      if (first) begin = first.byteOffset;
    },
  };
}
