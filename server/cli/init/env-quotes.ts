// Quotes in a file `.env`, such that all who read it read the same: Node.js, Docker Compose and systemd.

/** Line breaks and other control characters: each reader has its own idea of them. */
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * The value in quotes; null: there is no way that means the same to all. Between single quotes all is literal, save for
 * Compose a backslash before the quote. Between double quotes some replace $ and \, and backquotes only Node.js knows.
 */
export function quoted(value: string): string | null {
  if (CONTROL.test(value) || value.endsWith('\\')) return null;
  if (!value.includes("'")) return `'${value}'`;
  return /["$\\`]/.test(value) ? null : `"${value}"`;
}
