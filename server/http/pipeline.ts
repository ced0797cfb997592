// From an admitted request and its body to the answer of its row's handler.
import { unpack } from './body.js';
import type { Cors } from './cors.js';
import type { Admitted } from './gates.js';
import type { Head, Headers, Request, Response, Site, Subject } from './message.js';
import type { TransportNotes } from './notes.js';
import { refuse } from './refusal.js';
import type { Route } from './router.js';
import { siteOf } from './site.js';
import type { Turn } from './turn.js';

const NO_QUERY = new URLSearchParams();

/** What a handler gets. What few handlers look at is read when they do. */
export class Received implements Request {
  readonly method: string;
  readonly path: string;
  readonly params: Record<string, string>;
  readonly headers: Headers;
  readonly body: Buffer;
  readonly subject: Subject;
  readonly #head: Head;
  #query: URLSearchParams | undefined;
  constructor(head: Head, { params, subject }: Admitted, body: Buffer) {
    this.method = head.method;
    this.path = head.path;
    this.params = params;
    this.headers = head.headers;
    this.body = body;
    this.subject = subject;
    this.#head = head;
  }
  get query(): URLSearchParams {
    return (this.#query ??= this.#head.query === '' ? NO_QUERY : new URLSearchParams(this.#head.query));
  }
  get address(): string {
    return this.#head.client().address;
  }
  get household(): string {
    return this.#head.client().household;
  }
  get site(): Site {
    return siteOf(this.headers, this.#head.client().isProxied);
  }
  get knownAddress(): string | null {
    return this.#head.knownClient()?.address ?? null;
  }
}

export interface Tools {
  cors: Cors;
  notes: Pick<TransportNotes, 'bug' | 'turnedAway'>;
  turn: Pick<Turn, 'count'>;
}

/** Unpacks the body and lets the row's handler answer. A bug there is logged, and told in one neutral sentence. */
export function answer(
  head: Head,
  admission: Admitted,
  packed: Buffer,
  tools: Tools,
): Response | Promise<Response> {
  const { route } = admission;
  try {
    const encoding = route.maxBytes > 0 ? head.headers['content-encoding'] : ''; // what is not read needs no unpacking
    const unpacked =
      encoding === '' ? { ok: true as const, body: packed } : unpack(packed, encoding, route.maxBytes);
    if (!unpacked.ok) return shared(refuse(unpacked, route.dialect, head.headers), head, route, tools);
    if (unpacked.body.length > packed.length) tools.turn.count(unpacked.body.length - packed.length);
    const response = route.handle(new Received(head, admission, unpacked.body));
    if (!(response instanceof Promise)) return shared(response, head, route, tools);
    head.client(); // as long as it can be asked for: a client that leaves takes its address with it
    return later(response, head, route, tools);
  } catch (error) {
    return failed(error, head, route, tools);
  }
}

async function later(response: Promise<Response>, head: Head, route: Route, tools: Tools): Promise<Response> {
  try {
    return shared(await response, head, route, tools);
  } catch (error) {
    return failed(error, head, route, tools);
  }
}

function failed(error: unknown, head: Head, route: Route, tools: Tools): Response {
  tools.notes.bug(error);
  return shared(refuse({ reason: 'failed' }, route.dialect, head.headers), head, route, tools);
}

/** As pages of other origins may read it. Most reports are of bots, which have no origin. */
export function shared(response: Response, { headers }: Head, route: Route, tools: Tools): Response {
  const { cors = false, method, role } = route;
  const kept = method === 'GET' && role !== 'public' ? forOneReader(response) : response;
  return cors || headers.origin !== '' ? tools.cors.share(kept, headers.origin, cors) : kept;
}

/** What needs a role is no business of the caches on the way, even where the same page may be public elsewhere. */
const forOneReader = (response: Response): Response => ({
  ...response,
  headers: { ...response.headers, 'cache-control': 'private, no-cache' },
});
