// The patches of the last versions, so that a browser that was away for a moment gets what it missed.

const MAX_PATCHES = 1_024;
const MAX_CHARACTERS = 1024 * 1024;

export interface Ring {
  /** The patch that leads to `version`; versions come without gaps. */
  add: (version: number, patch: string) => void;
  /** The patches after `version`, or undefined when some of them are gone. */
  since: (version: number) => string[] | undefined;
}

/** `newest`: the version that no patch leads to, the first. */
export function createRing(newest: number): Ring {
  const patches: string[] = [];
  let characters = 0;
  return {
    add: (version, patch) => {
      newest = version;
      characters += patch.length;
      patches.push(patch);
      while (patches.length > MAX_PATCHES || characters > MAX_CHARACTERS)
        characters -= patches.shift()!.length;
    },
    since: (version) => {
      const missed = newest - version;
      if (!Number.isInteger(missed) || missed < 0 || missed > patches.length) return undefined;
      return patches.slice(patches.length - missed);
    },
  };
}
