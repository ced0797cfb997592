// Identities from which nothing is taken: an operator bans them by a glob (`*`: any characters), and allows them again.
import type { Answer, Change } from './change.js';
import type { BanEvent } from './event.js';
import { matches } from './glob.js';
import type { World } from './world.js';

/** In the words of the contract. */
export const BANNED: Answer = { ok: false, reason: 'banned', error: 'identity is banned' };

/** Asks every ban. A cluster that is known remembers the answer. */
export function isBanned({ bans }: World, identity: string): boolean {
  for (const glob of bans) if (matches(glob, identity)) return true;
  return false;
}

/** The bans that it matches. */
export const bansOf = ({ bans }: World, identity: string): string[] =>
  [...bans].filter((glob) => matches(glob, identity));

/** Only a ban that is there can be taken back. */
export function banRefusal({ bans }: World, { glob, banned }: BanEvent): Answer | null {
  if (banned || bans.has(glob)) return null;
  const there = bans.size === 0 ? 'nothing is banned' : `banned: ${[...bans].join(', ')}`;
  return { ok: false, reason: 'unknown-ban', error: `there is no ban of '${glob}' (${there})` };
}

export function ban(world: World, event: BanEvent): { answer: Answer; changes: Change[] } {
  const refusal = banRefusal(world, event);
  if (refusal) return { answer: refusal, changes: [] };
  if (event.banned) world.bans.add(event.glob);
  else world.bans.delete(event.glob);
  return { answer: { ok: true }, changes: [{ type: 'bans' }, ...noteBans(world)] };
}

/** Says it to the clusters that are known. */
export function noteBans(world: World): Change[] {
  const changes: Change[] = [];
  for (const cluster of world.clusters.values()) {
    const was = cluster.isBanned;
    cluster.isBanned = isBanned(world, cluster.identity);
    if (cluster.isBanned !== was) changes.push({ type: 'member', cluster });
  }
  return changes;
}
