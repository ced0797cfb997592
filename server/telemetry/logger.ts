// What is said to the operator while running: one line an event, as text or JSON, nothing in it that could pass for another line.

export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof LEVELS)[number];

/** `line` is a sentence. Tokens and leases never belong in it. */
export type Log = Record<Level, (line: string) => void>;

export interface LogOptions {
  format: 'text' | 'json';
  /** Less important lines are left out. */
  level: Level;
  /** ms since 1970. */
  now: () => number;
  write: (line: string) => void;
}

export function createLog({ format, level: least, now, write }: LogOptions): Log {
  const at = (level: Level): ((line: string) => void) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return () => undefined;
    return (line) => {
      const time = new Date(now()).toISOString();
      const message = printable(line);
      if (format === 'json') write(JSON.stringify({ time, level, message }));
      else write(`${time} ${level.toUpperCase()} ${message}`);
    };
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** Control characters: in a log line they could begin another, recolour a terminal, or turn the line around. */
export const CONTROL = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g;

/** Line breaks, escapes and other control characters become one blank each. */
const printable = (line: string): string => line.replace(CONTROL, ' ');
