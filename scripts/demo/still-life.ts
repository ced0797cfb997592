// The moment that pictures are taken of: an ordinary evening, with a little of everything. A scenario like the other.
import { OFFLINE, ONLINE, RESUMING, STARTING, type State } from '../../public/shared/states.js';
import { aurora, biscuit, membersOf, type Member, type PretendBot } from './fleet.js';
import type { Scenario } from './scenario.js';

const MINUTE_MS = 60_000;
/** When the picture is taken, on the scenario's clock. */
export const PICTURE_AT_MS = 180 * MINUTE_MS;

/** Some shards of a bot are in a state from this many ms before the picture on. */
interface Trouble {
  bot: PretendBot;
  shards: number[];
  state: State;
  beforeMs: number;
}

/** The last that is true of a shard counts. */
const troubles: Trouble[] = [
  { bot: aurora, shards: [61, 62], state: OFFLINE, beforeMs: 14 * MINUTE_MS },
  { bot: aurora, shards: [178, 183], state: RESUMING, beforeMs: 2 * MINUTE_MS },
  { bot: biscuit, shards: [5], state: RESUMING, beforeMs: MINUTE_MS },
  { bot: aurora, shards: range(112, 128), state: STARTING, beforeMs: 20_000 },
  { bot: aurora, shards: range(112, 120), state: ONLINE, beforeMs: 5_000 },
];

/** Every moment at which something changes, the picture's last. One cluster starts a ms, so that numbers are in order. */
export const momentsMs: number[] = [
  ...membersOf([aurora]).map(({ index }) => index),
  ...troubles.map((trouble) => PICTURE_AT_MS - trouble.beforeMs),
  PICTURE_AT_MS,
];

export const stillLife: Scenario = (member, atMs) => {
  if (atMs < member.index) return null;
  const shards = member.shards.map((id) => ({
    id,
    state: stateOf(member, id, atMs),
    latencyMs: 38 + ((id * 37) % 200) / 10,
  }));
  return { startedAtMs: member.index, shards };
};

function stateOf({ bot }: Member, id: number, atMs: number): State {
  const current = troubles.filter(
    (one) => one.bot === bot && one.shards.includes(id) && atMs >= PICTURE_AT_MS - one.beforeMs,
  );
  return current.at(-1)?.state ?? ONLINE;
}

/** From the first up to, not including, the end. */
function range(first: number, end: number): number[] {
  return Array.from({ length: end - first }, (_, i) => first + i);
}
