// A leaked token and registers whose scrape target is a quarter of a megabyte of colons.
import { gzipSync } from 'node:zlib';
import type { Attack } from '../attack.js';
import { postOn } from '../post.js';

const CONNECTIONS = 4;
const COLONS = 250_000;

export const longTarget: Attack = {
  name: 'scrape targets of 250,000 colons',
  settings: { SHARDLIGHT_BOTS: 'main:64', SHARDLIGHT_REGISTER_BURST: '1000000' },
  strike: ({ port, isOver }) => {
    const body = gzipSync(`{"identity":"a","scrape_target":"${':'.repeat(COLONS)}"}`);
    const headers = { 'content-encoding': 'gzip' };
    return postOn(port, CONNECTIONS, isOver, () => ({ path: '/fleet/register', body, headers }));
  },
  named: /scrape target dropped: longer than 264 characters/,
};
