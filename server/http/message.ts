// Requests, responses and sockets as plain values: all that rooms outside http/ ever see of the transport.

/** Who may: everybody, bots, readers of the fleet, scrapers of our numbers, those who act (RULES 18). */
export type Role = 'public' | 'ingest' | 'viewer' | 'metrics' | 'operator';

/** What a browser sends of itself without being asked: a session's cookie, or nothing, where nothing is needed. */
export type LetIn = 'by-cookie' | 'open';

/** Who asks, as far as it matters where they do. */
export interface Subject {
  role: Role;
  /** The one bot that its token speaks for; null: whichever. */
  bot: string | null;
  /** What let it in, where browsers send that for whichever page makes the request; null: a token did, or everybody may. */
  unasked: LetIn | null;
}

export interface Request {
  method: string;
  /** Decoded, without repeated or trailing slashes. */
  path: string;
  params: Record<string, string>;
  query: URLSearchParams;
  /** Lower-case names; only those in `KEPT_HEADERS`, "" when absent. */
  headers: Headers;
  /** Whose request it is: the peer, or who a trusted proxy says it speaks for. Read when it is asked for. */
  address: string;
  /** The same, an IPv6 address as its /64: what limits count by. */
  household: string;
  /** The address it came to. */
  site: Site;
  /** The address, if anybody asked for it so far: asking costs a tenth of a beat. */
  knownAddress: string | null;
  /** Who asks, of those whom the row lets in. */
  subject: Subject;
  /** Decompressed. Valid until the handler returns: a handler that waits copies what it needs first. */
  body: Buffer;
}

/** What a request says of the address it came to. */
export interface Site {
  /** Each a host, with its port unless that is the scheme's own; the first is the likeliest. None: nothing that can be one. */
  hosts: string[];
  /** `https`, `http`; null: nobody said it whose word counts. */
  scheme: 'https' | 'http' | null;
}

/** Where a request comes from. Limits count by household, logs name the address. */
export interface Client {
  address: string;
  /** One IPv4 address or one IPv6 /64. */
  household: string;
  /** This machine itself, speaking for nobody else. */
  isLocal: boolean;
  /** The peer is a declared proxy: what it says of the request counts. */
  isProxied: boolean;
}

export const KEPT_HEADERS = [
  'accept',
  'accept-encoding',
  'accept-language',
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'host',
  'if-none-match',
  'origin',
  'sec-fetch-site',
  'user-agent',
  'x-forwarded-host',
  'x-forwarded-proto',
] as const;

export type HeaderName = (typeof KEPT_HEADERS)[number];
export type Headers = Record<HeaderName, string>;

export const NO_HEADERS = Object.fromEntries(KEPT_HEADERS.map((name) => [name, ''])) as Headers;

/** A request before its body. */
export interface Head {
  method: string;
  path: string;
  query: string;
  headers: Headers;
  client: () => Client;
  /** Null while nobody asked for it. */
  knownClient: () => Client | null;
}

export interface Response {
  status: number;
  /** Frozen: never changed again, so that the transport keeps the text they make. */
  headers?: Readonly<Record<string, string>>;
  /** Absent: an empty answer, without Content-Length where the status is 204 or 304. */
  body?: string | Buffer;
  /** Called when the transport is done with the body; never, when the client left before. */
  sent?: () => void;
  /** Why it is a refusal, one of `refusal.ts`; for the counters and the log. */
  reason?: string;
  /** A refusal in its own words, where the reason alone does not say it; for the log. */
  error?: string;
  /** The identity that a refused report names; for the log. */
  whom?: string;
}

export type Handler = (request: Request) => Response | Promise<Response>;

/** How a text went: out, or as far as the socket's buffer, or nowhere, because what was sent before is not read yet. */
export type Sent = 'sent' | 'queued' | 'dropped';

/** What a feed may do with one browser. */
export interface Socket {
  send: (text: string) => Sent;
  /** A part of one message, in order; nothing else may be sent between them. Of ASCII text only. */
  sendPart: (part: string, isFirst: boolean, isLast: boolean) => void;
  /** Takes part in what is published to this topic. */
  join: (topic: string) => void;
  leave: (topic: string) => void;
  close: (code: number, reason: string) => void;
  /** Ends it without a word, which nobody would read. */
  hangUp: () => void;
}

/** The session that a browser showed when it opened its socket. */
export interface SocketSession {
  id: string;
  /** ms since 1970. */
  endsAt: number;
}

/** A feed as the transport sees it. */
export interface SocketHandler {
  /** `session` null: there was none, or the feed's route does not ask for it. */
  opened: (socket: Socket, query: URLSearchParams, session: SocketSession | null) => void;
  closed: (socket: Socket) => void;
  /** The browser sent a text. Absent: whatever it sends is ignored. */
  said?: (socket: Socket, text: string) => void;
  /**
   * What was published did not reach the socket, which has not read what came before. A handler that has this is told, and
   * the socket stays; of any other it is closed once so much waits as its row says.
   */
  dropped?: (socket: Socket, text: string) => void;
  /** The socket has read all it had. */
  drained?: (socket: Socket) => void;
  /** What one socket got by itself. */
  sent?: (bytes: number) => void;
}

/**
 * Sends one text to everybody who joined the topic. `readers`: how many that are, where they are not all of the feed.
 * `isRepeat`: others of the feed were sent it before.
 */
export type Publish = (topic: string, text: string, readers?: number, isRepeat?: boolean) => void;
