// Connections that ask for /healthz on and on, and read none of the answers.
import type { Attack } from '../attack.js';
import { openIdly, requestOf, untilOver } from '../wire.js';

const CONNECTIONS = 4;
const AT_ONCE = 1_000;

export const readsNothing: Attack = {
  name: 'asking on without reading',
  settings: { SHARDLIGHT_BOTS: 'main:64' },
  strike: async ({ port, isOver }) => {
    const lines = ['GET /healthz', 'HEAD /healthz', 'GET /nope', 'OPTIONS /api/view'];
    const sent = await Promise.all(
      Array.from({ length: CONNECTIONS }, (_, i) => flood(port, lines[i % lines.length]!, isOver)),
    );
    return sent.reduce((sum, one) => sum + one, 0);
  },
  named: /was ended: it sent request after request without reading the answers/,
};

/** Comes back when it is hung up on. */
async function flood(port: number, line: string, isOver: () => boolean): Promise<number> {
  const many = requestOf(line, { Origin: 'https://a.example' }).repeat(AT_ONCE);
  let sent = 0;
  while (!isOver()) {
    const socket = openIdly(port);
    let isGone = false;
    socket.on('close', () => (isGone = true));
    const write = (): void => {
      if (isGone || isOver()) return;
      sent += AT_ONCE;
      if (socket.write(many)) setImmediate(write);
      else socket.once('drain', write);
    };
    socket.once('connect', write);
    await untilOver(() => isGone || isOver());
    socket.destroy();
  }
  return sent;
}
