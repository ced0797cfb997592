// Numbers as Python reads and writes them: Argus members send theirs that way, and expect ours so.

/** Without two parts that could share the same digits: a million of them are still read in one pass. */
const FLOAT = /^\s*[+-]?((\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?|inf(inity)?|nan)\s*$/i;

/**
 * A finite number, as Python's float() reads it: numeric text and booleans count. Null: it is not finite, or the bare
 * NaN or Infinity that our JSON reads as null. Undefined: anything else.
 */
export function pythonNumber(value: unknown): number | null | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' && FLOAT.test(value)) return pythonNumber(Number(value));
  return value === null ? null : undefined;
}

const LARGEST_WHOLE = 1e16;
const SMALLEST_PLAIN = 1e-4;

/** A finite number as Python's repr() writes a float: `3.0`, `0.25`, `1e+16`, `5e-05`. */
export function pythonFloat(value: number): string {
  const size = Math.abs(value);
  if (size >= LARGEST_WHOLE) return value.toExponential();
  if (Number.isInteger(value)) return `${value}.0`;
  return size >= SMALLEST_PLAIN ? `${value}` : value.toExponential().replace(/e-(\d)$/, 'e-0$1');
}
