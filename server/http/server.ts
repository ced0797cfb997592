// The transport: the only file that knows uWebSockets.js. Requests are copied out at once, responses written back whole.
import type {
  HttpRequest,
  HttpResponse,
  TemplatedApp,
  us_listen_socket,
  WebSocketBehavior,
} from 'uWebSockets.js';
import type { TrustedProxies } from './address.js';
import { withoutBase } from './base-path.js';
import { createClients, type ClientNotes, type Clients } from './client.js';
import { createCors } from './cors.js';
import { admit, admitUpgrade, type Gates, type Head } from './gates.js';
import { isOpenTo } from './guard.js';
import { createHeadText } from './head-text.js';
import {
  NO_HEADERS,
  type Client,
  type Publish,
  type Response,
  type Socket,
  type SocketSession,
} from './message.js';
import { whyNotListening } from './port.js';
import { createRates } from './rates.js';
import { createHeadReader, forwardedFor } from './read-head.js';
import { newRooms, receive, type ReceiveTools } from './receive.js';
import { refuse } from './refusal.js';
import {
  createRouter,
  isFixedPost,
  isSocket,
  tidyPath,
  type Found,
  type Route,
  type Row,
  type SocketRow,
} from './router.js';
import { createSay, type Connections } from './say.js';
import { createTurn } from './turn.js';
import { Viewer, type Household } from './viewer.js';
import { createWriter, type ReaderNotes, type Writing } from './write.js';

// uWebSockets.js reads this when it loads: 4 KiB, its default, is less than some proxies send.
process.env['UWS_HTTP_MAX_HEADERS_SIZE'] = '16384';
const uws = await loadTransport();
// What version 20.51 has, and its types lack.
declare module 'uWebSockets.js' {
  const LIBUS_LISTEN_EXCLUSIVE_PORT: number;
  function _cfg(key: string): void;
  interface WebSocket<UserData> {
    getUserData(): UserData;
    sendFirstFragment(message: string): number;
    sendFragment(message: string): number;
    sendLastFragment(message: string): number;
  }
  interface TemplatedApp {
    listen(host: string, port: number, options: number, cb: (socket: us_listen_socket | false) => void): void;
  }
}
uws._cfg('999999990007'); // no banner header

/** For Node.js 24 and 26 the pinned version has no binary. Of the later, optional one nothing is used that is newer. */
async function loadTransport(): Promise<typeof import('uWebSockets.js')> {
  try {
    return await import('uWebSockets.js');
  } catch (error) {
    const later: string = 'uWebSockets.js-next';
    return (await import(later).catch(() => {
      throw error;
    })) as typeof import('uWebSockets.js');
  }
}

const MAX_CLIENT_FRAME_BYTES = 1024;

export type ClosedSocket = (path: string, household: string, code: number, reason: string) => void;

export interface ServerOptions extends Omit<Gates, 'rates' | 'cors'> {
  rows: Row[];
  /** One household holds too many sockets. */
  tooMany: (socket: Socket) => void;
  /** Reads the session out of the Cookie header. */
  sessionOf: (cookies: string) => SocketSession | null;
  /** The page's public address is https. */
  isHttps: boolean;
  /** The path that proxies show us under, which they may take off or pass on. */
  base: string;
  trustedProxies: TrustedProxies;
  clientNotes: ClientNotes;
  corsOrigins: string[];
  /** Answers that need a role, a minute and household. */
  readBurst: number;
  maxSocketsPerHousehold: number;
  reportBug: (error: unknown) => void;
  /** Told of every answer; `route` null: it is no row's. */
  answered: (head: Head, route: Route | null, response: Response) => void;
  /** We closed a socket, and said why. */
  closedSocket: ClosedSocket;
  readerNotes: ReaderNotes;
}

export interface Server {
  publish: Publish;
  /** Resolves with the port, which for 0 the system chose; rejects when it is taken or not ours. */
  listen: (host: string, port: number) => Promise<number>;
  /** No new connections from here on. */
  stopListening: () => void;
  /** Closes what is still open. */
  close: () => void;
  /** Requests that are neither answered nor given up. */
  underWay: () => number;
  /** To be called now and then: hangs up on those who take too long to read what they are sent. */
  endSlow: () => void;
}

/** An address, tidied, and what is there. */
interface Destination {
  path: string;
  found: Found;
}

