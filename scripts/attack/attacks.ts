// Every attack, a row each. Another one is a file in attacks/ and a row here.
import type { Attack } from './attack.js';
import { everyGuild } from './attacks/every-guild.js';
import { longForwarded } from './attacks/long-forwarded.js';
import { readsNothing } from './attacks/reads-nothing.js';
import { slowReaders } from './attacks/slow-readers.js';

export const ATTACKS = [longForwarded, slowReaders, readsNothing, everyGuild] satisfies Attack[];
