// What a view may start: a dialog over it, or going somewhere.
import type { VNode } from 'preact';

/** Drawn over the view until it is closed. */
export type Over = (close: () => void) => VNode;

export interface Doing {
  /** Why nothing can be done; null: it can. */
  why: string | null;
  start: (over: Over) => void;
  open: (href: string) => void;
}
