// Copies out what the transport lends of a request for one turn, and no more of it than the answer depends on.
import type { Clients } from './client.js';
import { KEPT_HEADERS, NO_HEADERS, type Client, type Head, type Headers } from './message.js';
import type { Found, Route } from './router.js';

/** A request as the transport lends it. */
export interface LentRequest {
  /** "" where there is none. */
  getHeader: (lowerCaseName: string) => string;
  forEach: (each: (name: string, value: string) => void) => void;
  getQuery: () => string;
}

interface LentResponse {
  getRemoteAddress: () => ArrayBuffer;
}

const PEEK_EVERY = 64;

type ReadHead = (
  res: LentResponse,
  req: LentRequest,
  method: string,
  path: string,
  found: Found | null,
) => Head;

/** What the answer to a report depends on, beside its own row. */
export interface NeededOfReports {
  /** Some pages of other origins may read answers. */
  origin: boolean;
  /** Reports need no token, so it matters whose page sends them. */
  whosePage: boolean;
}

/** Everything uWebSockets.js lends for this turn only. The peer is asked for later, if at all. */
export function createHeadReader(clients: Clients, needed: NeededOfReports): ReadHead {
  let reports = 0;
  /** Nobody's word counts. Of reports, a sample is enough to notice a proxy that was not declared. */
  const peek = (req: LentRequest, report: Route | null): string =>
    !report || reports++ % PEEK_EVERY === 0 ? req.getHeader('x-forwarded-for') : '';
  return (res, req, method, path, found) => {
    const report = found?.kind === 'route' && found.route.role === 'ingest' ? found.route : null;
    const forwarded = clients.readsForwarded ? forwardedFor(req) : peek(req, report);
    const query = req.getQuery() || ''; // without "?" it is undefined, whatever its type says
    const headers = report ? headersOfReport(req, report, needed) : headersOf(req);
    return new CopiedHead(method, path, query, headers, { clients, res, forwarded });
  };
}

/** Where to ask whose request it is. */
interface Peer {
  clients: Clients;
  res: LentResponse;
  forwarded: string;
}

/** A class, not closures: reports come in tens of thousands a second. */
class CopiedHead implements Head {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Headers;
  readonly #peer: Peer;
  #client: Client | null = null;

  constructor(method: string, path: string, query: string, headers: Headers, peer: Peer) {
    this.method = method;
    this.path = path;
    this.query = query;
    this.headers = headers;
    this.#peer = peer;
  }

  client(): Client {
    const { clients, res, forwarded } = this.#peer;
    return (this.#client ??= clients.of(res.getRemoteAddress(), forwarded));
  }

  knownClient(): Client | null {
    return this.#client;
  }
}

function headersOf(req: LentRequest): Headers {
  const headers = { ...NO_HEADERS };
  for (const name of KEPT_HEADERS) headers[name] = req.getHeader(name);
  return headers;
}

/** Reading a header costs, and reports are most of the traffic: only what their answers depend on is read. */
function headersOfReport(req: LentRequest, { dialect, maxBytes }: Route, needed: NeededOfReports): Headers {
  const headers = { ...NO_HEADERS };
  headers.authorization = req.getHeader('authorization');
  if (needed.origin || needed.whosePage) headers.origin = req.getHeader('origin');
  if (needed.whosePage) {
    headers.host = req.getHeader('host');
    headers['sec-fetch-site'] = req.getHeader('sec-fetch-site');
    headers['x-forwarded-host'] = req.getHeader('x-forwarded-host');
  }
  if (dialect.reads) for (const name of dialect.reads) headers[name] = req.getHeader(name);
  if (maxBytes === 0) return headers;
  headers['content-encoding'] = req.getHeader('content-encoding');
  headers['content-type'] = req.getHeader('content-type');
  headers['content-length'] = req.getHeader('content-length');
  return headers;
}

/** All its lines, even where the first is empty: some proxies add one of their own below what the client sent. */
export function forwardedFor(req: LentRequest): string {
  const lines: string[] = [];
  req.forEach((name, value) => {
    if (name === 'x-forwarded-for') lines.push(value);
  });
  return lines.join(',');
}
