// Cards as they are served: drawn one at a time and at most once a second, kept by version; meanwhile the last one is served.
import type { Render } from './render.js';

export interface Card {
  /** What it shows: a version of the view, and the minute it was drawn in. */
  tag: string;
  png: Buffer;
}

export interface CardWanted {
  lang: string;
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

/** Resolves with the card that is wanted, or with the last one of its language. Rejects when there is none and it cannot be drawn. */
export function createCards({
  render,
  now,
  patienceMs = PATIENCE_MS,
}: CardsOptions): (wanted: CardWanted) => Promise<Card> {
  const last = new Map<string, Card>();
  let underway: Promise<void> | null = null;
  let startedAt = -Infinity;

  const draw = async ({ lang, tag, svg }: CardWanted): Promise<void> => {
    startedAt = now();
    last.set(lang, { tag, png: await render(svg()) });
  };

  return async (wanted) => {
    for (;;) {
      const known = last.get(wanted.lang);
      if (known && (known.tag === wanted.tag || (!underway && now() - startedAt < DRAW_EVERY_MS)))
        return known;
      const isMine = !underway;
      underway ??= draw(wanted).finally(() => (underway = null));
      if (known) {
        await settledWithin(underway, patienceMs);
        return last.get(wanted.lang)!;
      }
      await (isMine ? underway : underway.catch(() => undefined)); // another language's failure is not ours
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
