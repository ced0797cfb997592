// What strangers can make the server keep: filled with the longest keys there can be, it takes no more than server/README.md says.
import { readFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import t from 'tap';
import { createAccessNotes } from '../server/telemetry/access-notes.js';
import { createClients } from '../server/http/client.js';
import { createLimiter } from '../server/http/limiter.js';
import type { Client, Head } from '../server/http/message.js';
import { createRates } from '../server/http/rates.js';
import { createBeatRate } from '../server/ingest/beat-rate.js';
import { createDroppedNotes } from '../server/ingest/dropped.js';
import { readHeartbeat } from '../server/ingest/fleet-fields.js';
import { createIdentityWatch } from '../server/telemetry/identity-watch.js';
import { readSnapshot } from '../server/core/measures/snapshot-metrics.js';
import { doubleClaimNotes } from '../server/telemetry/double-claims.js';
import type { Fact, HolderName } from '../server/core/fact.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heldBytes(): number {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Where all of them are as full as they get. */
const MANY = 19_999;
const MB = 1e6;

const hex = (n: number): string => n.toString(16).padStart(4, '0');
/** As long as addresses are. */
const address = (i: number): string => `2001:${hex(i >> 8)}:${hex(i & 255)}:1111:2222:3333:4444:5555`;
const household = (i: number): string => address(i).split(':').slice(0, 4).join(':');
/** The longest identity there can be, two bytes a character. */
const identity = (i: number): string => `${i}`.padEnd(128, '\u4e00');
const head = { method: 'GET', path: '/', query: '' } as Head;
const clientOf = (i: number): Client => ({
  address: address(i),
  household: household(i),
  isLocal: false,
  isProxied: true,
});

/** What is filled: a row of the table for each, by its file. The function gives what holds on to all of it. */
const fills: Record<string, () => unknown> = {
  'http/client.ts': () => {
    const list = new BlockList();
    list.addAddress('127.0.0.1');
    const clients = createClients({ peer: true, list }, { undeclared: nothing, unreadable: nothing });
    const rest = 'x'.repeat(15_000);
    for (let i = 0; i < MANY; i++) {
      const peer = Uint8Array.from({ length: 16 }, (_, at) => (at < 2 ? i >> (8 * at) : 0xab));
      clients.of(peer.buffer, '');
      clients.of(
        Uint8Array.of(127, 0, 0, 1).buffer,
        Buffer.from(`${rest}, ${address(i)}`).toString('latin1'),
      );
    }
    return clients;
  },
  'http/limiter.ts': () => {
    const limiter = createLimiter(60);
    for (let i = 0; i < MANY; i++) limiter.take(`${identity(i)} ${household(i)}`, 0);
    return limiter;
  },
  'http/rates.ts': () => {
    const rates = createRates(1);
    for (let i = 0; i < MANY; i++)
      for (const rate of ['public', 'read'] as const) {
        rates.take(rate, clientOf(i), 0);
        rates.isUnreadTooOften(clientOf(i), 0);
        rates.refused(clientOf(i), 0);
      }
    return rates;
  },
  'telemetry/access-notes.ts': () => {
    const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
    const notes = createAccessNotes({ log, audit: nothing, now: () => 0, isDebugged: false });
    for (let i = 0; i < MANY; i++) {
      const one: Head = { ...head, client: () => clientOf(i) };
      notes.answered(one, null, { status: 401, reason: 'unauthorized' });
      notes.undeclared(address(i));
    }
    return notes;
  },
  'ingest/beat-rate.ts': () => {
    const rate = createBeatRate(createLimiter(60), () => true);
    for (let i = 0; i < MANY; i++) rate(identity(i), { household: household(i) }, 0);
    return rate;
  },
  'ingest/dropped.ts': () => {
    const note = createDroppedNotes(nothing, nothing);
    const odd = (i: number): string => JSON.stringify(`${i}`.padEnd(128, '\ud800'));
    for (let i = 0; i < MANY; i++) note(odd(i), [{ field: 'name', why: 'must be text' }]);
    return note;
  },
  'telemetry/identity-watch.ts': () => {
    const watch = createIdentityWatch(nothing);
    for (let i = 0; i < MANY; i++) for (const n of [i, i + 1]) watch.note(identity(i), address(n));
    return watch;
  },
  'telemetry/double-claims.ts': () => {
    const note = doubleClaimNotes(nothing);
    const bot = 'x'.repeat(64);
    const holder = (i: number): HolderName => ({ identity: identity(i), name: `${identity(0)} #${i}` });
    for (let i = 0; i < MANY; i++) {
      const holders = [holder(i), holder(i + 1)];
      const fact: Fact = { n: i, at: i, type: 'double-claim', bot, shard: 0, holders };
      note({ facts: [fact] });
    }
    return note;
  },
};

const nothing = (): undefined => undefined;

const README = readFileSync('server/README.md', 'utf8');
/** "| … | `http/client.ts` | … | 8 MB |" */
const rows = [...README.matchAll(/^\| [^|]+ \| `([\w/.-]+\.ts)`[^|]* \| [^|]+ \| (\d+) MB[^|]* \|$/gm)];
const boundOf = new Map(rows.map(([, file = '', megabytes]) => [file, Number(megabytes)]));

for (const [file, fill] of Object.entries(fills))
  void t.test(`${file} keeps no more than the table says`, (t) => {
    const bound = boundOf.get(file);
    t.ok(bound, 'has a row in server/README.md');
    const before = heldBytes();
    const held = fill();
    const grown = (heldBytes() - before) / MB;
    t.ok(held !== undefined && grown <= bound!, `${grown.toFixed(1)} of ${bound} MB`);
    t.end();
  });

void t.test('a short text that was cut out of a long one keeps none of it', (t) => {
  const blank = ' '.repeat(200_000);
  const before = heldBytes();
  const kept = Array.from({ length: 100 }, (_, i) => {
    const name = `${blank}the bot of cluster ${i}`;
    const read = readHeartbeat(Buffer.from(JSON.stringify({ identity: 'a', name })), '');
    const version = `${i}`.padEnd(200_000, 'v');
    const labels = { discord_py_version: version, argus_version: version };
    const samples = [{ name: 'discord_bot_info', labels, value: 1 }];
    const snapshot = { metrics: { discord_bot: { type: 'info', samples } } };
    return [read, readSnapshot(snapshot, 'discord').measured];
  });
  const grown = (heldBytes() - before) / MB;
  t.match(kept[7], [{ value: { name: 'the bot of cluster 7' } }, { libraryVersion: /^7v{63}$/ }]);
  t.ok(grown < 1, `${grown.toFixed(1)} MB`);
  t.end();
});
