// Cards as they are served: drawn one at a time and at most once a second, kept by version; meanwhile the last one is served.
import type { Render } from './render.js';

export interface Card {
  /** What it is about: the page in a language, or one shard. */
  of: string;
  /** What it shows: a version of the view, and the minute it was drawn in. */
  tag: string;
  png: Buffer;
}

export interface CardWanted {
  of: string;
  /** The page's card that is shown instead while cards are asked for faster than they are drawn; else any page's. */
  instead?: string;
  tag: string;
  svg: () => string;
}

export interface CardsOptions {
  render: Render;
  now: () => number;
  /** How long an outdated card may be held back for the new one, in ms. */
  patienceMs?: number;
}

const PATIENCE_MS = 150;
const DRAW_EVERY_MS = 1_000;
/** Anybody may ask for the card of any shard: at most 3 MB of them are kept. */
const MOST_KEPT = 32;

/** Resolves with the card that is wanted, or with the last one of what it is about. Rejects when there is none and it cannot be drawn. */
export function createCards({
  render,
  now,
  patienceMs = PATIENCE_MS,
}: CardsOptions): (wanted: CardWanted) => Promise<Card> {
  const pages = new Map<string, Card>();
  const shards = new Map<string, Card>();
  let underway: Promise<void> | null = null;
  let startedAt = -Infinity;

  const draw = async ({ of, tag, svg, instead }: CardWanted): Promise<void> => {
    startedAt = now();
    const png = await render(svg());
    const kept = instead === undefined ? pages : shards;
    kept.delete(of);
    kept.set(of, { of, tag, png });
    for (const oldest of [...shards.keys()].slice(0, -MOST_KEPT)) shards.delete(oldest);
  };
  const lastOf = ({ of }: CardWanted): Card | undefined => pages.get(of) ?? shards.get(of);
  const insteadOf = ({ instead }: CardWanted): Card | undefined =>
    instead === undefined ? undefined : (pages.get(instead) ?? [...pages.values()][0]);

  return async (wanted) => {
    for (;;) {
      const known = lastOf(wanted);
      const isSoon = !underway && now() - startedAt < DRAW_EVERY_MS;
      if (known && (known.tag === wanted.tag || isSoon)) return known;
      const other = insteadOf(wanted);
      if (other && (isSoon || underway)) return other;
      const isMine = !underway;
      underway ??= draw(wanted).finally(() => (underway = null));
      if (known) {
        await settledWithin(underway, patienceMs);
        return lastOf(wanted) ?? known;
      }
      await (isMine ? underway : underway.catch(() => undefined)); // another card's failure is not ours
    }
  };
}

/** Resolves when the work has ended, well or not, or the time is up. */
function settledWithin(work: Promise<void>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    work.then(done, done);
  });
}
