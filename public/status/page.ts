// What the parts of the script share: the view they show, the server's time, and how the page speaks.
import { clockLocale, makeVoice, type Voice } from '../shared/voice.js';
import type { LiveKey, Phrase } from '../shared/words/en.js';
import type { PublicView } from '../shared/wire.js';
import type { Link } from './live.js';

export interface Page {
  view: PublicView;
  link: Link;
  /** When the view was last known to be right, by the server's clock. */
  freshAt: number;
  /** The server's clock now; readers' own clocks may be wrong by minutes. */
  now: () => number;
  voice: Voice;
}

/** Words in the page's language, as the server put them into the page; clocks in the reader's zone. */
export function readersVoice(): Voice {
  const { lang } = document.documentElement;
  const words = JSON.parse(document.querySelector('#words')!.textContent) as Record<LiveKey, Phrase>;
  return makeVoice<LiveKey>({ lang, words, clockLocale: clockLocale(lang, navigator.languages), utc: false });
}

/** Behind a lost connection nothing is known for sure, and the page must look like it. */
export const isLost = (link: Link): boolean => !['connecting', 'live', 'polling'].includes(link);

/** The moment for which the page speaks: behind a lost connection it is not the bot that is silent. */
export const knownAt = ({ link, freshAt, now }: Page): number => (isLost(link) ? freshAt : now());
