// Text on the card: only what its font can draw, and broken into lines that fit.

const DRAWN =
  /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Nd}\x20-\x7e\u00a0-\u00ff\u2010-\u2027\u2030-\u203a€₽→−]$/u;

/** Without what the font lacks. Letters in fancy dress become plain ones: names on Discord wear it often. */
export function drawable(text: string): string {
  const kept = Array.from(text.normalize('NFKC'))
    .filter((character) => DRAWN.test(character))
    .join('');
  return kept.replace(/\s+/g, ' ').trim();
}

// Widths of Inter SemiBold in thousandths of its size, on the safe side.
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[\u00a0 .,:;!|'’ijl]/u, 300],
  [/[fIrt()\-[\]/]/u, 420],
  [/[MW@%—жшщюфыЖШЩЮФЫ…]/u, 960],
  [/[mw]/u, 890],
  [/\p{Lu}/u, 720],
  [/\p{Nd}/u, 660],
];
const OTHERS = 610;

export const widthOf = (text: string, size: number): number =>
  Array.from(text).reduce((sum, one) => sum + (WIDTHS.find(([kind]) => kind.test(one))?.[1] ?? OTHERS), 0) *
  (size / 1000);

/** Greedy lines; a word that is wider than a line is broken. */
export function wrap(text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((one) => breakWord(one, size, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer, size) <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function breakWord(word: string, size: number, width: number): string[] {
  const parts = [''];
  for (const character of word) {
    const longer = parts.at(-1)! + character;
    if (widthOf(longer, size) <= width) parts[parts.length - 1] = longer;
    else parts.push(character);
  }
  return parts;
}

export interface Fitted {
  size: number;
  lines: string[];
}

/** The largest of these sizes at which the text takes no more than its lines; at the smallest it is cut. */
export function fit(text: string, width: number, sizes: readonly { size: number; lines: number }[]): Fitted {
  for (const { size, lines } of sizes) {
    const wrapped = wrap(text, size, width);
    if (wrapped.length <= lines) return { size, lines: wrapped };
  }
  const { size, lines } = sizes.at(-1)!;
  const kept = wrap(text, size, width).slice(0, lines);
  return { size, lines: [...kept.slice(0, -1), `${kept.at(-1)!.slice(0, -2).trimEnd()}…`] };
}
