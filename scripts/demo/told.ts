// Whether a server shows what a scenario says, for those who wait for it: pictures and tests.
import type { PublicView } from '../../public/shared/wire.js';
import type { Member } from './fleet.js';
import type { Scenario } from './scenario.js';

/** Of silent members nothing is asked. */
export async function isTold(
  origin: string,
  fleet: Member[],
  scenario: Scenario,
  atMs: number,
): Promise<boolean> {
  const view = (await (await fetch(`${origin}/api/view`)).json()) as PublicView;
  const states = new Map(view.bots.map((bot) => [bot.key, bot.states]));
  return fleet.every((member) => {
    const shards = scenario(member, atMs)?.shards ?? [];
    return shards.every(({ id, state }) => states.get(member.bot.key)?.[id] === String(state));
  });
}
