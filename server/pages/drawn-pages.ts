// The drawn page of each language, for everybody who reads it: to draw one walks the whole fleet, so no visitor decides how often that is.
import type { Language } from '../../public/shared/languages.js';
import type { Document } from '../http/cached.js';
import type { DrawnPage } from './status.js';

/** A page is as old as that before it is drawn again … */
const PAGE_AGE_MS = 1_000;
/** … and while many languages are read at once, as old as that: then one of them is drawn in half a second. */
const OLDEST_PAGE_MS = 5_000;
const DRAW_EVERY_MS = 500;
/** Answers about so many shards are kept with a page, packed. The others are put together for each who asks. */
const MOST_ANSWERS = 4;

export interface KeptPage {
  page: DrawnPage;
  drawnAt: number;
  /** By what was asked. */
  documents: Map<string, Document>;
}

export interface DrawnPagesOptions {
  draw: (lang: Language) => DrawnPage;
  now: () => number;
  /** Resolves in a later turn of the event loop. */
  nextTurn: () => Promise<void>;
}

/** Whoever asks while a page is being drawn waits for it; two pages are never drawn in the same turn. */
export function createDrawnPages({
  draw,
  now,
  nextTurn,
}: DrawnPagesOptions): (lang: Language) => Promise<KeptPage> {
  const kept = new Map<Language, KeptPage>();
  const underWay = new Map<Language, Promise<KeptPage>>();
  let turn: Promise<unknown> = Promise.resolve();
  let lastDrawnAt = -Infinity;

  const isGoodEnough = ({ drawnAt }: KeptPage): boolean => {
    const age = now() - drawnAt;
    return age < PAGE_AGE_MS || (age < OLDEST_PAGE_MS && now() - lastDrawnAt < DRAW_EVERY_MS);
  };
  const drawn = async (lang: Language, before: Promise<unknown>): Promise<KeptPage> => {
    await before;
    await nextTurn();
    lastDrawnAt = now();
    const one: KeptPage = { page: draw(lang), drawnAt: lastDrawnAt, documents: new Map() };
    kept.set(lang, one);
    return one;
  };
  const begin = (lang: Language): Promise<KeptPage> => {
    const drawing = drawn(lang, turn).finally(() => underWay.delete(lang));
    underWay.set(lang, drawing);
    turn = drawing.catch(() => undefined); // told to whoever waits for it
    return drawing;
  };
  return (lang) => {
    const known = kept.get(lang);
    if (known && isGoodEnough(known)) return Promise.resolve(known);
    return underWay.get(lang) ?? begin(lang);
  };
}

/** The document of what was asked, made anew unless the page has it. The page that nobody asked anything of is always kept. */
export function documentOf(
  { documents }: KeptPage,
  key: string,
  isAsked: boolean,
  make: () => Document,
): Document {
  const document = documents.get(key) ?? make();
  if (!isAsked || documents.size < MOST_ANSWERS) documents.set(key, document);
  return document;
}
