// What an attack is: a file of attacks/ that exports one, and its row in attacks.ts.
import type { Environment } from '../../server/config.js';
import type { Target } from './target.js';

/** Where it strikes. */
export interface Aim {
  port: number;
  /** Whether it is to end. */
  isOver: () => boolean;
}

export interface Attack {
  name: string;
  /** Beside the usual settings of the target: tokens, a declared proxy, loopback. */
  settings: Environment;
  /** What is there before it begins, for example bots. It is not measured. */
  prepare?: (target: Target) => Promise<void>;
  /** In a process of its own, until it is to end. How many requests it sent. */
  strike: (aim: Aim) => Promise<number>;
  /** While it goes on: what must still be so. False: it is not. */
  still?: { what: string; isSo: (target: Target) => Promise<boolean> };
  /** The line of the log that names it; null: there is nothing wrong to be named. */
  named: RegExp | null;
}
