// A leaked token and registers of ever new identities in ever new fleets, from ever new addresses.
import type { Attack } from '../attack.js';
import { postOn } from '../post.js';

const CONNECTIONS = 16;

export const newFleets: Attack = {
  name: 'registers in ever new fleets',
  settings: { SHARDLIGHT_BOTS: 'main:64' },
  strike: ({ port, isOver }) => {
    let i = 0;
    return postOn(port, CONNECTIONS, isOver, () => {
      i++;
      const address = `198.${18 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`;
      const body = JSON.stringify({
        identity: `evil-${i}`.padEnd(128, 'x'),
        fleet: `f-${i}`.padEnd(128, 'x'),
      });
      return { path: '/fleet/register', body, headers: { 'x-forwarded-for': address } };
    });
  },
  named: /register refused to .*SHARDLIGHT_MAX_FLEETS/,
};
