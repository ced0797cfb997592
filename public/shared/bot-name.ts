// What a bot is called that nobody named: the wire has the English words, and a voice says them in its language.
import type { Voice } from './voice.js';

export const UNNAMED = 'This bot';

/** As a heading; inside sentences the voice finds the right form by itself. */
export const botName = ({ name }: { name: string }, { say }: Pick<Voice, 'say'>): string =>
  name === UNNAMED ? say('bot.unnamed') : name;
