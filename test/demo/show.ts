// A play against a real server: the public page shows what the scenario says, of each dialect.
import t from 'tap';
import { OFFLINE, RESUMING, STOPPING, type State } from '../../public/shared/states.js';
import type { BotView, PublicView } from '../../public/shared/wire.js';
import { createDice } from '../../scripts/demo/dice.js';
import { comet, membersOf, playingBots } from '../../scripts/demo/fleet.js';
import { play } from '../../scripts/demo/play.js';
import { actsOf } from '../../scripts/demo/repertoire.js';
import { createScenario } from '../../scripts/demo/scenario.js';
import { openStage } from '../../scripts/demo/stage.js';
import { isTold } from '../../scripts/demo/told.js';
import { until } from '../harness.js';

/** All of its shards are stopping. */
const isLeft = (view: BotView | undefined): boolean => new RegExp(`^${STOPPING}+$`).test(view?.states ?? '');

void t.test('the page shows what the scenario says, and who stops says goodbye', async (t) => {
  const bots = playingBots(48);
  const fleet = membersOf(bots);
  const scenario = createScenario(actsOf(['outage']), createDice(1));
  const log: string[] = [];
  const stage = await openStage({ port: 0, bots, log: (line) => log.push(line) });
  let atMs = 15_000;
  const { origin, folder } = stage;
  const show = play({
    origin,
    fleet,
    scenario,
    stateDir: folder,
    elapsedMs: () => atMs,
    log: (line) => log.push(line),
  });
  t.teardown(async () => {
    await show.stop();
    await stage.stop();
  });
  const shows = (): Promise<boolean> => isTold(origin, fleet, scenario, atMs);
  const hasComet = (state: State): boolean =>
    fleet.some(
      (member) =>
        member.bot.key === comet.key && scenario(member, atMs)?.shards.some((shard) => shard.state === state),
    );

  await until(shows);
  for (const [at, state] of [
    [20_000, OFFLINE],
    [32_000, RESUMING],
  ] as const) {
    atMs = at;
    t.ok(hasComet(state), 'the bot with the member client has its part in it');
    await until(shows);
  }
  atMs = 50_000;
  await until(shows);

  await show.stop();
  const views = await until(async () => {
    const { bots } = (await (await fetch(`${origin}/api/view`)).json()) as PublicView;
    return isLeft(bots.find(({ key }) => key === comet.key)) && bots;
  });
  t.notOk(
    views.some((view) => view.key !== comet.key && isLeft(view)),
    'the other dialects have no word for it',
  );
  t.same(
    log.filter((line) => /report/.test(line) && !/need no token/.test(line)),
    [],
    'and nothing was refused',
  );
});

void t.test(
  'a restarted process of the member client says goodbye, and comes back under its number',
  async (t) => {
    const bots = [comet];
    const fleet = membersOf(bots);
    const scenario = createScenario(actsOf([]), createDice(1));
    const stage = await openStage({ port: 0, bots, log: () => undefined });
    const { origin, folder } = stage;
    let atMs = 79_000;
    const show = play({
      origin,
      fleet,
      scenario,
      stateDir: folder,
      elapsedMs: () => atMs,
      log: (line) => t.fail(line),
    });
    t.teardown(async () => {
      await show.stop();
      await stage.stop();
    });
    for (atMs of [79_000, 80_000, 83_000, 95_000]) await until(() => isTold(origin, fleet, scenario, atMs));
    const view = (await (await fetch(`${origin}/api/view`)).json()) as PublicView;
    t.equal(view.bots[0]?.clusters.length, 3);
  },
);
