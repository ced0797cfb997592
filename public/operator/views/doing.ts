// What a view may start: an operator's action, or going somewhere.
import type { BotRow, ClusterRow } from '../../shared/operator-wire.js';

export type Wish =
  | { kind: 'bot'; bot: BotRow }
  | { kind: 'forget' | 'release'; cluster: ClusterRow }
  | { kind: 'ban' | 'allow'; cluster: ClusterRow; glob: string }
  | { kind: 'assign'; cluster: ClusterRow; assigned: string | null; bots: readonly BotRow[] };

export interface Doing {
  /** Why nothing can be done; null: it can. */
  why: string | null;
  start: (wish: Wish) => void;
  open: (href: string) => void;
}
