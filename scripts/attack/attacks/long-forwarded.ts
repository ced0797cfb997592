// Requests with a long X-Forwarded-For, at whose end a proxy put another address each time.
import type { Attack } from '../attack.js';
import { askOn, requestOf } from '../wire.js';

const CONNECTIONS = 16;
/** As much as the transport takes of a head. */
const REST = 'x'.repeat(15_000);

export const longForwarded: Attack = {
  name: 'long X-Forwarded-For, ever new addresses of one /64',
  settings: { SHARDLIGHT_BOTS: 'main:64' },
  strike: ({ port, isOver }) => {
    let i = 0;
    const next = (): string => {
      i++;
      const address = `2001:db8:0:1:${(i >> 16).toString(16)}:${(i & 0xffff).toString(16)}:1111:2222`;
      return requestOf('GET /plain', { 'X-Forwarded-For': `${REST}, ${address}` });
    };
    return askOn(port, CONNECTIONS, isOver, next);
  },
  named: /refused to 2001:db8:0:1:.* too many requests from this address/,
};
