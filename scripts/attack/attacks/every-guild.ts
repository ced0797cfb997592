// Visitors who ask for the page of ever new servers, within the public limit.
import { reportAll } from '../target.js';
import type { Attack } from '../attack.js';
import { askOn, requestOf } from '../wire.js';

const VISITORS = 5;
const SHARDS = 16_384;
/** Each of another shard. */
const idOf = (i: number): string => `${(BigInt(i * 7_919) << 22n) + 80_000_000_000_000_000n}`;

export const everyGuild: Attack = {
  name: '/?guild= of ever new servers, 16,384 shards',
  settings: { SHARDLIGHT_BOTS: `main:${SHARDS}` },
  prepare: (target) => reportAll(target, 'main', SHARDS, 'online'),
  strike: ({ port, isOver }) => {
    let i = 0;
    const next = (): string => {
      i++;
      const headers = { 'X-Forwarded-For': `192.0.2.${i % VISITORS}`, 'Accept-Encoding': 'br' };
      return requestOf(`GET /?guild=${idOf(i)}`, headers);
    };
    return askOn(port, VISITORS, isOver, next);
  },
  named: null, // each stays within the limit of a visitor
};
