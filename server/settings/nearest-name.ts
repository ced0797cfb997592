// Which known name somebody meant who wrote another one.

/** Letters that are mixed up, missing or too many, in a third of the name at most. */
const MAX_SHARE = 1 / 3;

const bare = (name: string): string => name.toUpperCase().replace(/^(SHARDLIGHT|ARGUS_FLEET|GLANCE)_/, '');
const sorted = (name: string): string => name.split('_').sort().join('_');

/** Names are compared without their prefix, in any case, and with their words in any order. Null: none is near. */
export function nearestName(written: string, known: readonly string[]): string | null {
  const word = bare(written);
  const near = known
    .map((name) => ({ name, away: distanceOf(word, bare(name)) }))
    .filter(({ away }) => away <= Math.ceil(word.length * MAX_SHARE))
    .sort((a, b) => a.away - b.away)[0];
  return near?.name ?? known.find((name) => bare(name).endsWith(`_${word}`)) ?? null;
}

const distanceOf = (a: string, b: string): number => (sorted(a) === sorted(b) ? 0 : editsBetween(a, b));

/** Levenshtein's distance, where two neighbours that changed places are one edit. */
function editsBetween(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const edits = [next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (isSame ? 0 : 1)];
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) edits.push(before[j - 2]! + 1);
      next.push(Math.min(...edits));
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}
