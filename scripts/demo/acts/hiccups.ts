// Now and then one shard of a member loses its connection and resumes, as happens to any bot.
import { RESUMING } from '../../../public/shared/states.js';
import { pico } from '../fleet.js';
import { NOTHING, type Act } from '../scenario.js';

const SLOT_MS = 6_000;
const CHANCE = 0.12;
const SHORTEST_MS = 1_500;
const LONGEST_MS = 5_000;

export const hiccups: Act = {
  when: 'all the time',
  what: 'single shards resume',
  play: ({ bot, identity, shards }, atMs, dice) => {
    const slot = Math.floor(atMs / SLOT_MS);
    if (bot.key === pico.key || dice('hiccup', identity, slot) >= CHANCE) return NOTHING;
    const lengthMs = SHORTEST_MS + dice('long', identity, slot) * (LONGEST_MS - SHORTEST_MS);
    if (atMs - slot * SLOT_MS >= lengthMs) return NOTHING;
    const which = Math.floor(dice('which', identity, slot) * shards.length);
    return { stateOf: (place) => (place === which ? RESUMING : undefined) };
  },
};
