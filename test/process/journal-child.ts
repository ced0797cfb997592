// The process that owns the journal, and nothing else: submits what it is told to, until it is killed.
import type { Event } from '../../server/core/event.js';
import { replay } from '../../server/core/replay.js';
import { createEngine } from '../../server/engine.js';
import { WorldLog } from '../../server/log/log.js';
import { openLogOrThrow } from '../../server/log/open.js';
import { learning, Scene, T0 } from '../core/scene.js';
import type { Told } from './durable-model.js';

/** Events in their order, of which the last is answered. `save`: the time of the next save has come. `stop`: it writes its last state file, and ends. */
export type Order = { number: number; events: Event[] } | 'save' | 'stop';

export interface Answered {
  number: number;
  answer: Told;
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
  say: { info: () => undefined, error: (line) => console.error(line), linked: () => undefined },
  metrics: {
    logSynced: () => undefined,
    logFailing: () => undefined,
    stateSaved: () => undefined,
    stateLinked: () => undefined,
  },
});
const submit = createEngine(world, [log.note], log.commit);

async function obey(order: Order): Promise<void> {
  if (order === 'save') due.splice(0).forEach((run) => run());
  else if (order === 'stop') {
    await log.finish();
    await log.close();
    process.disconnect();
  } else {
    const { number, events } = order;
    let answer: Told = { ok: false };
    for (const event of events) answer = await submit(event);
    process.send!({ number, answer } satisfies Answered, () => undefined); // nobody listens: the test has gone on
  }
}
process.on('message', (order: Order) => void obey(order));
process.send!('open');
