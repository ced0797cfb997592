// Trends over a restart: kept beside the state, and never a reason to wait or not to start.
import { writeFile } from 'node:fs/promises';
import t from 'tap';
import { forget, startServer, testClock } from '../harness.js';
import { bearer, beat, environment, register, snapshotOf, up } from '../compat/member.js';

const historyOf = async (base: string): Promise<unknown[]> => {
  const answer = await fetch(`${base}/api/fleet/cluster?fleet=asia&number=1`, { headers: bearer });
  return ((await answer.json()) as { history: unknown[] }).history;
};

void t.test('a trend goes on after a restart, and begins anew where its file is broken', async (t) => {
  const clock = testClock();
  const first = await startServer(environment, clock);
  t.teardown(() => forget(first));
  await register(first, 'a', { fleet: 'asia' });
  for (let beats = 0; beats < 3; beats++) {
    clock.advance(15_000);
    await beat(first, 'a', snapshotOf(up('0'), { name: 'discord_guilds', labels: {}, value: 100 + beats }));
  }
  const before = await historyOf(first.base);
  t.equal(before.length, 3);
  await first.stop();

  const second = await startServer(environment, clock, first.statePath);
  t.same(await historyOf(second.base), before);
  await second.stop();

  await writeFile(`${first.statePath}.trend`, 'no trends at all');
  const third = await startServer(environment, clock, first.statePath);
  t.same(await historyOf(third.base), []);
  t.match(third.log.join('\n'), /WARN The trends in .* begin anew/);
  await third.stop();
});
