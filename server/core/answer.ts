// What an event is answered: what it came to, or why it was not applied.

/** Why an event was not applied. `http/refusal.ts` has the status code of each. */
export type Refusal =
  | 'unknown-bot'
  | 'unknown-shard'
  | 'unknown-state'
  | 'unpopulated-shard'
  | 'unknown-member'
  | 'leased'
  | 'still-up'
  | 'banned'
  | 'unknown-ban'
  | 'too-many-bots'
  | 'too-many-shards'
  | 'too-many-claims'
  | 'too-many-fleets'
  | 'too-many-clusters';

export interface RowError {
  index: number;
  error: string;
}

export interface Refused {
  ok: false;
  reason: Refusal;
  error: string;
}

export interface Done {
  ok: true;
}

/** Where a cluster stands: its number in its fleet, and its bot. */
export interface Registered extends Done {
  number: number;
  bot: string;
}

/** `rejected` tells of the first of the rows that were not accepted; `dropped` why a shard count was not taken, which is no reason to refuse the rest. */
export interface RowsTaken extends Done {
  accepted: number;
  rejected: RowError[];
  dropped?: string;
}

/** What each event is answered, where the rules take it. */
interface Taken {
  status: Done;
  health: Done;
  batch: RowsTaken;
  register: Registered;
  beat: Done;
  shards: RowsTaken;
  oversize: Done;
  goodbye: Done;
  prune: Done;
  release: Done;
  forget: Done;
  'set-bot': Done;
  assign: Done;
  ban: Done;
  learn: Done;
  'lease-used': Done;
  rules: Done;
  gap: Done;
  clock: Done;
  sweep: Done;
}

export type Answers = { [Type in keyof Taken]: Taken[Type] | Refused };
export type Answer = Answers[keyof Answers];
