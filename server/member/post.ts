// One request to Shardlight: it always ends, within its time, and never throws. node:http costs a quarter of what fetch does.
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

export interface Reply {
  /** 0: none came. */
  status: number;
  /** What the server said, or why it was not reached. */
  text: string;
  /** How long it asks to wait; 0: it does not. */
  retryAfterMs: number;
}

export type Post = (path: string, body: unknown, timeoutMs: number) => Promise<Reply>;

const MAX_WAIT_MS = 600_000;
/** Answers are a line or two; a proxy's error page is not worth more. */
const MAX_ANSWER_CHARACTERS = 4_096;
/** Let go of before a proxy would. */
const IDLE_MS = 20_000;

/** `url` with or without a slash at its end; a path in it is kept. */
export function createPost(url: string, token: string | undefined, version: string): Post {
  const target = addressOf(url);
  if (!target)
    return () => Promise.resolve({ status: 0, text: `"${url}" is no web address`, retryAfterMs: 0 });
  const isTls = target.protocol === 'https:';
  const request = isTls ? httpsRequest : httpRequest;
  const base = target.pathname.replace(/\/+$/, '');
  // One connection. With TLS it is kept, for a handshake costs milliseconds; without, one that ends between beats would wake the bot.
  const connection = { keepAlive: isTls, maxSockets: 1, timeout: IDLE_MS };
  const to = {
    method: 'POST',
    agent: isTls ? new HttpsAgent(connection) : new HttpAgent(connection),
    hostname: target.hostname.replace(/^\[|\]$/g, ''),
    port: target.port,
  };
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    'user-agent': `shardlight-member/${version}`,
    ...(token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` }),
  };
  return (path, body, timeoutMs) =>
    new Promise((resolve) => {
      const fail = (error: Error): void => resolve({ status: 0, text: whyOf(error), retryAfterMs: 0 });
      try {
        const text = JSON.stringify(body);
        const length = { 'content-length': Buffer.byteLength(text) };
        const options = { ...to, path: base + path, headers: { ...headers, ...length } };
        const sent = request(options, (answer) => read(answer, resolve, fail));
        // Not AbortSignal.timeout: that would go off, and cost, long after the answer came.
        const timer = setTimeout(() => sent.destroy(new Error('no answer in time')), timeoutMs).unref();
        sent.on('close', () => clearTimeout(timer));
        sent.on('error', fail).end(text);
      } catch (error) {
        fail(error as Error); // a token that no header may hold
      }
    });
}

function read(answer: IncomingMessage, resolve: (reply: Reply) => void, fail: (error: Error) => void): void {
  let text = '';
  answer.setEncoding('utf8');
  answer.on('data', (part: string) => {
    if (text.length < MAX_ANSWER_CHARACTERS) text += part.slice(0, MAX_ANSWER_CHARACTERS);
  });
  answer.on('error', fail);
  answer.on('end', () => {
    const seconds = Number(answer.headers['retry-after'] ?? 0);
    const retryAfterMs = seconds > 0 ? Math.min(seconds * 1000, MAX_WAIT_MS) : 0;
    resolve({ status: answer.statusCode ?? 0, text, retryAfterMs });
  });
}

function addressOf(url: string): URL | null {
  try {
    const address = new URL(url);
    return /^https?:$/.test(address.protocol) ? address : null;
  } catch {
    return null; // it is said with the first report
  }
}

const whyOf = ({ message, code }: Error & { code?: string }): string => code ?? message;
