// The process that owns the journal, and nothing else: submits what it is told to, until it is killed.
import type { Event } from '../../server/core/event.js';
import { FileLog } from '../../server/log/file-log.js';
import { openLogOrThrow } from '../../server/log/open.js';
import { learning, T0 } from '../core/scene.js';
import { live } from '../log/live.js';
import type { Told } from './durable-model.js';

/** Events in their order, of which the last is answered. `save`: the time of the next save has come. `stop`: it writes its last state file, and ends. */
export type Order = { number: number; events: Event[] } | 'save' | 'stop';

export interface Answered {
  number: number;
  answer: Told;
}

const [statePath = ''] = process.argv.slice(2);
const rules = learning({ maxClusters: Number.MAX_SAFE_INTEGER });
const opened = await openLogOrThrow(statePath, { namespace: 'discord', rules }, T0);
const due: (() => void)[] = [];
const log = new FileLog({
  opened,
  clock: () => T0,
  schedule: (_, run) => due.push(run),
  say: {
    info: () => undefined,
    warn: (line) => console.error(line),
    error: (line) => console.error(line),
    linked: () => undefined,
  },
  metrics: {
    logSynced: () => undefined,
    logFailing: () => undefined,
    stateSaved: () => undefined,
    stateLinked: () => undefined,
  },
});
const { submit } = await live(log, { rules, followers: [log.note] });

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
