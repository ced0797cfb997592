// A socket as a browser opens it, and what comes on it: bounded in time and size, throws nothing.
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { targetOf } from './ask.js';
import { failureOf, tooSlow, type Failure } from './failure.js';

export interface Closed {
  code: number;
  reason: string;
  /** How long it was open. */
  afterMs: number;
}

export interface OpenSocket {
  kind: 'open';
  send: (text: string) => void;
  end: () => void;
  closed: () => Closed | null;
  /** Looks with every frame, and at the close; false: that long was too short, or it closed. */
  until: (isSo: () => boolean, withinMs: number) => Promise<boolean>;
}

/** A plain answer came instead of a socket. */
export interface Refused {
  kind: 'refused';
  status: number;
  text: string;
  location: string;
}

export type Opening = OpenSocket | Refused | Failure;

export interface Opener {
  path: string;
  token: string | null;
  heard: (text: string, receivedAt: number) => void;
}

export type Open = (opener: Opener) => Promise<Opening>;

export interface SocketOptions {
  base: string;
  timeoutMs: number;
  now: () => number;
  agent: string;
}

/** The largest first frame of operators is some MB. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024;
const MAX_REFUSAL_BYTES = 4_096;

export function createOpen({ base, timeoutMs, now, agent }: SocketOptions): Open {
  const target = targetOf(base);
  return ({ path, token, heard }) =>
    new Promise((resolve) => {
      const socket = new WebSocket(`${base.replace(/^http/, 'ws')}${path}`, {
        headers: { 'user-agent': agent, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
        handshakeTimeout: timeoutMs,
        maxPayload: MAX_FRAME_BYTES,
        perMessageDeflate: false,
      });
      const open = openSocket(socket, now);
      socket.on('message', (data, isBinary) => {
        heard(isBinary ? '' : textOf(data), now());
        open.look();
      });
      socket.on('error', (error) => {
        const isLate = error.message.includes('handshake has timed out');
        resolve(isLate ? tooSlow(timeoutMs / 1000, false) : failureOf(error, target));
      });
      socket.on('unexpected-response', (request, response) => {
        refusalOf(response, timeoutMs, (refused) => {
          resolve(refused);
          request.destroy();
        });
      });
      socket.on('open', () => {
        open.opened();
        resolve(open.socket);
      });
    });
}

function textOf(data: WebSocket.RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString('utf8');
}

function openSocket(
  socket: WebSocket,
  now: () => number,
): { socket: OpenSocket; opened: () => void; look: () => void } {
  let openedAt = 0;
  let closed: Closed | null = null;
  let looking: (() => void) | null = null;
  socket.on('close', (code, reason) => {
    closed = { code, reason: reason.toString('utf8'), afterMs: now() - openedAt };
    looking?.();
  });
  const until: OpenSocket['until'] = (isSo, withinMs) =>
    new Promise((resolve) => {
      const end = (isHere: boolean): void => {
        clearTimeout(timer);
        looking = null;
        resolve(isHere);
      };
      const timer = setTimeout(() => end(isSo()), withinMs);
      looking = () => {
        if (isSo()) end(true);
        else if (closed) end(false);
      };
      looking();
    });
  return {
    opened: () => void (openedAt = now()),
    look: () => looking?.(),
    socket: {
      kind: 'open',
      send: (text) => socket.send(text),
      end: () => socket.terminate(),
      closed: () => closed,
      until,
    },
  };
}

/** As much of the answer as is shown, or as came in time. */
function refusalOf(response: IncomingMessage, withinMs: number, done: (refused: Refused) => void): void {
  let text = '';
  const end = (): void => {
    clearTimeout(timer);
    const { statusCode: status = 0, headers } = response;
    done({ kind: 'refused', status, text, location: headers.location ?? '' });
  };
  const timer = setTimeout(end, withinMs);
  response.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
    if (text.length > MAX_REFUSAL_BYTES) end();
  });
  response.on('end', end);
  response.on('error', end);
}
