// What may be played: each flag of the demo and the acts that it stands for. One more scenario is one file of acts/ and a line here.
import { chaos } from './acts/chaos.js';
import { hiccups } from './acts/hiccups.js';
import { nap } from './acts/nap.js';
import { outage } from './acts/outage.js';
import { rollingRestart, ROLLING_RESTART_MS } from './acts/restart.js';
import { zombie } from './acts/zombie.js';
import type { Act } from './scenario.js';

export interface Script {
  help: string;
  acts: readonly Act[];
  /** It goes with no other: that would be a contradiction, or no news. */
  isAlone: boolean;
}

/** All have started by then. */
const FIRST_AT_MS = 20_000;
const ROUND_MS = 240_000;

const over = (firstAtMs: number, everyMs: number): { firstAtMs: number; everyMs: number } => ({
  firstAtMs,
  everyMs,
});

export const scripts = {
  calm: { help: 'everything online, no hiccups', acts: [], isAlone: true },
  'rolling-restart': {
    help: 'cluster after cluster of the big bot, over and over',
    acts: [rollingRestart(over(FIRST_AT_MS, ROLLING_RESTART_MS))],
    isAlone: false,
  },
  outage: {
    help: 'a cluster and some single shards offline, resuming one by one',
    acts: [outage(over(FIRST_AT_MS, 40_000))],
    isAlone: false,
  },
  zombie: {
    help: 'a cluster goes silent past its lease, and comes back',
    acts: [zombie(over(FIRST_AT_MS, 70_000))],
    isAlone: false,
  },
  chaos: { help: 'everything at once, by chance', acts: [chaos], isAlone: true },
} satisfies Record<string, Script>;

export type ScriptName = keyof typeof scripts;

export const scriptNames = Object.keys(scripts) as ScriptName[];

/** A round of everything, one after the other. */
const round: readonly Act[] = [
  outage(over(FIRST_AT_MS, ROUND_MS)),
  rollingRestart(over(55_000, ROUND_MS)),
  nap(over(80_000, ROUND_MS)),
  zombie(over(165_000, ROUND_MS)),
  hiccups,
];

/** The acts of what was chosen, the first before the others; nothing chosen: a round of everything. */
export const actsOf = (names: readonly ScriptName[]): readonly Act[] =>
  names.length === 0 ? round : scriptNames.filter((name) => names.includes(name)).flatMap(actsOfScript);

const actsOfScript = (name: ScriptName): readonly Act[] => scripts[name].acts;
