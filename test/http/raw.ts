// HTTP as bytes on a socket, for where fetch would tidy up what is sent or hide what comes back.
import { connect } from 'node:net';

export interface RawAnswer {
  status: number;
  /** Lower-case names. */
  headers: Map<string, string>;
  body: string;
}

/** Sends the bytes as they are, and gives what came back once the server is done with the connection. */
export function exchange(port: number, ...bytes: (string | Buffer)[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => undefined); // a server that refuses a body need not read the rest of it
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
    for (const one of bytes) socket.write(one);
  });
}

/** A request's head as it goes over the wire. */
export const headOf = (line: string, headers: [name: string, value: string][]): string =>
  [`${line} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');

/** Says where the answer ends, so that no reader waits for more of it until the connection times out. */
const ends = ({ status, headers }: RawAnswer): boolean =>
  headers.has('content-length') || headers.get('connection') === 'close' || status === 204 || status === 304;

/** One request that closes its connection, and its answer taken apart. `line` is like "GET /plain". Throws when the answer has no end. */
export async function ask(
  port: number,
  line: string,
  headers: Record<string, string> = {},
  body: string | Buffer = '',
): Promise<RawAnswer> {
  const length: [string, string][] =
    body.length > 0 && !('Transfer-Encoding' in headers)
      ? [['Content-Length', `${Buffer.byteLength(body)}`]]
      : [];
  const given = { Host: 'localhost', Connection: 'close', ...headers };
  const answer = readAnswer(await exchange(port, headOf(line, [...Object.entries(given), ...length]), body));
  if (!ends(answer)) throw new Error(`${line}: the answer ${answer.status} does not say where it ends`);
  return answer;
}

export function readAnswer(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { status: Number(statusLine.split(' ')[1]), headers: new Map(headers), body: text.slice(end + 4) };
}

/** A body in chunks, as clients send that do not know its length. */
export const chunked = (...parts: string[]): string =>
  [...parts, ''].map((part) => `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`).join('');

/** A connection that stays open for one request after another, as proxies and browsers keep theirs. */
export interface Connection {
  /** Null when the server hangs up instead of answering. */
  ask: (line: string, headers?: Record<string, string>, body?: string) => Promise<RawAnswer | null>;
  end: () => void;
}

export function keepAlive(port: number): Connection {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  let isClosed = false;
  let wake = (): void => undefined;
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    heard += text;
    wake();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    isClosed = true;
    wake();
  });
  return {
    ask: async (line, headers = {}, body = '') => {
      const length: [string, string][] = line.startsWith('POST')
        ? [['Content-Length', `${body.length}`]]
        : [];
      heard = '';
      socket.write(headOf(line, [['Host', 'localhost'], ...Object.entries(headers), ...length]) + body);
      while (!isWhole(heard, line) && !isClosed) await new Promise<void>((resolve) => (wake = resolve));
      return isWhole(heard, line) ? readAnswer(heard) : null;
    },
    end: () => void socket.destroy(),
  };
}

function isWhole(text: string, line: string): boolean {
  if (!text.includes('\r\n\r\n')) return false;
  const answer = readAnswer(text);
  if (line.startsWith('HEAD')) return true;
  return ends(answer) && answer.body.length === Number(answer.headers.get('content-length') ?? 0);
}
