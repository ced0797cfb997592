// Requests, responses and sockets as plain values: all that rooms outside http/ ever see of the transport.

export interface Request {
  method: string;
  /** Decoded, without repeated or trailing slashes. */
  path: string;
  params: Record<string, string>;
  query: URLSearchParams;
  /** Lower-case names; only those in `KEPT_HEADERS`, "" when absent. */
  headers: Headers;
  /** Whose request it is: the peer, or who a trusted proxy says it speaks for. */
  address: string;
  /** Decompressed. Valid until the handler returns: a handler that waits copies what it needs first. */
  body: Buffer;
}

export const KEPT_HEADERS = [
  'accept',
  'accept-encoding',
  'accept-language',
  'authorization',
  'content-encoding',
  'content-length',
  'if-none-match',
] as const;

/** What answers to reports depend on: reading a header costs, and reports are most of the traffic. */
export const HEADERS_OF_REPORTS = ['accept', 'authorization', 'content-encoding', 'content-length'] as const;

export type Headers = Record<(typeof KEPT_HEADERS)[number], string>;

export const NO_HEADERS = Object.fromEntries(KEPT_HEADERS.map((name) => [name, ''])) as Headers;

export interface Response {
  status: number;
  headers?: Record<string, string>;
  /** Absent: an empty answer, without Content-Length where the status is 204 or 304. */
  body?: string | Buffer;
  /** Why it is a refusal, one of `refusal.ts`; for the counters. */
  reason?: string;
}

export type Handler = (request: Request) => Response | Promise<Response>;

/** What a feed may do with one browser. */
export interface Socket {
  send: (text: string) => void;
  /** Takes part in what is published to this topic. */
  join: (topic: string) => void;
  close: (code: number, reason: string) => void;
}

/** A feed as the transport sees it. */
export interface SocketHandler {
  opened: (socket: Socket, query: URLSearchParams) => void;
  closed: (socket: Socket) => void;
  /** What one socket got by itself. */
  sent?: (bytes: number) => void;
}

/** Sends one text to everybody who joined the topic. */
export type Publish = (topic: string, text: string) => void;
