// The last flips that a scope is about: those of one bot, one second, one cause and one outcome are a row.
import { MAX_SCOPE_FLIPS } from '../../public/shared/operator-wire.js';
import { MAX_FLIPS, type Flip } from '../core/past/flips.js';
import { flipRow } from '../core/views/operator-rows.js';
import type { World } from '../core/world.js';

interface FlipGroup {
  key: string;
  /** The number of its first flip, which stays while more join. */
  first: number;
  latest: Flip;
  shards: Set<number>;
  /** Null: to be drawn. */
  text: string | null;
}

const SECOND_MS = 1_000;

export class ScopeFlips {
  #seen = 0;
  /** The newest first. */
  #groups: FlipGroup[] = [];

  /** Only what came since the last look is looked at: there are 10,000, and most scopes are about few. */
  look({ flips }: World, isAbout: (flip: Flip) => boolean): void {
    const fresh = new Map<string, FlipGroup>();
    for (const [number, flip] of flips.newest()) {
      if (number <= this.#seen) break;
      if (!isAbout(flip)) continue;
      const key = keyOf(flip);
      if (!fresh.has(key)) {
        if (fresh.size === MAX_SCOPE_FLIPS) break;
        fresh.set(key, { key, first: number, latest: flip, shards: new Set(), text: null });
      }
      const group = fresh.get(key)!;
      group.first = number;
      group.shards.add(flip.shard);
    }
    this.#seen = flips.count;
    const others = this.#groups.filter((known) => !joined(fresh.get(known.key), known));
    const kept = others.filter(({ first }) => first > flips.count - MAX_FLIPS);
    this.#groups = [...fresh.values(), ...kept].slice(0, MAX_SCOPE_FLIPS);
  }

  *rows(world: World): Generator<[key: string, text: string]> {
    for (const group of this.#groups) {
      group.text ??= JSON.stringify(flipRow(world, group.latest, group.shards));
      yield [`flip/${group.first}`, group.text];
    }
  }
}

const keyOf = ({ at, bot, from, to, cause }: Flip): string =>
  JSON.stringify([Math.floor(at / SECOND_MS), bot, from, to, cause]);

/** Whether it is a part of the newer one now. */
function joined(newer: FlipGroup | undefined, known: FlipGroup): boolean {
  if (!newer) return false;
  newer.first = known.first;
  for (const shard of known.shards) newer.shards.add(shard);
  return true;
}
