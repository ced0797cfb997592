// The transport: the only file that knows uWebSockets.js. Requests are copied out at once, responses written back whole.
import type {
  HttpRequest,
  HttpResponse,
  TemplatedApp,
  us_listen_socket,
  WebSocketBehavior,
} from 'uWebSockets.js';
import type { TrustedProxies } from './address.js';
import { basePathOf, withoutBase } from './base-path.js';
import { inBrackets } from '../outbound/addresses.js';
import { createClients } from './client.js';
import { createCors } from './cors.js';
import { createDescriptorWatch, systemDescriptors } from './descriptors.js';
import { admit, admitUpgrade, type Gates } from './gates.js';
import { isOpenTo } from './guard.js';
import { createHeadText } from './head-text.js';
import { NO_HEADERS, type Client, type Publish, type Socket } from './message.js';
import type { TransportNotes } from './notes.js';
import { whyNotListening } from './port.js';
import { createRates } from './rates.js';
import { createHeadReader, forwardedFor } from './read-head.js';
import { newBodies, receive } from './receive.js';
import { refuse } from './refusal.js';
import {
  createRouter,
  isFixedPost,
  isSocket,
  tidyPath,
  type Found,
  type Row,
  type SocketRow,
} from './router.js';
import type { Sessions } from './session.js';
import { createSay, type Connections } from './say.js';
import { createTurn } from './turn.js';
import { Viewer, type Household } from './viewer.js';
import { createWriter, type Writing } from './write.js';

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

export interface TransportOptions extends Pick<Gates, 'guard' | 'our' | 'now' | 'fallback'> {
  notes: TransportNotes;
  /** One household holds too many sockets. */
  tooMany: (socket: Socket) => void;
  sessions: Pick<Sessions, 'read'>;
  /** The page's public address; null: not known. Proxies may take its path off, or pass it on. */
  publicUrl: string | null;
  trustedProxy: TrustedProxies;
  corsOrigins: string[];
  /** Answers that need a role, a minute and household. */
  readBurst: number;
  maxSocketsPerAddress: number;
}

/** What is answered where. */
export interface Table extends Pick<Gates, 'notFoundPage' | 'privatePage'> {
  rows: Row[];
}

export interface Transport {
  publish: Publish;
  /** Serves the table. Resolves with the port, which for 0 the system chose; rejects when it is taken or not ours. */
  listen: (host: string, port: number, table: Table) => Promise<number>;
  /** As this machine reaches it, "http://localhost:9190"; "" before it listens. */
  url: () => string;
  /** No new connections from here on. */
  stopListening: () => void;
  /** Closes what is still open. */
  close: () => void;
  /** Requests that are neither answered nor given up. */
  underWay: () => number;
  /** To be called now and then: hangs up on those who take too long to read, and looks whether descriptors are left. */
  look: () => void;
}

/** An address, tidied, and what is there. */
interface Destination {
  path: string;
  found: Found;
}

/** Made first, so that whoever publishes has something to publish to; what it serves it gets when it listens. */
export function createTransport(options: TransportOptions): Transport {
  const parts = partsOf(options);
  const { app, port, watch, writer, tools } = parts;
  return {
    ...port,
    publish: (topic, text) => void app.publish(topic, text),
    underWay: () => tools.underWay,
    look: () => {
      writer.endSlow();
      watch.look();
    },
    listen: (host, number, table) => {
      mount(table, parts);
      return port.listen(host, number);
    },
  };
}

type Parts = ReturnType<typeof partsOf>;

/** What all of one transport share. */
function partsOf(options: TransportOptions) {
  const { notes, now, publicUrl, fallback } = options;
  const app = uws.App();
  const connections: Connections = { open: 0 };
  app.filter((_, one) => void (connections.open += Number(one)));
  const port = listening(app);
  const watch = createDescriptorWatch({ ...port, source: systemDescriptors(), now, warn: notes.warn });
  const cors = createCors(options.corsOrigins);
  const rates = createRates(options.readBurst);
  const writer = createWriter(createHeadText(publicUrl?.startsWith('https:') ?? false), now, notes);
  const say = createSay({ now, notes, fallback, rates, writer, connections });
  const tools = { cors, notes, say, turn: createTurn(), underWay: 0, bodies: newBodies() };
  const clients = createClients(options.trustedProxy, notes);
  const base = basePathOf(publicUrl);
  return { app, options, base, connections, port, watch, cors, rates, writer, say, tools, clients };
}

function mount(table: Table, parts: Parts): void {
  const { app, options, base, cors, clients, writer, say, tools } = parts;
  const { guard, our, now, notes, fallback } = options;
  const { rows, notFoundPage, privatePage } = table;
  const find = createRouter(rows, fallback);
  const { hasRoom } = parts.watch;
  const pages = { notFoundPage, privatePage };
  const gates: Gates = { guard, our, now, notes, fallback, cors, rates: parts.rates, hasRoom, ...pages };
  const read = createHeadReader(clients, { origin: cors.isOn, whosePage: isOpenTo(guard, 'ingest') });
  const look = (req: HttpRequest, method: string): Destination => {
    const path = withoutBase(tidyPath(req.getUrl()), base);
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
      notes.bug(error);
      writer.write(res, refuse({ reason: 'failed' }, fallback, NO_HEADERS), UNHURRIED);
    }
  };
  for (const row of rows.filter(isSocket))
    mountSocket(row, parts, (res, req) => {
      const head = read(res, req, 'GET', row.path, null);
      const refused = admitUpgrade(head, row, gates);
      if (refused) say(res, head, null, refused);
      return refused === null;
    });
  // Most requests are reports at these addresses: the transport finds their rows without making a text of the address.
  for (const { path } of rows.filter(isFixedPost)) {
    const to: Destination = { path, found: find('POST', path) };
    for (const address of addressesOf(path, base))
      app.post(address, (res, req) => safely(res, req, 'POST', to));
  }
  app.post('/*', (res, req) => safely(res, req, 'POST'));
  app.any('/*', (res, req) => safely(res, req, req.getMethod().toUpperCase()));
}

