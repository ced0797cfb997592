// How long a bot's shards take to come back (RULES 12): the median of the last 20 recoveries from each state.
import {
  OFFLINE,
  ONLINE,
  RESUMING,
  STARTING,
  STOPPED,
  UNHEALTHY,
  UNKNOWN,
} from '../../../public/shared/states.js';
import type { Usual } from '../../../public/shared/wire.js';
import type { Flip } from './flips.js';

const KEPT = 20;
const UNSAID_BELOW = 5;
const SECOND = 1_000;

/** The states from which shards recover. */
export const recoveringStates = ['unhealthy', 'offline', 'starting', 'resuming'] as const;
const numbers = [UNHEALTHY, OFFLINE, STARTING, RESUMING];

/** The last recoveries from each state, in ms, oldest first. */
export type RecoveryLengths = Record<(typeof recoveringStates)[number], number[]>;

/** The recoveries of one bot. */
export interface Recoveries {
  /** By shard that is on its way back: when it got into each of the states first, in their order; NaN: it did not. */
  under: Map<number, number[]>;
  lengths: RecoveryLengths;
  usual: Usual;
  /** `usual` changed, and nobody was told yet. */
  isNews: boolean;
}

export const noRecoveries = (): Recoveries => ({
  under: new Map(),
  lengths: { unhealthy: [], offline: [], starting: [], resuming: [] },
  usual: {},
  isNews: false,
});

/**
 * A recovery from a state lasts from when the shard got into it until it is Online, whatever came between. What was
 * stopped on purpose, or given up by its holder, does not recover; one that a restart interrupts is not measured.
 */
export function noteRecovery(recoveries: Recoveries, { at, shard, to }: Flip): void {
  const { under } = recoveries;
  if (to === ONLINE) measure(recoveries, shard, at);
  if (to === ONLINE || to === UNKNOWN || to === STOPPED) return void under.delete(shard);
  const index = numbers.indexOf(to);
  if (index < 0) return;
  const entered = under.get(shard) ?? numbers.map(() => NaN);
  under.set(shard, entered);
  if (Number.isNaN(entered[index])) entered[index] = at;
}

function measure(recoveries: Recoveries, shard: number, at: number): void {
  recoveries.under.get(shard)?.forEach((since, index) => {
    if (Number.isNaN(since)) return;
    const lengths = recoveries.lengths[recoveringStates[index]!];
    lengths.push(Math.max(0, at - since));
    if (lengths.length > KEPT) lengths.shift();
    say(recoveries, recoveringStates[index]!);
  });
}

/** Whole seconds: nobody is told less, and fewer changes are sent. */
function say(recoveries: Recoveries, state: (typeof recoveringStates)[number]): void {
  const lengths = recoveries.lengths[state];
  if (lengths.length < UNSAID_BELOW) return;
  const usual = Math.round(median(lengths) / SECOND) * SECOND;
  if (usual === recoveries.usual[state]) return;
  recoveries.usual = { ...recoveries.usual, [state]: usual };
  recoveries.isNews = true;
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Recoveries under way, as the record has them: null where a shard was not in that state. */
export type RecoveryUnderWay = [shard: number, ...entered: (number | null)[]];

export const recoveriesUnderWay = ({ under }: Recoveries): RecoveryUnderWay[] =>
  [...under].map(([shard, entered]) => [shard, ...entered.map((at) => (Number.isNaN(at) ? null : at))]);

export function restoreRecoveries(
  recoveries: Recoveries,
  lengths: RecoveryLengths,
  under: readonly RecoveryUnderWay[],
): void {
  for (const [shard, ...entered] of under)
    recoveries.under.set(
      shard,
      entered.map((at) => at ?? NaN),
    );
  for (const state of recoveringStates) {
    recoveries.lengths[state] = lengths[state].slice(-KEPT);
    say(recoveries, state);
  }
}
