// The small bots are restarted by hand: Pico, and one process of Comet, which says goodbye.
import { OFFLINE, STARTING, type State } from '../../../public/shared/states.js';
import { comet, pico } from '../fleet.js';
import { roundAt, whenOf, type Rhythm } from '../rhythm.js';
import { NOTHING, type Act } from '../scenario.js';
import { restartOf } from './restart.js';

const OFFLINE_MS = 5_000;
const STARTING_MS = 4_000;

export const nap = (rhythm: Rhythm): Act => ({
  when: whenOf(rhythm, 0),
  what: 'Pico is restarted, and a cluster of Comet',
  play: (member, atMs) => {
    if (member.bot.key === comet.key) {
      const turns = { ...rhythm, turnsPerRound: 1, turnMs: rhythm.everyMs };
      return restartOf(turns, member, member.memberCount, atMs);
    }
    const now = roundAt(rhythm, atMs);
    return member.bot.key === pico.key && now ? { stateOf: () => ofPico(now.intoMs) } : NOTHING;
  },
});

function ofPico(sinceMs: number): State | undefined {
  if (sinceMs < OFFLINE_MS) return OFFLINE;
  return sinceMs < OFFLINE_MS + STARTING_MS ? STARTING : undefined;
}
