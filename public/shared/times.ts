// Times as people read them, by `Intl`: so that no language needs words for seconds and minutes.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "14:02", or "20 Nov, 14:02" when that is not today; in UTC it says so. */
export function makeClock(locale: string, utc: boolean): (at: number, now: number) => string {
  const zone = utc ? { timeZone: 'UTC' } : {};
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short', ...zone });
  const date = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
    ...zone,
  });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'short', ...zone });
  const label = utc ? ' UTC' : '';
  return (at, now) => (day.format(at) === day.format(now) ? time : date).format(at) + label;
}

/** "20 Nov", or "14:02" when that is today. */
export function makeDay(locale: string, utc: boolean): (at: number, now: number) => string {
  const zone = utc ? { timeZone: 'UTC' } : {};
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short', ...zone });
  const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', ...zone });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'short', ...zone });
  return (at, now) => (day.format(at) === day.format(now) ? time : date).format(at);
}

/** "21 Nov 2026, 14:02–14:10", with both days where they differ. */
export function makeSpan(locale: string, utc: boolean): (from: number, to: number) => string {
  const zone = utc ? { timeZone: 'UTC' } : {};
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', ...zone });
  return (from, to) => format.formatRange(from, to) + (utc ? ' UTC' : '');
}

/** "14:02:11" */
export function makeExactClock(locale: string, utc: boolean): (at: number) => string {
  const zone = utc ? { timeZone: 'UTC' } : {};
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', ...zone });
  return (at) => time.format(at) + (utc ? ' UTC' : '');
}

/** "4s ago", "3m ago"; a clock that runs ahead of ours never makes it negative. */
export function makeAgo(lang: string): (ms: number) => string {
  const narrow = new Intl.RelativeTimeFormat(lang, { numeric: 'always', style: 'narrow' });
  // In some languages that is "-4 s", which nobody says.
  const isBare = /^[-−]/.test(narrow.format(-1, 'second'));
  const relative = isBare ? new Intl.RelativeTimeFormat(lang, { numeric: 'always', style: 'short' }) : narrow;
  return (ms) => {
    const [amount, unit] = largestUnit(Math.max(0, ms));
    return relative.format(-amount, unit);
  };
}

/** "2 minutes". Below a minute it does not count seconds: a live region would read out each of them. */
export function makeDuration(lang: string, moment: string): (ms: number) => string {
  const formats = new Map(
    (['minute', 'hour', 'day'] as const).map((unit) => [
      unit as string,
      new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'long' }),
    ]),
  );
  return (ms) => {
    const [amount, unit] = largestUnit(Math.max(0, ms));
    return formats.get(unit)?.format(amount) ?? moment;
  };
}

function largestUnit(ms: number): [amount: number, unit: 'second' | 'minute' | 'hour' | 'day'] {
  if (ms < MINUTE) return [Math.floor(ms / 1000), 'second'];
  if (ms < HOUR) return [Math.floor(ms / MINUTE), 'minute'];
  if (ms < 2 * DAY) return [Math.floor(ms / HOUR), 'hour'];
  return [Math.floor(ms / DAY), 'day'];
}
