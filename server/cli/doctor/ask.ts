// Asks a server over HTTP, one question at a time: bounded in time and size, follows nobody, throws nothing.
import http from 'node:http';
import https from 'node:https';
import { withoutBrackets } from '../../outbound/addresses.js';
import { failureOf, tooMuch, tooSlow, type Failure, type Target } from './failure.js';

export interface Question {
  path: string;
  /** Shown as a bearer; null: none. */
  token?: string | null;
  /** Posted as JSON; left out: it is a GET. */
  body?: string;
  maxBytes?: number;
}

export interface Answer {
  kind: 'answer';
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
  /** By our clock, in ms since 1970. */
  sentAt: number;
  receivedAt: number;
}

export type Asked = Answer | Failure;
export type Ask = (question: Question) => Promise<Asked>;

export interface AskOptions {
  /** Without a slash at the end. */
  base: string;
  timeoutMs: number;
  now: () => number;
  agent: string;
}

const MAX_BYTES = 256 * 1024;

/** A connection for each question, so that each is as a newcomer's. */
export function createAsk({ base, timeoutMs, now, agent }: AskOptions): Ask {
  const target = targetOf(base);
  return ({ path, token = null, body, maxBytes = MAX_BYTES }) =>
    new Promise((resolve) => {
      const sentAt = now();
      const signal = AbortSignal.timeout(timeoutMs);
      let hasBegun = false;
      const fail = (error: unknown): void =>
        resolve(signal.aborted ? tooSlow(timeoutMs / 1000, hasBegun) : failureOf(error, target));
      const { request } = target.isHttps ? https : http;
      const headers = headersOf(token, body, agent);
      const method = body === undefined ? 'GET' : 'POST';
      const asking = request(`${base}${path}`, { method, headers, signal, agent: false }, (response) => {
        hasBegun = true;
        response.on('error', fail);
        gather(response, maxBytes, (text) => {
          const { statusCode: status = 0, headers } = response;
          if (text === null) return resolve(tooMuch(maxBytes));
          resolve({ kind: 'answer', status, headers, text, sentAt, receivedAt: now() });
        });
      });
      asking.on('error', fail);
      asking.end(body);
    });
}

export function targetOf(base: string): Target {
  const { protocol, hostname, port } = new URL(base);
  const isHttps = protocol === 'https:';
  return { host: withoutBrackets(hostname), port: Number(port) || (isHttps ? 443 : 80), isHttps };
}

function headersOf(token: string | null, body: string | undefined, agent: string): Record<string, string> {
  return {
    'user-agent': agent,
    accept: 'application/json, text/plain;q=0.9',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': `${Buffer.byteLength(body)}` }),
  };
}

/** Null: it is longer than that, and the rest was not taken. */
function gather(response: http.IncomingMessage, maxBytes: number, done: (text: string | null) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    chunks.push(chunk);
    if (size <= maxBytes) return;
    done(null);
    response.destroy();
  });
  response.on('end', () => done(Buffer.concat(chunks).toString('utf8')));
}

/** The JSON of an answer; undefined: it is none. */
export function jsonOf({ text }: Pick<Answer, 'text'>): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a page of somebody else's, most often
  }
}
