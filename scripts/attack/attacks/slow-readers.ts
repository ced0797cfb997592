// Readers of large answers who read nothing: eight of one address, and more of others, two each.
import { connect } from 'node:net';
import { isServed, reportAll, type Target } from '../target.js';
import type { Attack } from '../attack.js';
import { requestOf, untilOver } from '../wire.js';

const SHARDS = 16_384;
const BOTS = 4;
const OF_ONE = 12;
const OTHERS = 12;

/** Plain, the page of so many shards, twice, is more than a kernel takes. */
async function largePage(target: Target): Promise<void> {
  for (let bot = 0; bot < BOTS; bot++) await reportAll(target, `bot-${bot}`, SHARDS, 'offline');
}

export const slowReaders: Attack = {
  name: 'readers of / who read nothing',
  settings: { SHARDLIGHT_BOTS: Array.from({ length: BOTS }, (_, i) => `bot-${i}:${SHARDS}`).join(';') },
  prepare: largePage,
  strike: async ({ port, isOver }) => {
    const sockets = Array.from({ length: OF_ONE + OTHERS }, (_, i) => {
      const address = i < OF_ONE ? '192.0.2.1' : `192.0.2.${2 + (i >> 1)}`;
      const request = requestOf('GET /', { 'X-Forwarded-For': address });
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      socket.once('data', () => socket.pause().write(request)).resume();
      socket.write(request);
      return socket;
    });
    await untilOver(isOver);
    for (const socket of sockets) socket.destroy();
    return 2 * sockets.length;
  },
  still: {
    what: "others get large answers: the public, and the operators'",
    isSo: async (target) => {
      const answers = [await isServed(target, '/'), await isServed(target, '/api/fleet/view')];
      return answers.every(Boolean);
    },
  },
  named: /GET \/ refused to 192\.0\.2\.1 \(503\): too many large answers/,
};
