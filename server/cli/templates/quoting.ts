// How a value is written so that it stays a value: quotes for YAML, Compose and systemd, and the addresses of upstreams.
import { isPlain } from './deployment.js';

/** A YAML string of one line. In single quotes nothing has a meaning, save the quote. */
export const yamlText = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** Compose puts variables in for "$NAME" before it reads a value. */
export const composeText = (value: string): string => yamlText(value.replaceAll('$', '$$$$'));

/** Every line that follows the first, that many spaces further in; empty ones stay empty. */
export const indented = (text: string, spaces: number): string =>
  text.trimEnd().replaceAll(/\n(?=[^\n])/g, `\n${' '.repeat(spaces)}`);

/** Why a path cannot be a systemd setting, in a sentence; null: it can. */
export const whyNoUnitPath = (path: string): string | null =>
  path.startsWith('/') && isPlain(path) && path === path.trim() && !path.endsWith('\\')
    ? null
    : `The folder ${JSON.stringify(path)} cannot stand in a systemd unit: give its full path, which begins with "/".`;

/** A path as the whole value of a systemd setting, where "%" begins a specifier. Throws what `whyNoUnitPath` says. */
export function unitPath(path: string): string {
  const why = whyNoUnitPath(path);
  if (why !== null) throw new Error(why);
  return path.replaceAll('%', '%%');
}

const WORDS = /^\/[^\s"'\\;]*( +("[^"\\]*"|[^\s"'\\;]+))*$/;

/** Why a program with its arguments cannot be a systemd setting, in a sentence; null: it can. */
export const whyNoUnitCommand = (command: string): string | null =>
  WORDS.test(command) && isPlain(command)
    ? null
    : `The command ${JSON.stringify(command)} cannot stand in a systemd unit: give the full path of a program, then its arguments, in double quotes where they hold spaces.`;

/** A program as systemd reads it; arguments with spaces are in double quotes. Throws what `whyNoUnitCommand` says. */
export function unitCommand(command: string): string {
  const why = whyNoUnitCommand(command);
  if (why !== null) throw new Error(why);
  return command.replaceAll('%', '%%').replaceAll('$', '$$$$');
}

const UPSTREAM = /^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/;

/** `127.0.0.1:9190`, where a proxy finds Shardlight. Throws for anything else. */
export function upstreamAddress(upstream: string): string {
  if (!UPSTREAM.test(upstream))
    throw new Error(`The proxy's upstream ${JSON.stringify(upstream)} is not like 127.0.0.1:9190.`);
  return upstream;
}
