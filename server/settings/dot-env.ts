// The text of a `.env` file: the grammar of the package dotenv, except that a `#` begins a comment only after a space.
import { parse } from 'dotenv';

/** Stands for a `#` that is part of a value while dotenv reads; no text that we take has one. */
const HASH = '\0';

const HEAD = String.raw`^[^\S\n]*(?:export[^\S\n]+)?`;
/** A line whose value is in no quotes. */
const UNQUOTED = new RegExp(String.raw`${HEAD}[\w.-]+[^\S\n]*=[^\S\n]*[^\s'"\`][^\n]*$`, 'gm');
/** A line that means one of our variables, with the quote before its value. */
const OURS = new RegExp(
  String.raw`${HEAD}((?:SHARDLIGHT|ARGUS|GLANCE)_\w+)(?:[^\S\n]*=[^\S\n]*(['"\`]))?`,
  'gim',
);

/** `found` and `accepts` as in a mistake of the configuration. */
export type DotEnv =
  { ok: true; values: Record<string, string> } | { ok: false; found: string; accepts: string };

/** Editors on Windows begin UTF-8 with a byte-order mark, PowerShell's `>` writes UTF-16 with one. Without one it is UTF-8. */
export function decoded(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
}

/**
 * dotenv ends a value without quotes at any `#`. Docker Compose, systemd and Argus's reader end it only where a space
 * comes before, and generated secrets hold `#`. A line that names one of our variables and is not read, or that opens a
 * quote and does not close it, is refused: it may be the token that closes the server.
 */
export function parseDotEnv(file: string): DotEnv {
  if (file.includes(HASH)) return { ok: false, found: 'bytes that are not text', accepts: 'text in UTF-8' };
  const text = file.replace(/^\ufeff/, '').replaceAll(/\r\n?/g, '\n');
  const hidden = text.replaceAll(UNQUOTED, (line) => line.replaceAll(/(?<=\S)#/g, HASH));
  const values = Object.fromEntries(
    Object.entries(parse(hidden)).map(([name, value]) => [name, value.replaceAll(HASH, '#')]),
  );
  const lost = [...text.matchAll(OURS)].find(([, name = '', quote]) => {
    const value = values[name];
    return value === undefined || (quote !== undefined && value.startsWith(quote));
  });
  if (!lost) return { ok: true, values };
  const line = text.slice(0, lost.index).split('\n').length;
  return {
    ok: false,
    found: `${lost[1]!} in line ${line}, where no value can be read`,
    accepts: 'NAME=value, where each quote that opens is closed',
  };
}
