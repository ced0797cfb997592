// What Python's str() makes of a JSON value: members may send a number or a list where a text is meant, and Argus takes it.

const MAX_DEPTH = 8;
/** Nobody takes a text that is longer, so what comes after it is not written. */
const MOST_CHARACTERS = 512;

/** Undefined: what Python counts as nothing ("", 0, false, [], {}), or what nests too deep to be meant. */
export function pythonText(value: unknown): string | undefined {
  if (isNothing(value)) return undefined;
  return typeof value === 'string' ? value : written(value, MAX_DEPTH, MOST_CHARACTERS);
}

function isNothing(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && value !== null ? Object.keys(value).length === 0 : !value;
}

/** Of at most about so many characters. */
function written(value: unknown, depth: number, room: number): string | undefined {
  if (depth === 0) return undefined;
  if (typeof value === 'string') return quoted(value.slice(0, Math.max(0, room) + 1));
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return 'None';
  const isList = Array.isArray(value);
  const parts: string[] = [];
  let left = room;
  for (const key of isList ? value.keys() : Object.keys(value)) {
    if (left <= 0) break;
    const label = typeof key === 'string' ? `${quoted(key.slice(0, left))}: ` : '';
    const text = written((value as Record<string | number, unknown>)[key], depth - 1, left);
    if (text === undefined) return undefined;
    parts.push(`${label}${text}`);
    left -= label.length + text.length + ', '.length;
  }
  return isList ? `[${parts.join(', ')}]` : `{${parts.join(', ')}}`;
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** In single quotes, unless it holds those and no double ones. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(/[\\\n\r\t]/g, (char) => ESCAPES[char]!);
  return `${quote}${quote === "'" ? escaped.replaceAll("'", "\\'") : escaped}${quote}`;
}
