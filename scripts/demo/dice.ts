// Chance that can be repeated: a number from a seed and from what it is for, so that nothing needs to be remembered.

/** From 0 up to, not including, 1: always the same for the same arguments. */
export type Dice = (...about: (string | number)[]) => number;

/** FNV-1a over the arguments, stirred by murmur3's finalizer. For pretence only. */
export const createDice =
  (seed: number): Dice =>
  (...about) => {
    const text = about.join('/');
    let hash = (0x811c9dc5 ^ seed) >>> 0;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    return stirred(hash) / 2 ** 32;
  };

function stirred(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
