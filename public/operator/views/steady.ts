// Rows that change their places at most once a second, and never under the pointer or the focus.
import type { RefObject } from 'preact';
import { useRef } from 'preact/hooks';

const PERIOD_MS = 1_000;

interface Kept {
  order: readonly string[];
  second: number;
  how: string;
}

/**
 * The keys of `wanted` in the order in which they are shown: until the second is over, and while somebody is at the rows
 * in `host`, they keep their places; what is new stands at the end until then. `how` is the reader's own wish, such as a column to sort by: another one counts at once.
 */
export function useSteady(
  wanted: readonly string[],
  now: number,
  host: RefObject<HTMLElement | null>,
  how = '',
): readonly string[] {
  const kept = useRef<Kept | null>(null);
  const second = Math.floor(now / PERIOD_MS);
  const last = kept.current;
  const mustStay = last !== null && last.how === how && (last.second === second || isTouched(host.current));
  const order = mustStay ? inOrder(last.order, wanted) : wanted;
  kept.current = { order, second: mustStay ? last.second : second, how };
  return order;
}

const isTouched = (host: HTMLElement | null): boolean => host?.matches(':hover, :focus-within') ?? false;

/** Those that are still there as they stood, then the others as they come. */
export function inOrder(before: readonly string[], wanted: readonly string[]): string[] {
  const here = new Set(wanted);
  const known = new Set(before);
  return [...before.filter((key) => here.has(key)), ...wanted.filter((key) => !known.has(key))];
}
