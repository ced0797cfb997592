// The last flips as events: those of one bot, one cause and one outcome, at most a minute apart, are one.
import type { FlipRow } from '../shared/operator-wire.js';
import { countRanges, formatRanges, readRanges } from '../shared/ranges.js';
import type { Group, StateName } from '../shared/states.js';
import { capital } from './health.js';
import { words, type Happening } from './words.js';

export interface FlipEvent {
  /** When the last of its shards went. */
  at: number;
  what: Happening;
  bot: string;
  /** "asia #2"; null: its shards went by themselves. */
  cause: string | null;
  shards: Set<number>;
  /** How many more they are, of which is not said. */
  others: number;
}

const TOGETHER_MS = 60_000;

/** The latest first. */
export function eventsOf(flips: readonly FlipRow[]): FlipEvent[] {
  const latest = new Map<string, FlipEvent>();
  const events: FlipEvent[] = [];
  const down = new Set<string>();
  const eventFor = (flip: FlipRow, what: Happening): FlipEvent => {
    const { at, bot } = flip;
    const cause = isGone(what) ? flip.cause : null;
    const key = JSON.stringify([bot, what, cause]);
    const known = latest.get(key);
    if (known && at - known.at <= TOGETHER_MS) return known;
    const event: FlipEvent = { at, what, bot, cause, shards: new Set(), others: 0 };
    latest.set(key, event);
    events.push(event);
    return event;
  };
  for (const flip of [...flips].reverse()) {
    for (const shard of readRanges(flip.shards)) {
      const what = happeningOf(flip, shard, down);
      if (isThere(what)) arrive(events, flip.bot, shard);
      const event = eventFor(flip, what);
      event.at = Math.max(event.at, flip.at);
      event.shards.add(shard);
    }
    const unsaid = flip.count - countRanges(flip.shards);
    if (unsaid > 0) latestOf(events, flip.bot).others += unsaid;
  }
  return events.filter(({ shards }) => shards.size > 0).sort((a, b) => b.at - a.at);
}

const latestOf = (events: readonly FlipEvent[], bot: string): FlipEvent =>
  events.findLast((event) => event.bot === bot)!;

/** `down` has the shards that do not work, and is kept up to date. */
function happeningOf(
  { bot, from, to, cause, planned }: FlipRow,
  shard: number,
  down: Set<string>,
): Happening {
  const key = `${bot}/${shard}`;
  const wasDown = down.has(key) || isDown(from);
  if (isDown(to) && !planned) down.add(key);
  if (to === 'online' || planned) down.delete(key);
  if (isDown(to))
    return planned ? 'stopped' : cause !== null ? 'fell' : to === 'offline' ? 'offline' : 'silent';
  if (to === 'online') return wasDown ? 'back' : from === 'unknown' ? 'online' : 'restarted';
  if (wasDown) down.add(key);
  return to === 'unknown' ? 'lost' : 'begun';
}

const isDown = (state: StateName): boolean => state === 'offline' || state === 'unhealthy';

const isGone = (what: Happening): boolean => what === 'fell' || what === 'stopped';

const isThere = (what: Happening): boolean => what === 'back' || what === 'restarted' || what === 'online';

/** A shard that is there again is said once: that it began to come goes. */
function arrive(events: readonly FlipEvent[], bot: string, shard: number): void {
  for (const event of events) if (event.what === 'begun' && event.bot === bot) event.shards.delete(shard);
}

const GROUPS: Record<Happening, Group> = {
  fell: 'down',
  offline: 'down',
  silent: 'degraded',
  stopped: 'stopped',
  begun: 'changing',
  restarted: 'up',
  back: 'up',
  online: 'up',
  lost: 'unknown',
};

export const groupOfEvent = ({ what }: FlipEvent): Group => GROUPS[what];

/** What happened, without the time: "asia #2 went silent", "80 shards of Aurora came back". */
export function sentenceOf({ bot, what, cause, shards, others }: FlipEvent): string {
  const { flip } = words;
  if (cause !== null) return `${cause} ${flip.cause[what === 'stopped' ? 'stopped' : 'fell']}`;
  const count = shards.size + others;
  const which = count === 1 ? flip.shard(Math.min(...shards), bot) : flip.shards(count, bot);
  return `${capital(which)} ${flip.verb(what, count)}`;
}

/** "0–15, 32"; the first few, when there are many ranges. */
export function shortRanges(shards: Iterable<number>, most = 6): string {
  const ranges = formatRanges(shards).split(',');
  const shown = ranges.slice(0, most).map((range) => range.replace('-', '–'));
  return shown.join(', ') + (ranges.length > most ? ', …' : '');
}
