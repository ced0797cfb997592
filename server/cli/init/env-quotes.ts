// Quotes in a file `.env`: only where a value needs them, and such that all who read it read the same.

/** Line breaks and other control characters: each reader has its own idea of them. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** `docker run --env-file` and `kubectl --from-env-file` take quotes as part of the value, so most values have none. */
const NEEDS_QUOTES = /^$|^[\s'"`]|\s$|\s#|[$\\]/;

/**
 * The value as it is written; null: there is no way that means the same to Docker Compose, systemd and us. Between single
 * quotes all is literal, except for Compose a backslash before the quote. Between double quotes some replace $ and \.
 */
export function quoted(value: string): string | null {
  if (CONTROL.test(value) || value.endsWith('\\')) return null;
  if (!NEEDS_QUOTES.test(value)) return value;
  if (!value.includes("'")) return `'${value}'`;
  return /["$\\`]/.test(value) ? null : `"${value}"`;
}
