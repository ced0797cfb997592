// Room for what may yet be said: the longest of some texts stands unseen in the place of the one that is shown, so that nothing moves later.
import type { Voice } from './voice.js';

/** The server's clock is named, a reader's is not: the room is the same for both. */
const LONG_CLOCK = '00:00 UTC';

/** Says every time as long as times get within a day. */
export const longWinded = (voice: Voice): Voice => ({ ...voice, clock: () => LONG_CLOCK });

/** By characters, which within one language is near enough to how much room it takes. */
export const longest = (texts: string[]): string =>
  texts.reduce((most, text) => (text.length > most.length ? text : most), '');
