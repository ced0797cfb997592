// The transport with rows of the test's own, where the product has none yet that would show what is tested.
import { BlockList } from 'node:net';
import { json } from '../../server/dialects/json.js';
import { createGuard, type Access } from '../../server/http/guard.js';
import type { Route } from '../../server/http/router.js';
import { createTransport, type Transport, type TransportOptions } from '../../server/http/server.js';
import { testClock } from '../harness.js';

interface FakeServer extends Transport {
  port: number;
  /** Reasons of those who were turned away, in order. */
  turnedAway: string[];
  bugs: unknown[];
}

type Settings = Partial<Pick<TransportOptions, 'corsOrigins' | 'readBurst' | 'our' | 'now'>> & {
  access?: Partial<Access>;
};

const NOBODY = { ingest: [], viewer: [], metrics: [], operator: [] };
const nothing = (): undefined => undefined;

/** Closed with the test. */
export async function serveRows(
  t: { teardown: (stop: () => void) => unknown },
  rows: Route[],
  { access = {}, ...settings }: Settings = {},
): Promise<FakeServer> {
  const turnedAway: string[] = [];
  const bugs: unknown[] = [];
  const transport = createTransport({
    fallback: json,
    tooMany: nothing,
    sessions: { read: () => null },
    guard: createGuard({ tokens: NOBODY, botTokens: [], openWithoutTokens: true, ...access }),
    publicUrl: null,
    our: { origin: null, host: '127.0.0.1', isLoopback: true },
    notes: {
      turnedAway: (_head, _route, reason) => turnedAway.push(reason),
      bug: (error) => bugs.push(error),
      answered: nothing,
      closedSocket: nothing,
      undeclared: nothing,
      unreadable: nothing,
      endedSlow: nothing,
      readsNothing: nothing,
      warn: nothing,
    },
    trustedProxy: { peer: true, list: new BlockList() },
    corsOrigins: [],
    readBurst: 100,
    maxSocketsPerAddress: 1,
    now: testClock().now,
    ...settings,
  });
  const port = await transport.listen('127.0.0.1', 0, {
    rows,
    notFoundPage: () => ({ status: 404, body: 'lost' }),
    privatePage: () => ({ status: 401, body: 'private' }),
  });
  t.teardown(() => {
    transport.stopListening();
    transport.close();
  });
  return { ...transport, port, turnedAway, bugs };
}
