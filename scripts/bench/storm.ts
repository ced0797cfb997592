// A storm of changes: 200 shards a second become another state, one report each, until somebody says that it is enough.
import { once } from 'node:events';
import { connect } from 'node:net';
import { nameOf, OFFLINE, ONLINE, RESUMING } from '../../public/shared/states.js';
import { rawRequest } from './load.js';

export const CHANGES_PER_SECOND = 200;
/** Every seventh shard, so that changes are all over the grid. */
const STRIDE = 7;
const PAUSE_MS = 10;
const STATES = [OFFLINE, RESUMING, ONLINE];

/** Leaves shard 0 alone: it may be watched. Keeps the pace when a timer is late. */
export async function storm(port: number, shards: number, isOver: () => boolean): Promise<number> {
  const reporter = connect(port, '127.0.0.1').setNoDelay(true).resume();
  await once(reporter, 'connect');
  const beganAt = performance.now();
  let sent = 0;
  while (!isOver()) {
    const due = ((performance.now() - beganAt) / 1000) * CHANGES_PER_SECOND;
    while (sent < due) reporter.write(change(sent++, shards));
    await pause(PAUSE_MS);
  }
  reporter.destroy();
  return sent;
}

/** Each round over the bot brings the next state, so that each report is a change. */
function change(i: number, shards: number): Buffer {
  const id = 1 + ((i * STRIDE) % (shards - 1));
  const round = Math.floor(i / (shards - 1));
  const state = nameOf(STATES[round % STATES.length]!);
  return rawRequest('/api/bots/main/shards', { shards: [{ id, state }] });
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
