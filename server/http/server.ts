// The transport: the only file that knows uWebSockets.js. Requests are copied out at once, responses written back whole.
import { STATUS_CODES } from 'node:http';
import type { HttpRequest, HttpResponse, TemplatedApp, us_listen_socket, WebSocket } from 'uWebSockets.js';
import { addressText, clientAddress, household, type TrustedProxies } from './address.js';
import type { Guard } from './auth.js';
import {
  HEADERS_OF_REPORTS,
  KEPT_HEADERS,
  NO_HEADERS,
  type Publish,
  type Response,
  type Socket,
  type SocketHandler,
} from './message.js';
import { admit, answer, bodyTooLarge, type Admission, type Head, type NotFoundPage } from './pipeline.js';
import { whyNotListening } from './port.js';
import { refuse } from './refusal.js';
import { createRouter, tidyPath, type Route } from './router.js';

// uWebSockets.js reads this when it loads: 4 KiB, its default, is less than some proxies send.
process.env['UWS_HTTP_MAX_HEADERS_SIZE'] = '16384';
const uws = await import('uWebSockets.js');
// What version 20.51 has, and its types lack.
declare module 'uWebSockets.js' {
  const LIBUS_LISTEN_EXCLUSIVE_PORT: number;
  function _cfg(key: string): void;
  interface TemplatedApp {
    listen(host: string, port: number, options: number, cb: (socket: us_listen_socket | false) => void): void;
  }
}
uws._cfg('999999990007'); // no banner header

type HeaderList = readonly (readonly [name: string, value: string])[];

const SECURITY_HEADERS: HeaderList = [
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  ['x-frame-options', 'DENY'],
];
/** Only where people come over TLS: elsewhere browsers ignore it, and it would promise what is not so. */
const SECURITY_HEADERS_TLS: HeaderList = [
  ...SECURITY_HEADERS,
  ['strict-transport-security', 'max-age=31536000'],
];
const BARE_CSP = "default-src 'none'; frame-ancestors 'none'";
const MAX_BACKPRESSURE_BYTES = 1024 * 1024;
const MAX_CLIENT_FRAME_BYTES = 1024;
const LARGE_BYTES = 64 * 1024;
const MAX_LARGE_IN_FLIGHT = 8;
const NO_BODY = Buffer.alloc(0);

/** One socket address: who handles it, and how many sockets one household may hold open. */
export interface SocketRoute {
  path: string;
  handler: SocketHandler;
  tooMany: (socket: Socket) => void;
}

export interface ServerOptions {
  routes: Route[];
  sockets: SocketRoute[];
  guard: Guard;
  /** The page's public address is https. */
  isHttps: boolean;
  notFoundPage: NotFoundPage;
  trustedProxies: TrustedProxies;
  maxSocketsPerHousehold: number;
  reportBug: (error: unknown) => void;
  /** Told of every answer; `route` is the pattern, null where the request belongs to none. */
  answered: (route: string | null, response: Response) => void;
}

export interface Server {
  publish: Publish;
  /** Resolves with the port, which for 0 the system chose; rejects when it is taken or not ours. */
  listen: (host: string, port: number) => Promise<number>;
  /** No new connections from here on. */
  stopListening: () => void;
  /** Closes what is still open. */
  close: () => void;
}

export function createServer(options: ServerOptions): Server {
  const app = uws.App();
  const find = createRouter(options.routes);
  for (const route of options.sockets) mountSocket(app, route, options);
  const security = options.isHttps ? SECURITY_HEADERS_TLS : SECURITY_HEADERS;
  let largeInFlight = 0;
  const write = (res: HttpResponse, response: Response, isHead: boolean): void => {
    const size = response.body?.length ?? 0;
    if (size < LARGE_BYTES || isHead) return writeWhole(res, response, isHead, security);
    if (largeInFlight >= MAX_LARGE_IN_FLIGHT)
      return writeWhole(res, refuse({ reason: 'busy' }, 'json', ''), false, security);
    largeInFlight++;
    writeLarge(res, response, security, () => largeInFlight--);
  };
  app.any('/*', (res, req) => {
    const head = headOf(res, req, options.trustedProxies);
    const admission = admit(head, find, options.guard, options.notFoundPage);
    receive(res, head, admission, options.reportBug, (response) => {
      options.answered(admission.admitted ? admission.route.path : null, response);
      write(res, response, head.method === 'HEAD');
    });
  });
  return { publish: (topic, text) => void app.publish(topic, text), ...listening(app) };
}

