// What a bot is called that nobody named: the wire has the English words, and a voice says them in its language.

export const UNNAMED = 'This bot';

/** As a heading; inside sentences the voice finds the right form by itself. */
export const botName = ({ name }: { name: string }, { say }: Unnamed): string =>
  name === UNNAMED ? say('bot.unnamed') : name;

/** What is needed of a voice, which imports this file. */
interface Unnamed {
  say: (key: 'bot.unnamed') => string;
}
