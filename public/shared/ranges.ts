// Shard ids as short text, "0-15,32": how clusters list what they host.

/** Ids, in any order, as ascending ranges. */
export function formatRanges(ids: Iterable<number>): string {
  const sorted = [...ids].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let i = 0; i < sorted.length;) {
    const first = sorted[i]!;
    let last = first;
    while (sorted[i] !== undefined && sorted[i]! <= last + 1) last = sorted[i++]!;
    parts.push(first === last ? `${first}` : `${first}-${last}`);
  }
  return parts.join(',');
}

/** How many ids the ranges stand for. */
export function countRanges(text: string): number {
  if (text === '') return 0;
  const bounds = text.split(',').map((part) => part.split('-').map(Number));
  return bounds.reduce((sum, [first, last = first]) => sum + last! - first! + 1, 0);
}

/** The ids of `formatRanges`, ascending. Written by our server: trusted to be well-formed. */
export function* readRanges(text: string): Generator<number> {
  if (text === '') return;
  for (const part of text.split(',')) {
    const [first, last = first] = part.split('-').map(Number);
    for (let id = first!; id <= last!; id++) yield id;
  }
}
