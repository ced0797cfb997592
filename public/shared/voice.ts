// How a page speaks: its words, numbers and times in one language. The server speaks in UTC, a browser in its reader's zone.
import { UNNAMED } from './bot-name.js';
import { escapeHtml } from './escape.js';
import { makeAgo, makeClock, makeDay, makeDuration, makeExactClock, makeSpan } from './times.js';
import type { LiveKey, Phrase, WordKey } from './words/en.js';

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
  /** "20 Nov", or "14:02" when that is today. */
  day: (at: number, now: number) => string;
  /** "21 Nov 2026, 14:02–14:10" */
  span: (from: number, to: number) => string;
  /** "14:02:11" */
  exactClock: (at: number) => string;
  /** "4s ago" */
  ago: (ms: number) => string;
  /** "less than a minute", "2 minutes" */
  duration: (ms: number) => string;
}

export interface Tongue<Key extends WordKey> {
  lang: string;
  words: Record<Key | 'lasting.moment' | 'bot.unnamed' | 'bot.unnamed.of', Phrase>;
  /** The locale of clocks: the reader's own, which may differ from the page's language. */
  clockLocale: string;
  utc: boolean;
}

export function makeVoice<Key extends WordKey>({ lang, words, clockLocale, utc }: Tongue<Key>): Voice<Key> {
  const numbers = new Intl.NumberFormat(lang);
  const plurals = new Intl.PluralRules(lang);
  const count = (n: number): string => numbers.format(n);
  const shown = (value: string | number): string => (typeof value === 'number' ? count(value) : value);
  /** A bot without a name has one form to begin a sentence with, and one inside it. */
  const placed = (value: string | number, at: number): string => {
    if (value !== UNNAMED) return shown(value);
    return phraseFor(words[at === 0 ? 'bot.unnamed' : 'bot.unnamed.of'], 1, plurals);
  };
  const say: Say<Key | 'lasting.moment'> = (key, values = {}) =>
    phraseFor(words[key], values.n, plurals).replace(/\{(\w+)\}/g, (_, name: string, at: number) =>
      placed(values[name] ?? '', at),
    );
  return {
    lang,
    say,
    count,
    clock: makeClock(clockLocale, utc),
    day: makeDay(clockLocale, utc),
    span: makeSpan(clockLocale, utc),
    exactClock: makeExactClock(clockLocale, utc),
    ago: makeAgo(lang),
    duration: makeDuration(lang, say('lasting.moment')),
  };
}

/**
 * The reader's own way of writing times, where it belongs to the page's language: en-US beside en-GB. English
 * without a country writes 24 hours, as people do nearly everywhere.
 */
export function clockLocale(lang: string, readers: readonly string[]): string {
  const primary = lang.split('-')[0]!;
  const own = readers.find((locale) => locale.split('-')[0] === primary);
  return own ?? (lang === 'en' ? 'en-GB' : lang);
}

/** What the server speaks with: every word. */
export type PageVoice = Voice<WordKey>;

/** The words of a voice, safe to put into HTML. */
export const escapedSay =
  <Key extends WordKey>({ say }: Pick<Voice<Key>, 'say'>): Say<Key> =>
  (key, values) =>
    escapeHtml(say(key, values));

function phraseFor(phrase: Phrase, n: string | number | undefined, plurals: Intl.PluralRules): string {
  if (typeof phrase === 'string') return phrase;
  return phrase[plurals.select(Number(n ?? 0))] ?? phrase.other;
}
