// A leaked token and beats of a KiB that are 340,000 empty rows when they are unpacked.
import { gzipSync } from 'node:zlib';
import type { Attack } from '../attack.js';
import { postOn } from '../post.js';

const CONNECTIONS = 4;
const ROWS = 340_000;

export const packedRows: Attack = {
  name: 'beats of 1 KiB that unpack to 340,000 empty rows',
  settings: { SHARDLIGHT_BOTS: 'main:64' },
  strike: ({ port, isOver }) => {
    const body = gzipSync(`{"identity":"a","shards":[${'{},'.repeat(ROWS)}{}]}`);
    const headers = { 'content-encoding': 'gzip' };
    return postOn(port, CONNECTIONS, isOver, () => ({ path: '/fleet/heartbeat', body, headers }));
  },
  named: /heartbeat refused to .* more lists and objects/,
};
