// How a page speaks: its words, numbers and times in one language. The server speaks in UTC, a browser in its reader's zone.
import { escapeHtml } from './escape.js';
import { makeAgo, makeClock, makeDuration, makeExactClock } from './times.js';
import { liveEnglish, pageEnglish, type LiveKey, type Phrase, type WordKey } from './words.js';

export type Values = Record<string, string | number>;
export type Say<Key extends WordKey = LiveKey> = (key: Key, values?: Values) => string;

/** A voice that knows more words will do wherever fewer are needed. */
export interface Voice<Key extends WordKey = LiveKey> {
  lang: string;
  say: Say<Key>;
  /** A number with its separators. Shard ids are names, not amounts: they go in as strings. */
  count: (n: number) => string;
  /** "14:02", with the day when it is not today's. */
  clock: (at: number, now: number) => string;
  /** "14:02:11" */
  exactClock: (at: number) => string;
  /** "4s ago" */
  ago: (ms: number) => string;
  /** "less than a minute", "2 minutes" */
  duration: (ms: number) => string;
}

export interface Tongue<Key extends WordKey> {
  lang: string;
  words: Record<Key | 'lasting.moment', Phrase>;
  /** The locale of clocks: the reader's own, which may differ from the page's language. */
  clockLocale: string;
  utc: boolean;
}

export function makeVoice<Key extends WordKey>({ lang, words, clockLocale, utc }: Tongue<Key>): Voice<Key> {
  const numbers = new Intl.NumberFormat(lang);
  const plurals = new Intl.PluralRules(lang);
  const count = (n: number): string => numbers.format(n);
  const shown = (value: string | number): string => (typeof value === 'number' ? count(value) : value);
  const say: Say<Key | 'lasting.moment'> = (key, values = {}) =>
    phraseFor(words[key], values.n, plurals).replace(/\{(\w+)\}/g, (_, name: string) =>
      shown(values[name] ?? ''),
    );
  return {
    lang,
    say,
    count,
    clock: makeClock(clockLocale, utc),
    exactClock: makeExactClock(clockLocale, utc),
    ago: makeAgo(lang),
    duration: makeDuration(lang, say('lasting.moment')),
  };
}

/** What the server speaks with: every word. */
export type PageVoice = Voice<WordKey>;

/** What the server speaks until a reader's language is asked for. */
export const englishUtc = (): PageVoice =>
  makeVoice({ lang: 'en', words: { ...liveEnglish, ...pageEnglish }, clockLocale: 'en-GB', utc: true });

/** The words of a voice, safe to put into HTML. */
export const escapedSay =
  <Key extends WordKey>({ say }: Pick<Voice<Key>, 'say'>): Say<Key> =>
  (key, values) =>
    escapeHtml(say(key, values));

function phraseFor(phrase: Phrase, n: string | number | undefined, plurals: Intl.PluralRules): string {
  if (typeof phrase === 'string') return phrase;
  return phrase[plurals.select(Number(n ?? 0))] ?? phrase.other;
}