function listening(app: TemplatedApp): Omit<Server, 'publish'> {
  let listenSocket: us_listen_socket | undefined;
  return {
    listen: async (host, port) => {
      const socket = await new Promise<us_listen_socket | false>((resolve) => {
        app.listen(host, port, uws.LIBUS_LISTEN_EXCLUSIVE_PORT, resolve);
      });
      if (!socket) throw new Error(await whyNotListening(host, port));
      listenSocket = socket;
      return uws.us_socket_local_port(socket);
    },
    stopListening: () => {
      if (listenSocket) uws.us_listen_socket_close(listenSocket);
      listenSocket = undefined;
    },
    close: () => void app.close(),
  };
}

/** Everything uWebSockets.js lends for this turn only. */
function headOf(res: HttpResponse, req: HttpRequest, trusted: TrustedProxies): Head {
  const method = req.getMethod().toUpperCase();
  const headers = { ...NO_HEADERS };
  for (const name of method === 'POST' ? HEADERS_OF_REPORTS : KEPT_HEADERS)
    headers[name] = req.getHeader(name);
  return {
    method,
    path: tidyPath(req.getUrl()),
    query: req.getQuery(),
    headers,
    address: addressOf(res, req, trusted),
  };
}

/** Reads the body as far as the row allows, and answers once: a client that left is not written to. */
function receive(
  res: HttpResponse,
  head: Head,
  admission: Admission,
  reportBug: (error: unknown) => void,
  write: (response: Response) => void,
): void {
  let isOver = false;
  res.onAborted(() => (isOver = true));
  const finish = (response: Response): void => {
    if (isOver) return;
    isOver = true;
    res.cork(() => write(response));
  };
  if (!admission.admitted) return finish(admission.response);
  const act = (body: Buffer): void => {
    const response = answer(head, admission, body, reportBug);
    if (response instanceof Promise) void response.then(finish);
    else finish(response);
  };
  const { route } = admission;
  if (route.maxBytes === 0) return act(NO_BODY);
  const tooLarge = (): Response => refuse(bodyTooLarge(route), route.dialect, head.headers.accept);
  readBody(
    res,
    route.maxBytes,
    () => isOver,
    act,
    () => finish(tooLarge()),
  );
}

/** Most bodies are one chunk and are read where they lie; longer ones are gathered, never beyond the cap. */
function readBody(
  res: HttpResponse,
  maxBytes: number,
  isOver: () => boolean,
  act: (body: Buffer) => void,
  tooLarge: () => void,
): void {
  let gathered: Buffer[] = [];
  let size = 0;
  res.onData((chunk, isLast) => {
    if (isOver()) return;
    size += chunk.byteLength;
    if (size > maxBytes) {
      gathered = [];
      return tooLarge();
    }
    if (isLast && gathered.length === 0) return act(Buffer.from(chunk));
    gathered.push(Buffer.from(Buffer.from(chunk))); // copied: the chunk is lent for this turn
    if (isLast) act(Buffer.concat(gathered));
  });
}

function writeHead(res: HttpResponse, { status, headers = {} }: Response, security: HeaderList): void {
  res.writeStatus(`${status} ${STATUS_CODES[status] ?? ''}`);
  for (const [name, value] of security) res.writeHeader(name, value);
  if (!headers['content-security-policy']) res.writeHeader('content-security-policy', BARE_CSP);
  for (const [name, value] of Object.entries(headers)) res.writeHeader(name, value);
}

function writeWhole(res: HttpResponse, response: Response, isHead: boolean, security: HeaderList): void {
  writeHead(res, response, security);
  const { body } = response;
  if (body !== undefined && !isHead) return void res.end(body);
  // Not `endWithoutBody(length)`: that waits for the body, and the connection's next request is hung up on.
  if (body !== undefined) res.writeHeader('content-length', `${Buffer.byteLength(body)}`);
  res.endWithoutBody();
}

