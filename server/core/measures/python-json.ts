// JSON as Python writes it: bare NaN and Infinity, which JSON.parse does not take, become null.

/** Strict JSON first; where that fails, once more as Python may write it. Undefined: it is neither. */
export function readJsonText(text: string): { value: unknown } | undefined {
  return parse(text) ?? parse(withoutPythonNumbers(text));
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined; // what is no JSON is answered, not thrown
  }
}

const BARE_WORDS = ['-Infinity', 'Infinity', 'NaN'] as const;

/** One pass over the text: inside strings nothing is touched. */
export function withoutPythonNumbers(text: string): string {
  let out = '';
  let copied = 0;
  for (let i = 0; i < text.length;) {
    const char = text[i];
    if (char === '"') {
      i = afterString(text, i);
      continue;
    }
    const isCandidate = char === 'N' || char === 'I' || char === '-';
    const word = isCandidate ? BARE_WORDS.find((one) => text.startsWith(one, i)) : undefined;
    if (word) {
      out += `${text.slice(copied, i)}null`;
      copied = i + word.length;
    }
    i += word?.length ?? 1;
  }
  return out + text.slice(copied);
}

/** The position after the string that begins at `start`. */
function afterString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i + 1;
  }
  return text.length;
}
