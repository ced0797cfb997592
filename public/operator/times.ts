// Times as this page says them: in English, by the reader's own clock.
import { makeAgo, makeClock, makeDuration, makeExactClock } from '../shared/times.js';
import { clockLocale } from '../shared/voice.js';
import { NBSP } from './grades.js';
import { words } from './words.js';

const locale = clockLocale('en', navigator.languages);
const clock = makeClock(locale, false);
const exact = makeExactClock(locale, false);
const long = makeDuration('en', words.moment);
const days = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const zone = new Intl.DateTimeFormat(locale, { dateStyle: 'short' });

const DAY_MS = 86_400_000;

/** "14:02:11", with the day when it is not today's. */
export const exactTime = (at: number, now: number): string =>
  zone.format(at) === zone.format(now) ? exact(at) : `${days.format(at)}, ${exact(at)}`;

/** "14:02", with the day when it is not today's. */
export const shortTime = (at: number, now: number): string => clock(at, now);

export const ago = makeAgo('en');

/** "3 minutes" */
export const lasting = (ms: number): string => long(ms);

/** "45 s", "12 min", "5 h 3 min", "9 d": for columns of numbers. */
export function shortDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds}${NBSP}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}${NBSP}min`;
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  if (ms < 2 * DAY_MS) return `${hours}${NBSP}h${minutes > 0 ? `${NBSP}${minutes}${NBSP}min` : ''}`;
  return `${Math.floor(hours / 24)}${NBSP}d`;
}
