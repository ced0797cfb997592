// A leaked token and ever new clusters of ever new bots, each of which claims 16,384 shards.
import type { Attack } from '../attack.js';
import { postOn } from '../post.js';
import { reportAll } from '../target.js';

const CONNECTIONS = 2;
const SHARDS = 16_384;
const BOTS = 64;
/** As many as are learnt. */
const KNOWN_BOTS = 4;

export const claimsOfAll: Attack = {
  name: 'clusters that claim 16,384 shards each, of 64 bots',
  settings: {},
  prepare: async (target) => {
    for (let bot = 0; bot < KNOWN_BOTS; bot++) await reportAll(target, `bot-${bot}`, SHARDS, 'online');
  },
  strike: ({ port, isOver }) => {
    const rows = Array.from({ length: SHARDS }, (_, id) => `{"id":${id},"state":3}`).join(',');
    let i = 0;
    return postOn(port, CONNECTIONS, isOver, () => {
      const said = i++;
      const bot = `bot-${(said >> 1) % BOTS}`;
      const identity = `evil-${said >> 1}`;
      if (said % 2 === 0) return { path: '/fleet/register', body: JSON.stringify({ identity, bot }) };
      return {
        path: '/fleet/heartbeat',
        body: `{"identity":"${identity}","bot":"${bot}","shards":[${rows}]}`,
      };
    });
  },
  named: /SHARDLIGHT_MAX_LEARNT_SHARDS/,
};
