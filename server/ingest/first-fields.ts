// The first fields of a JSON object whose end is missing: who sent a report that was too long to be read.

/** The members of the object that are whole in its beginning; null where it does not begin as one. Never throws. */
export function firstFields(text: string): unknown {
  const end = lastComma(text);
  if (end === null) return null;
  try {
    return JSON.parse(`${text.slice(0, end)}}`);
  } catch {
    return null; // cut off in a member, or no JSON at all
  }
}

/** Where the last comma between members of the outermost object is; null: there is none. */
function lastComma(text: string): number | null {
  let depth = 0;
  let last: number | null = null;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '"') i = endOfString(text, i);
    else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    else if (char === ',' && depth === 1) last = i;
  }
  return last;
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i;
  }
  return text.length;
}