/** Hands the socket what it takes, and the rest when it asks: nothing is copied into its buffer. */
function writeLarge(res: HttpResponse, response: Response, security: HeaderList, done: () => void): void {
  const body = typeof response.body === 'string' ? Buffer.from(response.body) : response.body!;
  let isDone = false;
  const finish = (): void => {
    if (!isDone) done();
    isDone = true;
  };
  res.onAborted(finish);
  writeHead(res, response, security);
  const offer = (from: number): boolean => {
    const [accepted, finished] = res.tryEnd(body.subarray(from), body.length);
    if (finished) finish();
    return accepted;
  };
  if (offer(0)) return;
  res.onWritable((offset) => offer(offset));
}

/** Those who share one allowance of sockets. */
interface Household {
  name: string;
  sockets: number;
}

/** One browser's socket as rooms see it. A class, not closures: there may be 10,000, and each costs memory. */
class Viewer implements Socket {
  readonly household: Household;
  /** Undefined once the handler has it, or was not given the socket. */
  query: string | undefined;
  isWelcome = false;
  readonly #handler: SocketHandler;
  #ws: WebSocket<Held> | undefined;

  constructor(household: Household, query: string, handler: SocketHandler) {
    this.household = household;
    this.query = query;
    this.#handler = handler;
  }

  attach(ws: WebSocket<Held>): void {
    this.#ws = ws;
  }

  send(text: string): void {
    this.#ws!.send(text);
    this.#handler.sent?.(Buffer.byteLength(text));
  }

  join(topic: string): void {
    this.#ws!.subscribe(topic);
  }

  close(code: number, reason: string): void {
    this.#ws!.end(code, reason);
  }
}

/** What uWebSockets.js copies to its own object: the fewer, the smaller. */
interface Held {
  viewer: Viewer;
}

function mountSocket(app: TemplatedApp, route: SocketRoute, options: ServerOptions): void {
  const households = new Map<string, Household>();
  app.ws<Held>(route.path, {
    maxPayloadLength: MAX_CLIENT_FRAME_BYTES,
    maxBackpressure: MAX_BACKPRESSURE_BYTES,
    closeOnBackpressureLimit: true,
    sendPingsAutomatically: true,
    idleTimeout: 60,
    upgrade: (res, req, context) => {
      const address = addressOf(res, req, options.trustedProxies);
      const name = household(address);
      const home = households.get(name) ?? { name, sockets: 0 };
      const viewer = new Viewer(home, req.getQuery(), route.handler);
      const key = req.getHeader('sec-websocket-key');
      res.upgrade(
        { viewer },
        key,
        req.getHeader('sec-websocket-protocol'),
        req.getHeader('sec-websocket-extensions'),
        context,
      );
    },
    open: (ws) => {
      const { viewer } = ws.getUserData();
      const { household: home, query } = viewer;
      viewer.attach(ws);
      viewer.query = undefined;
      households.set(home.name, home);
      if (++home.sockets > options.maxSocketsPerHousehold) return route.tooMany(viewer);
      viewer.isWelcome = true;
      route.handler.opened(viewer, new URLSearchParams(query));
    },
    close: (ws) => {
      const { viewer } = ws.getUserData();
      const { household: home } = viewer;
      if (--home.sockets === 0) households.delete(home.name);
      if (viewer.isWelcome) route.handler.closed(viewer);
    },
  });
}

function addressOf(res: HttpResponse, req: HttpRequest, trusted: TrustedProxies): string {
  const peer = addressText(new Uint8Array(res.getRemoteAddress()));
  return clientAddress(peer, forwardedFor(req), trusted);
}

/** All its lines: some proxies add one of their own below what the client sent. */
function forwardedFor(req: HttpRequest): string {
  const lines: string[] = [];
  req.forEach((name, value) => {
    if (name === 'x-forwarded-for') lines.push(value);
  });
  return lines.join(',');
}
