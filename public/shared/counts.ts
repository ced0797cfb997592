// What a bot's states add up to.
import { isNotReady, isNotWorking, nameOf, stateNames } from './states.js';
import type { BotView, Counts, NotReady } from './wire.js';

export function countStates(states: string): Counts {
  const counts = Object.fromEntries(stateNames.map((name) => [name, 0])) as Counts;
  for (const character of states) counts[nameOf(Number(character))]++;
  return counts;
}

/** Not working: Offline and Unhealthy. Changing: on their way down or back up. */
export const notWorking = ({ offline, unhealthy }: Counts): number => offline + unhealthy;
export const changing = ({ starting, stopping, resuming }: Counts): number => starting + stopping + resuming;

/** Since when the first of the shards that do not work does not work; undefined when all work. */
export function downSince(bot: BotView): number | undefined {
  let first: number | undefined;
  for (const [id, since] of bot.notReady)
    if (isNotWorking(Number(bot.states[id])) && (first === undefined || since < first)) first = since;
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
