// The load generator: raw requests over many connections, one in flight on each as with bots, answers counted by status line.
import { connect, type Socket } from 'node:net';
import { TOKEN } from './children.js';

const CONNECTIONS = 64;
const STATUS_LINE = 'HTTP/1.1 ';

/** A request as bytes. Headers are those of a usual client. */
export function rawRequest(path: string, body: unknown): Buffer {
  const text = body === null ? '' : JSON.stringify(body);
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    `Authorization: Bearer ${TOKEN}`,
    'Accept: */*',
    'User-Agent: shardlight-bench',
    ...(text === '' ? [] : ['Content-Type: application/json']),
    `Content-Length: ${Buffer.byteLength(text)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${text}`);
}

export interface Load {
  answered: number;
  seconds: number;
}

/** Sends them in turn for that long, or, with 0, each once. Rejects when an answer is not 2xx. */
export async function load(port: number, requests: Buffer[], forMs: number): Promise<Load> {
  const beganAt = performance.now();
  let sent = 0;
  let answered = 0;
  const next = (): Buffer | undefined => {
    const isEnough = forMs > 0 ? performance.now() - beganAt >= forMs : sent >= requests.length;
    return isEnough ? undefined : requests[sent++ % requests.length];
  };
  const count = (answers: number): void => void (answered += answers);
  await Promise.all(Array.from({ length: CONNECTIONS }, () => converse(port, next, count)));
  return { answered, seconds: (performance.now() - beganAt) / 1000 };
}

/** One connection: a request, its answer, the next request. */
function converse(
  port: number,
  next: () => Buffer | undefined,
  count: (answers: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1').setNoDelay(true).on('error', reject);
    const read = createCounter();
    const send = (): void => {
      const request = next();
      if (request) socket.write(request);
      else finish(socket, resolve);
    };
    socket.on('data', (chunk) => {
      const answers = read(chunk);
      if (answers === null) return reject(new Error(`refused: ${chunk.toString('latin1')}`));
      count(answers);
      if (answers > 0) send();
    });
    socket.on('connect', send);
  });
}

function finish(socket: Socket, done: () => void): void {
  socket.once('close', done);
  socket.destroy();
}

/** Counts the answers that begin in each chunk; null when one is not 2xx. A status line may be torn in two. */
function createCounter(): (chunk: Buffer) => number | null {
  let rest = '';
  return (chunk) => {
    const text = rest + chunk.toString('latin1');
    let answers = 0;
    let from = 0;
    for (;;) {
      const at = text.indexOf(STATUS_LINE, from);
      const digit = at < 0 ? undefined : text[at + STATUS_LINE.length];
      if (digit === undefined) break;
      if (digit !== '2') return null;
      answers++;
      from = at + STATUS_LINE.length + 1;
    }
    rest = text.slice(Math.max(from, text.length - STATUS_LINE.length));
    return answers;
  };
}
