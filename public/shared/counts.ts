// What a bot's states add up to.
import { formatRanges, readRanges } from './ranges.js';
import {
  isNotReady,
  isNotWorking,
  stateNames,
  STOPPED,
  wireName,
  wireState,
  type ShownName,
  type State,
  type StateName,
} from './states.js';
import type { BotView, Counts, NotReady } from './wire.js';

/** Of states as they are shown. */
export function countStates(shown: string): Counts {
  const none = Object.fromEntries(stateNames.map((name) => [name, 0])) as Record<StateName, number>;
  const counts: Counts = { ...none, planned: 0 };
  for (const character of shown) {
    counts[wireName(Number(character))]++;
    if (Number(character) === STOPPED) counts.planned++;
  }
  return counts;
}

/** The counts as people read them: what was stopped on purpose is not among what is offline. */
export const shownCounts = ({ planned, ...counts }: Counts): Record<ShownName, number> => ({
  ...counts,
  offline: counts.offline - planned,
  stopped: planned,
});

/** Not working: Offline, unless that was on purpose, and Unhealthy. Changing: on their way down or back up. */
export const notWorking = ({ offline, unhealthy, planned }: Counts): number => offline + unhealthy - planned;
export const changing = ({ starting, stopping, resuming }: Counts): number => starting + stopping + resuming;

/** One character a shard, '0' to '7': the wire's states, with those told apart that were stopped on purpose. */
export function shownStates({ states, planned }: Pick<BotView, 'states' | 'planned'>): string {
  if (planned === '') return states;
  const shown = states.split('');
  for (const id of readRanges(planned)) shown[id] = `${STOPPED}`;
  return shown.join('');
}

/** Since when the first of the shards that do not work does not work; undefined when all work. */
export const downSince = (bot: BotView): number | undefined => firstSince(bot, isNotWorking);

/** When the first of the shards that were stopped on purpose was stopped; undefined when none was. */
export const stoppedSince = (bot: BotView): number | undefined =>
  firstSince(bot, (state) => state === STOPPED);

function firstSince(bot: BotView, isMeant: (state: State) => boolean): number | undefined {
  const shown = shownStates(bot);
  let first: number | undefined;
  for (const [id, since] of bot.notReady)
    if (isMeant(Number(shown[id])) && (first === undefined || since < first)) first = since;
  return first;
}

/** The ids, in order, of the shards that a view's `notReady` lists. */
export function notReadyIds(states: string): number[] {
  const ids: number[] = [];
  for (let id = 0; id < states.length; id++) if (isNotReady(Number(states[id]))) ids.push(id);
  return ids;
}

/** Since when a shard is what it is, from the sorted `notReady`; undefined for Online and Unknown. */
export function sinceOf(notReady: NotReady[], id: number): number | undefined {
  let low = 0;
  let high = notReady.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (notReady[middle]![0] < id) low = middle + 1;
    else high = middle;
  }
  const found = notReady[low];
  return found?.[0] === id ? found[1] : undefined;
}

export type ShardsOfBot = Pick<BotView, 'states' | 'counts' | 'notReady' | 'planned'>;

/** What a view says of a bot's shards: from what each is shown as, and since when. */
export function shardsOf(shown: string, since: ReadonlyMap<number, number>): ShardsOfBot {
  const states = Array.from(shown, Number);
  const idsOf = (isMeant: (state: State) => boolean): number[] =>
    states.flatMap((state, id) => (isMeant(state) ? [id] : []));
  return {
    states: states.map(wireState).join(''),
    counts: countStates(shown),
    notReady: idsOf(isNotReady).map((id) => [id, since.get(id)!]),
    planned: formatRanges(idsOf((state) => state === STOPPED)),
  };
}
