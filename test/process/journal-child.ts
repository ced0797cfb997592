// The process that owns the journal, and nothing else: registers members as it is told to, until it is killed.
import { replay } from '../../server/core/replay.js';
import { createEngine } from '../../server/engine.js';
import { WorldLog } from '../../server/log/log.js';
import { openLogOrThrow } from '../../server/log/open.js';
import { learning, registration, Scene, T0 } from '../core/scene.js';

/** `save`: the time of the next save has come. `stop`: it writes its last state file, and ends. */
export type Told = { identity: string; fleet: string } | 'save' | 'stop';

export interface Registered {
  identity: string;
  answer: unknown;
}

const [statePath = ''] = process.argv.slice(2);
const opened = await openLogOrThrow(statePath, 'discord', T0);
const { world } = new Scene(learning({ maxClusters: Infinity }), T0, opened.record);
replay(world, opened.events);
const due: (() => void)[] = [];
const log = new WorldLog({
  opened,
  world,
  clock: () => T0,
  schedule: (_, run) => due.push(run),
  say: { info: () => undefined, error: (line) => console.error(line) },
  metrics: { logSynced: () => undefined, logFailing: () => undefined, stateSaved: () => undefined },
});
const submit = createEngine(world, [log.note], log.commit);

async function obey(told: Told): Promise<void> {
  if (told === 'save') due.splice(0).forEach((run) => run());
  else if (told === 'stop') {
    await log.finish();
    await log.close();
    process.disconnect();
  } else {
    const { identity, fleet } = told;
    const answer = await submit(registration(identity, T0, { fleet }));
    process.send!({ identity, answer } satisfies Registered, () => undefined); // nobody listens: the test has gone on
  }
}
process.on('message', (told: Told) => void obey(told));
process.send!('open');
