// The transport with rows of the test's own, where the product has none yet that would show what is tested.
import { BlockList } from 'node:net';
import { json } from '../../server/dialects/json.js';
import { createGuard, type Access } from '../../server/http/guard.js';
import type { Route } from '../../server/http/router.js';
import { createServer, type Server, type ServerOptions } from '../../server/http/server.js';
import { testClock } from '../harness.js';

interface FakeServer extends Server {
  port: number;
  /** Reasons of those who were turned away, in order. */
  turnedAway: string[];
  bugs: unknown[];
}

type Settings = Partial<Pick<ServerOptions, 'corsOrigins' | 'readBurst' | 'our' | 'now'>> & {
  access?: Partial<Access>;
};

const NOBODY = { ingest: [], viewer: [], metrics: [], operator: [] };

/** Closed with the test. */
export async function serveRows(
  t: { teardown: (stop: () => void) => unknown },
  routes: Route[],
  { access = {}, ...settings }: Settings = {},
): Promise<FakeServer> {
  const turnedAway: string[] = [];
  const bugs: unknown[] = [];
  const server = createServer({
    rows: routes,
    tooMany: () => undefined,
    sessionOf: () => null,
    fallback: json,
    guard: createGuard({ tokens: NOBODY, botTokens: [], openWithoutTokens: true, ...access }),
    isHttps: false,
    base: '',
    our: { origin: null, host: '127.0.0.1', isLoopback: true },
    notFoundPage: () => ({ status: 404, body: 'lost' }),
    privatePage: () => ({ status: 401, body: 'private' }),
    turnedAway: (_head, _route, reason) => turnedAway.push(reason),
    clientNotes: { undeclared: () => undefined, unreadable: () => undefined },
    answered: () => undefined,
    closedSocket: () => undefined,
    readerNotes: { endedSlow: () => undefined, readsNothing: () => undefined },
    trustedProxies: { peer: true, list: new BlockList() },
    corsOrigins: [],
    readBurst: 100,
    maxSocketsPerHousehold: 1,
    hasRoom: () => true,
    now: testClock().now,
    reportBug: (error) => bugs.push(error),
    ...settings,
  });
  const port = await server.listen('127.0.0.1', 0);
  t.teardown(() => {
    server.stopListening();
    server.close();
  });
  return { ...server, port, turnedAway, bugs };
}
