// What Python's str() makes of a JSON value: members may send a number or a list where a text is meant, and Argus takes it.

const MAX_DEPTH = 8;

/** Undefined: what Python counts as nothing ("", 0, false, [], {}), or what nests too deep to be meant. */
export function pythonText(value: unknown): string | undefined {
  if (isNothing(value)) return undefined;
  return typeof value === 'string' ? value : written(value, MAX_DEPTH);
}

function isNothing(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && value !== null ? Object.keys(value).length === 0 : !value;
}

function written(value: unknown, depth: number): string | undefined {
  if (depth === 0) return undefined;
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return 'None';
  const inside = (one: unknown): string | undefined => written(one, depth - 1);
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map(inside)
    : Object.entries(value).map(([key, one]) => withKey(key, inside(one)));
  if (parts.includes(undefined)) return undefined;
  return isList ? `[${parts.join(', ')}]` : `{${parts.join(', ')}}`;
}

const withKey = (key: string, text: string | undefined): string | undefined =>
  text === undefined ? undefined : `${quoted(key)}: ${text}`;

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** In single quotes, unless it holds those and no double ones. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(/[\\\n\r\t]/g, (char) => ESCAPES[char]!);
  return `${quote}${quote === "'" ? escaped.replaceAll("'", "\\'") : escaped}${quote}`;
}
