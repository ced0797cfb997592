// Every attack, a row each. Another one is a file in attacks/ and a row here.
import type { Attack } from './attack.js';
import { claimsOfAll } from './attacks/claims-of-all.js';
import { everyGuild } from './attacks/every-guild.js';
import { longForwarded } from './attacks/long-forwarded.js';
import { longTarget } from './attacks/long-target.js';
import { newFleets } from './attacks/new-fleets.js';
import { packedRows } from './attacks/packed-rows.js';
import { readsNothing } from './attacks/reads-nothing.js';
import { slowReaders } from './attacks/slow-readers.js';

export const ATTACKS = [
  longForwarded,
  slowReaders,
  readsNothing,
  everyGuild,
  packedRows,
  longTarget,
  newFleets,
  claimsOfAll,
] satisfies Attack[];
