// What the parts of the script share: the view they show, the server's time, and how the page speaks.
import { makeVoice, type Voice } from '../shared/voice.js';
import { liveEnglish } from '../shared/words.js';
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

/** Words in the page's language, clocks in the reader's own way and zone. */
export const readersVoice = (): Voice =>
  makeVoice({
    lang: document.documentElement.lang,
    words: liveEnglish,
    clockLocale: navigator.language,
    utc: false,
  });

/** Behind a lost connection nothing is known for sure, and the page must look like it. */
export const isLost = (link: Link): boolean => link !== 'connecting' && link !== 'live';
