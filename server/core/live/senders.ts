// Whether two processes report under one identity: each register gets a lease of its own, so a lease that is heard again
// after a newer one has another sender. One that restarts, or lost a reply, never goes back.

export interface Senders {
  /** Tags of the leases heard last, the latest first; 0: none. */
  current: number;
  former: number;
  before: number;
  /** How often an older one came back, since one was last alone. */
  returns: number;
  /** Beats in a row with the current one, while there are two. */
  inARow: number;
}

export const noSenders = (): Senders => ({ current: 0, former: 0, before: 0, returns: 0, inARow: 0 });

const TWO_AFTER = 2;
const ALONE_AFTER = 8;

/** `tag` of the lease that a beat shows; 0: it shows none. True: from now on there are two. */
export function noteSender(senders: Senders, tag: number): boolean {
  if (tag === 0) return false;
  if (tag === senders.current) return noteSame(senders);
  const isBack = tag === senders.former || tag === senders.before;
  if (isBack) senders.returns++;
  senders.before = senders.former;
  senders.former = senders.current;
  senders.current = tag;
  senders.inARow = 0;
  return isBack && senders.returns === TWO_AFTER;
}

function noteSame(senders: Senders): boolean {
  if (senders.returns === 0 || ++senders.inARow < ALONE_AFTER) return false;
  senders.former = senders.before = senders.returns = 0;
  return false;
}

export const areTwo = ({ returns }: Senders): boolean => returns >= TWO_AFTER;

/** As the record has it. */
export const sendersRecord = ({ current, former, before, returns, inARow }: Senders): number[] => [
  current,
  former,
  before,
  returns,
  inARow,
];

export function sendersOf([current = 0, former = 0, before = 0, returns = 0, inARow = 0]: number[]): Senders {
  return { current, former, before, returns, inARow };
}
