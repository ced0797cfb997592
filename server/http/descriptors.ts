// File descriptors: every connection takes one, and the system bounds them. Some are kept in reserve, so that the disk goes on when connections have used up the rest.
import { closeSync, openSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';

/** Where descriptors come from. */
export interface DescriptorSource {
  /** How many this process may have; null: not known. */
  limit: number | null;
  /** Takes one. Throws when there is none. */
  take: () => number;
  giveBack: (descriptor: number) => void;
}

export interface DescriptorWatch {
  /** To be called a few times a second. */
  look: () => void;
  /** Else the few that are left are for bots, operators and the disk. */
  hasRoom: () => boolean;
}

export interface DescriptorWatchOptions {
  source: DescriptorSource;
  now: () => number;
  warn: (line: string) => void;
  /** No connection can be accepted now: who listens all the same turns in circles. */
  stopListening: () => void;
  /** Rejects when it cannot; then it is tried again. */
  listenAgain: () => Promise<void>;
}

/** The journal, the state file beside the old one, their directory, and one to look with. */
const RESERVE = 4;
const MOST_KEPT_FREE = 256;
const KEPT_FREE_OF_ALL = 0.2;
const LOOK_FOR_MANY_EVERY_MS = 5_000;
const SAY_EVERY_MS = 60_000;

export function createDescriptorWatch(options: DescriptorWatchOptions): DescriptorWatch {
  const { source, now, warn, stopListening, listenAgain } = options;
  const { limit } = source;
  /** As many should be free that a few hundred more connections in a moment use up nothing. */
  const many = Math.floor(Math.min(MOST_KEPT_FREE, (limit ?? Infinity) * KEPT_FREE_OF_ALL));
  const of = limit === null ? 'the file descriptors' : `the ${limit} file descriptors`;
  let reserve = takeUpTo(source, RESERVE);
  let isUsedUp = false;
  let isRecovering = false;
  let isScarce = false;
  let lookedAt = -Infinity;
  let saidAt = -Infinity;

  const say = (what: string): void => {
    if (now() - saidAt < SAY_EVERY_MS) return;
    saidAt = now();
    warn(`${what}. ${HOW_TO_RAISE}`);
  };
  const useUp = (): void => {
    isUsedUp = isScarce = true;
    giveBackAll(source, reserve);
    reserve = [];
    stopListening();
    say(`Connections have used up ${of} of this process. New ones are refused until some are free`);
  };
  const recover = async (): Promise<void> => {
    isRecovering = true;
    try {
      await listenAgain();
      isUsedUp = false;
      reserve = takeUpTo(source, RESERVE);
    } catch (error) {
      say(`Descriptors are free again, but the server ${(error as Error).message}. It goes on trying`);
    }
    isRecovering = false;
  };
  return {
    hasRoom: () => !isScarce,
    look: () => {
      if (isUsedUp) {
        if (!isRecovering && hasRoomFor(source, many)) void recover();
        return;
      }
      if (!hasRoomFor(source, 1)) return useUp();
      if (now() - lookedAt < LOOK_FOR_MANY_EVERY_MS) return;
      lookedAt = now();
      isScarce = !hasRoomFor(source, many);
      if (isScarce) say(`Fewer than ${many} of ${of} of this process are free. New viewers are refused`);
    },
  };
}

const HOW_TO_RAISE =
  'Raise the limit: LimitNOFILE in the systemd unit, "ulimit -n" in a shell, ulimits.nofile in Compose';

function takeUpTo(source: DescriptorSource, count: number): number[] {
  const taken: number[] = [];
  try {
    while (taken.length < count) taken.push(source.take());
  } catch {
    // There are no more: the caller counts them.
  }
  return taken;
}

function giveBackAll(source: DescriptorSource, taken: number[]): void {
  for (const descriptor of taken) source.giveBack(descriptor);
}

function hasRoomFor(source: DescriptorSource, count: number): boolean {
  const taken = takeUpTo(source, count);
  giveBackAll(source, taken);
  return taken.length === count;
}

export const systemDescriptors = (): DescriptorSource => ({
  limit: systemLimit(),
  take: () => {
    try {
      return openSync(devNull, 'r');
    } catch (error) {
      if (isUsedUp(error)) throw error;
      return NONE; // it cannot be opened for another reason, which says nothing about descriptors
    }
  },
  giveBack: (descriptor) => {
    if (descriptor !== NONE) closeSync(descriptor);
  },
});

const NONE = -1;

/** EMFILE: this process has as many as it may. ENFILE: the whole machine has. */
const isUsedUp = (error: unknown): boolean =>
  ['EMFILE', 'ENFILE'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Null where the system does not say: then it is only noticed when there is none left. */
function systemLimit(): number | null {
  try {
    const soft = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}
