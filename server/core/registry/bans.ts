// Identities from which nothing is taken: an operator bans them by a glob (`*`: any characters), and allows them again.
import type { Refused } from '../answer.js';
import { matches } from './glob.js';
import type { Registry } from './registry.js';

/** In the words of the contract. */
export const BANNED: Refused = { ok: false, reason: 'banned', error: 'identity is banned' };

/** Asks every ban. A cluster that is known remembers the answer. */
export function isBanned({ bans }: Registry, identity: string): boolean {
  for (const glob of bans) if (matches(glob, identity)) return true;
  return false;
}

/** The bans that it matches. */
export const bansOf = ({ bans }: Registry, identity: string): string[] =>
  [...bans].filter((glob) => matches(glob, identity));
