// The last flips as sentences: those of one cause, one second and one outcome are one.
import type { FlipRow } from '../shared/operator-wire.js';
import { formatRanges } from '../shared/ranges.js';
import { groupOf, shownOf, type Group, type ShownName, type StateName } from '../shared/states.js';
import { words } from './words.js';

export interface FlipGroup {
  at: number;
  bot: string;
  to: StateName;
  from: StateName;
  /** "asia #2"; null: its own flip. */
  cause: string | null;
  planned: boolean;
  shards: number[];
}

const SECOND_MS = 1_000;

/** The latest first, as the flips come. */
export function groupFlips(flips: readonly FlipRow[]): FlipGroup[] {
  const groups = new Map<string, FlipGroup>();
  for (const { at, bot, shard, from, to, cause, planned } of flips) {
    const second = Math.floor(at / SECOND_MS);
    const key = JSON.stringify([second, bot, to, isBack(from, to), cause, planned]);
    const known = groups.get(key);
    if (known) known.shards.push(shard);
    else groups.set(key, { at, bot, to, from, cause, planned, shards: [shard] });
  }
  return [...groups.values()];
}

const isBack = (from: StateName, to: StateName): boolean => to === 'online' && isDown(from);

const isDown = (state: StateName): boolean => state === 'offline' || state === 'unhealthy';

export const groupOfState = (name: ShownName): Group => groupOf[shownOf(name) ?? 0]!;

/** A cluster that goes takes more with it than the state of its shards says. */
export function groupOfFlip({ to, cause, planned }: FlipGroup): Group {
  if (planned && isDown(to)) return 'stopped';
  return cause !== null && isDown(to) ? 'down' : groupOfState(to);
}

/** What happened, without the time: "asia #2 went down, 16 shards of main". */
export function sentenceOf({ bot, to, from, cause, planned, shards }: FlipGroup): string {
  const which =
    shards.length === 1 ? words.flip.shard(shards[0]!, bot) : words.flip.shards(shards.length, bot);
  if (cause !== null && isDown(to)) return words.flip.fell(cause, which);
  const verb = planned ? words.flip.onPurpose(shards.length) : words.flip.verb(to, isBack(from, to));
  return `${capital(which)} ${verb}`;
}

const capital = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}`;

/** "0-15, 32"; the first few, when there are many ranges. */
export function shortRanges(shards: readonly number[], most = 6): string {
  const ranges = formatRanges(shards).split(',');
  const shown = ranges.slice(0, most).map((range) => range.replace('-', '–'));
  return shown.join(', ') + (ranges.length > most ? ', …' : '');
}