const NOBODY: Client = { address: '', household: '', isLocal: false, isProxied: false };
/** A small answer, whoever it is for. */
const UNHURRIED: Writing = { isHead: false, place: null, whose: () => NOBODY };

/** Some proxies take the base path off, others pass it on. */
const addressesOf = (path: string, base: string): string[] => (base === '' ? [path] : [path, base + path]);

interface Listening extends Pick<Transport, 'url' | 'stopListening' | 'close'> {
  listen: (host: string, port: number) => Promise<number>;
  /** Where it did. */
  listenAgain: () => Promise<void>;
}

function listening(app: TemplatedApp): Listening {
  let socket: us_listen_socket | undefined;
  let at: { host: string; port: number } | undefined;
  const listen = async (host: string, port: number): Promise<number> => {
    const opened = await new Promise<us_listen_socket | false>((resolve) => {
      app.listen(host, port, uws.LIBUS_LISTEN_EXCLUSIVE_PORT, resolve);
    });
    if (!opened) throw new Error(await whyNotListening(host, port));
    socket = opened;
    at = { host, port: uws.us_socket_local_port(opened) };
    return at.port;
  };
  return {
    listen,
    listenAgain: async () => void (at && (await listen(at.host, at.port))),
    url: () => (at ? `http://${reachable(at.host)}:${at.port}` : ''),
    stopListening: () => {
      if (socket) uws.us_listen_socket_close(socket);
      socket = undefined;
    },
    close: () => void app.close(),
  };
}

/** The address that a listener's host stands for, seen from this machine. */
const reachable = (host: string): string =>
  host === '0.0.0.0' || host === '::' ? 'localhost' : inBrackets(host);

/** While anything waits for a socket, nothing more is put beside it. */
const ANY_BYTES = 1;

/** Those who read slowly are hung up on, or left to the handler. */
function slowness({ socket, maxWaitingBytes }: SocketRow): WebSocketBehavior<Held> {
  if (!socket.dropped) return { maxBackpressure: maxWaitingBytes, closeOnBackpressureLimit: true };
  return {
    maxBackpressure: ANY_BYTES,
    closeOnBackpressureLimit: false,
    dropped: (ws, message) => socket.dropped?.(ws.getUserData().viewer, Buffer.from(message).toString()),
    drain: (ws) => {
      if (ws.getBufferedAmount() === 0) socket.drained?.(ws.getUserData().viewer);
    },
  };
}

/** What uWebSockets.js copies to its own object: the fewer, the smaller. */
interface Held {
  viewer: Viewer;
}

function mountSocket(
  row: SocketRow,
  { app, options, base, clients, connections }: Parts,
  isAdmitted: (res: HttpResponse, req: HttpRequest) => boolean,
): void {
  const households = new Map<string, Household>();
  const behaviour: WebSocketBehavior<Held> = {
    maxPayloadLength: MAX_CLIENT_FRAME_BYTES,
    ...slowness(row),
    sendPingsAutomatically: true,
    idleTimeout: 60,
    upgrade: (res, req, context) => {
      if (!isAdmitted(res, req)) return;
      const { household: name } = clients.of(res.getRemoteAddress(), forwardedFor(req));
      const home = households.get(name) ?? { name, sockets: 0 };
      const session = row.endsWithSession
        ? options.sessions.read(req.getHeader('cookie'), options.now())
        : null;
      const viewer = new Viewer(home, req.getQuery(), row.socket, session);
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
      if (++home.sockets > options.maxSocketsPerAddress) return options.tooMany(viewer);
      viewer.isWelcome = true;
      row.socket.opened(viewer, new URLSearchParams(query), viewer.session);
      viewer.session = null;
    },
    message: (ws, message, isBinary) => {
      const { viewer } = ws.getUserData();
      if (!row.socket.said || !viewer.isWelcome) return;
      try {
        row.socket.said(viewer, isBinary ? '' : Buffer.from(message).toString('utf8'));
      } catch (error) {
        options.notes.bug(error); // what is thrown into uWebSockets.js ends the process
      }
    },
    close: (ws) => {
      const { viewer } = ws.getUserData();
      const { household: home, end } = viewer;
      connections.open--; // of those that became sockets, the filter is not told
      if (end) options.notes.closedSocket(row.path, home.name, end.code, end.reason);
      if (--home.sockets === 0) households.delete(home.name);
      if (viewer.isWelcome) row.socket.closed(viewer);
    },
  };
  for (const address of addressesOf(row.path, base)) app.ws(address, behaviour);
}
