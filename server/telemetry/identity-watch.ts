// Notes when an identity is heard from another address than last time: often two processes with one cluster id.

const MAX_IDENTITIES = 10_000;

export interface IdentityWatch {
  /** Call it for every register and beat of a known identity. */
  note: (identity: string, address: string) => void;
  /** How often any identity changed its address. */
  conflicts: () => number;
  /** The addresses between which an identity goes back and forth, the last one last. One that merely moved is at home there. */
  pairOf: (identity: string) => [before: string, last: string] | undefined;
}

interface Seen {
  last: string;
  before: string | null;
  /** It was heard from `last` before it was from `before`. */
  isBack: boolean;
}

/** `warn` takes one line. Keeps 10,000 identities: those whose address changed last. */
export function createIdentityWatch(warn: (line: string) => void): IdentityWatch {
  const seen = new Map<string, Seen>();
  let conflicts = 0;
  const remember = (identity: string, one: Seen): void => {
    seen.delete(identity);
    seen.set(identity, one);
    if (seen.size > MAX_IDENTITIES) seen.delete(seen.keys().next().value!);
  };
  return {
    note: (identity, address) => {
      const known = seen.get(identity);
      if (known?.last === address) return;
      remember(identity, { last: address, before: known?.last ?? null, isBack: known?.before === address });
      if (!known) return;
      conflicts++;
      warn(
        `identity ${JSON.stringify(identity)} seen from a new remote ${address}; duplicate CLUSTER_ID/fleet_id?`,
      );
    },
    conflicts: () => conflicts,
    pairOf: (identity) => {
      const known = seen.get(identity);
      return known?.isBack && known.before !== null ? [known.before, known.last] : undefined;
    },
  };
}