export function createServer(options: ServerOptions): Server {
  const app = uws.App();
  const find = createRouter(options.rows, options.fallback);
  const clients = createClients(options.trustedProxies, options.clientNotes);
  const cors = createCors(options.corsOrigins);
  const gates: Gates = { ...options, cors, rates: createRates(options.readBurst) };
  const { reportBug, turnedAway } = options;
  const writer = createWriter(createHeadText(options.isHttps), options.now, options.readerNotes);
  const connections: Connections = { open: 0 };
  app.filter((_, one) => void (connections.open += Number(one)));
  const say = createSay({ ...options, rates: gates.rates, writer, connections });
  const turn = createTurn();
  const tools: ReceiveTools<HttpResponse> = {
    cors,
    reportBug,
    turnedAway,
    turn,
    say,
    underWay: 0,
    bodies: newRooms(),
  };
  const read = createHeadReader(clients, { origin: cors.isOn, whosePage: isOpenTo(options.guard, 'ingest') });
  const look = (req: HttpRequest, method: string): Destination => {
    const path = withoutBase(tidyPath(req.getUrl()), options.base);
    return { path, found: find(method, path) };
  };
  const take = (res: HttpResponse, req: HttpRequest, method: string, to: Destination | null): void => {
    const { path, found } = to ?? look(req, method);
    const head = read(res, req, method, path, found);
    const admission = admit(head, found, gates);
    if (admission.admitted) receive(res, head, admission, tools);
    else say(res, head, admission.route, admission.response);
  };
  /** What is thrown into uWebSockets.js ends the process. */
  const safely = (
    res: HttpResponse,
    req: HttpRequest,
    method: string,
    to: Destination | null = null,
  ): void => {
    try {
      take(res, req, method, to);
    } catch (error) {
      options.reportBug(error);
      writer.write(res, refuse({ reason: 'failed' }, options.fallback, NO_HEADERS), UNHURRIED);
    }
  };
  for (const route of options.rows.filter(isSocket)) {
    const admitSocket = (res: HttpResponse, req: HttpRequest): boolean => {
      const head = read(res, req, 'GET', route.path, null);
      const refused = admitUpgrade(head, route, gates);
      if (refused) say(res, head, null, refused);
      return refused === null;
    };
    mountSocket(app, route, options, clients, admitSocket, connections);
  }
  // Most requests are reports at these addresses: the transport finds their rows without making a text of the address.
  for (const { path } of options.rows.filter(isFixedPost)) {
    const to: Destination = { path, found: find('POST', path) };
    for (const address of addressesOf(path, options.base))
      app.post(address, (res, req) => safely(res, req, 'POST', to));
  }
  app.post('/*', (res, req) => safely(res, req, 'POST'));
  app.any('/*', (res, req) => safely(res, req, req.getMethod().toUpperCase()));
  const publish: Publish = (topic, text) => void app.publish(topic, text);
  return { publish, underWay: () => tools.underWay, endSlow: writer.endSlow, ...listening(app) };
}

const NOBODY: Client = { address: '', household: '', isLocal: false, isProxied: false };
/** A small answer, whoever it is for. */
const UNHURRIED: Writing = { isHead: false, place: null, whose: () => NOBODY };

/** Some proxies take the base path off, others pass it on. */
const addressesOf = (path: string, base: string): string[] => (base === '' ? [path] : [path, base + path]);

function listening(app: TemplatedApp): Omit<Server, 'publish' | 'underWay' | 'endSlow'> {
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

/** What uWebSockets.js copies to its own object: the fewer, the smaller. */
interface Held {
  viewer: Viewer;
}

function mountSocket(
  app: TemplatedApp,
  route: SocketRow,
  options: ServerOptions,
  clients: Clients,
  isAdmitted: (res: HttpResponse, req: HttpRequest) => boolean,
  connections: Connections,
): void {
  const households = new Map<string, Household>();
  const behaviour: WebSocketBehavior<Held> = {
    maxPayloadLength: MAX_CLIENT_FRAME_BYTES,
    maxBackpressure: route.maxWaitingBytes,
    closeOnBackpressureLimit: true,
    sendPingsAutomatically: true,
    idleTimeout: 60,
    upgrade: (res, req, context) => {
      if (!isAdmitted(res, req)) return;
      const { household: name } = clients.of(res.getRemoteAddress(), forwardedFor(req));
      const home = households.get(name) ?? { name, sockets: 0 };
      const session = route.endsWithSession ? options.sessionOf(req.getHeader('cookie')) : null;
      const viewer = new Viewer(home, req.getQuery(), route.socket, session);
      res.upgrade(
        { viewer },
        req.getHeader('sec-websocket-key'),
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
      if (++home.sockets > options.maxSocketsPerHousehold) return options.tooMany(viewer);
      viewer.isWelcome = true;
      route.socket.opened(viewer, new URLSearchParams(query), viewer.session);
      viewer.session = null;
    },
    message: (ws, message, isBinary) => {
      const { viewer } = ws.getUserData();
      if (!route.socket.said || !viewer.isWelcome) return;
      try {
        route.socket.said(viewer, isBinary ? '' : Buffer.from(message).toString('utf8'));
      } catch (error) {
        options.reportBug(error); // what is thrown into uWebSockets.js ends the process
      }
    },
    close: (ws) => {
      const { viewer } = ws.getUserData();
      const { household: home, end } = viewer;
      connections.open--; // of those that became sockets, the filter is not told
      if (end) options.closedSocket(route.path, home.name, end.code, end.reason);
      if (--home.sockets === 0) households.delete(home.name);
      if (viewer.isWelcome) route.socket.closed(viewer);
    },
  };
  for (const address of addressesOf(route.path, options.base)) app.ws(address, behaviour);
}
