// What the commands of the program have in common: how they are called, where they speak, how they end.
import { parseArgs, type ParseArgsConfig } from 'node:util';

/** Exit codes. 78 is sysexits.h's configuration error. */
export const EXIT = { ok: 0, problem: 1, usage: 2, config: 78 } as const;

/** Where a command speaks: data to stdout, for programs; talk to stderr, for people. */
export interface Terminal {
  /** One line of data. */
  print: (text: string) => void;
  /** One line, or several, of talk. */
  say: (text: string) => void;
  /** Whether somebody sits there who can be asked. */
  isInteractive: boolean;
  /** Whether talk may be coloured: it goes to a terminal, and NO_COLOR is not set. */
  isColoured: boolean;
}

export interface Command {
  /** What `--help` prints. */
  usage: string;
  /** The exit code; null: it goes on until a signal ends it. */
  run: (args: string[], terminal: Terminal) => Promise<number | null>;
}

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T; strict: true }>>['values'];

/** Reads flags by node's table of them. What is wrong is said in a sentence. */
export function readFlags<T extends Options>(
  args: string[],
  options: T,
): { ok: true; values: Values<T> } | { ok: false; why: string } {
  try {
    return { ok: true, values: parseArgs({ args, options, strict: true }).values };
  } catch (error) {
    return { ok: false, why: firstSentence(error) };
  }
}

/** Node goes on to explain positional arguments; nobody needs that here. */
const firstSentence = (error: unknown): string =>
  `${(error instanceof Error ? error.message : String(error)).split(/\.\s/)[0]!.replace(/\.$/, '')}.`;

/** A wrong call: why, and how to call it. */
export function misused({ say }: Terminal, why: string, usage: string): number {
  say(`${why}\n\n${usage}`);
  return EXIT.usage;
}
