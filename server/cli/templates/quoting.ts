// How a value is written so that it stays a value: quotes for YAML, Compose and systemd, and the addresses of upstreams.
import { isPlain } from './deployment.js';

/** A YAML string of one line. In single quotes nothing has a meaning, save the quote. */
export const yamlText = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** Compose puts variables in for "$NAME" before it reads a value. */
export const composeText = (value: string): string => yamlText(value.replaceAll('$', '$$$$'));

/** Every line that follows the first, that many spaces further in; empty ones stay empty. */
export const indented = (text: string, spaces: number): string =>
  text.trimEnd().replaceAll(/\n(?=[^\n])/g, `\n${' '.repeat(spaces)}`);

/** A path as the whole value of a systemd setting, where "%" begins a specifier. Throws for what cannot be written there. */
export function unitPath(path: string): string {
  if (!path.startsWith('/') || !isPlain(path) || path !== path.trim() || path.endsWith('\\'))
    throw new Error(
      `The folder ${JSON.stringify(path)} cannot stand in a systemd unit: give its full path, which begins with "/".`,
    );
  return path.replaceAll('%', '%%');
}

const WORDS = /^\/[^\s"'\\;]*( +("[^"\\]*"|[^\s"'\\;]+))*$/;

/** A program with its arguments as systemd reads them; arguments with spaces are in double quotes. Throws as `unitPath`. */
export function unitCommand(command: string): string {
  if (!WORDS.test(command) || !isPlain(command))
    throw new Error(
      `The command ${JSON.stringify(command)} cannot stand in a systemd unit: give the full path of a program, then its arguments, in double quotes where they hold spaces.`,
    );
  return command.replaceAll('%', '%%').replaceAll('$', '$$$$');
}

const UPSTREAM = /^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/;

/** `127.0.0.1:9190`, where a proxy finds Shardlight. Throws for anything else. */
export function upstreamAddress(upstream: string): string {
  if (!UPSTREAM.test(upstream))
    throw new Error(`The proxy's upstream ${JSON.stringify(upstream)} is not like 127.0.0.1:9190.`);
  return upstream;
}
