// What somebody with a bot's token sends: reports on some connections, each after the answer to the one before.
import { TOKEN } from '../bench/children.js';

export interface Post {
  path: string;
  body: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
}

/** How many were sent. */
export async function postOn(
  port: number,
  connections: number,
  isOver: () => boolean,
  next: () => Post,
): Promise<number> {
  const sent = await Promise.all(Array.from({ length: connections }, () => post(port, isOver, next)));
  return sent.reduce((sum, one) => sum + one, 0);
}

async function post(port: number, isOver: () => boolean, next: () => Post): Promise<number> {
  let sent = 0;
  for (; !isOver(); sent++) {
    const { path, body, headers } = next();
    const usual = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      body,
      headers: { ...usual, ...headers },
    });
    await answer.arrayBuffer();
  }
  return sent;
}
